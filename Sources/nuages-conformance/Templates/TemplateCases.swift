import NuagesContrib
import NuagesCore
import NuagesTemplates

/// Cases of kind `template`: a rendering and its output or error.
struct TemplateCases: ConformanceKind {
    private static let requestProcessor = "django.template.context_processors.request"

    func accepts(_ item: JSONCase) -> Bool { item.kind == "template" }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        for marker in ["python_attributes", "python_html_parser"] where item[marker] != nil {
            return .skipped(reason: marker)
        }
        var variants = [item["engine"] ?? .object([])]
        variants += item["also_with"]?.elements ?? []
        for variant in variants {
            let outcome = try await run(item, options: variant)
            guard case .passed = outcome else { return outcome }
        }
        return .passed
    }

    private func run(_ item: JSONCase, options: JSONValue) async throws -> CaseOutcome {
        let engine = try engine(item, options)
        let settings = CaseSettings(item)
        let environment = try settings.environment()
        for earlier in item["before"]?.elements ?? [] {
            _ = try? await engine.render(
                try template(earlier["entry"], engine),
                try TaggedValue.context(earlier["context"]),
                environment: environment
            )
        }
        var phase = "load"
        do {
            let template = try template(item["entry"], engine)
            phase = "render"
            var context = try context(item, engine)
            let processors = item["context_processors"]?.elements ?? []
            if processors.contains(where: { $0.text == Self.requestProcessor }),
                let request = CaseRequest(item)
            {
                context["request"] = .object(request.contextObject)
            }
            let bytes = try await engine.render(
                template,
                context,
                environment: environment,
                isEscaping: item["autoescape"]?.flag ?? true
            )
            return compare(item, output: String(decoding: bytes, as: UTF8.self))
        } catch let error as UnsupportedCase {
            throw error
        } catch {
            return compare(item, error: error, phase: phase)
        }
    }

    private func context(_ item: JSONCase, _ engine: TemplateEngine) throws -> ContextDictionary {
        var context = ContextDictionary()
        for member in item["context"]?.members ?? [] {
            if member.value.tag == "template" {
                let template = try engine.template(
                    source: member.value["source"]?.text ?? "",
                    name: member.value["name"]?.text
                )
                context[member.name] = .object(template)
            } else {
                context[member.name] = try TaggedValue.decode(member.value)
            }
        }
        return context
    }

    private func engine(_ item: JSONCase, _ options: JSONValue) throws -> TemplateEngine {
        var libraries: [String: Library] = [:]
        for library in item["libraries"]?.members ?? [] {
            libraries[library.name] = try self.library(library.value.text ?? "")
        }
        let builtins = try (item["builtins"]?.elements ?? []).compactMap(\.text).map(library)
        let layers = item["template_layers"]?.elements ?? [item["templates"] ?? .object([])]
        let loaders = layers.enumerated().map { index, layer in
            LayerLoader(
                index: layers.count > 1 ? index : nil,
                templates: (layer.members ?? []).map { ($0.name, $0.value.text ?? "") }
            )
        }
        var engineOptions = TemplateOptions()
        engineOptions.stringIfInvalid = options["string_if_invalid"]?.text ?? ""
        engineOptions.builtins = builtins
        return TemplateEngine(
            loaders: loaders,
            isDebug: options["debug"]?.flag ?? false,
            libraries: libraries,
            options: engineOptions
        )
    }

    private func library(_ module: String) throws -> Library {
        switch module {
        case "django.templatetags.cache": return .cache
        case "django.templatetags.static": return .static
        case "django.templatetags.i18n": return .i18n
        case "django.templatetags.l10n": return .l10n
        case "django.templatetags.tz": return .tz
        case "django.contrib.humanize.templatetags.humanize": return .humanize
        default:
            if let library = TestLibraries.named(module) { return library }
            throw UnsupportedCase("the library \(module) is not built in")
        }
    }

    private func template(_ entry: JSONValue?, _ engine: TemplateEngine) throws -> Template {
        if let source = entry?["string"]?.text {
            return try engine.template(
                source: source,
                name: entry?["name"]?.text ?? entry?["origin"]?.text
            )
        }
        if let names = entry?["select"]?.elements {
            return try engine.template(firstOf: names.compactMap(\.text))
        }
        return try engine.template(named: entry?["name"]?.text ?? "")
    }

    private func compare(_ item: JSONCase, output: String) -> CaseOutcome {
        if let expected = item["expect"]?["output"]?.text {
            return .comparing(expected: expected, got: output)
        }
        return .failed(expected: describe(item["expect"]?["error"]), got: output)
    }

    private func compare(_ item: JSONCase, error: any Error, phase: String) -> CaseOutcome {
        guard let expected = item["expect"]?["error"] else {
            return .failed(expected: item["expect"]?["output"]?.text ?? "", got: "error: \(error)")
        }
        let failure = RaisedError(error)
        let isSame = failure.matches(expected) && (expected["phase"]?.text ?? phase) == phase
        return isSame
            ? .passed
            : .failed(
                expected: describe(expected),
                got: "\(failure.type): \(failure.message) (\(phase))"
            )
    }

    private func describe(_ error: JSONValue?) -> String {
        "\(error?["type"]?.text ?? "?"): \(error?["message"]?.text ?? "") "
            + "(\(error?["phase"]?.text ?? ""))"
    }
}

