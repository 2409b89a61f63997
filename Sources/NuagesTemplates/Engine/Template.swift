public import NuagesCore

/// Where the source of a template comes from.
public struct TemplateOrigin: Sendable, Hashable {
    /// A path, or the template's name where it comes from memory.
    public var path: String
    /// The name under which it was asked for; nil for a template made from a string.
    public var templateName: String?

    /// An origin.
    ///
    /// - Parameters:
    ///   - path: a path, or any text that tells it from other origins.
    ///   - templateName: the name under which it was asked for.
    public init(path: String, templateName: String?) {
        self.path = path
        self.templateName = templateName
    }

    /// The origin of a template made from a string.
    public static let unknown = TemplateOrigin(path: "<unknown source>", templateName: nil)
}

/// A compiled template, ready to be rendered any number of times.
///
/// A template may be given to another one in a context, for `{% include %}` and `{% extends %}`.
public final class Template: Sendable {
    /// The name under which the template was asked for; nil for one made from a string.
    public let name: String?
    /// Where the source comes from.
    public let origin: TemplateOrigin
    let nodes: NodeList
    /// The template's own blocks, wherever they stand in it.
    let blocks: [BlockNode]
    /// Whether the template extends another one.
    let isChild: Bool
    let partials: PartialTable
    /// Every `{% url %}` of the source.
    let urls: [URLUse]

    init(
        name: String?,
        origin: TemplateOrigin,
        nodes: NodeList,
        partials: PartialTable,
        urls: [URLUse] = []
    ) {
        self.urls = urls
        self.name = name
        self.origin = origin
        self.nodes = nodes
        self.partials = partials
        blocks = nodes.blocks()
        isChild = nodes.entries.first { !$0.piece.isText }?.piece.isExtends ?? false
    }
}

extension Template: ContextObject {
    /// A template has no members.
    ///
    /// - Parameter name: any name.
    /// - Returns: nil.
    public func contextMember(_ name: String) -> ContextValue? { nil }

    /// The template's name.
    public var contextDescription: ContextValue { .string(name ?? origin.path) }
}

extension NodeList.Piece {
    var isText: Bool { if case .text = self { true } else { false } }

    var isExtends: Bool {
        if case .container(let node) = self { node is ExtendsNode } else { false }
    }
}

extension NodeList {
    /// Every block in the nodes and inside them.
    func blocks() -> [BlockNode] {
        var found: [BlockNode] = []
        for entry in entries {
            guard case .container(let node) = entry.piece else { continue }
            if let block = node as? BlockNode { found.append(block) }
            for list in node.children { found += list.blocks() }
        }
        return found
    }

    /// Whether `{% extends %}` stands anywhere in the nodes.
    func containsExtends() -> Bool {
        entries.contains { entry in
            guard case .container(let node) = entry.piece else { return false }
            return node is ExtendsNode || node.children.contains { $0.containsExtends() }
        }
    }
}
