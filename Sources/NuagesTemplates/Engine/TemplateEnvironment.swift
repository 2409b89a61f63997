public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a request gives to the tags of a page.
///
/// Every closure has a default that fails with a message saying what is missing.
public struct TemplateEnvironment: Sendable {
    /// Makes the URL of a named view: `{% url %}`.
    public var reverseURL:
        @Sendable (_ name: String, _ positional: [ContextValue], _ named: [(String, ContextValue)])
            throws -> String = { name, _, _ in
                throw TemplateError.rendering(
                    "{% url %} cannot look up '\(name)': the template was rendered without URLs. "
                        + "Render it through a request, or set TemplateEnvironment.reverseURL."
                )
            }
    /// The token of `{% csrf_token %}`; an empty one writes nothing.
    public var csrfToken: @Sendable () -> String = { "" }
    /// Makes the URL of a static file: `{% static %}`.
    public var staticURL: @Sendable (String) throws -> String = { path in
        throw TemplateError.rendering(
            "{% static %} cannot find '\(path)': the template was rendered without static files. "
                + "Render it through a request, or set TemplateEnvironment.staticURL."
        )
    }
    /// The prefix of static files: `{% get_static_prefix %}`.
    public var staticPrefix = ""
    /// The prefix of uploaded files: `{% get_media_prefix %}`.
    public var mediaPrefix = ""
    /// The query of the request's URL: `{% querystring %}`.
    public var query: @Sendable () throws -> QueryDict = {
        throw TemplateError.rendering(
            "{% querystring %} needs a request. Render the template through a request, or set "
                + "TemplateEnvironment.query."
        )
    }
    /// The nonce of the page's Content-Security-Policy; nil where it has none.
    public var cspNonce: @Sendable () -> String? = { nil }
    /// Whether `urlize` takes addresses without a scheme for `https` ones; Django: `http` till 2028.
    public var urlizeAssumesHTTPS = false
    /// The language, formats and time zone of the page.
    public var localization = Localization()
    /// Tells whoever runs the site of something that a page should not do; a site logs it.
    public var warn: @Sendable (String) -> Void = { _ in }
    /// The current time.
    public var now: @Sendable () -> Date = { Date.now }

    /// No request.
    public init() {}

    /// The zone in which moments are shown.
    public var timeZone: LocalDateTime.Zone {
        get { localization.timeZone }
        set { localization.timeZone = newValue }
    }
}

/// What all parts of one rendering share, as far as no tag changes it for its body.
final class PageContext: Sendable {
    let environment: TemplateEnvironment
    let isDebug: Bool
    /// Whether values are written in the page's language; `{% localize off %}` ends it.
    let isLocalizing: Bool
    /// Whether moments are shown in the page's zone; `{% localtime off %}` ends it.
    private let convertsMoments: Bool
    /// The bytes that a text or list which a filter makes may have.
    let sizeLimit: Int
    /// How values are written that no filter writes.
    let output: Localization

    init(
        environment: TemplateEnvironment,
        isDebug: Bool,
        isLocalizing: Bool = true,
        convertsMoments: Bool? = nil,
        sizeLimit: Int = TemplateLimits().outputSize
    ) {
        self.sizeLimit = sizeLimit
        self.environment = environment
        self.isDebug = isDebug
        self.isLocalizing = isLocalizing
        self.convertsMoments = convertsMoments ?? environment.localization.usesTimeZones
        var output = environment.localization
        if !isLocalizing {
            output.formats = output.unlocalizedFormats
            output.usesThousandSeparator = false
        }
        self.output = output
    }

    var localization: Localization { environment.localization }

    /// The page with another language or zone, or another way of writing values.
    func changed(
        _ localization: Localization? = nil,
        isLocalizing: Bool? = nil,
        convertsMoments: Bool? = nil
    ) -> PageContext {
        var environment = environment
        if let localization { environment.localization = localization }
        return changed(environment, isLocalizing, convertsMoments)
    }

    /// The page, of which each token and nonce is counted.
    func countingSecrets(_ reads: Counter) -> PageContext {
        var counting = environment
        counting.csrfToken = { [environment] in
            _ = reads.next()
            return environment.csrfToken()
        }
        counting.cspNonce = { [environment] in
            _ = reads.next()
            return environment.cspNonce()
        }
        return changed(counting)
    }

    private func changed(
        _ environment: TemplateEnvironment,
        _ isLocalizing: Bool? = nil,
        _ convertsMoments: Bool? = nil
    ) -> PageContext {
        PageContext(
            environment: environment,
            isDebug: isDebug,
            isLocalizing: isLocalizing ?? self.isLocalizing,
            convertsMoments: convertsMoments ?? self.convertsMoments,
            sizeLimit: sizeLimit
        )
    }

    /// A moment on the clocks of the page's zone; other values as they are.
    func local(_ value: ContextValue) -> ContextValue {
        guard convertsMoments else { return value }
        let zone = environment.localization.timeZone
        switch value {
        case .dateTime(let moment):
            return LocalDateTime(moment, in: zone).map(ContextValue.localDateTime) ?? value
        case .localDateTime(let local):
            if local.keepsZone { return value }
            return local.converted(to: zone).map(ContextValue.localDateTime) ?? value
        default: return value
        }
    }

    /// Refuses a text or list that no page has room for: in a loop, each turn could double it.
    func checkSize(of value: ContextValue, madeBy filter: String) throws {
        switch value {
        case .string(let text): try checkSize(text.utf8.count, madeBy: filter)
        case .safe(let text): try checkSize(text.html.utf8.count, madeBy: filter)
        default: break
        }
    }

    /// Refuses so many bytes where no page has room for them.
    func checkSize(_ size: Int, madeBy filter: String) throws {
        guard size > sizeLimit else { return }
        throw TemplateError.limitExceeded(
            "'\(filter)' makes more than the \(sizeLimit) bytes that a page may have. "
                + "Raise TemplateLimits.outputSize or show less on one page."
        )
    }
}
