import NuagesCore

/// The tag `{% if %}…{% elif %}…{% else %}…{% endif %}`.
struct IfNode: ContainerNode {
    /// The branches in order; a branch without a condition is always taken.
    let branches: [(condition: Condition?, nodes: NodeList)]

    var children: [NodeList] { branches.map(\.nodes) }

    func render(_ renderer: Renderer) async throws {
        for (condition, nodes) in branches {
            guard let condition else { return try await renderer.render(nodes) }
            let isTrue = try await renderer.fetching { try condition.isTrue($0) }
            if isTrue { return try await renderer.render(nodes) }
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let ends = ["elif", "else", "endif"]
        var branches: [(condition: Condition?, nodes: NodeList)] = []
        var words = try token.splitContents().dropFirst()
        var condition = try ConditionParser.parse(Array(words), parser)
        branches.append((condition, try parser.parse(until: ends)))
        var next = parser.nextToken()
        while let token = next, token.contents.hasPrefix("elif") {
            words = try token.splitContents().dropFirst()
            condition = try ConditionParser.parse(Array(words), parser)
            branches.append((condition, try parser.parse(until: ends)))
            next = parser.nextToken()
        }
        if let token = next, token.contents.equalsBytes("else") {
            branches.append((nil, try parser.parse(until: ["endif"])))
            next = parser.nextToken()
        }
        if let token = next, !token.contents.equalsBytes("endif") {
            throw TemplateError.syntax(
                "Malformed template tag at line \(token.line): \"\(token.contents)\""
            )
        }
        return .container(IfNode(branches: branches))
    }
}
