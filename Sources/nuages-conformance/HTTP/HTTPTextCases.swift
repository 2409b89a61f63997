import NuagesCore

/// `django.utils.http`.
enum HTTPTextCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        switch call.item.function.split(separator: ".").last.map(String.init) ?? "" {
        case "url_has_allowed_host_and_scheme": return try isAllowed(call)
        case "escape_leading_slashes":
            return .string(URLSafety.escapingLeadingSlashes(try call.text(0)))
        case "is_same_domain":
            return .bool(URLSafety.isSameDomain(try call.text(0), try call.text(1)))
        case "http_date": return .string(HTTPDate.text(try seconds(call[0])))
        case "parse_http_date":
            guard let date = HTTPDate.parse(try call.text(0), currentYear: year(call)) else {
                throw Refusal()
            }
            return .int(date)
        case "parse_http_date_safe":
            guard let text = call[0].text else { return .null }
            return HTTPDate.parse(text, currentYear: year(call)).map { .int($0) } ?? .null
        case "base36_to_int":
            guard let number = Base36.decode(try call.text(0)) else { throw Refusal() }
            return .int(number)
        case "int_to_base36":
            let number = call[0].number.map { Int128($0) } ?? Int128(call[0]["v"]?.text ?? "")
            guard let number, let text = Base36.encode(number) else { throw Refusal() }
            return .string(text)
        case "urlsafe_base64_encode":
            guard let bytes = Canonical.bytes(call[0]) else { throw Refusal() }
            return .string(Base64URL.encode(bytes))
        case "urlsafe_base64_decode":
            guard let bytes = Base64URL.decode(try call.text(0)) else { throw Refusal() }
            return Canonical.tagged(bytes)
        default: return try headerValue(of: call)
        }
    }

    private static func headerValue(of call: FunctionCall) throws -> JSONValue? {
        switch call.item.function.split(separator: ".").last.map(String.init) ?? "" {
        case "split_header_value":
            let separator = (call.keyword("sep") ?? call[1]).text?.first ?? ","
            return Canonical.strings(HeaderText.split(try call.text(0), separator: separator))
        case "split_directive_names":
            return Canonical.strings(HeaderText.directiveNames(try call.text(0)))
        case "parse_etags": return Canonical.strings(HeaderText.entityTags(try call.text(0)))
        case "quote_etag": return .string(HeaderText.entityTag(try call.text(0)))
        case "content_disposition_header":
            let header = HeaderText.contentDisposition(
                isAttachment: call[0].flag ?? false,
                fileName: call[1].text ?? ""
            )
            return header.map { .string($0) } ?? .null
        case "parse_header_parameters":
            let limit = call.item["kwargs"]?["max_length"]
            let maxLength =
                limit == .null ? .max : limit?.number ?? HeaderParameters.maxLength
            guard let header = HeaderParameters(call[0].text ?? "", maxLength: maxLength) else {
                throw Refusal()
            }
            return .array([
                .string(header.value),
                Canonical.dictionary(header.parameters.map { ($0.name, .string($0.value)) }),
            ])
        case "urlencode": return try urlencode(call)
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func isAllowed(_ call: FunctionCall) throws -> JSONValue? {
        guard let url = call[0].text else { return .bool(false) }
        let hosts = call.keyword("allowed_hosts") ?? call[1]
        let names = hosts.text.map { [$0] } ?? (hosts["v"] ?? hosts).elements?.compactMap(\.text)
        return .bool(
            URLSafety.isAllowed(
                url,
                hosts: names ?? [],
                requiresHTTPS: (call.keyword("require_https") ?? call[2]).flag ?? false
            )
        )
    }

    /// Names and values of any kind, as Python's `urlencode` writes them.
    private static func urlencode(_ call: FunctionCall) throws -> JSONValue? {
        let isSequence = (call.keyword("doseq") ?? call[1]).flag ?? false
        var fields: [String] = []
        for (name, value) in try entries(call[0]) {
            let values = isSequence ? elements(value) ?? [value] : [value]
            for element in values {
                let text = PercentCoding.encodeForm(try bytes(element))
                fields.append("\(PercentCoding.encodeForm(name))=\(text)")
            }
        }
        return .string(fields.joined(separator: "&"))
    }

    private static func entries(_ value: JSONValue) throws -> [(String, JSONValue)] {
        if value.tag == "dict" { return Canonical.pairs(value) }
        return try (elements(value) ?? []).map { pair in
            guard let pair = elements(pair), pair.count == 2 else {
                throw UnsupportedCase("an entry is \(pair)")
            }
            let name = String(decoding: try bytes(pair[0]), as: UTF8.self)
            return (name, pair[1])
        }
    }

    /// The elements of a list, a tuple, a set or a range; nil for any other value.
    private static func elements(_ value: JSONValue) -> [JSONValue]? {
        if let elements = value.elements { return elements }
        switch value.tag {
        case "tuple", "set", "iterator", "multivaluedict", "querydict": return value["v"]?.elements
        // Python goes through the keys of a dictionary.
        case "dict": return Canonical.pairs(value).map { .string($0.0) }
        case "range":
            let bounds = (value["v"]?.elements ?? []).compactMap(\.number)
            guard bounds.count == 3, bounds[2] != 0 else { return nil }
            return stride(from: bounds[0], to: bounds[1], by: bounds[2]).map { .int($0) }
        default: return nil
        }
    }

    private static func bytes(_ value: JSONValue) throws -> [UInt8] {
        switch value {
        case .string(let text): return Array(text.utf8)
        case .int(let number): return Array(String(number).utf8)
        case .bool(let flag): return Array((flag ? "True" : "False").utf8)
        case .double(let number): return Array("\(number)".utf8)
        case .null: throw Refusal()
        default:
            if value.tag == "bytes", let bytes = Canonical.bytes(value) { return bytes }
            return Array(try TaggedValue.decode(value).plainText.utf8)
        }
    }

    private static func seconds(_ value: JSONValue) throws -> Int {
        switch value {
        case .int(let number): return number
        case .double(let number): return Int(number.rounded(.down))
        default:
            guard let number = value["v"]?.text.flatMap({ Double($0) }) else {
                throw UnsupportedCase("a time is \(value)")
            }
            return Int(number.rounded(.down))
        }
    }

    private static func year(_ call: FunctionCall) -> Int {
        call.item["now"]?.text.flatMap { Int($0.prefix(4)) } ?? 2026
    }
}

/// A feature that answers nil or false where Python raises an error.
struct Refusal: Error {}
