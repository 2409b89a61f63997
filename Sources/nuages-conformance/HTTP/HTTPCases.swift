import NuagesCore
import NuagesHTTP

/// Function cases of requests, responses, cookies, forms, CSRF and URLs.
struct HTTPCases: ConformanceKind {
    private static let files = [
        "urls", "http_querydict", "http_multipart", "http_cookies", "http_request",
        "http_response", "csrf", "utils_http", "core_signing", "utils_crypto", "utils_encoding",
        "utils_ipv6",
    ]

    func accepts(_ item: JSONCase) -> Bool {
        item.kind == "function" && Self.files.contains(item.file)
    }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        let call = FunctionCall(item)
        let got: JSONValue?
        do {
            got = try await value(of: call)
        } catch let error as UnsupportedCase {
            throw error
        } catch {
            return call.expectsError
                ? .passed : .failed(expected: call.expectedText, got: "error: \(error)")
        }
        guard !call.expectsError else {
            return .failed(expected: call.expectedText, got: Self.text(got ?? .null))
        }
        return .comparing(
            expected: Self.text(Canonical.value(call.item["expect"]?["value"] ?? .null)),
            got: Self.text(Canonical.value(got ?? .null))
        )
    }

    private func value(of call: FunctionCall) async throws -> JSONValue? {
        switch call.item.file {
        case "urls": return try URLCases.value(of: call)
        case "http_querydict", "http_multipart": return try await FormCases.value(of: call)
        case "http_cookies": return try CookieCases.value(of: call)
        case "http_request": return try RequestCases.value(of: call)
        case "http_response": return try ResponseCases.value(of: call)
        case "csrf": return try await CSRFCases.value(of: call)
        case "core_signing": return try SigningCases.value(of: call)
        case "utils_crypto": return try CryptoCases.value(of: call)
        case "utils_encoding": return try EncodingCases.value(of: call)
        case "utils_ipv6": return try EncodingCases.address(of: call)
        default: return try HTTPTextCases.value(of: call)
        }
    }

    private static func text(_ value: JSONValue) -> String {
        String(decoding: value.jsonBytes(style: .python), as: UTF8.self)
    }
}

/// The arguments and the expectation of a function case.
struct FunctionCall {
    let item: JSONCase
    let arguments: [JSONValue]

    init(_ item: JSONCase) {
        self.item = item
        arguments = item["args"]?.elements ?? []
    }

    var expectsError: Bool { item["expect"]?["error"] != nil }
    var expectedText: String { "\(item["expect"] ?? .null)" }
    var settings: JSONValue? { item["settings"] }

    /// The argument at a position, or `.null`.
    subscript(_ index: Int) -> JSONValue {
        arguments.indices.contains(index) ? arguments[index] : .null
    }

    func keyword(_ name: String) -> JSONValue? {
        guard let value = item["kwargs"]?[name], value != .null else { return nil }
        return value
    }

    /// The moment of the case: a time since 1970.
    var now: Duration {
        // 2024-05-06T07:08:09.5+00:00
        let text = item["now"]?.text ?? ""
        let numbers = text.split { "-T:+".contains($0) }.map(String.init)
        guard numbers.count >= 6, let year = Int(numbers[0]), let month = Int(numbers[1]),
            let day = Int(numbers[2]), let hour = Int(numbers[3]), let minute = Int(numbers[4]),
            let date = CalendarDate(year: year, month: month, day: day)
        else { return .zero }
        let seconds = numbers[5].split(separator: ".")
        let fraction = seconds.count > 1 ? Int((seconds[1] + "000000").prefix(6)) ?? 0 : 0
        let whole = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60
        return .seconds(whole + (Int(seconds[0]) ?? 0)) + .microseconds(fraction)
    }

