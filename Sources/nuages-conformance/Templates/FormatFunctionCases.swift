import NuagesCore
import NuagesForms
import NuagesTemplates

extension TextFunctionCases {
    /// Functions of `django.utils.formats`.
    static let formats: [String: Function] = [
        "django.utils.formats.date_format": { arguments, named, settings in
            try dated(arguments, named, settings, fallback: "DATE_FORMAT")
        },
        "django.utils.formats.time_format": { arguments, named, settings in
            let localization = try settings.localization()
            let format = try format(arguments, named, settings, fallback: "TIME_FORMAT")
            switch arguments[0] {
            case .localDateTime(let value):
                return .string(try format.timeText(of: value, localization))
            case .time(let time): return .string(try format.text(of: time, localization))
            default: throw PythonError(type: "AttributeError", message: "no time")
            }
        },
        "django.utils.formats.number_format": { arguments, named, settings in
            let localization = try localization(arguments, named, settings, 2)
            let forces = argument(arguments, named, 3, "force_grouping")?.isTrue ?? false
            let format = NumberFormat(
                localization,
                places: argument(arguments, named, 1, "decimal_pos")?.wholeNumber,
                groups: forces
            )
            return numberText(arguments[0], format, isWhole: settings.firstTag == "int")
        },
        "django.utils.formats.localize": { arguments, named, settings in
            try localized(arguments, named, settings)
        },
        "django.utils.formats.localize_input": { arguments, _, settings in
            try localizedInput(arguments[0], settings)
        },
        "django.utils.formats.get_format": { arguments, _, settings in
            try formatNamed(arguments[0].plainText, settings)
        },
        "django.utils.formats.sanitize_separators": { arguments, _, settings in
            guard arguments[0].text != nil else { return arguments[0] }
            return .string(
                LocalizedInput.plainNumber(
                    arguments[0].plainText,
                    try settings.localization()
                )
            )
        },
    ]

    /// The page's language, or none where `use_l10n` is false.
    private static func localization(
        _ arguments: [ContextValue],
        _ named: ContextDictionary,
        _ settings: CaseSettings,
        _ index: Int
    ) throws -> Localization {
        var localization = try settings.localization()
        if case .bool(false)? = argument(arguments, named, index, "use_l10n") {
            localization.formats = localization.unlocalizedFormats
            localization.usesThousandSeparator = false
        }
        return localization
    }

    private static func format(
        _ arguments: [ContextValue],
        _ named: ContextDictionary,
        _ settings: CaseSettings,
        fallback: String
    ) throws -> DateFormat {
        let localization = try localization(arguments, named, settings, 2)
        let given = argument(arguments, named, 1, "format")
        let name = given?.isTrue == true ? given?.plainText ?? fallback : fallback
        return DateFormat(localization.formats.named(name) ?? name)
    }

    private static func dated(
        _ arguments: [ContextValue],
        _ named: ContextDictionary,
        _ settings: CaseSettings,
        fallback: String
    ) throws -> ContextValue {
        let localization = try settings.localization()
        let format = try format(arguments, named, settings, fallback: fallback)
        switch arguments[0] {
        case .localDateTime(let value): return .string(format.text(of: value, localization))
        case .date(let date): return .string(try format.text(of: date, localization))
        case .time(let time): return .string(try format.dateText(of: time, localization))
        default: throw PythonError(type: "AttributeError", message: "no date")
        }
    }

    private static func localized(
        _ arguments: [ContextValue],
        _ named: ContextDictionary,
        _ settings: CaseSettings
    ) throws -> ContextValue {
        let localization = try localization(arguments, named, settings, 1)
        switch arguments[0] {
        case .bool: return .string(arguments[0].plainText)
        case .int, .double, .exact, .decimal:
            return numberText(
                arguments[0],
                NumberFormat(localization),
                isWhole: settings.firstTag == "int"
            )
        case .localDateTime:
            return try dated([arguments[0]], named, settings, fallback: "DATETIME_FORMAT")
        case .date: return try dated([arguments[0]], named, settings, fallback: "DATE_FORMAT")
        case .time: return try dated([arguments[0]], named, settings, fallback: "TIME_FORMAT")
        default: return arguments[0]
        }
    }

    private static func localizedInput(
        _ value: ContextValue,
        _ settings: CaseSettings
    ) throws -> ContextValue {
        let localization = try settings.localization()
        let environment = FormEnvironment(localization)
        guard let midnight = TimeOfDay(hour: 0, minute: 0),
            let day = CalendarDate(year: 1900, month: 1, day: 1)
        else { return value }
        switch value {
        case .bool: return .string(value.plainText)
        case .int, .double, .exact, .decimal:
            return numberText(
                value,
                NumberFormat(localization),
                isWhole: settings.firstTag == "int"
            )
        case .localDateTime(let moment):
            return written(moment, environment.dateTimeInputFormats)
        case .date(let date):
            return written(LocalDateTime(date: date, time: midnight), environment.dateInputFormats)
        case .time(let time):
            return written(LocalDateTime(date: day, time: time), environment.timeInputFormats)
        default: return value
        }
    }

    private static func written(
        _ value: LocalDateTime,
        _ formats: [DateInputFormat]
    ) -> ContextValue {
        formats.first.map { .string($0.text(of: value)) } ?? .none
    }

    private static func formatNamed(
        _ name: String,
        _ settings: CaseSettings
    ) throws -> ContextValue {
        let localization = try settings.localization()
        let environment = FormEnvironment(localization)
        func list(_ formats: [DateInputFormat]) -> ContextValue {
            .array(formats.map { .string($0.source) })
        }
        switch name {
        case "DATE_INPUT_FORMATS": return list(environment.dateInputFormats)
        case "TIME_INPUT_FORMATS": return list(environment.timeInputFormats)
        case "DATETIME_INPUT_FORMATS": return list(environment.dateTimeInputFormats)
        case "FIRST_DAY_OF_WEEK": return .int(localization.formats.firstDayOfWeek)
        case "NUMBER_GROUPING":
            let sizes = localization.formats.numberGrouping
            guard sizes.count > 2 || sizes.last != 0 else { return .int(sizes[0]) }
            return sizes.isEmpty ? .int(0) : .array(sizes.map { .int($0) })
        default: return .string(localization.formats.named(name) ?? name)
        }
    }
}
