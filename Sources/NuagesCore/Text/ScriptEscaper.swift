/// Escapes text for JavaScript and for JSON inside HTML.
package enum ScriptEscaper {
    /// Text for the inside of a JavaScript string.
    ///
    /// Django: `escapejs`.
    package static func javaScript(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if needsEscape(scalar) {
                output.append(contentsOf: "\\u\(hex(scalar.value))".utf8)
            } else {
                output.append(contentsOf: scalar.utf8)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\\", "'", "\"", ">", "<", "&", "=", "-", ";", "`", "\u{2028}", "\u{2029}": true
        default: scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        }
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// JSON of a value, dates, decimals and UUIDs as text.
    ///
    /// Django: `DjangoJSONEncoder`.
    package static func json(_ value: ContextValue) throws -> String {
        var json: [UInt8] = []
        try JSONText.append(value, to: &json, depth: 0)
        return String(decoding: json, as: UTF8.self)
    }

    /// JSON in a `<script>` element that no text in it can end.
    ///
    /// Django: `json_script`.
    package static func jsonScript(_ value: ContextValue, id: String?) throws -> String {
        let identifier = id.map { " id=\"\(HTMLEscaper.escape($0))\"" } ?? ""
        let text = try json(value)
            .replacingBytes(">", with: "\\u003E").replacingBytes("<", with: "\\u003C")
            .replacingBytes("&", with: "\\u0026")
        return "<script\(identifier) type=\"application/json\">\(text)</script>"
    }
}

/// A value that has no form in JSON.
package struct NotSerializable: Error, CustomStringConvertible {
    let value: String
    package var description: String { "\(value) is not JSON serializable" }
}

/// Python's `json.dumps`, byte for byte, with Django's encoder for dates, decimals and UUIDs.
private enum JSONText {
    private static let depthLimit = 100

    static func append(_ value: ContextValue, to output: inout [UInt8], depth: Int) throws {
        guard depth < depthLimit else { throw NotSerializable(value: "A value nested so deep") }
        switch value {
        case .none: output.append(contentsOf: "null".utf8)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .int(let number): output.append(contentsOf: String(number).utf8)
        case .double(let number): output.append(contentsOf: text(number).utf8)
        case .exact, .decimal, .uuid: appendString(value.plainText, to: &output)
        case .string(let text): appendString(text, to: &output)
        case .safe(let text): appendString(text.html, to: &output)
        case .date: appendString(value.plainText, to: &output)
        case .time(let time):
            let text = time.description
            // Milliseconds, as JavaScript writes them.
            let short = time.microsecond == 0 ? text : String(text.prefix(12))
            appendString(short, to: &output)
        case .dateTime, .localDateTime: appendString(moment(value), to: &output)
        case .duration(let duration): appendString(isoDuration(duration), to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(contentsOf: ", ".utf8) }
                try append(element, to: &output, depth: depth + 1)
            }
            output.append(UInt8(ascii: "]"))
        case .dictionary(let dictionary):
            output.append(UInt8(ascii: "{"))
            for (index, entry) in dictionary.entries.enumerated() {
                if index > 0 { output.append(contentsOf: ", ".utf8) }
                appendString(entry.key, to: &output)
                output.append(contentsOf: ": ".utf8)
                try append(entry.value, to: &output, depth: depth + 1)
            }
            output.append(UInt8(ascii: "}"))
        case .lazy(let compute): try append(try compute(), to: &output, depth: depth + 1)
        case .object(let query as QueryDict):
            // Python writes the last value of each name.
            let values = query.names.map {
                ($0, query[$0].map { .string($0) } ?? ContextValue.none)
            }
            try append(.dictionary(ContextDictionary(values)), to: &output, depth: depth)
        case .object, .deferred: throw NotSerializable(value: value.representation())
        }
    }

    private static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return PythonText.repr(number)
    }

    /// ISO 8601 with milliseconds and `Z` for UTC, as JavaScript writes it.
    private static func moment(_ value: ContextValue) -> String {
        var local: LocalDateTime
        switch value {
        case .dateTime(let moment):
            guard let converted = LocalDateTime(moment, in: .utc) else { return "" }
            local = converted
        case .localDateTime(let value): local = value
        default: return ""
        }
        let text = local.isoText(separator: "T")
        var bytes = Array(text.utf8)
        if local.time.microsecond != 0 { bytes.removeSubrange(23..<26) }
        let short = String(decoding: bytes, as: UTF8.self)
        return short.hasSuffix("+00:00") ? "\(short.dropLast(6))Z" : short
    }

    /// Django: `duration_iso_string`.
    private static func isoDuration(_ duration: Duration) -> String {
        DurationText.iso8601(duration)
    }

    private static func appendString(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output.append(contentsOf: "\\\"".utf8)
            case "\\": output.append(contentsOf: "\\\\".utf8)
            case "\n": output.append(contentsOf: "\\n".utf8)
            case "\r": output.append(contentsOf: "\\r".utf8)
            case "\t": output.append(contentsOf: "\\t".utf8)
            case "\u{8}": output.append(contentsOf: "\\b".utf8)
            case "\u{C}": output.append(contentsOf: "\\f".utf8)
            case " "..."~": output.append(UInt8(truncatingIfNeeded: scalar.value))
            default:
                for unit in String(Character(scalar)).utf16 {
                    let digits = String(unit, radix: 16)
                    let zeros = String(repeating: "0", count: 4 - digits.utf8.count)
                    output.append(contentsOf: "\\u\(zeros)\(digits)".utf8)
                }
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
