import NuagesCore

/// Templates in memory: those built into modules, and those of tests.
///
/// Django: `django.template.loaders.locmem.Loader`.
public struct DictionaryLoader: TemplateLoader {
    private let sources: [ByteKey: String]

    /// Templates by name.
    ///
    /// - Parameter templates: sources by name.
    public init(_ templates: [String: String]) {
        sources = Dictionary(
            templates.map { (ByteKey($0.key), $0.value) },
            uniquingKeysWith: { $1 }
        )
    }

    /// The name itself.
    ///
    /// - Parameter name: the template's name.
    /// - Returns: one place.
    public func origins(of name: String) -> [TemplateOrigin] {
        [TemplateOrigin(path: name, templateName: name)]
    }

    /// The source of that name.
    ///
    /// - Parameter origin: the place.
    /// - Returns: the source, or nil.
    public func source(of origin: TemplateOrigin) -> String? { sources[ByteKey(origin.path)] }

    /// Never changes.
    ///
    /// - Parameter origin: the place.
    /// - Returns: the version, or nil where there is no such template.
    public func version(of origin: TemplateOrigin) -> TemplateVersion? {
        source(of: origin).map { TemplateVersion(modified: 0, size: $0.utf8.count) }
    }

    /// All names.
    ///
    /// - Returns: the names, sorted.
    public func allNames() -> [String] { sources.keys.map(\.name).sorted() }
}
