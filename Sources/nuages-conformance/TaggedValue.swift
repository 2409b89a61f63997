import NuagesCore
import NuagesForms

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns the tagged values of a case into what templates and filters take.
struct TaggedValue {
    /// The value of JSON with tags.
    static func decode(_ json: JSONValue) throws -> ContextValue {
        switch json {
        case .null: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        case .string(let text): return .string(text)
        case .array(let elements): return .array(try elements.map(decode))
        case .object: return try decode(json, tag: json.tag ?? "")
        }
    }

    private static func decode(_ json: JSONValue, tag: String) throws -> ContextValue {
        let value = json["v"]
        switch tag {
        case "int":
            if let number = Int(value?.text ?? "") { return .int(number) }
            fallthrough
        case "decimal":
            guard let number = ExactDecimal(value?.text ?? "") else { break }
            return .exact(number)
        case "float": return .double(try number(value))
        case "safe": return .safe(SafeString(unsafe: value?.text ?? ""))
        case "lazy":
            let text = value?.text ?? ""
            return json["safe"]?.flag == true ? .safe(SafeString(unsafe: text)) : .string(text)
        case "tuple", "set", "iterator": return .array(try (value?.elements ?? []).map(decode))
        case "range":
            let bounds = (value?.elements ?? []).compactMap(\.number)
            guard bounds.count == 3, bounds[2] != 0 else { break }
            return .array(
                stride(from: bounds[0], to: bounds[1], by: bounds[2]).map(ContextValue.int)
            )
        case "dict": return .dictionary(try dictionary(json))
        case "defaultdict":
            return .object(
                DefaultDictionary(
                    dictionary: try dictionary(json),
                    fallback: try decode(json["default"] ?? .null)
                )
            )
        case "date", "time", "datetime", "timedelta", "uuid":
            return try decodeTime(json, tag: tag)
        case "querydict", "multivaluedict": return .object(try queryDict(value))
        case "tz":
            guard let zone = try zone(json) else { break }
            return .object(zone)
        case "object": return .object(try RecordedObject(json))
        case "callable": return try callable(json)
        case "raises": return raising(json)
        case "media": return .object(try media(json))
        default: break
        }
        throw UnsupportedCase("the runner cannot build a value of kind '\(tag)'")
    }

    /// Style sheets by medium, and scripts.
    private static func media(_ json: JSONValue) throws -> Media {
        var sheets: [String: [MediaAsset]] = [:]
        for member in json["css"]?.members ?? [] {
            sheets[member.name] = (member.value.elements ?? []).map(asset)
        }
        return Media(css: sheets, js: (json["js"]?.elements ?? []).map(asset))
    }

    private static func asset(_ json: JSONValue) -> MediaAsset {
        if let path = json.text { return MediaAsset(path) }
        var attributes: HTMLAttributes = [:]
        for member in json["attributes"]?.members ?? [] {
            attributes[member.name] =
                member.value.flag.map { .flag($0) } ?? .text(member.value.text ?? "")
        }
        let path = json["path"]?.text ?? ""
        return json["class"]?.text == "Script"
            ? .script(path, attributes: attributes) : .stylesheet(path, attributes: attributes)
    }

    private static func decodeTime(_ json: JSONValue, tag: String) throws -> ContextValue {
        let text = json["v"]?.text ?? ""
        switch tag {
        case "date": if let date = ISOText.date(text) { return .date(date) }
        case "time": if let time = ISOText.time(text) { return .time(time) }
        case "uuid": if let uuid = UUID(uuidString: text) { return .uuid(uuid) }
        case "timedelta":
            return .duration(
                .seconds((json["days"]?.number ?? 0) * 86_400 + (json["seconds"]?.number ?? 0))
                    + .microseconds(json["microseconds"]?.number ?? 0)
            )
        default: return .localDateTime(try dateTime(json))
        }
        throw UnsupportedCase("'\(text)' is no \(tag)")
    }

    /// A date and time with the zone of the case.
    static func dateTime(_ json: JSONValue) throws -> LocalDateTime {
        let parts = (json["v"]?.text ?? "").split(separator: "T").map(String.init)
        guard parts.count == 2, let date = ISOText.date(parts[0]), let time = ISOText.time(parts[1])
        else { throw UnsupportedCase("'\(json["v"]?.text ?? "")' is no datetime") }
        return LocalDateTime(
            date: date,
            time: time,
            zone: try zone(json),
            isSecondOfTwo: json["fold"]?.number == 1
        )
    }

    /// The zone of a tagged value.
    static func zone(_ json: JSONValue) throws -> LocalDateTime.Zone? {
        if let name = json["zone"]?.text { return .rules(try .named(name)) }
        guard let offset = json["offset"]?.number else { return nil }
        return .fixed(seconds: offset, name: json["tzname"]?.text)
    }

