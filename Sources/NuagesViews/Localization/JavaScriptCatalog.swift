import NuagesCore
public import NuagesHTTP

/// The translations of a language as a script, for pages that translate in the browser.
///
///     #path("jsi18n/", JavaScriptCatalog(), name: "javascript-catalog")
///
///     <script {% csp_nonce_attr %} src="{% url 'javascript-catalog' %}"></script>
///     <script {% csp_nonce_attr %} src="{% static 'polls/vote.js' %}"></script>
///
///     document.title = gettext("Welcome");                        // "Willkommen"
///     interpolate(ngettext("%s vote", "%s votes", 3), [3]);       // "3 Stimmen"
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
        catalog = ScriptCatalog(apps: apps, domain: domain, write: Self.script)
    }

    /// Answers with the script.
    ///
    /// - Parameter request: the request.
    /// - Returns: a script.
    /// - Throws: ``SiteError`` for a label that no app has.
    public func get(_ request: Request) async throws -> Response {
        .bytes(try catalog.bytes(for: request), contentType: "text/javascript; charset=utf-8")
    }

    private static func script(_ content: ScriptCatalog.Content) -> [UInt8] {
        func text(_ document: JSONValue) -> String {
            String(decoding: document.jsonBytes(style: .compact), as: UTF8.self)
        }
        let script =
            ScriptCatalog.start
            + "const plural = (n) => Number(\(content.plural ?? "n != 1"));\n"
            + "const catalog = \(text(content.catalog));\n"
            + "const formats = \(text(content.formats));\n" + ScriptCatalog.end
        return Array(script.utf8)
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
        catalog = ScriptCatalog(apps: apps, domain: domain, write: Self.document)
    }

    /// Answers with the document.
    ///
    /// - Parameter request: the request.
    /// - Returns: an object with `catalog`, `formats` and `plural`.
    /// - Throws: ``SiteError`` for a label that no app has.
    public func get(_ request: Request) async throws -> Response {
        .bytes(try catalog.bytes(for: request), contentType: "application/json")
    }

    private static func document(_ content: ScriptCatalog.Content) -> [UInt8] {
        let document = JSONValue.object([
            .init("catalog", content.catalog), .init("formats", content.formats),
            .init("plural", content.plural.map { .string($0) } ?? .null),
        ])
        return document.jsonBytes(style: .compact)
    }
}
