import NuagesCore

/// The tag `{% with name=value %}…{% endwith %}`.
struct WithNode: ContainerNode {
    let variables: [(name: VariableName, value: FilterExpression)]
    let nodes: NodeList

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let values = try await renderer.fetching { renderer in
            try variables.map { ($0.name, try renderer.resolve($0.value)) }
        }
        try await renderer.withScope {
            for (name, value) in values { renderer.set(name, .value(value)) }
            try await renderer.render(nodes)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        var remaining = words[1...]
        let tag = PythonText.repr(words[0])
        let variables = try KeywordArguments.take(from: &remaining, parser, allowsLegacy: true)
        guard !variables.isEmpty else {
            throw TemplateError.syntax("\(tag) expected at least one variable assignment")
        }
        if let word = remaining.first {
            throw TemplateError.syntax(
                "\(tag) received an invalid token: \(PythonText.repr(word))"
            )
        }
        let nodes = try parser.parse(until: ["endwith"])
        _ = parser.nextToken()
        return .container(WithNode(variables: variables, nodes: nodes))
    }
}

/// The tag `{% autoescape off %}…{% endautoescape %}`.
struct AutoescapeNode: ContainerNode {
    let isEscaping: Bool
    let nodes: NodeList

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let outer = renderer.isEscaping
        renderer.isEscaping = isEscaping
        defer { renderer.isEscaping = outer }
        try await renderer.render(nodes)
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = token.plainWords
        guard words.count == 2 else {
            throw TemplateError.syntax("'autoescape' tag requires exactly one argument.")
        }
        guard words[1] == "on" || words[1] == "off" else {
            throw TemplateError.syntax("'autoescape' argument should be 'on' or 'off'")
        }
        let nodes = try parser.parse(until: ["endautoescape"])
        _ = parser.nextToken()
        return .container(AutoescapeNode(isEscaping: words[1] == "on", nodes: nodes))
    }
}

/// The tag `{% filter upper %}…{% endfilter %}`.
struct FilterNode: ContainerNode {
    let filters: FilterExpression
    let nodes: NodeList

    private static let variable = VariableName("var")

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let bytes = try await renderer.capture { try await renderer.render(nodes) }
        let text = SafeString(unsafe: String(decoding: bytes, as: UTF8.self))
        let value = try await renderer.withScope {
            renderer.set(Self.variable, .value(.safe(text)))
            return try await renderer.fetching { try $0.resolve(filters) }
        }
        // The filters' result is the page's text, as in Django: it is not escaped again.
        renderer.write(value.plainText.utf8)
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = token.contents.unicodeScalars.split(
            maxSplits: 1,
            whereSeparator: PythonText.isSpace
        )
        guard words.count == 2 else {
            throw TemplateError.syntax("'filter' tag requires at least one filter.")
        }
        let rest = String(words[1].drop(while: PythonText.isSpace))
        let filters = try parser.compileFilter("var|\(rest)")
        for application in filters.filters {
            let name = application.filter.name
            guard name != "escape", name != "safe" else {
                throw TemplateError.syntax(
                    "\"filter \(name)\" is not permitted. Use the \"autoescape\" tag instead."
                )
            }
        }
        let nodes = try parser.parse(until: ["endfilter"])
        _ = parser.nextToken()
        return .container(FilterNode(filters: filters, nodes: nodes))
    }
}

/// The tag `{% spaceless %}…{% endspaceless %}`.
struct SpacelessNode: ContainerNode {
    let nodes: NodeList

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let bytes = try await renderer.capture { try await renderer.render(nodes) }
        let text = PythonText.stripped(String(decoding: bytes, as: UTF8.self))
        renderer.write(HTMLSpaces.strippedBetweenTags(text).utf8)
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let nodes = try parser.parse(until: ["endspaceless"])
        _ = parser.nextToken()
        return .container(SpacelessNode(nodes: nodes))
    }
}
