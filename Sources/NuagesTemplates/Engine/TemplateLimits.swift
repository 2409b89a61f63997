/// Bounds on what one rendering may do, so that a template that includes itself, or a list without
/// end, fails with an error instead of taking the process with it.
public struct TemplateLimits: Sendable, Hashable {
    /// How deep templates may include and extend each other.
    public var templateDepth = 200
    /// How deep tags may be nested in the source of one template.
    public var nestingDepth = 100
    /// The bytes that a page may have, and a text or list that a filter makes.
    public var outputSize = 256 * 1024 * 1024

    /// Django's practice: deep inclusion, large pages.
    public init() {}
}

extension TemplateLimits {
    /// What is thrown where a page is over its limit.
    var pageTooLong: TemplateError {
        .limitExceeded(
            "The page is longer than \(outputSize) bytes. "
                + "Raise TemplateLimits.outputSize or show less on one page."
        )
    }
}
