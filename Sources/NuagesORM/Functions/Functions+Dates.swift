import NuagesCore

extension SQLFunction {
    /// The moment at which the statement runs.
    public static let now = SQLFunction("Now", arguments: 0, gives: .fixed(.dateTime)) { call in
        try call.dialect.function("Now", call) ?? "CURRENT_TIMESTAMP"
    }

    /// A part of a date or time as a number, as `year` of a date.
    ///
    /// Options: `part`, and `zone` for moments.
    public static let extract = SQLFunction(
        "Extract",
        arguments: 1...1,
        gives: .fixed(.integer),
        prepare: { try MomentChecks.extraction($0) },
        write: { call in
            try call.dialect.extract(
                call.text("part") ?? "",
                from: call.arguments[0],
                type: call.types[0] ?? .dateTime,
                zone: call.text("zone")
            )
        }
    )

    /// The day of a moment.
    ///
    /// Options: `zone`.
    public static let date = SQLFunction(
        "TruncDate",
        arguments: 1...1,
        gives: .fixed(.date),
        prepare: { try MomentChecks.cast($0, to: .date) },
        write: { call in
            try call.dialect.day(
                of: call.arguments[0],
                type: call.types[0] ?? .dateTime,
                zone: call.text("zone")
            )
        }
    )

    /// The time of day of a moment.
    ///
    /// Options: `zone`.
    public static let time = SQLFunction(
        "TruncTime",
        arguments: 1...1,
        gives: .fixed(.time),
        prepare: { try MomentChecks.cast($0, to: .time) },
        write: { call in
            try call.dialect.time(
                of: call.arguments[0],
                type: call.types[0] ?? .dateTime,
                zone: call.text("zone")
            )
        }
    )

    /// The beginning of the period that a date, a time or a moment is in.
    ///
    /// Options: `period`, and `zone` for moments.
    public static let truncate = SQLFunction(
        "Trunc",
        arguments: 1...1,
        gives: .first,
        prepare: { try MomentChecks.truncation($0) },
        write: { call in
            try call.dialect.truncate(
                call.arguments[0],
                to: call.text("period") ?? "",
                type: call.types[0] ?? .dateTime,
                result: call.type ?? .dateTime,
                zone: call.text("zone")
            )
        }
    )

    static let dates: [SQLFunction] = [.now, .extract, .date, .time, .truncate]

    /// Django's names of the function for one part, such as `ExtractYear`.
    static let extractions: [String: SQLFunction] = [
        "ExtractYear": part("year"), "ExtractIsoYear": part("iso_year"),
        "ExtractQuarter": part("quarter"), "ExtractMonth": part("month"),
        "ExtractWeek": part("week"), "ExtractDay": part("day"),
        "ExtractWeekDay": part("week_day"), "ExtractIsoWeekDay": part("iso_week_day"),
        "ExtractHour": part("hour"), "ExtractMinute": part("minute"),
        "ExtractSecond": part("second"),
    ]

    /// Django's names of the function for one period, such as `TruncYear`.
    static let truncations: [String: SQLFunction] = [
        "TruncYear": period("year"), "TruncQuarter": period("quarter"),
        "TruncMonth": period("month"), "TruncWeek": period("week"), "TruncDay": period("day"),
        "TruncHour": period("hour"), "TruncMinute": period("minute"),
        "TruncSecond": period("second"),
    ]

    private static func part(_ name: String) -> SQLFunction {
        extract.preset(["part": .text(name)])
    }

    private static func period(_ name: String) -> SQLFunction {
        truncate.preset(["period": .text(name)])
    }
}

/// What dates, times and moments can be asked for.
///
/// Source: Django's `Extract.resolve_expression` and `TruncBase.resolve_expression`.
enum MomentChecks {
    private static let dayParts: Set<String> = [
        "year", "iso_year", "quarter", "month", "week", "day", "week_day", "iso_week_day",
    ]
    private static let clockParts: Set<String> = ["hour", "minute", "second", "microsecond"]
    private static let dayPeriods: Set<String> = ["year", "quarter", "month", "week", "day"]
    private static let clockPeriods: Set<String> = ["hour", "minute", "second"]

