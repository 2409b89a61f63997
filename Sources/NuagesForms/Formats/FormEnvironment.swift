public import NuagesCore

/// The language, formats and time zone by which forms read and show values.
///
///     try await FormEnvironment.$current.withValue(environment) { … }
///
/// Django: the settings `DATE_INPUT_FORMATS`, `USE_TZ` and so on with the active language and
/// time zone.
public struct FormEnvironment: Sendable {
    /// The environment of the task.
    @TaskLocal public static var current = FormEnvironment()

    /// The language, the time zone and how numbers are written.
    public var localization: Localization {
        get { content.value.localization }
        set { content.value.localization = newValue }
    }
    /// How a date may be entered; the first is also how it is shown.
    public var dateInputFormats: [DateInputFormat] {
        get { content.value.dateInputFormats }
        set { content.value.dateInputFormats = newValue }
    }
    /// How a time may be entered; the first is also how it is shown.
    public var timeInputFormats: [DateInputFormat] {
        get { content.value.timeInputFormats }
        set { content.value.timeInputFormats = newValue }
    }
    /// How a date with its time may be entered; the first is also how it is shown.
    public var dateTimeInputFormats: [DateInputFormat] {
        get { content.value.dateTimeInputFormats }
        set { content.value.dateTimeInputFormats = newValue }
    }

    /// Renders forms by templates; nil where all are written by compiled code (`FORM_RENDERER`).
    public var renderer: (any FormRenderer)? {
        get { content.value.renderer }
        set { content.value.renderer = newValue }
    }
    /// Makes the URL of a static file: style sheets and scripts of ``Media``.
    public var staticURL: @Sendable (String) throws -> String {
        get { content.value.staticURL }
        set { content.value.staticURL = newValue }
    }
    /// Tells whoever runs the site of something that a form should not do; a site logs it.
    public var warn: @Sendable (String) -> Void {
        get { content.value.warn }
        set { content.value.warn = newValue }
    }

    private struct Content: Sendable {
        var localization = Localization()
        var dateInputFormats = englishDates
        var timeInputFormats = englishTimes
        var dateTimeInputFormats = englishDateTimes
        var renderer: (any FormRenderer)?
        var staticURL: @Sendable (String) throws -> String = { "/static/\($0)" }
        var warn: @Sendable (String) -> Void = { _ in }
    }

    /// Behind one reference: each request has an environment, and each field asks for it.
    private var content = CopyOnWrite(Content())

    /// American English and UTC.
    public init() {}

    /// The formats of a language; what Django has no formats for is entered as in English.
    ///
    /// - Parameter localization: the language, the time zone and how numbers are written.
    public init(_ localization: Localization) {
        self.init()
        self.localization = localization
        guard let formats = InputFormats.named(localization.language) else { return }
        dateInputFormats = formats.dates ?? dateInputFormats
        timeInputFormats = formats.times ?? timeInputFormats
        dateTimeInputFormats = formats.dateTimes ?? dateTimeInputFormats
    }

    /// The text of an error in the language of the page.
    ///
    /// - Parameter item: the error.
    /// - Returns: the text, its parameters filled in.
    public func text(of item: ValidationError.Item) -> String {
        guard let catalog = localization.catalog else { return item.text }
        let message = item.message
        let plural = message.plural.flatMap { plural in
            message.count(in: item.parameters).map { (plural, $0) }
        }
        guard let translation = catalog(nil, message.singular, plural) else { return item.text }
        return ErrorMessage.fill(translation, with: item.parameters)
    }

    private static let englishDates: [DateInputFormat] = [
        "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d %Y", "%b %d, %Y", "%d %b %Y", "%d %b, %Y",
        "%B %d %Y", "%B %d, %Y", "%d %B %Y", "%d %B, %Y",
    ]
    private static let englishTimes: [DateInputFormat] = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"]
    private static let englishDateTimes: [DateInputFormat] = [
        "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M:%S",
        "%m/%d/%Y %H:%M:%S.%f", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M:%S", "%m/%d/%y %H:%M:%S.%f",
        "%m/%d/%y %H:%M", "%Y-%m-%d",
    ]
}
