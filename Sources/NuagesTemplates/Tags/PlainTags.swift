import NuagesCore

/// A tag that writes nothing: `{% comment %}`, `{% load %}`.
struct EmptyNode: LeafNode {
    func render(_ renderer: Renderer) {}
}

/// The tag `{% comment %}…{% endcomment %}`.
enum CommentTag {
    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        try parser.skipPast("endcomment")
        return .leaf(EmptyNode())
    }
}

/// The tags `{% load name … %}` and `{% load tag … from name %}`.
enum LoadTag {
    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = token.plainWords
        if words.count >= 4, words[words.count - 2] == "from", let name = words.last {
            let library = try library(name, parser)
            let (subset, missing) = library.subset(Array(words[1..<(words.count - 2)]))
            if let missing {
                let names = Array(library.tags.keys) + Array(library.filters.keys)
                throw TemplateError.syntax(
                    "'\(missing)' is not a valid tag or filter in tag library '\(name)'",
                    hint: NearestName.of(missing, in: names).map { "Did you mean '\($0)'?" }
                )
            }
            parser.add(subset)
        } else {
            for name in words.dropFirst() { parser.add(try library(name, parser)) }
        }
        return .leaf(EmptyNode())
    }

    private static func library(_ name: String, _ parser: Parser) throws -> Library {
        if let library = parser.libraries[name] { return library }
        let names = parser.libraries.keys.sorted()
        throw TemplateError.syntax(
            "'\(name)' is not a registered tag library. Must be one of:\n"
                + names.joined(separator: "\n"),
            hint: NearestName.of(name, in: names).map { "Did you mean '\($0)'?" }
        )
    }
}

/// The tag `{% verbatim %}…{% endverbatim %}`.
struct VerbatimNode: ContainerNode {
    let nodes: NodeList

    func render(_ renderer: Renderer) async throws { try await renderer.render(nodes) }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let nodes = try parser.parse(until: ["endverbatim"])
        _ = parser.nextToken()
        return .container(VerbatimNode(nodes: nodes))
    }
}

/// The tag `{% templatetag openblock %}`.
struct TemplateTagNode: LeafNode {
    let text: String

    private static let texts: [(name: String, text: String)] = [
        ("openblock", "{%"), ("closeblock", "%}"), ("openvariable", "{{"),
        ("closevariable", "}}"), ("openbrace", "{"), ("closebrace", "}"), ("opencomment", "{#"),
        ("closecomment", "#}"),
    ]

    func render(_ renderer: Renderer) { renderer.write(text.utf8) }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = token.plainWords
        guard words.count == 2 else {
            throw TemplateError.syntax("'templatetag' statement takes one argument")
        }
        guard let text = texts.first(where: { $0.name == words[1] })?.text else {
            let names = texts.map { "'\($0.name)'" }.joined(separator: ", ")
            throw TemplateError.syntax(
                "Invalid templatetag argument: '\(words[1])'. Must be one of: [\(names)]"
            )
        }
        return .leaf(TemplateTagNode(text: text))
    }
}
