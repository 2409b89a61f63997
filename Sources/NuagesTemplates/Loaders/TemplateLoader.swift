/// A place where templates are looked for.
///
/// Django: `django.template.loaders.base.Loader`.
public protocol TemplateLoader: Sendable {
    /// The places where a template of this name could be, in the order in which to look.
    ///
    /// - Parameter name: the template's name, such as `polls/index.html`.
    /// - Returns: the places; none for a name that the loader refuses.
    func origins(of name: String) -> [TemplateOrigin]

    /// The source of a template.
    ///
    /// - Parameter origin: one of ``origins(of:)``.
    /// - Returns: the source; nil where there is none.
    /// - Throws: what reading throws.
    func source(of origin: TemplateOrigin) throws -> String?

    /// Changes when the source changes; nil where there is no source.
    ///
    /// - Parameter origin: one of ``origins(of:)``.
    /// - Returns: the version.
    func version(of origin: TemplateOrigin) -> TemplateVersion?

    /// The names of all templates, for `check`.
    ///
    /// - Returns: the names, sorted.
    func allNames() -> [String]
}

/// Tells one state of a template's source from another.
public struct TemplateVersion: Sendable, Hashable {
    /// When the file was changed, in nanoseconds since 1970.
    public var modified: Int
    /// The file's size in bytes.
    public var size: Int

    /// A version.
    ///
    /// - Parameters:
    ///   - modified: when the source was changed.
    ///   - size: the source's size in bytes.
    public init(modified: Int, size: Int) {
        self.modified = modified
        self.size = size
    }
}