    static func extraction(_ node: FunctionNode) throws -> FunctionNode {
        let part = node.text("part") ?? ""
        guard dayParts.contains(part) || clockParts.contains(part) else {
            throw unknown(part, "part", dayParts.union(clockParts))
        }
        guard let type = node.arguments[0].type else { return try zoned(node, nil) }
        switch type.family {
        case .dateTime: break
        case .date where clockParts.contains(part):
            throw UsageError.invalidValue("A day has no '\(part)' to extract.")
        case .time where dayParts.contains(part):
            throw UsageError.invalidValue("A time of day has no '\(part)' to extract.")
        case .duration where dayParts.contains(part) && part != "day":
            throw UsageError.invalidValue("A length of time has no '\(part)' to extract.")
        case .date, .time, .duration: break
        default:
            throw UsageError.invalidValue(
                "Parts are extracted from dates, times and durations, not from a \(type.field)."
            )
        }
        return try zoned(node, type)
    }

    static func truncation(_ node: FunctionNode) throws -> FunctionNode {
        var node = node
        let period = node.text("period") ?? ""
        guard dayPeriods.contains(period) || clockPeriods.contains(period) else {
            throw unknown(period, "period", dayPeriods.union(clockPeriods))
        }
        let source = try checked(node)
        var result = node.type ?? source
        guard [.date, .time, .dateTime].contains(result.family) else {
            throw UsageError.invalidValue("What is truncated is a day, a time or a moment.")
        }
        try refuse(source, period: period, result: result)
        if result.family == .date, clockPeriods.contains(period) {
            throw UsageError.invalidValue("A day has no '\(period)' to truncate to.")
        }
        if result.family == .time, dayPeriods.contains(period) {
            throw UsageError.invalidValue("A time of day has no '\(period)' to truncate to.")
        }
        node = try zoned(node, source)
        if result.family == .dateTime { result.zone = node.text("zone") }
        node.type = result
        return node
    }

    /// A moment's day or time.
    static func cast(_ node: FunctionNode, to type: ValueType) throws -> FunctionNode {
        let source = try checked(node)
        try refuse(source, period: type.family == .date ? "date" : "time", result: type)
        return try zoned(node, .dateTime)
    }

    private static func checked(_ node: FunctionNode) throws -> ValueType {
        guard let type = node.arguments[0].type,
            [.date, .time, .dateTime].contains(type.family)
        else {
            throw UsageError.invalidValue("\(node.function.name) takes a day, a time or a moment.")
        }
        return type
    }

    private static func refuse(_ source: ValueType, period: String, result: ValueType) throws {
        let isRefused: Bool =
            switch source.family {
            case .date:
                result.family == .dateTime || clockPeriods.contains(period) || period == "time"
            case .time:
                result.family == .dateTime || dayPeriods.contains(period) || period == "date"
            default: false
            }
        guard isRefused else { return }
        throw UsageError.invalidValue(
            "A \(source.field) cannot be truncated to '\(period)' of a \(result.field)."
        )
    }

    /// The call with the zone on whose clocks a moment is read: the one it names, or the current.
    private static func zoned(_ node: FunctionNode, _ source: ValueType?) throws -> FunctionNode {
        var node = node
        guard let zone = node.text("zone") else {
            node.options["zone"] = nil
            if source == nil || source?.family == .dateTime {
                node.options["zone"] = .text(CurrentZone.name)
            }
            return node
        }
        guard source == nil || source?.family == .dateTime else {
            throw UsageError.invalidValue("Only moments are in a time zone.")
        }
        guard StoredZone.named(zone) != nil else {
            throw UsageError.invalidValue("There is no time zone '\(FieldError.shown(zone))'.")
        }
        return node
    }

    private static func unknown(
        _ name: String,
        _ kind: String,
        _ choices: Set<String>
    ) -> UsageError {
        .invalidValue(
            """
            There is no \(kind) '\(FieldError.shown(name))' of a moment. Choices are: \
            \(choices.sorted().joined(separator: ", ")).
            """
        )
    }
}

/// Time zones by the names that databases are given: `Europe/Paris`, `UTC+05:37`, `+03:00`.
enum StoredZone {
    static func named(_ name: String) -> LocalDateTime.Zone? {
        if let rules = try? TimeZoneRules.named(name) { return .rules(rules) }
        let bytes = Array(name.utf8)
        guard bytes.count <= 32,
            let sign = bytes.lastIndex(where: {
                $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        let offset = Array(bytes[(sign + 1)...])
        let prefix = String(decoding: bytes[..<sign], as: UTF8.self)
        guard prefix.isEmpty || prefix == "UTC",
            let time = offset.withUnsafeBufferPointer({ StoredText.time($0) }),
            time.microsecondsSinceMidnight % 60_000_000 == 0
        else { return nil }
        let seconds = (time.hour * 60 + time.minute) * 60
        return .fixed(seconds: bytes[sign] == UInt8(ascii: "+") ? seconds : -seconds, name: name)
    }
}
