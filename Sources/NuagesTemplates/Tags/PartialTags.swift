import NuagesCore
import Synchronization

/// The partials of one template by name, filled while it is compiled.
final class PartialTable: Sendable {
    private let partials = Mutex<[ByteKey: Template]>([:])

    subscript(_ name: String) -> Template? { partials.withLock { $0[ByteKey(name)] } }

    /// The names of the partials.
    var names: [String] { partials.withLock { $0.keys.map(\.name).sorted() } }

    /// Adds a partial; false where there is one of that name.
    func add(_ name: String, _ template: Template) -> Bool {
        partials.withLock { table in
            guard table[ByteKey(name)] == nil else { return false }
            table[ByteKey(name)] = template
            return true
        }
    }
}

/// The tag `{% partialdef name inline %}…{% endpartialdef %}`.
struct PartialDefinitionNode: ContainerNode {
    let isInline: Bool
    let nodes: NodeList

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        if isInline { try await renderer.render(nodes) }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count > 1 else {
            throw TemplateError.syntax("'partialdef' tag requires a name")
        }
        guard words.count < 4 else {
            throw TemplateError.syntax("'partialdef' tag takes at most 2 arguments")
        }
        guard words.count == 2 || words[2] == "inline" else {
            throw TemplateError.syntax(
                "The 'inline' argument does not have any parameters; either use 'inline' or "
                    + "remove it completely."
            )
        }
        let name = words[1]
        let ends = ["endpartialdef", "endpartialdef \(name)"]
        let nodes = try parser.parse(until: ends)
        if let end = parser.nextToken(), !ends.contains(where: { $0.equalsBytes(end.contents) }) {
            throw parser.invalidTag(end, "endpartialdef", ends)
        }
        let partial = Template(
            name: name,
            origin: parser.origin,
            nodes: nodes,
            partials: PartialTable()
        )
        guard parser.partials.add(name, partial) else {
            throw TemplateError.syntax(
                "Partial '\(name)' is already defined in the '\(parser.origin.path)' template."
            )
        }
        return .container(PartialDefinitionNode(isInline: words.count == 3, nodes: nodes))
    }
}

/// The tag `{% partial name %}`.
struct PartialNode: ContainerNode {
    let name: String
    // The table belongs to the template in which this node stands, which is kept while it renders;
    // a strong reference would be a cycle that keeps every replaced template alive.
    unowned let table: PartialTable

    func render(_ renderer: Renderer) async throws {
        guard let partial = table[name] else {
            throw TemplateError.syntax(
                "Partial '\(name)' is not defined in the current template."
            )
        }
        try await renderer.render(partial)
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count == 2 else {
            throw TemplateError.syntax("'partial' tag requires a single argument")
        }
        return .container(PartialNode(name: words[1], table: parser.partials))
    }
}
