/// The language, formats and time zone in which a page is written.
///
///     var localization = Localization()
///     localization.timeZone = .rules(try .named("Europe/Paris"))
///
/// Django: the active language and time zone with the settings `USE_TZ` and
/// `USE_THOUSAND_SEPARATOR`.
public struct Localization: Sendable {
    /// A lookup of a message in the language's catalogue: message context, singular, plural and
    /// number in, translation out; nil where there is none.
    public typealias Catalog =
        @Sendable (_ context: String?, _ message: String, _ plural: (String, Int)?) -> String?

    /// The language's code, such as `en-us`.
    public var language = "en-us"
    /// How numbers and dates are written.
    public var formats: LocaleFormats {
        get { sharedFormats.value }
        set { sharedFormats = SharedFormats(newValue) }
    }
    /// How numbers are written where a template asks for no language's form: `floatformat:"2u"`.
    public var unlocalizedFormats: LocaleFormats {
        get { sharedUnlocalizedFormats.value }
        set { sharedUnlocalizedFormats = SharedFormats(newValue) }
    }
    // Each request copies a localization several times, but few change its formats.
    private var sharedFormats = SharedFormats.english
    private var sharedUnlocalizedFormats = SharedFormats.ungrouped
    /// Whether numbers are written with thousand separators.
    public var usesThousandSeparator = false
    /// Whether moments are shown in ``timeZone``; otherwise they stay in their own zone.
    public var usesTimeZones = true
    /// The zone in which moments are shown.
    public var timeZone: LocalDateTime.Zone = .utc
    /// The zone of times that have none.
    public var defaultTimeZone: LocalDateTime.Zone = .utc
    /// The codes of the site's languages (`LANGUAGES`); none stands for all that are known.
    public var languages: [String] = []
    /// Looks messages up; nil shows them as they are.
    public var catalog: Catalog?
    /// Finds the catalogue of a language, for pages in more than one; nil has none.
    public var catalogs: (@Sendable (_ language: String) -> Catalog?)?

    /// American English and UTC.
    public init() {}

    /// The site's languages, as `{% get_available_languages %}` and `LANGUAGES` list them.
    ///
    /// One that is not known has its code for a name.
    package var availableLanguages: [(code: String, name: String)] {
        guard !languages.isEmpty else { return LanguageInfo.all.map { ($0.code, $0.name) } }
        return languages.map { ($0, LanguageInfo.named($0)?.name ?? $0) }
    }

    /// The same place and clock in another language; nil switches translations off.
    ///
    ///     localization.switched(to: "de").formats.decimalSeparator     // ,
    ///
    /// - Parameter language: a code such as `de`.
    /// - Returns: what is written in that language.
    public func switched(to language: String?) -> Localization {
        var switched = self
        switched.language = language ?? ""
        switched.formats =
            language.flatMap { LocaleFormats.named(language: $0) } ?? unlocalizedFormats
        switched.catalog = language.flatMap { catalogs?($0) }
        return switched
    }

    /// The translation of a message, or the message.
    ///
    ///     localization.translated("May", context: "month name")
    ///
    /// Django: `gettext`, `pgettext`.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - context: what tells it from other messages of the same text.
    /// - Returns: the translation in ``language``.
    public func translated(_ message: String, context: String? = nil) -> String {
        catalog?(context, message, nil) ?? message
    }

    /// The translation of a message that depends on a number.
    ///
    ///     localization.translated("%d day", plural: "%d days", count)
    ///
    /// Django: `ngettext`, `npgettext`.
    ///
    /// - Parameters:
    ///   - singular: the message for one.
    ///   - plural: the message for several.
    ///   - count: the number.
    ///   - context: what tells it from other messages of the same text.
    /// - Returns: the form that the language has for the number.
    public func translated(
        _ singular: String,
        plural: String,
        _ count: Int,
        context: String? = nil
    ) -> String {
        catalog?(context, singular, (plural, count)) ?? (count == 1 ? singular : plural)
    }
}

/// Formats that many localizations refer to.
private final class SharedFormats: Sendable {
    static let english = SharedFormats(LocaleFormats())
    static let ungrouped = SharedFormats(.ungrouped)

    let value: LocaleFormats

    init(_ value: LocaleFormats) { self.value = value }
}
