import NuagesCore

/// `{% extends "base.html" %}`: the rest of the template gives blocks to another one.
struct ExtendsNode: ContainerNode {
    let parent: FilterExpression
    let nodes: NodeList
    let blocks: [BlockNode]

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let value = try await renderer.fetching { try $0.resolve(parent) }
        let template = try self.template(value, renderer)
        guard renderer.templates.count < renderer.engine.limits.templateDepth,
            renderer.templates.last.map({
                $0.extended.count <= renderer.engine.limits.templateDepth
            }) ?? true
        else {
            throw TemplateError.limitExceeded(
                "Templates extend each other more than \(renderer.engine.limits.templateDepth) "
                    + "deep. Does one extend itself without end?"
            )
        }
        renderer.withState { state in
            state.blocks.add(blocks)
            if !template.isChild { state.blocks.add(template.blocks) }
        }
        try await renderer.render(template.nodes)
    }

    private func template(_ value: ContextValue, _ renderer: Renderer) throws -> Template {
        if case .object(let object) = value, let template = object as? Template {
            renderer.withState { $0.extended.append(template.origin) }
            return template
        }
        guard value.isTrue, let name = value.text ?? Optional(value.plainText) else {
            let source =
                parent.isVariable || !parent.filters.isEmpty
                ? " Got this from the '\(parent.source)' variable." : ""
            throw TemplateError.syntax(
                "Invalid template name in 'extends' tag: \(value.representation()).\(source)"
            )
        }
        let template = try renderer.engine.find(
            name,
            skip: renderer.templates.last?.extended ?? []
        )
        renderer.withState { $0.extended.append(template.origin) }
        return template
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count == 2 else {
            throw TemplateError.syntax("'\(words[0])' takes one argument")
        }
        let name = try RelativePath.resolve(
            words[1],
            in: parser.templateName,
            allowsRecursion: false
        )
        let parent = try parser.compileFilter(name)
        let nodes = try parser.parse()
        guard !nodes.containsExtends() else {
            throw TemplateError.syntax(
                "'\(words[0])' cannot appear more than once in the same template"
            )
        }
        return .container(ExtendsNode(parent: parent, nodes: nodes, blocks: nodes.blocks()))
    }
}

/// Template names that begin with `./` or `../`.
enum RelativePath {
    /// The name that a relative name means in a template; other names as they are.
    static func resolve(
        _ name: String,
        in current: String?,
        allowsRecursion: Bool
    ) throws(TemplateError) -> String {
        var bare = Substring(name)
        while let first = bare.utf8.first, isQuote(first) { bare = bare.dropFirst() }
        while let last = bare.utf8.last, isQuote(last) { bare = bare.dropLast() }
        guard bare.hasPrefix("./") || bare.hasPrefix("../") else { return name }
        guard let current else {
            throw .syntax(
                "The relative path \(name) cannot be evaluated due to an unknown template origin."
            )
        }
        let base = String(current.drop { $0 == "/" })
        let folder = base.splitBytes(UInt8(ascii: "/")).dropLast()
        let path = normalized(folder + String(bare).splitBytes(UInt8(ascii: "/")))
        guard !path.hasPrefix("../") else {
            throw .syntax(
                "The relative path '\(name)' points outside the file hierarchy that template "
                    + "'\(current)' is in."
            )
        }
        guard allowsRecursion || !path.equalsBytes(base) else {
            throw .syntax(
                "The relative path '\(name)' was translated to template name '\(path)', the same "
                    + "template in which the tag appears."
            )
        }
        guard let quote = name.utf8.first, isQuote(quote), name.utf8.last == quote else {
            return path
        }
        return "\"\(path)\""
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private static func normalized(_ parts: [String]) -> String {
        var kept: [String] = []
        for part in parts where !part.isEmpty && part != "." {
            if part == "..", let last = kept.last, last != ".." {
                kept.removeLast()
            } else {
                kept.append(part)
            }
        }
        return kept.isEmpty ? "." : kept.joined(separator: "/")
    }
}
