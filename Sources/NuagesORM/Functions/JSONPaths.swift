/// Keys of JSON documents in paths.
enum JSONPaths {
    /// The value of a key, or of a position, of a document.
    static func key(_ name: String, of node: Resolved) -> Resolved {
        .function(
            FunctionNode(
                function: .keyTransform,
                arguments: [node],
                options: ["key": .text(name)],
                type: .json
            )
        )
    }

    /// The same value as text: a string without its quotes.
    static func text(of node: Resolved) -> Resolved {
        guard case .function(let call) = node, isKey(call) else { return node }
        return .function(
            FunctionNode(
                function: .keyText,
                arguments: call.arguments,
                options: call.options,
                type: .text
            )
        )
    }

    /// Whether it is what stands under a key.
    static func isKey(_ node: Resolved) -> Bool {
        if case .function(let call) = node { isKey(call) } else { false }
    }

    private static func isKey(_ call: FunctionNode) -> Bool {
        call.function == .keyTransform || call.function == .keyText
    }

    /// The document that a path of keys is about, and the keys.
    static func path(of node: Resolved) -> (document: Resolved, keys: [String]) {
        var keys: [String] = []
        var document = node
        while case .function(let call) = document, isKey(call),
            case .text(let key)? = call.options["key"], let inner = call.arguments.first
        {
            keys.append(key)
            document = inner
        }
        return (document, keys.reversed())
    }
}

/// A step into a JSON document.
public enum JSONStep: Sendable, Hashable {
    /// A member of an object, whatever its name.
    case key(String)
    /// A position of an array where the text is a whole number, a member of an object otherwise.
    case part(String)
}

extension SQLFunction {
    /// The value of a key of a JSON document, as JSON.
    ///
    /// Options: `key`, a name or a position.
    public static let keyTransform: SQLFunction = SQLFunction(
        "KeyTransform",
        arguments: 1,
        gives: .fixed(.json)
    ) { call in
        let (document, keys) = JSONPaths.path(of: call.call(.keyTransform))
        return try call.dialect.jsonValue(of: call.writer.argument(document), keys)
    }

    /// The value of a key of a JSON document, as text.
    ///
    /// Options: `key`, a name or a position.
    public static let keyText: SQLFunction = SQLFunction("KT", arguments: 1, gives: .fixed(.text)) {
        call in
        let (document, keys) = JSONPaths.path(of: call.call(.keyText))
        return try call.dialect.jsonText(of: call.writer.argument(document), keys)
    }
}

extension FunctionArguments {
    fileprivate func call(_ function: SQLFunction) -> Resolved {
        .function(
            FunctionNode(function: function, arguments: nodes, options: options, type: type)
        )
    }
}

extension FunctionCall {
    /// What stands under keys of a document, as text; Django's `KT("data__owner__name")`.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - keys: the keys and positions that lead to the value, one at least.
    /// - Returns: the expression.
    public static func jsonText(_ document: ExpressionNode, _ keys: [String]) -> ExpressionNode {
        keys.reduce(document) { inner, key in
            .call(FunctionCall(.keyText, [inner], options: ["key": .text(key)]))
        }
    }

    /// What stands under keys of a document, as JSON.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - keys: the keys and positions that lead to the value, one at least.
    /// - Returns: the expression.
    public static func jsonValue(_ document: ExpressionNode, _ keys: [String]) -> ExpressionNode {
        keys.reduce(document) { inner, key in
            .call(FunctionCall(.keyTransform, [inner], options: ["key": .text(key)]))
        }
    }
}
