extension ContextValue {
    /// Python's `repr()` of a date, a time, a moment or a length of time.
    var momentRepresentation: String {
        switch self {
        case .date(let date): return "datetime.date(\(Self.arguments(date)))"
        case .time(let time): return "datetime.time(\(Self.arguments(time)))"
        case .dateTime(let moment):
            guard let local = LocalDateTime(moment, in: .utc) else { return plainText }
            return Self.representation(local)
        case .localDateTime(let local): return Self.representation(local)
        case .duration(let duration): return Self.representation(duration)
        default: return plainText
        }
    }

    private static func arguments(_ date: CalendarDate) -> String {
        "\(date.year), \(date.month), \(date.day)"
    }

    private static func arguments(_ time: TimeOfDay) -> String {
        var numbers = [time.hour, time.minute]
        if time.second != 0 || time.microsecond != 0 { numbers.append(time.second) }
        if time.microsecond != 0 { numbers.append(time.microsecond) }
        return numbers.map(String.init).joined(separator: ", ")
    }

    private static func representation(_ local: LocalDateTime) -> String {
        var text = "\(arguments(local.date)), \(arguments(local.time))"
        if local.isSecondOfTwo { text += ", fold=1" }
        switch local.zone {
        case nil: break
        case .rules(let rules):
            text += ", tzinfo=zoneinfo.ZoneInfo(key=\(PythonText.repr(rules.name)))"
        case .fixed(0, let name) where name == nil || name == "UTC":
            text += ", tzinfo=datetime.timezone.utc"
        case .fixed(let seconds, let name):
            let shown = name.map { ", \(PythonText.repr($0))" } ?? ""
            text += ", tzinfo=datetime.timezone(\(representation(.seconds(seconds)))\(shown))"
        }
        return "datetime.datetime(\(text))"
    }

    private static func representation(_ duration: Duration) -> String {
        let (days, seconds, microseconds) = DurationText.parts(duration)
        let parts = [("days", days), ("seconds", seconds), ("microseconds", microseconds)]
            .filter { $0.1 != 0 }.map { "\($0)=\($1)" }
        return "datetime.timedelta(\(parts.isEmpty ? "0" : parts.joined(separator: ", ")))"
    }
}
