/// How a place writes numbers, dates and times.
///
/// Formats of dates and times are Django's format characters.
///
/// Django: the settings `DECIMAL_SEPARATOR`, `DATE_FORMAT` and so on, and the modules
/// `django.conf.locale.*.formats`.
public struct LocaleFormats: Sendable, Hashable {
    /// Between the whole part of a number and its decimals.
    public var decimalSeparator = "."
    /// Between groups of digits.
    public var thousandSeparator = ","
    /// Digits in each group from the right; 0 as the last one ends the grouping, else the last one
    /// repeats.
    public var numberGrouping: [Int] = [3, 0]
    /// A date.
    public var dateFormat = "N j, Y"
    /// A time.
    public var timeFormat = "P"
    /// A date and time.
    public var dateTimeFormat = "N j, Y, P"
    /// A year and a month.
    public var yearMonthFormat = "F Y"
    /// A month and a day.
    public var monthDayFormat = "F j"
    /// A short date.
    public var shortDateFormat = "m/d/Y"
    /// A short date and time.
    public var shortDateTimeFormat = "m/d/Y P"
    /// The day with which a week begins: 0 is Sunday, 1 is Monday.
    public var firstDayOfWeek = 0

    /// The formats of American English, Django's defaults.
    public init() {}

    /// The format called `name`, such as `SHORT_DATE_FORMAT`; nil for any other text.
    ///
    /// - Parameter name: the name of a setting of Django.
    /// - Returns: the format.
    public func named(_ name: String) -> String? {
        switch name {
        case "DATE_FORMAT": dateFormat
        case "TIME_FORMAT": timeFormat
        case "DATETIME_FORMAT": dateTimeFormat
        case "YEAR_MONTH_FORMAT": yearMonthFormat
        case "MONTH_DAY_FORMAT": monthDayFormat
        case "SHORT_DATE_FORMAT": shortDateFormat
        case "SHORT_DATETIME_FORMAT": shortDateTimeFormat
        case "DECIMAL_SEPARATOR": decimalSeparator
        case "THOUSAND_SEPARATOR": thousandSeparator
        default: nil
        }
    }
}
