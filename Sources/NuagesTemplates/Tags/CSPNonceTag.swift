public import NuagesCore

/// Scripts and style sheets that can be written with the nonce of a page:
/// `{% csp_nonce_attr media %}`.
///
/// Django: `django.forms.Media`.
public protocol NonceBearing: ContextObject {
    /// The elements as HTML.
    ///
    /// - Parameter nonce: the nonce of the page; nil where it has none.
    /// - Returns: the elements, each with the nonce.
    /// - Throws: any error; the page then fails.
    func html(nonce: String?) throws -> SafeString
}

/// `{% csp_nonce_attr %}`: the attribute that lets a script or style of the page run; with an
/// argument, its scripts and style sheets with that attribute.
struct CSPNonceNode: LeafNode {
    let media: FilterExpression?

    private static let path = VariablePath("csp_nonce")

    func render(_ renderer: Renderer) throws {
        let given = try renderer.resolve(Self.path)
        let nonce = given?.text ?? renderer.environment.cspNonce()
        if let media = try media.map({ try renderer.resolve($0) }) {
            // As in Django, a form without scripts writes nothing, and not the attribute.
            if case .object(let object) = media, let bearing = object as? any NonceBearing {
                return renderer.write(.safe(try bearing.html(nonce: nonce)))
            }
            if media.isTrue { return renderer.write(media) }
        }
        guard let nonce else { return }
        renderer.write("nonce=\"".utf8)
        HTMLEscaper.append(nonce, to: &renderer.output)
        renderer.write("\"".utf8)
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let arguments = try TagArgumentParser.parse(
            try token.splitContents().dropFirst(),
            parser,
            tag: "csp_nonce_attr",
            parameters: TagParameters(["media"], optionalCount: 1)
        )
        return .leaf(
            CSPNonceNode(media: arguments.positional.first ?? arguments.named.first?.value)
        )
    }
}
