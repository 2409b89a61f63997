public import NuagesCore
public import NuagesHTTP
import NuagesORM
import NuagesTemplates

/// Gives every page of a site some variables.
///
///     struct Shop: Site {
///         var contextProcessors: [ContextProcessor] {
///             .standard + [.i18n, ContextProcessor(["cart_size"]) { request, _ in
///                 ["cart_size": try await Cart.size(for: request)]
///             }]
///         }
///     }
///
/// A view's own values win over those of a processor.
///
/// Django: `context_processors` of `TEMPLATES`.
public struct ContextProcessor: Sendable {
    /// Computes the variables for a request.
    public typealias Variables =
        @Sendable (_ request: Request, _ site: SiteContext) async throws -> ContextDictionary

    /// The names of the variables, for `check`.
    public let names: [String]
    /// Computes the variables for a request.
    public let variables: Variables

    /// A processor.
    ///
    /// - Parameters:
    ///   - names: the names of the variables that it gives.
    ///   - variables: computes them; what takes long is better given as
    ///     ``ContextValue/deferred(_:)``, which only costs where a page needs it.
    public init(_ names: [String], variables: @escaping Variables) {
        self.names = names
        self.variables = variables
    }
}

extension [ContextProcessor] {
    /// `csrf_token`, `debug` and `request`, which a site has unless it says otherwise.
    public static var standard: [ContextProcessor] { [.csrf, .debug, .request] }
}

extension ContextProcessor {
    /// `csrf_token`; needed by forms that write the hidden field by hand.
    ///
    /// Django: `django.template.context_processors.csrf`.
    public static let csrf = ContextProcessor(["csrf_token"]) { request, _ in
        ["csrf_token": ContextValue.deferred { .string(request.csrfToken()) }]
    }

    /// `debug`, and `sql_queries`: the queries so far, for browsers on this machine only.
    ///
    /// Django: `django.template.context_processors.debug`, with `INTERNAL_IPS` as this machine.
    public static let debug = ContextProcessor(["debug", "sql_queries"]) { request, site in
        var variables: ContextDictionary = ["debug": site.settings.isDebug]
        if site.settings.isDebug, request.isLocal, let log = request[DebugQueries.Key.self] {
            variables["sql_queries"] = .lazy {
                .array(
                    zip(log.statements, log.times).map { statement, time in
                        .dictionary([
                            "sql": statement.text,
                            "time": time.map { ContextValue.duration($0) } ?? ContextValue.none,
                        ])
                    }
                )
            }
        }
        return variables
    }

    /// `request`, with `method`, `path`, `GET`, `get_full_path`, `get_host`, `is_secure` and others.
    ///
    /// Django: `django.template.context_processors.request`.
    public static let request = ContextProcessor(["request"]) { request, _ in
        ["request": RequestValue(request: request)]
    }

    /// `LANGUAGES`, `LANGUAGE_CODE` and `LANGUAGE_BIDI`.
    ///
    /// Django: `django.template.context_processors.i18n`.
    public static let i18n = ContextProcessor(
        ["LANGUAGES", "LANGUAGE_CODE", "LANGUAGE_BIDI"]
    ) { request, site in
        let language = request.language ?? site.settings.languageCode
        return [
            "LANGUAGES": ContextValue.lazy {
                let languages = site.baseEnvironment.localization.availableLanguages
                return .array(languages.map { .array([.string($0.code), .string($0.name)]) })
            },
            "LANGUAGE_CODE": language,
            "LANGUAGE_BIDI": LanguageInfo.named(language)?.isRightToLeft ?? false,
        ]
    }

    /// `STATIC_URL`.
    ///
    /// Django: `django.template.context_processors.static`.
    public static let `static` = ContextProcessor(["STATIC_URL"]) { _, site in
        ["STATIC_URL": site.settings.staticURL]
    }

    /// `MEDIA_URL`.
    ///
    /// Django: `django.template.context_processors.media`.
    public static let media = ContextProcessor(["MEDIA_URL"]) { _, site in
        ["MEDIA_URL": site.settings.mediaURL]
    }

    /// `TIME_ZONE`: the name of the zone that the page shows moments in.
    ///
    /// Django: `django.template.context_processors.tz`.
    public static let tz = ContextProcessor(["TIME_ZONE"]) { _, site in
        ["TIME_ZONE": site.baseEnvironment.timeZone.name]
    }

    /// `csp_nonce`, which lets a `<script>` or `<style>` of the page run.
    ///
    /// Django: `django.template.context_processors.csp`.
    public static let csp = ContextProcessor(["csp_nonce"]) { request, _ in
        ["csp_nonce": ContextValue.lazy { .string(request.cspNonce) }]
    }
}
