import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Values of the corpus, from and to JSON with tags.
enum ORMValue {
    /// A value that no row is needed for.
    static func decode(_ json: JSONValue) throws -> SQLValue {
        switch json {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        case .string(let text): return .text(text)
        case .array: return .json(json)
        case .object: break
        }
        let text = json["v"]?.text ?? ""
        switch json.tag {
        case "int":
            if let number = Int(text) { return .int(number) }
            if let number = Decimal(string: text) { return .decimal(number) }
        case "float": return .double(try float(json["v"]))
        case "decimal" where text == "NaN": return .decimal(.nan)
        case "decimal": if let number = Decimal(string: text) { return .decimal(number) }
        case "date": if let day = ISOText.date(text) { return .date(day) }
        case "time": if let time = ISOText.time(text) { return .time(time) }
        case "datetime": if let moment = moment(text) { return .dateTime(moment) }
        case "duration": return .duration(.microseconds(json["v"]?.number ?? 0))
        case "uuid": if let uuid = UUID(uuidString: text) { return .uuid(uuid) }
        case "bytes": return .blob(bytes(text))
        case "json": return .json(json["v"] ?? .null)
        case "jsonnull": return .json(.null)
        default: break
        }
        throw UnsupportedCase("a value of kind '\(json.tag ?? "")'")
    }

    private static func float(_ json: JSONValue?) throws -> Double {
        switch json {
        case .double(let number)?: return number
        case .int(let number)?: return Double(number)
        case .string(let text)?:
            if let number = Double(text) { return number }
        default: break
        }
        throw UnsupportedCase("a float")
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8)
        return stride(from: 0, to: digits.count - digits.count % 2, by: 2).compactMap { start in
            UInt8(String(decoding: digits[start..<(start + 2)], as: UTF8.self), radix: 16)
        }
    }

    /// A moment in ISO 8601; without an offset it is in UTC.
    static func moment(_ text: String) -> Date? {
        let parts = text.split(separator: "T").map(String.init)
        guard parts.count == 2, let date = ISOText.date(parts[0]) else { return nil }
        var clock = parts[1]
        var offset = 0
        if clock.hasSuffix("Z") {
            clock.removeLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let zone = clock[clock.index(after: sign)...].split(separator: ":").compactMap {
                Int($0)
            }
            offset = (zone.first ?? 0) * 3600 + (zone.count > 1 ? zone[1] : 0) * 60
            if clock[sign] == "-" { offset = -offset }
            clock = String(clock[..<sign])
        }
        guard let time = ISOText.time(clock) else { return nil }
        let seconds = date.daysSince1970 * 86_400 - offset
        return Date(
            timeIntervalSince1970: Double(seconds)
                + Double(time.microsecondsSinceMidnight) / 1_000_000
        )
    }

    /// A value as the corpus writes it.
    static func encode(_ value: SQLValue) -> JSONValue {
        switch value {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number):
            return number.magnitude <= 1 << 53 ? .int(number) : tagged("int", .string("\(number)"))
        case .double(let number): return .double(number)
        case .decimal(let number): return tagged("decimal", .string(number.description))
        case .text(let text): return .string(text)
        case .blob(let bytes):
            return tagged("bytes", .string(bytes.map { hexadecimal($0) }.joined()))
        case .date(let day): return tagged("date", .string(day.description))
        case .time(let time): return tagged("time", .string(clock(time.microsecondsSinceMidnight)))
        case .dateTime(let moment): return tagged("datetime", .string(iso(moment)))
        case .duration(let duration):
            let (seconds, attoseconds) = duration.components
            return tagged(
                "duration",
                .int(Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
            )
        case .uuid(let uuid): return tagged("uuid", .string(uuid.uuidString.lowercased()))
        case .json(let document): return document
        case .array(let values): return .array(values.map(encode))
        case .range(let range): return .string(range.description)
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.utf8.count == 1 ? "0\(text)" : text
    }

    private static func iso(_ moment: Date) -> String {
        let total = Int((moment.timeIntervalSince1970 * 1_000_000).rounded())
        let days = Int((Double(total) / 86_400_000_000).rounded(.down))
        let day = CalendarDate(daysSince1970: days)?.description ?? "?"
        return "\(day)T\(clock(total - days * 86_400_000_000))+00:00"
    }

    private static func clock(_ microseconds: Int) -> String {
        func digits(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let seconds = microseconds / 1_000_000
        let text = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { digits($0, 2) }
            .joined(separator: ":")
        let rest = microseconds % 1_000_000
        return rest == 0 ? text : "\(text).\(digits(rest, 6))"
    }

    static func tagged(_ tag: String, _ value: JSONValue) -> JSONValue {
        .object([JSONValue.Member("t", .string(tag)), JSONValue.Member("v", value)])
    }
}
