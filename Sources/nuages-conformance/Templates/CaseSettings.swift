import NuagesCore
import NuagesTemplates

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The language, clock and settings of a case.
struct CaseSettings {
    let item: JSONCase
    /// Whether settings that are left out have a template case's or a function case's defaults;
    /// they are the same ones, Django's.
    private var settings: JSONValue? { item["settings"] }

    init(_ item: JSONCase) { self.item = item }

    /// The language, formats and zone.
    func localization() throws -> Localization {
        var localization = Localization()
        localization.language =
            item["language"]?.text ?? settings?["LANGUAGE_CODE"]?.text ?? "en-us"
        try applyLanguage(to: &localization)
        let zone = LocalDateTime.Zone.rules(
            try .named(settings?["TIME_ZONE"]?.text ?? "America/Chicago")
        )
        localization.defaultTimeZone = zone
        localization.timeZone = try activeZone() ?? zone
        localization.usesTimeZones = item["use_tz"]?.flag ?? settings?["USE_TZ"]?.flag ?? true
        localization.usesThousandSeparator = settings?["USE_THOUSAND_SEPARATOR"]?.flag ?? false
        // Settings count only where no language's formats do.
        applyFormats(to: &localization.unlocalizedFormats)
        if item["language"] == .null { localization.formats = localization.unlocalizedFormats }
        let entries = item["translations"]?.elements ?? []
        localization.catalogs = { Self.catalog(of: $0, entries) }
        localization.catalog = Self.catalog(of: localization.language, entries)
        if item["language"] == .null {
            localization.language = ""
            localization.catalog = nil
        }
        return localization
    }

    private func applyLanguage(to localization: inout Localization) throws {
        let language = localization.language
        if item["language"] == .null { return }
        guard language == "en" || language.hasPrefix("en-us") else {
            localization.formats =
                LocaleFormats.named(language: language) ?? localization.unlocalizedFormats
            return
        }
    }

    private func activeZone() throws -> LocalDateTime.Zone? {
        guard let json = item["timezone"] else { return nil }
        if let name = json.text { return .rules(try .named(name)) }
        return try TaggedValue.zone(json)
    }

    private func applyFormats(to formats: inout LocaleFormats) {
        if let text = settings?["DATETIME_FORMAT"]?.text { formats.dateTimeFormat = text }
        if let text = settings?["DATE_FORMAT"]?.text { formats.dateFormat = text }
        if let text = settings?["TIME_FORMAT"]?.text { formats.timeFormat = text }
        if let text = settings?["THOUSAND_SEPARATOR"]?.text { formats.thousandSeparator = text }
        if let text = settings?["DECIMAL_SEPARATOR"]?.text { formats.decimalSeparator = text }
        if let number = settings?["NUMBER_GROUPING"]?.number {
            formats.numberGrouping = [number, 0]
        }
    }

    /// The translations that the case lists for a language.
    private static func catalog(
        of language: String,
        _ entries: [JSONValue]
    ) -> Localization.Catalog? {
        var messages: [String: String] = [:]
        for entry in entries where (entry["lang"]?.text ?? language) == language {
            guard let id = entry["id"]?.text, let text = entry["v"]?.text else { continue }
            let suffix = entry["n"]?.number.map { "\u{0}\($0)" } ?? ""
            messages[id + suffix] = text
        }
        let found = messages
        return { context, message, plural in
            let id = context.map { "\($0)\u{4}\(message)" } ?? message
            if let (_, count) = plural, let text = found["\(id)\u{0}\(count)"] { return text }
            return found[id]
        }
    }

    /// The clock.
    func now() throws -> Date {
        guard let text = item["now"]?.text else { return Date.now }
        return try Date(text, strategy: .iso8601)
    }

    /// The tag of a call's first argument.
    var firstTag: String? { item["args"]?.elements?.first?.tag }

    /// Whether `urlize` writes `https`.
    var assumesHTTPS: Bool { settings?["URLIZE_ASSUME_HTTPS"]?.flag ?? false }

    func environment() throws -> TemplateEnvironment {
        var environment = TemplateEnvironment()
        environment.localization = try localization()
        let now = try now()
        environment.now = { now }
        environment.urlizeAssumesHTTPS = assumesHTTPS
        environment.staticPrefix = prefixed(settings?["STATIC_URL"]?.text ?? "")
        environment.mediaPrefix = prefixed(settings?["MEDIA_URL"]?.text ?? "")
        let staticPrefix = environment.staticPrefix
        environment.staticURL = { path in
            staticPrefix + PercentCoding.encode(path, safe: .init("/"))
        }
        environment.reverseURL = try CaseRequest.reversing(item)
        if let request = item["request"], request != .null {
            let query = (try? QueryDict(query: request["query_string"]?.text ?? "")) ?? QueryDict()
            environment.query = { query }
        }
        return environment
    }

    /// A relative prefix stands behind the script prefix, as Django's settings do it.
    private func prefixed(_ url: String) -> String {
        if url.isEmpty || url.hasPrefix("/") || url.hasPrefix("http://")
            || url.hasPrefix("https://")
        {
            return url
        }
        return (item["script_prefix"]?.text ?? "/") + url
    }
}
