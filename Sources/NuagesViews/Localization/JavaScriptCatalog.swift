import NuagesCore
public import NuagesHTTP

/// The translations of a language as a script, for pages that translate in the browser.
///
///     #path("jsi18n/", JavaScriptCatalog(), name: "javascript-catalog")
///
///     <script src="{% url 'javascript-catalog' %}"></script>
///     document.title = gettext("Welcome");
///     ngettext("%s vote", "%s votes", count);
///
/// The messages are those of `djangojs.mo` in the folders of the site's other translations, in the
/// language of the request. The script defines `gettext`, `ngettext`, `pgettext`, `npgettext`,
/// `gettext_noop`, `interpolate`, `get_format` and `pluralidx`. What it holds is for all visitors
/// of the language; nothing of it is secret.
///
/// Django: `JavaScriptCatalog`, with `packages` as labels of apps.
public struct JavaScriptCatalog: GetHandler {
    private let catalog: ScriptCatalog

    /// The view.
    ///
    /// - Parameters:
    ///   - apps: the labels of the apps whose translations are given; nil is all.
    ///   - domain: the name of the files in front of `.mo`.
    public init(apps: [String]? = nil, domain: String = "djangojs") {
        catalog = ScriptCatalog(apps: apps, domain: domain)
    }

    /// Answers with the script.
    ///
    /// - Parameter request: the request.
    /// - Returns: a script.
    /// - Throws: ``SiteError`` for a label that no app has.
    public func get(_ request: Request) async throws -> Response {
        let content = try catalog.content(for: request)
        var response = Response.text(Self.script(content))
        try response.setHeader("Content-Type", "text/javascript; charset=utf-8")
        return response
    }

    private static func script(_ content: ScriptCatalog.Content) -> String {
        func text(_ document: JSONValue) -> String {
            String(decoding: document.jsonBytes(style: .compact), as: UTF8.self)
        }
        return ScriptCatalog.start
            + "const plural = (n) => Number(\(content.plural ?? "n != 1"));\n"
            + "const catalog = \(text(content.catalog));\n"
            + "const formats = \(text(content.formats));\n" + ScriptCatalog.end
    }
}

/// The translations of a language as a JSON document, for programs in the browser.
///
///     #path("i18n.json", JSONCatalog())
///     // {"catalog":{"Save":"Sichern"},"formats":{…},"plural":"(n != 1)"}
///
/// Django: `JSONCatalog`.
public struct JSONCatalog: GetHandler {
    private let catalog: ScriptCatalog

    /// The view.
    ///
    /// - Parameters:
    ///   - apps: the labels of the apps whose translations are given; nil is all.
    ///   - domain: the name of the files in front of `.mo`.
    public init(apps: [String]? = nil, domain: String = "djangojs") {
        catalog = ScriptCatalog(apps: apps, domain: domain)
    }

    /// Answers with the document.
    ///
    /// - Parameter request: the request.
    /// - Returns: an object with `catalog`, `formats` and `plural`.
    /// - Throws: ``SiteError`` for a label that no app has.
    public func get(_ request: Request) async throws -> Response {
        let content = try catalog.content(for: request)
        return try .json(
            JSONValue.object([
                .init("catalog", content.catalog), .init("formats", content.formats),
                .init("plural", content.plural.map { .string($0) } ?? .null),
            ])
        )
    }
}
