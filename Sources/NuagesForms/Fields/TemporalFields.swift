public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A day.
public struct DateField: FormField {
    /// The type of the cleaned value.
    public typealias Value = CalendarDate

    /// What every field has.
    public var options = FieldOptions()
    /// How a day may be entered; nil takes the formats of the page's language.
    public var inputFormats: [DateInputFormat]?

    /// A day.
    ///
    /// - Parameter inputFormats: how it may be entered; nil for those of the page's language.
    public init(inputFormats: [DateInputFormat]? = nil) { self.inputFormats = inputFormats }

    /// An input for dates.
    public var defaultWidget: any Widget { DateTimeInput(.date) }

    /// The message of text that is no date.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a valid date."
        default: nil
        }
    }

    /// The day.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        switch raw {
        case .date: return raw
        case .dateTime(let dateTime): return .date(dateTime.date)
        case .string(let text):
            let formats = inputFormats ?? FormEnvironment.current.dateInputFormats
            guard let value = formats.firstValue(of: text) else { throw error("invalid") }
            return .date(value.date)
        default: throw error("invalid")
        }
    }
}

/// A time on the clock.
public struct TimeField: FormField {
    /// The type of the cleaned value.
    public typealias Value = TimeOfDay

    /// What every field has.
    public var options = FieldOptions()
    /// How a time may be entered; nil takes the formats of the page's language.
    public var inputFormats: [DateInputFormat]?

    /// A time on the clock.
    ///
    /// - Parameter inputFormats: how it may be entered; nil for those of the page's language.
    public init(inputFormats: [DateInputFormat]? = nil) { self.inputFormats = inputFormats }

    /// An input for times.
    public var defaultWidget: any Widget { DateTimeInput(.time) }

    /// The message of text that is no time.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a valid time."
        default: nil
        }
    }

    /// The time.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        switch raw {
        case .time: return raw
        case .string(let text):
            let formats = inputFormats ?? FormEnvironment.current.timeInputFormats
            guard let value = formats.firstValue(of: text) else { throw error("invalid") }
            return .time(value.time)
        default: throw error("invalid")
        }
    }
}

/// A moment, entered in the current time zone.
public struct DateTimeField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Date

    /// What every field has.
    public var options = FieldOptions()
    /// How a date and time may be entered besides ISO 8601; nil takes the formats of the page's
    /// language.
    public var inputFormats: [DateInputFormat]?

    /// A moment.
    ///
    /// - Parameter inputFormats: how it may be entered besides ISO 8601; nil for those of the
    ///   page's language.
    public init(inputFormats: [DateInputFormat]? = nil) { self.inputFormats = inputFormats }

    /// An input for dates with their time.
    public var defaultWidget: any Widget { DateTimeInput(.dateTime) }

    /// The message of text that is no date and time.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a valid date/time."
        default: nil
        }
    }

    /// The date and time in its zone, or in the current one where it names none.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        switch raw {
        case .dateTime(let dateTime): return .dateTime(try Self.interpreted(dateTime))
        case .date(let date):
            guard let midnight = TimeOfDay(hour: 0, minute: 0) else { throw error("invalid") }
            return .dateTime(try Self.interpreted(LocalDateTime(date: date, time: midnight)))
        case .string(let text): return .dateTime(try Self.interpreted(try parse(text)))
        default: throw error("invalid")
        }
    }

    private func parse(_ text: String) throws(ValidationError) -> LocalDateTime {
        switch ISODateTime.parse(PythonText.stripped(text)) {
        case .value(let value): return value
        case .impossible: throw error("invalid")
        case .malformed: break
        }
        let environment = FormEnvironment.current
        let formats =
            inputFormats ?? (environment.dateTimeInputFormats + environment.dateInputFormats)
        guard let value = formats.firstValue(of: text) else { throw error("invalid") }
        return value
    }

    /// A time without a zone as one of the current zone, where it exists once.
    ///
    /// Django: `from_current_timezone`.
    static func interpreted(_ value: LocalDateTime) throws(ValidationError) -> LocalDateTime {
        let localization = FormEnvironment.current.localization
        guard localization.usesTimeZones, value.zone == nil else { return value }
        var aware = value
        aware.zone = localization.timeZone
        if localization.timeZone.isAmbiguousOrImaginary(atLocal: value.localSeconds) {
            throw ValidationError(
                """
                %(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be \
                ambiguous or it may not exist.
                """,
                code: "ambiguous_timezone",
                parameters: [
                    ErrorParameter("datetime", value.isoText(separator: " ")),
                    ErrorParameter("current_timezone", localization.timeZone.name),
                ]
            )
        }
        return aware
    }

    /// What the clocks of the current zone show, without the zone.
    ///
    /// Django: `to_current_timezone`.
    static func inCurrentZone(_ value: LocalDateTime) -> LocalDateTime {
        let localization = FormEnvironment.current.localization
        guard localization.usesTimeZones, value.zone != nil,
            var local = value.converted(to: localization.timeZone)
        else { return value }
        local.zone = nil
        return local
    }

    /// The time in the current zone.
    public func prepare(_ value: FormValue) -> FormValue {
        if case .dateTime(let dateTime) = value {
            .dateTime(Self.inCurrentZone(dateTime))
        } else {
            value
        }
    }
}

/// A length of time.
public struct DurationField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Duration

    /// What every field has.
    public var options = FieldOptions()

    /// A length of time.
    public init() {}

    /// The messages of text that is no length of time.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a valid duration."
        case "overflow": "The number of days must be between -999999999 and 999999999."
        default: nil
        }
    }

    /// The length of time.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        if case .duration = raw { return raw }
        switch DurationText.parse(raw.text) {
        case .duration(let duration): return .duration(duration)
        case .overflow: throw error("overflow")
        case .malformed: throw error("invalid")
        }
    }

    /// `1 02:03:04`.
    public func prepare(_ value: FormValue) -> FormValue {
        if case .duration(let duration) = value {
            .string(DurationText.django(duration))
        } else {
            value
        }
    }
}

extension [DateInputFormat] {
    /// The value by the first format that fits the text without white space at both ends.
    fileprivate func firstValue(of text: String) -> LocalDateTime? {
        let stripped = PythonText.stripped(text)
        for format in self {
            if let value = format.parse(stripped) { return value }
        }
        return nil
    }
}