    private static func number(_ json: JSONValue?) throws -> Double {
        switch json {
        case .double(let number): return number
        case .int(let number): return Double(number)
        case .string(let text):
            if let number = ExactDecimal(text)?.doubleValue { return number }
        default: break
        }
        throw UnsupportedCase("no number: \(String(describing: json))")
    }

    /// An ordered dictionary; keys become text.
    static func dictionary(_ json: JSONValue) throws -> ContextDictionary {
        var dictionary = ContextDictionary()
        for pair in json["v"]?.elements ?? [] {
            guard let pair = pair.elements, pair.count == 2 else { continue }
            dictionary[try decode(pair[0]).plainText] = try decode(pair[1])
        }
        return dictionary
    }

    /// The members of a plain JSON object.
    static func context(_ json: JSONValue?) throws -> ContextDictionary {
        var dictionary = ContextDictionary()
        for member in json?.members ?? [] { dictionary[member.name] = try decode(member.value) }
        return dictionary
    }

    static func queryDict(_ json: JSONValue?) throws -> QueryDict {
        var query = QueryDict()
        for pair in json?.elements ?? [] {
            guard let pair = pair.elements, pair.count == 2, let name = pair[0].text else {
                continue
            }
            query.setList(name, (pair[1].elements ?? []).compactMap(\.text))
        }
        return query
    }

    /// A function: its result, its error, or what templates must not call.
    static func callable(_ json: JSONValue) throws -> ContextValue {
        if json["do_not_call"]?.flag == true { return .object(try RecordedObject(json)) }
        if json["needs_args"]?.flag == true || json["alters_data"]?.flag == true {
            return .lazy { throw SilentFailure() }
        }
        if let failure = json["raises"] { return raising(failure) }
        guard let result = json["returns"] else { return .none }
        let value = try decode(result)
        return .lazy { value }
    }

    static func raising(_ json: JSONValue) -> ContextValue {
        let error = PythonError(
            type: json["error"]?.text ?? "Exception",
            message: json["message"]?.text ?? ""
        )
        let isSilent = json["silent"]?.flag == true
        return .lazy { if isSilent { throw SilentFailure() } else { throw error } }
    }
}

/// An error that the case's object raises.
struct PythonError: Error, CustomStringConvertible {
    var type: String
    var message: String
    var description: String { message }
}

/// Django's `silent_variable_failure`.
struct SilentFailure: SilentVariableFailure {}

/// Python's `defaultdict`.
struct DefaultDictionary: ContextObject {
    let dictionary: ContextDictionary
    let fallback: ContextValue

    func contextMember(_ name: String) -> ContextValue? { dictionary[name] ?? fallback }
    var contextDescription: ContextValue { .dictionary(dictionary) }
    var contextElements: [ContextValue]? { dictionary.entries.map { .string($0.key) } }
}

/// An object of Django's tests, as far as its template could see it.
struct RecordedObject: ContextObject {
    let members: ContextDictionary
    let items: ContextDictionary
    let text: ContextValue
    let contextElements: [ContextValue]?
    let contextIsTrue: Bool

    init(_ json: JSONValue) throws {
        var members = try TaggedValue.context(json["attrs"])
        for member in json["callables"]?.members ?? [] {
            members[member.name] = try TaggedValue.callable(member.value)
        }
        self.members = members
        var items = ContextDictionary()
        for pair in json["items"]?.elements ?? [] {
            guard let pair = pair.elements, pair.count == 2 else { continue }
            items[try TaggedValue.decode(pair[0]).plainText] = try TaggedValue.decode(pair[1])
        }
        self.items = items
        if let html = json["html"]?.text {
            text = .safe(SafeString(unsafe: html))
        } else {
            text = try TaggedValue.decode(json["str"] ?? .string(""))
        }
        contextElements = try json["iter"]?.elements?.map(TaggedValue.decode)
        contextIsTrue = json["bool"]?.flag ?? json["len"]?.number.map { $0 > 0 } ?? true
    }

    func contextMember(_ name: String) -> ContextValue? { items[name] ?? members[name] }
    var contextDescription: ContextValue { text }
}

/// Reads ISO 8601 of the cases.
enum ISOText {
    static func date(_ text: String) -> CalendarDate? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        return CalendarDate(year: parts[0], month: parts[1], day: parts[2])
    }

    static func time(_ text: String) -> TimeOfDay? {
        let halves = text.split(separator: ".")
        let parts = (halves.first ?? "").split(separator: ":").compactMap { Int($0) }
        guard parts.count >= 2 else { return nil }
        let fraction = halves.count > 1 ? Int((halves[1] + "000000").prefix(6)) ?? 0 : 0
        return TimeOfDay(
            hour: parts[0],
            minute: parts[1],
            second: parts.count > 2 ? parts[2] : 0,
            microsecond: fraction
        )
    }
}
