import NuagesContrib
import NuagesCore
import NuagesTemplates

extension TextFunctionCases {
    /// Functions that read dates, times and lengths of time, and those that write the latter.
    static let moments: [String: Function] = [
        "django.utils.dateparse.parse_date": { arguments, _, _ in
            try parsed(ISODateTime.parseDate(arguments[0].plainText)) { .date($0) }
        },
        "django.utils.dateparse.parse_time": { arguments, _, _ in
            try parsed(ISODateTime.parseTime(arguments[0].plainText)) { .time($0) }
        },
        "django.utils.dateparse.parse_datetime": { arguments, _, _ in
            try parsed(ISODateTime.parse(arguments[0].plainText)) { .localDateTime($0) }
        },
        "django.utils.dateparse.parse_duration": { arguments, _, _ in
            switch DurationText.parse(arguments[0].plainText) {
            case .duration(let duration): return .duration(duration)
            case .overflow: throw PythonError(type: "OverflowError", message: "too long")
            case .malformed: return .none
            }
        },
        "django.utils.duration.duration_string": { arguments, _, _ in
            .string(DurationText.django(try duration(arguments)))
        },
        "django.utils.duration.duration_iso_string": { arguments, _, _ in
            .string(DurationText.iso8601(try duration(arguments)))
        },
        "django.utils.duration.duration_microseconds": { arguments, _, _ in
            let number = DurationText.microseconds(try duration(arguments))
            return number.intValue.map { .int($0) } ?? .exact(number)
        },
        "json.DjangoJSONEncoder": { arguments, _, _ in
            .string(try ScriptEscaper.json(arguments[0]))
        },
        "timezone.localtime": { arguments, _, _ in
            guard case .localDateTime(let moment) = arguments[0] else { throw noMoment }
            let zone = LocalDateTime.Zone.rules(try .named(arguments[1].plainText))
            guard let local = moment.converted(to: zone) else { throw noMoment }
            return .string(local.isoText(separator: "T"))
        },
        "timezone.make_aware": { arguments, _, _ in
            guard case .localDateTime(var moment) = arguments[0], moment.zone == nil else {
                throw noMoment
            }
            moment.zone = .rules(try .named(arguments[1].plainText))
            return .string(moment.isoText(separator: "T"))
        },
    ]

    private static let noMoment = PythonError(type: "ValueError", message: "no such moment")

    private static func parsed<Value>(
        _ outcome: ISODateTime.Outcome<Value>,
        _ make: (Value) -> ContextValue
    ) throws -> ContextValue {
        switch outcome {
        case .value(let value): return make(value)
        case .impossible: throw noMoment
        case .malformed: return .none
        }
    }

    private static func duration(_ arguments: [ContextValue]) throws -> Duration {
        guard case .duration(let duration) = arguments[0] else { throw noMoment }
        return duration
    }

    /// Functions of `django.utils.translation` that know languages by their codes.
    static let languages: [String: Function] = [
        "django.utils.translation.to_locale": { arguments, _, _ in
            .string(LanguageTag.locale(of: arguments[0].plainText))
        },
        "django.utils.translation.to_language": { arguments, _, _ in
            .string(LanguageTag.language(of: arguments[0].plainText))
        },
        "django.utils.translation.trans_real.parse_accept_lang_header": { arguments, _, _ in
            .array(
                AcceptLanguage.parse(arguments[0].plainText).map {
                    .array([.string($0.language), .double($0.quality)])
                }
            )
        },
        "django.utils.translation.get_supported_language_variant": { arguments, named, _ in
            let isStrict = argument(arguments, named, 1, "strict")?.isTrue ?? false
            guard case .string(let code) = arguments[0],
                let found = LanguageInfo.supported(code, isStrict: isStrict)
            else { throw PythonError(type: "LookupError", message: arguments[0].plainText) }
            return .string(found)
        },
        "django.utils.translation.get_language_from_path": { arguments, _, _ in
            LanguageInfo.leading(arguments[0].plainText).map { .string($0) } ?? .none
        },
        "django.utils.translation.get_language_info": { arguments, _, settings in
            guard let info = LanguageInfo.named(arguments[0].plainText) else {
                throw PythonError(type: "KeyError", message: "Unknown language code")
            }
            let localization = try settings.localization()
            return .dictionary([
                "bidi": info.isRightToLeft, "code": info.code, "name": info.name,
                "name_local": info.localName,
                "name_translated": localization.translated(info.name),
            ])
        },
    ]
}

/// Filters of `django.contrib.humanize`.
struct HumanizeCases: ConformanceKind {
    private static let prefix = "django.contrib.humanize.templatetags.humanize."

    func accepts(_ item: JSONCase) -> Bool { item.function.hasPrefix(Self.prefix) }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        let name = String(item.function.dropFirst(Self.prefix.count))
        guard let filter = Library.humanize.filter(named: name) else {
            throw UnsupportedCase("\(item.function) is not built")
        }
        let context = FilterContext(environment: try CaseSettings(item).environment())
        let values = try (item["args"]?.elements ?? []).map(TaggedValue.decode)
        return ExpectedValue(item).compare {
            try filter.call(
                values.first ?? .none,
                values.count > 1 ? values[1] : nil,
                context
            )
        }
    }
}