    /// A number of seconds or a `timedelta` of the case.
    func duration(_ value: JSONValue?) throws -> Duration? {
        switch value {
        case nil, .null: return nil
        case .int(let seconds): return .seconds(seconds)
        case .double(let seconds): return .seconds(seconds)
        case let value?:
            if value.tag == "timedelta" {
                return .seconds((value["days"]?.number ?? 0) * 86_400)
                    + .seconds(value["seconds"]?.number ?? 0)
                    + .microseconds(value["microseconds"]?.number ?? 0)
            }
            if value.tag == "float", let number = value["v"]?.text.flatMap({ Double($0) }) {
                return .seconds(number)
            }
            throw UnsupportedCase("a time is \(value)")
        }
    }

    /// The bytes of a text or of bytes.
    func bytes(_ value: JSONValue?) throws -> [UInt8] {
        if let text = value?.text { return Array(text.utf8) }
        guard let value, let bytes = Canonical.bytes(value) else {
            throw UnsupportedCase("no bytes: \(String(describing: value))")
        }
        return bytes
    }

    /// A text argument; numbers as Python would print them.
    func text(_ index: Int) throws -> String {
        switch self[index] {
        case .string(let text): return text
        case .int(let number): return String(number)
        case .object:
            if self[index].tag == "bytes", let bytes = Canonical.bytes(self[index]) {
                return String(decoding: bytes, as: UTF8.self)
            }
            throw UnsupportedCase("argument \(index) is \(self[index])")
        default: throw UnsupportedCase("argument \(index) is \(self[index])")
        }
    }
}

/// Tagged values in one form each, so that equal values compare equal.
enum Canonical {
    /// Tuples and sets become arrays.
    static func value(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(Self.value))
        case .object(let members):
            if value.tag == "tuple", let elements = value["v"]?.elements {
                return .array(elements.map(Self.value))
            }
            if value.tag == "int", let number = value["v"]?.text.flatMap({ Int($0) }) {
                return .int(number)
            }
            return .object(members.map { JSONValue.Member($0.name, Self.value($0.value)) })
        default: return value
        }
    }

    static func dictionary(_ pairs: [(String, JSONValue)]) -> JSONValue {
        .object([
            JSONValue.Member("t", .string("dict")),
            JSONValue.Member("v", .array(pairs.map { .array([.string($0.0), $0.1]) })),
        ])
    }

    /// A document of the case without tags, as JSON has it.
    static func plain(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .array(let elements): return .array(try elements.map(plain))
        case .object:
            switch value.tag {
            case "dict":
                return .object(
                    try pairs(value).map { JSONValue.Member($0.0, try plain($0.1)) }
                )
            case "tuple": return .array(try (value["v"]?.elements ?? []).map(plain))
            case "float":
                if let number = value["v"]?.text.flatMap({ Double($0) }) { return .double(number) }
            case "int":
                if let number = value["v"]?.text.flatMap({ Int($0) }) { return .int(number) }
            default: break
            }
            throw UnsupportedCase("a value is \(value)")
        default: return value
        }
    }

    /// The tags of a document.
    static func document(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(document))
        case .object(let members): dictionary(members.map { ($0.name, document($0.value)) })
        default: value
        }
    }

    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    /// The pairs of a tagged dictionary.
    static func pairs(_ value: JSONValue?) -> [(String, JSONValue)] {
        (value?["v"]?.elements ?? []).compactMap { pair in
            guard let elements = pair.elements, elements.count == 2 else { return nil }
            return (elements[0].text ?? "\(elements[0])", elements[1])
        }
    }

    static func member(_ value: JSONValue?, _ name: String) -> JSONValue? {
        pairs(value).first { $0.0 == name }?.1
    }

    static func bytes(_ value: JSONValue) -> [UInt8]? {
        value["b64"]?.text.flatMap { text in
            Base64URL.decode(
                text.replacing("+", with: "-").replacing("/", with: "_")
            )
        }
    }

    static func tagged(_ bytes: [UInt8]) -> JSONValue {
        let url = Base64URL.encode(bytes)
        var text = url.replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        return .object([
            JSONValue.Member("t", .string("bytes")), JSONValue.Member("b64", .string(text)),
        ])
    }
}
