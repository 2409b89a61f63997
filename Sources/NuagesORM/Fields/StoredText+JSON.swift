package import NuagesCore

extension StoredText {
    /// A document as Django writes it to a column: Python's `json.dumps`.
    ///
    ///     {"name": "caf\u00e9", "tags": [1, 2]}
    ///
    /// - Returns: the text; nil for a number that is not finite, which JSON cannot hold.
    package static func format(_ value: JSONValue) -> String? {
        var bytes: [UInt8] = []
        guard append(value, to: &bytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What is wrong with a document that has no text.
    package static let notFinite = """
        A JSON document holds a number that is infinite or not a number; JSON has none. \
        Store null or a string in its place.
        """

    /// The values as a JSON array; nil where one of them has no form in JSON that compares alike.
    package static func list(_ values: [SQLValue]) -> String? {
        var elements: [JSONValue] = []
        elements.reserveCapacity(values.count)
        for value in values {
            switch value {
            case .bool(let flag): elements.append(.int(flag ? 1 : 0))
            case .int(let number): elements.append(.int(number))
            case .double(let number): elements.append(.double(number))
            case .text(let text):
                guard !text.utf8.contains(0) else { return nil }
                elements.append(.string(text))
            case .decimal(let number): elements.append(.string(format(number)))
            case .date(let day): elements.append(.string(format(day)))
            case .time(let time): elements.append(.string(format(time)))
            case .dateTime(let moment): elements.append(.string(format(moment)))
            case .uuid(let uuid): elements.append(.string(format(uuid)))
            case .duration(let duration):
                guard let microseconds = microseconds(duration) else { return nil }
                elements.append(.int(microseconds))
            case .null, .blob, .json, .array, .range: return nil
            }
        }
        return format(.array(elements))
    }

    private static func append(_ value: JSONValue, to bytes: inout [UInt8]) -> Bool {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .int(let number): bytes += String(number).utf8
        case .double(let number):
            guard number.isFinite else { return false }
            bytes += number.description.utf8
        case .string(let text): append(quoted: text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes += ", ".utf8 }
                guard append(element, to: &bytes) else { return false }
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes += ", ".utf8 }
                append(quoted: member.name, to: &bytes)
                bytes += ": ".utf8
                guard append(member.value, to: &bytes) else { return false }
            }
            bytes.append(UInt8(ascii: "}"))
        }
        return true
    }
}

extension JSONValue {
    /// Whether every number in the document is one that JSON can hold.
    package var isFinite: Bool {
        switch self {
        case .null, .bool, .int, .string: true
        case .double(let number): number.isFinite
        case .array(let elements): elements.allSatisfy(\.isFinite)
        case .object(let members): members.allSatisfy(\.value.isFinite)
        }
    }
}

extension StoredText {
    private static func append(quoted text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22: bytes += #"\""#.utf8
            case 0x5C: bytes += #"\\"#.utf8
            case 0x0A: bytes += #"\n"#.utf8
            case 0x0D: bytes += #"\r"#.utf8
            case 0x09: bytes += #"\t"#.utf8
            case 0x08: bytes += #"\b"#.utf8
            case 0x0C: bytes += #"\f"#.utf8
            case 0x20...0x7E: bytes.append(UInt8(truncatingIfNeeded: unit))
            default:
                bytes += #"\u"#.utf8
                let digits = String(unit, radix: 16)
                bytes += String(repeating: "0", count: 4 - digits.utf8.count).utf8
                bytes += digits.utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
