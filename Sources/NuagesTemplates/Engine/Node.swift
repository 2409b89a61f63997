/// A tag that writes something and has no other nodes inside.
///
/// Where a variable that it reads must first be fetched, rendering starts over once the value is
/// there: nothing may be changed before every value has been read.
public protocol LeafNode: Sendable {
    /// Writes the tag's output.
    ///
    /// - Parameter renderer: the page so far and its variables.
    /// - Throws: whatever fails; the error gets the tag's place in the template.
    func render(_ renderer: Renderer) throws
}

/// A tag with other nodes inside, or one that waits for something.
public protocol ContainerNode: Sendable {
    /// Writes the tag's output.
    ///
    /// - Parameter renderer: the page so far and its variables.
    /// - Throws: whatever fails; the error gets the tag's place in the template.
    func render(_ renderer: Renderer) async throws

    /// The nodes inside, where `{% block %}` is looked for.
    var children: [NodeList] { get }
}

extension ContainerNode {
    /// No nodes inside.
    public var children: [NodeList] { [] }
}

/// A compiled piece of a template.
public enum Node: Sendable {
    /// A tag without nodes inside.
    case leaf(any LeafNode)
    /// A tag with nodes inside.
    case container(any ContainerNode)
}

/// Compiled pieces in order.
public struct NodeList: Sendable {
    /// What one piece is.
    ///
    /// One reference in size whatever it is, since rendering copies each piece out of its list.
    enum Piece: Sendable {
        case text([UInt8])
        case variable(FilterExpression)
        indirect case leaf(any LeafNode)
        indirect case container(any ContainerNode)
    }

    /// A piece with its place in the source.
    struct Entry: Sendable {
        let piece: Piece
        let token: Token
        /// The values that a tag reads, for `check`.
        var reads: [FilterExpression] = []
    }

    var entries: [Entry] = []
    /// The name of the template in which the pieces stand.
    var template: String?

    /// No pieces.
    init(template: String?) { self.template = template }

    /// Whether there is nothing to write.
    public var isEmpty: Bool { entries.isEmpty }

    func location(of index: Int) -> TemplateLocation {
        entries[index].token.location(in: template)
    }
}

extension Token {
    /// The token's place.
    func location(in template: String?) -> TemplateLocation {
        TemplateLocation(template: template, line: line, source: delimited, range: range)
    }

    /// The token as it stands in the source.
    var delimited: String {
        switch kind {
        case .text: contents
        case .variable: "{{ \(contents) }}"
        case .block: "{% \(contents) %}"
        case .comment: "{# \(contents) #}"
        }
    }
}
