/// Text that is already HTML and is written to a page as it is.
///
/// Everything else that reaches a page is escaped; this type is the only way around that.
///
///     SafeString(unsafe: "<b>bold</b>")      // rendered as <b>bold</b>
///     SafeString(escaping: "<script>")       // rendered as &lt;script&gt;
///
/// Django: `django.utils.safestring.SafeString`.
public struct SafeString: Sendable, Hashable, CustomStringConvertible {
    /// The HTML.
    public let html: String

    /// Marks `html` as safe without looking at it.
    ///
    /// The caller vouches that every part that came from outside has been escaped.
    ///
    /// - Parameter html: HTML that may be written to a page as it stands.
    public init(unsafe html: String) { self.html = html }

    /// Escapes `text`, so that the result shows it literally.
    ///
    /// - Parameter text: text of any origin.
    public init(escaping text: String) { html = HTMLEscaper.escape(text) }

    /// The HTML.
    public var description: String { html }
}
