/// A validator as data: what models declare and migrations keep.
public struct ValidatorSchema: Sendable, Hashable {
    /// The name of Django's validator class, such as `RegexValidator`.
    public var name: String
    /// Its arguments by Django's names, such as `["limit_value": .int(3)]`.
    public var arguments: [String: SQLValue]

    /// A validator.
    ///
    /// - Parameters:
    ///   - name: the name of Django's validator class.
    ///   - arguments: its arguments by Django's names.
    public init(_ name: String, _ arguments: [String: SQLValue] = [:]) {
        self.name = name
        self.arguments = arguments
    }
}
