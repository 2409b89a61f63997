extension SQLFunction {
    /// A random UUID.
    public static let uuid4 = SQLFunction("UUID4", "UUIDV4", 0...0, gives: .fixed(.uuid))

    /// A UUID that begins with the time, so that later ones are greater; moved by the length of
    /// time that the argument is, where the database can do that.
    public static let uuid7 = SQLFunction("UUID7", "UUIDV7", 0...1, gives: .fixed(.uuid)) { node in
        var node = node
        if case .value(.null, _)? = node.arguments.first { node.arguments = [] }
        return node
    }

    static let uuids: [SQLFunction] = [.uuid4, .uuid7]
}
