public import NuagesCore
import Synchronization

/// Finds, compiles and renders templates.
///
///     let engine = TemplateEngine(directories: ["templates"], isDebug: false)
///     let page = try await engine.render("polls/index.html", ["polls": polls], environment: .init())
///
/// Compiled templates are kept; in debug a changed file is compiled again.
///
/// Django: `django.template.Engine`.
public struct TemplateEngine: Sendable {
    /// What the copies of an engine share.
    final class Storage: Sendable {
        let loaders: [any TemplateLoader]
        let isDebug: Bool
        let libraries: [String: Library]
        let builtins: Library
        let options: TemplateOptions
        let cache = Mutex<[ByteKey: (template: Template, version: TemplateVersion?)]>([:])

        init(
            loaders: [any TemplateLoader],
            isDebug: Bool,
            libraries: [String: Library],
            options: TemplateOptions
        ) {
            self.loaders = loaders
            self.isDebug = isDebug
            self.libraries = libraries
            self.options = options
            var builtins = Library.builtins
            for library in options.builtins { builtins.merge(library) }
            self.builtins = builtins
        }
    }

    let storage: Storage

    /// An engine.
    ///
    /// - Parameters:
    ///   - directories: where templates are looked for, in order.
    ///   - templates: templates in memory, looked at after the directories.
    ///   - isDebug: whether changed files are seen at once and `{% debug %}` writes something.
    ///   - libraries: what `{% load %}` knows besides `cache`, `i18n`, `l10n`, `static` and `tz`.
    ///   - options: how all templates are treated.
    public init(
        directories: [String],
        templates: [String: String] = [:],
        isDebug: Bool,
        libraries: [String: Library] = [:],
        options: TemplateOptions = TemplateOptions()
    ) {
        self.init(
            loaders: [DirectoryLoader(directories), DictionaryLoader(templates)],
            isDebug: isDebug,
            libraries: Library.standard.merging(libraries) { $1 },
            options: options
        )
    }

    /// An engine with loaders and libraries of your own, which knows no library besides them.
    ///
    /// - Parameters:
    ///   - loaders: where templates are looked for, in order.
    ///   - isDebug: whether changed files are seen at once and `{% debug %}` writes something.
    ///   - libraries: what `{% load %}` knows.
    ///   - options: how all templates are treated.
    public init(
        loaders: [any TemplateLoader],
        isDebug: Bool,
        libraries: [String: Library] = [:],
        options: TemplateOptions = TemplateOptions()
    ) {
        storage = Storage(
            loaders: loaders,
            isDebug: isDebug,
            libraries: libraries,
            options: options
        )
    }

    /// The engine with templates for the names that it has not.
    ///
    /// - Parameter templates: the sources by name.
    /// - Returns: the engine, with a cache of its own.
    package func falling(backTo templates: [String: String]) -> TemplateEngine {
        let last: any TemplateLoader = DictionaryLoader(templates)
        return TemplateEngine(
            loaders: storage.loaders + [last],
            isDebug: isDebug,
            libraries: storage.libraries,
            options: storage.options
        )
    }

    /// Whether changed files are seen at once.
    public var isDebug: Bool { storage.isDebug }
    var stringIfInvalid: String { storage.options.stringIfInvalid }
    var limits: TemplateLimits { storage.options.limits }
    /// Where `{% cache %}` keeps parts of pages, by name.
    public var fragmentCaches: [String: any FragmentCache] { storage.options.fragmentCaches }

    /// Compiles a template from a string.
    ///
    /// - Parameters:
    ///   - source: the template.
    ///   - name: a name for messages and relative paths.
    /// - Returns: the compiled template.
    /// - Throws: ``TemplateError`` where the source is not a template.
    public func template(
        source: String,
        name: String? = nil
    ) throws(TemplateError) -> Template {
        let origin = name.map { TemplateOrigin(path: $0, templateName: $0) } ?? .unknown
        return try compile(source, origin: origin)
    }

    private func compile(
        _ source: String,
        origin: TemplateOrigin
    ) throws(TemplateError) -> Template {
        let parser = Parser(source, origin: origin, storage: storage)
        let nodes = try parser.parse()
        return Template(
            name: origin.templateName,
            origin: origin,
            nodes: nodes,
            partials: parser.partials,
            urls: parser.urls
        )
    }

    /// Finds a template by its name, or one of its partials by `name#partial`.
    ///
    /// - Parameter name: the name, such as `polls/index.html`.
    /// - Returns: the compiled template.
    /// - Throws: ``TemplateError`` where it does not exist or cannot be compiled.
    public func template(named name: String) throws(TemplateError) -> Template {
        guard let hash = name.utf8.firstIndex(of: UInt8(ascii: "#")) else {
            return try find(name)
        }
        let base = String(name[..<hash])
        let partial = String(name[name.utf8.index(after: hash)...])
        guard !base.isEmpty else { throw .doesNotExist(name: name, tried: []) }
        let template = try find(base)
        guard !partial.isEmpty else { return template }
        guard let found = template.partials[partial] else {
            throw .doesNotExist(name: partial, tried: [base])
        }
        // The copy keeps the whole template's partials alive, which its nodes refer to.
        return Template(
            name: found.name,
            origin: found.origin,
            nodes: found.nodes,
            partials: template.partials
        )
    }

