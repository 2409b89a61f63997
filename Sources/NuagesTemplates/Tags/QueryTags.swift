import NuagesCore

/// `{% querystring page=2 tag=None %}`: the request's query with changes.
struct QueryStringNode: LeafNode {
    let dictionaries: [FilterExpression]
    let changes: [(name: String, value: FilterExpression)]
    let variable: VariableName?

    func render(_ renderer: Renderer) throws {
        var query = QueryDict()
        if dictionaries.isEmpty {
            try Self.add(.object(try renderer.environment.query()), to: &query)
        }
        for expression in dictionaries {
            try Self.add(try renderer.resolve(expression), to: &query)
        }
        for (name, expression) in changes {
            Self.set(name, try renderer.resolve(expression), in: &query)
        }
        let text = "?" + query.urlEncoded
        if let variable {
            renderer.set(variable, .value(.string(text)))
        } else {
            renderer.write(.string(text))
        }
    }

    private static func add(_ value: ContextValue, to query: inout QueryDict) throws {
        switch value {
        case .dictionary(let dictionary):
            for (name, value) in dictionary.entries { set(name, value, in: &query) }
        case .object(let object as QueryDict):
            for name in object.names { query.setList(name, object.list(name)) }
        default:
            throw TemplateError.syntax(
                "querystring requires mappings for positional arguments (got "
                    + "\(value.representation()) instead)."
            )
        }
    }

    private static func set(_ name: String, _ value: ContextValue, in query: inout QueryDict) {
        switch value {
        case .none: query.remove(name)
        case .string, .safe: query.setList(name, [value.plainText])
        default:
            guard let elements = value.elements else {
                query.setList(name, [value.plainText])
                return
            }
            let kept = elements.filter { if case .none = $0 { false } else { true } }
            query.setList(name, kept.map(\.plainText))
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents().dropFirst()
        let (rest, variable) = AsVariable.split(words)
        let arguments = try TagArgumentParser.parse(
            rest,
            parser,
            tag: "querystring",
            parameters: .any
        )
        return .leaf(
            QueryStringNode(
                dictionaries: arguments.positional,
                changes: arguments.named,
                variable: variable
            )
        )
    }
}
