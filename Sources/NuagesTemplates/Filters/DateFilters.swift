package import NuagesCore

extension Library {
    /// Filters on dates and times.
    mutating func addDateFilters() {
        plainFilter(
            "date",
            argument: .optional,
            expectsLocalTime: true,
            prepare: { format in
                guard let compiled = DateFilter.compiled(format) else { return nil }
                return { value, _, context in
                    try DateFilter(context.localization).date(value, compiled)
                }
            },
            body: { value, format, context in
                try DateFilter(context.localization).date(value, format)
            }
        )
        plainFilter("time", argument: .optional, expectsLocalTime: true) { value, format, context in
            DateFilter(context.localization).time(value, format)
        }
        plainFilter("timesince", argument: .optional) { value, other, context in
            try DateFilter(context.localization).distance(
                value,
                other,
                context,
                isReversed: false
            )
        }
        plainFilter("timeuntil", argument: .optional) { value, other, context in
            try DateFilter(context.localization).distance(value, other, context, isReversed: true)
        }
    }
}

/// Django's `date`, `time`, `timesince` and `timeuntil`.
package struct DateFilter {
    private let localization: Localization

    package init(_ localization: Localization) { self.localization = localization }

    package func date(_ value: ContextValue, _ format: ContextValue?) throws -> ContextValue {
        try date(value, formatter(format, named: "DATE_FORMAT"))
    }

    func date(_ value: ContextValue, _ compiled: DateFormat) throws -> ContextValue {
        switch value {
        case .localDateTime(let local): return .string(compiled.text(of: local, localization))
        case .dateTime(let moment):
            guard let local = LocalDateTime(moment, in: .utc) else { return .string("") }
            return .string(compiled.text(of: local, localization))
        case .date(let date): return .string(try compiled.text(of: date, localization))
        case .time(let time):
            return .string((try? compiled.dateText(of: time, localization)) ?? "")
        default: return .string("")
        }
    }

    func time(_ value: ContextValue, _ format: ContextValue?) -> ContextValue {
        let compiled = formatter(format, named: "TIME_FORMAT")
        switch value {
        case .localDateTime(let local):
            return .string((try? compiled.timeText(of: local, localization)) ?? "")
        case .dateTime(let moment):
            guard let local = LocalDateTime(moment, in: .utc) else { return .string("") }
            return .string((try? compiled.timeText(of: local, localization)) ?? "")
        case .time(let time):
            return .string((try? compiled.text(of: time, localization)) ?? "")
        default: return .string("")
        }
    }

    /// A format that is the same in every language; nil for the name of a language's format.
    static func compiled(_ format: ContextValue) -> DateFormat? {
        let text = format.plainText
        guard format.isTrue, Localization().formats.named(text) == nil else { return nil }
        return DateFormat(text)
    }

    /// The format given, which may be the name of one of the language's formats.
    private func formatter(_ format: ContextValue?, named fallback: String) -> DateFormat {
        var name = fallback
        if let format, format.isTrue { name = format.plainText }
        return DateFormat(localization.formats.named(name) ?? name)
    }

    func distance(
        _ value: ContextValue,
        _ other: ContextValue?,
        _ context: FilterContext,
        isReversed: Bool
    ) throws -> ContextValue {
        guard value.isTrue else { return .string("") }
        guard let start = Self.local(value) else {
            throw TemplateError.rendering(
                "'\(isReversed ? "timeuntil" : "timesince")' needs a date or time, not "
                    + "\(value.representation())."
            )
        }
        var end: LocalDateTime?
        if let other, other.isTrue {
            end = Self.local(other)
        } else {
            end = LocalDateTime(context.now, in: start.zone ?? localization.defaultTimeZone)
            if start.zone == nil { end?.zone = nil }
        }
        guard var end, (start.zone == nil) == (end.zone == nil) else { return .string("") }
        if let zone = start.zone { end = end.converted(to: zone) ?? end }
        let distance = TimeDistance(localization)
        return .string(
            isReversed
                ? distance.text(from: end, to: start) : distance.text(from: start, to: end)
        )
    }

    private static func local(_ value: ContextValue) -> LocalDateTime? {
        switch value {
        case .localDateTime(let local): return local
        case .dateTime(let moment): return LocalDateTime(moment, in: .utc)
        case .date(let date):
            return TimeOfDay(hour: 0, minute: 0).map { LocalDateTime(date: date, time: $0) }
        default: return nil
        }
    }
}