    /// Finds the first of several templates that exists.
    ///
    /// - Parameter names: the names in the order of preference.
    /// - Returns: the compiled template.
    /// - Throws: ``TemplateError`` where none exists or the first cannot be compiled.
    public func template(firstOf names: [String]) throws(TemplateError) -> Template {
        var missing: [String] = []
        var triedPaths: [String] = []
        for name in names {
            do throws(TemplateError) {
                return try template(named: name)
            } catch {
                guard case .doesNotExist(let lost, let tried, nil) = error else { throw error }
                if !missing.contains(where: { $0.equalsBytes(lost) }) { missing.append(lost) }
                triedPaths += tried
            }
        }
        throw .doesNotExist(
            name: names.isEmpty
                ? "No template names provided" : missing.joined(separator: ", "),
            tried: triedPaths
        )
    }

    /// Finds a template, leaving out the places in `skip`.
    func find(
        _ name: String,
        skip: [TemplateOrigin] = []
    ) throws(TemplateError) -> Template {
        let skipped = skip.filter { $0.templateName?.equalsBytes(name) == true }
        let key = ByteKey(
            skipped.isEmpty
                ? name : ([name] + skipped.map(\.path)).joined(separator: "\u{0}")
        )
        if let cached = storage.cache.withLock({ $0[key] }) {
            if !isDebug || isCurrent(cached.template, cached.version, name, skipped) {
                return cached.template
            }
        }
        var tried: [String] = []
        for loader in storage.loaders {
            for origin in loader.origins(of: name) {
                if skipped.contains(origin) {
                    tried.append("\(origin.path) (skipped to avoid recursion)")
                    continue
                }
                let version = isDebug ? loader.version(of: origin) : nil
                guard let source = try source(of: origin, loader) else {
                    tried.append(origin.path)
                    continue
                }
                let template = try compile(source, origin: origin)
                storage.cache.withLock { $0[key] = (template, version) }
                return template
            }
        }
        throw .doesNotExist(name: name, tried: tried)
    }

    /// The text of a template, for a page that shows where an error is; nil where there is none.
    package func source(ofTemplate name: String) -> String? {
        for loader in storage.loaders {
            for origin in loader.origins(of: name) {
                if let source = try? loader.source(of: origin) { return source }
            }
        }
        return nil
    }

    private func source(
        of origin: TemplateOrigin,
        _ loader: any TemplateLoader
    ) throws(TemplateError) -> String? {
        do {
            return try loader.source(of: origin)
        } catch let error as TemplateError {
            throw error
        } catch {
            throw .rendering("\(origin.path) cannot be read.", cause: error)
        }
    }

    /// Whether a compiled template is still what its name means.
    private func isCurrent(
        _ template: Template,
        _ version: TemplateVersion?,
        _ name: String,
        _ skipped: [TemplateOrigin]
    ) -> Bool {
        for loader in storage.loaders {
            for origin in loader.origins(of: name) where !skipped.contains(origin) {
                guard let current = loader.version(of: origin) else { continue }
                return origin == template.origin && current == version
            }
        }
        return false
    }

    /// Renders a template by its name.
    ///
    /// - Parameters:
    ///   - name: the template's name.
    ///   - context: the variables.
    ///   - environment: what the request gives.
    /// - Returns: the page in UTF-8.
    /// - Throws: ``TemplateError``, with the template's name and line.
    public func render(
        _ name: String,
        _ context: ContextDictionary,
        environment: TemplateEnvironment = TemplateEnvironment()
    ) async throws -> [UInt8] {
        try await render(try template(named: name), context, environment: environment)
    }

    /// The value of a variable or constant without filters; nil where it is not in the context.
    package func resolve(_ variable: String, in context: ContextDictionary) throws -> ContextValue?
    {
        let renderer = Renderer(engine: self, context: context, environment: .init())
        switch try VariableParser.operand(variable) {
        case .variable(let path): return try renderer.resolve(path)
        case .constant(let value): return value
        case .message(let message): return renderer.translated(message)
        }
    }

    /// Renders a compiled template.
    ///
    /// - Parameters:
    ///   - template: the template.
    ///   - context: the variables.
    ///   - environment: what the request gives.
    ///   - isEscaping: whether values are escaped, as the engine's options say unless given; false
    ///     only for what is not HTML, such as mail.
    /// - Returns: the page in UTF-8.
    /// - Throws: ``TemplateError``, with the template's name and line.
    public func render(
        _ template: Template,
        _ context: ContextDictionary,
        environment: TemplateEnvironment = TemplateEnvironment(),
        isEscaping: Bool? = nil
    ) async throws -> [UInt8] {
        let renderer = Renderer(engine: self, context: context, environment: environment)
        if let isEscaping { renderer.isEscaping = isEscaping }
        try await renderer.render(template)
        return renderer.output
    }
}
