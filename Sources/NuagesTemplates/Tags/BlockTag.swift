import NuagesCore

/// The blocks of a template and those it extends, by name: parents first, the one that counts last.
struct BlockQueues {
    private(set) var isActive = false
    private var queues: [(name: VariableName, blocks: [BlockNode])] = []

    /// Puts the blocks of a template behind those of its children.
    mutating func add(_ blocks: [BlockNode]) {
        isActive = true
        for block in blocks {
            if let index = index(block.name) {
                queues[index].blocks.insert(block, at: 0)
            } else {
                queues.append((block.name, [block]))
            }
        }
    }

    mutating func pop(_ name: VariableName) -> BlockNode? {
        index(name).flatMap { queues[$0].blocks.popLast() }
    }

    mutating func push(_ block: BlockNode, for name: VariableName) {
        if let index = index(name) { queues[index].blocks.append(block) }
    }

    func contains(_ name: VariableName) -> Bool {
        index(name).map { !queues[$0].blocks.isEmpty } ?? false
    }

    private func index(_ name: VariableName) -> Int? { queues.firstIndex { $0.name == name } }
}

/// A block while it is written: what `{{ block }}` stands for.
struct BlockInstance {
    let node: BlockNode
    /// Whether the template takes part in inheritance, so that `block.super` has a meaning.
    let isInherited: Bool
}

/// The tag `{% block name %}…{% endblock %}`.
final class BlockNode: ContainerNode {
    let name: VariableName
    let nodes: NodeList

    private static let variable = VariableName("block")

    init(name: VariableName, nodes: NodeList) {
        self.name = name
        self.nodes = nodes
    }

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let isInherited = renderer.templates.last?.blocks.isActive ?? false
        let chosen = isInherited ? renderer.withState { $0.blocks.pop(name) } ?? nil : nil
        let block = chosen ?? self
        defer {
            if let chosen { renderer.withState { $0.blocks.push(chosen, for: name) } }
        }
        try await renderer.withScope {
            let instance = BlockInstance(node: block, isInherited: isInherited)
            renderer.set(Self.variable, .block(instance))
            try await renderer.render(block.nodes)
        }
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = token.plainWords
        guard words.count == 2 else {
            throw TemplateError.syntax("'\(words[0])' tag takes only one argument")
        }
        let name = words[1]
        guard !parser.loadedBlocks.contains(where: { $0.equalsBytes(name) }) else {
            throw TemplateError.syntax(
                "'\(words[0])' tag with name '\(name)' appears more than once"
            )
        }
        parser.loadedBlocks.append(name)
        let nodes = try parser.parse(until: ["endblock"])
        let ends = ["endblock", "endblock \(name)"]
        if let end = parser.nextToken(), !ends.contains(where: { $0.equalsBytes(end.contents) }) {
            throw parser.invalidTag(end, "endblock", ends)
        }
        return .container(BlockNode(name: VariableName(name), nodes: nodes))
    }
}

extension Renderer {
    /// What `{{ block.super }}` writes: the same block of the parent template.
    func parentHTML(of block: BlockInstance) async throws -> ContextValue {
        guard block.isInherited else {
            throw TemplateError.syntax(
                "'BlockNode' object has no attribute 'context'. Did you use {{ block.super }} in a "
                    + "base template?"
            )
        }
        guard templates.last?.blocks.contains(block.node.name) == true else {
            return .safe(SafeString(unsafe: ""))
        }
        let bytes = try await capture { try await block.node.render(self) }
        return .safe(SafeString(unsafe: String(decoding: bytes, as: UTF8.self)))
    }
}
