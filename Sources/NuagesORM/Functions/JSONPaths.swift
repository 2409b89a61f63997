/// Keys of JSON documents in paths.
enum JSONPaths {
    /// The value of a key, or of a position, of a document.
    static func key(_ name: String, of node: Resolved) -> Resolved? {
        .function(
            FunctionNode(
                function: .keyTransform,
                arguments: [node],
                options: ["key": .text(name)],
                type: .json
            )
        )
    }

    /// The document that a path of keys is about, and the keys.
    static func path(of node: Resolved) -> (document: Resolved, keys: [String]) {
        var keys: [String] = []
        var document = node
        while case .function(let call) = document, call.function == .keyTransform,
            case .text(let key)? = call.options["key"], let inner = call.arguments.first
        {
            keys.insert(key, at: 0)
            document = inner
        }
        return (document, keys)
    }
}

extension SQLFunction {
    /// The value of a key of a JSON document.
    ///
    /// Options: `key`.
    static let keyTransform: SQLFunction = SQLFunction("KeyTransform", arguments: 1, gives: .fixed(.json)) {
        call in
        let node = Resolved.function(
            FunctionNode(
                function: .keyTransform,
                arguments: call.nodes,
                options: call.options,
                type: .json
            )
        )
        let (document, keys) = JSONPaths.path(of: node)
        return try call.dialect.jsonValue(of: call.writer.argument(document), keys)
    }
}

/// Comparisons of JSON documents.
struct JSONLookups {
    private let writer: NodeWriter

    init(_ writer: NodeWriter) { self.writer = writer }

    /// The comparison, or nil where JSON has no way of its own.
    func sql(_ node: LookupNode) throws -> SQL? { nil }
}
