import NuagesCore
import NuagesTemplates

extension TextFunctionCases {
    /// Functions that depend on language and time zone.
    static let localized: [String: Function] = [
        "django.utils.dateformat.format": { arguments, _, settings in
            let localization = try settings.localization()
            let format = DateFormat(arguments[1].plainText)
            switch arguments[0] {
            case .localDateTime(let value): return .string(format.text(of: value, localization))
            case .date(let date): return .string(try format.text(of: date, localization))
            case .time(let time): return .string(try format.dateText(of: time, localization))
            default: throw PythonError(type: "AttributeError", message: "no date")
            }
        },
        "django.utils.dateformat.time_format": { arguments, _, settings in
            let localization = try settings.localization()
            let format = DateFormat(arguments[1].plainText)
            switch arguments[0] {
            case .localDateTime(let value):
                return .string(try format.timeText(of: value, localization))
            case .time(let time): return .string(try format.text(of: time, localization))
            default: throw PythonError(type: "AttributeError", message: "no time")
            }
        },
        "django.utils.numberformat.format": { arguments, named, settings in
            try number(arguments, named, settings)
        },
        "django.utils.timesince.timesince": { arguments, named, settings in
            try distance(arguments, named, settings, isReversed: false)
        },
        "django.utils.timesince.timeuntil": { arguments, named, settings in
            try distance(arguments, named, settings, isReversed: true)
        },
    ]

    private static func number(
        _ arguments: [ContextValue],
        _ named: ContextDictionary,
        _ settings: CaseSettings
    ) throws -> ContextValue {
        let value = arguments[0]
        if case .none = value { return .safe(SafeString(unsafe: "None")) }
        if value.text?.isEmpty == true { return .safe(SafeString(unsafe: "")) }
        var format = NumberFormat()
        format.decimalSeparator = argument(arguments, named, 1, "decimal_sep")?.plainText ?? "."
        format.places = argument(arguments, named, 2, "decimal_pos")?.wholeNumber
        format.thousandSeparator =
            argument(arguments, named, 4, "thousand_sep")?.plainText ?? ""
        let usesLocale = argument(arguments, named, 6, "use_l10n")?.isTrue ?? true
        let forces = argument(arguments, named, 5, "force_grouping")?.isTrue ?? false
        let separates = settings.item["settings"]?["USE_THOUSAND_SEPARATOR"]?.flag ?? false
        if forces || (usesLocale && separates) {
            switch argument(arguments, named, 3, "grouping") {
            case .array(let sizes): format.grouping = sizes.compactMap(\.wholeNumber)
            case let size?: format.grouping = size.wholeNumber.map { [$0, 0] } ?? []
            case nil: break
            }
        }
        return numberText(value, format, isWhole: settings.firstTag == "int")
    }

    /// A number of any kind in a format, plain where Django makes it so.
    static func numberText(
        _ value: ContextValue,
        _ format: NumberFormat,
        isWhole: Bool
    ) -> ContextValue {
        let isPlain = (format.grouping.first ?? 0) == 0 && (format.places ?? 0) == 0
        switch value {
        case .string, .safe: return .string(format.text(ofDigits: value.plainText))
        case .int(let number):
            let text = format.text(ofDigits: String(number))
            return isPlain ? .safe(SafeString(unsafe: text)) : .string(text)
        case .double(let number):
            let text = PythonText.repr(number)
            let isExponential = text.utf8.contains(UInt8(ascii: "e"))
            return .string(
                isExponential
                    ? ExactDecimal(text).map(format.text(of:)) ?? text
                    : format.text(ofDigits: text)
            )
        default:
            guard let number = value.exactNumber else { return .string(value.plainText) }
            guard isWhole else { return .string(format.text(of: number)) }
            let text = format.text(ofDigits: number.plainText)
            return isPlain ? .safe(SafeString(unsafe: text)) : .string(text)
        }
    }

    private static func distance(
        _ arguments: [ContextValue],
        _ named: ContextDictionary,
        _ settings: CaseSettings,
        isReversed: Bool
    ) throws -> ContextValue {
        let localization = try settings.localization()
        var distance = TimeDistance(localization)
        if let depth = named["depth"]?.wholeNumber {
            guard depth > 0 else {
                throw PythonError(
                    type: "ValueError",
                    message: "depth must be greater than 0."
                )
            }
            distance.depth = depth
        }
        if case .dictionary(let strings) = named["time_strings"] {
            distance.units = ["year", "month", "week", "day", "hour", "minute"].map {
                let text = strings[$0]?.plainText ?? ""
                return (text, text)
            }
        }
        guard let start = local(arguments[0]) else {
            throw PythonError(type: "AttributeError", message: "no date")
        }
        var end = argument(arguments, named, 1, "now").flatMap(local)
        if end == nil {
            end = LocalDateTime(
                try settings.now(),
                in: start.zone ?? localization.defaultTimeZone
            )
            if start.zone == nil { end?.zone = nil }
        }
        guard var end else { throw PythonError(type: "TypeError", message: "no date") }
        if let zone = start.zone { end = end.converted(to: zone) ?? end }
        return .string(
            isReversed
                ? distance.text(from: end, to: start) : distance.text(from: start, to: end)
        )
    }

    private static func local(_ value: ContextValue) -> LocalDateTime? {
        switch value {
        case .localDateTime(let value): return value
        case .date(let date):
            return TimeOfDay(hour: 0, minute: 0).map { LocalDateTime(date: date, time: $0) }
        default: return nil
        }
    }
}