/// Templates in memory that can stand behind others of the same names.
struct LayerLoader: TemplateLoader {
    let index: Int?
    let templates: [(name: String, source: String)]

    func origins(of name: String) -> [TemplateOrigin] {
        [TemplateOrigin(path: index.map { "\($0)/\(name)" } ?? name, templateName: name)]
    }

    func source(of origin: TemplateOrigin) -> String? {
        templates.first { $0.name == origin.templateName }?.source
    }

    func version(of origin: TemplateOrigin) -> TemplateVersion? {
        source(of: origin).map { TemplateVersion(modified: 0, size: $0.utf8.count) }
    }

    func allNames() -> [String] { templates.map(\.name) }
}

/// An error in Django's terms.
struct RaisedError {
    var type: String
    var message: String
    private var prefixedMessage: String?
    private var lookup: String?

    init(_ error: any Error) {
        message = "\(error)"
        switch error {
        case let error as TemplateError:
            (type, message) = Self.describe(error)
            if let name = error.location?.template {
                prefixedMessage = "Template: \(name), \(message)"
            }
            if case .variableDoesNotExist(let name, _) = error { lookup = name }
        case let error as PythonError: type = error.type
        case is TooManyTags: (type, message) = ("SuspiciousOperation", "")
        case is InvalidFileName: type = "SuspiciousFileOperation"
        default: type = "\(Swift.type(of: error))"
        }
    }

    private static func describe(_ error: TemplateError) -> (type: String, message: String) {
        switch error {
        case .syntax: return ("TemplateSyntaxError", error.message)
        case .doesNotExist: return ("TemplateDoesNotExist", error.message)
        case .variableDoesNotExist: return ("VariableDoesNotExist", error.message)
        case .rendering(_, let cause, _):
            if let cause = cause as? PythonError { return (cause.type, cause.message) }
            return ("Exception", error.message)
        case .limitExceeded: return ("RecursionError", error.message)
        }
    }

    func matches(_ expected: JSONValue) -> Bool {
        if expected["message_note"]?.text == "python" { return true }
        let name = expected["type"]?.text ?? ""
        guard name == type else { return false }
        if expected["message_note"]?.text == "informational" { return true }
        if name == "VariableDoesNotExist" { return lookup == expected["lookup"]?.text }
        guard let text = expected["message"]?.text else { return true }
        return text == message || text == prefixedMessage
    }
}
