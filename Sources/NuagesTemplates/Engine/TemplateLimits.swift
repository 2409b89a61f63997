/// Bounds on what one rendering may do, so that a template that includes itself, or a list without
/// end, fails with an error instead of taking the process with it.
public struct TemplateLimits: Sendable, Hashable {
    /// How deep templates may include and extend each other.
    public var templateDepth = 200
    /// How deep tags may be nested in the source of one template.
    public var nestingDepth = 100
    /// The bytes that a page may have.
    public var outputSize = 256 * 1024 * 1024

    /// Django's practice: deep inclusion, large pages.
    public init() {}
}
