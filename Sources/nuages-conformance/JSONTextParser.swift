import NuagesCore

/// Reads the JSON of a conformance file.
///
/// The runner has a parser of its own so that a mistake in the framework's cannot hide itself.
struct JSONTextParser {
    /// What is wrong with the text.
    struct Failure: Error, CustomStringConvertible {
        let offset: Int
        var description: String { "malformed JSON at byte \(offset)" }
    }

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0
    private static let depthLimit = 200

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The value of the whole text.
    mutating func parse() throws -> JSONValue {
        let value = try parseValue()
        skipBlanks()
        guard index == bytes.count else { throw Failure(offset: index) }
        return value
    }

    private mutating func parseValue() throws -> JSONValue {
        skipBlanks()
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit, index < bytes.count else { throw Failure(offset: index) }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: return try parseNumber()
        }
    }

    private mutating func parseObject() throws -> JSONValue {
        index += 1
        var members: [JSONValue.Member] = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            let name = try parseString()
            guard take(UInt8(ascii: ":")) else { throw Failure(offset: index) }
            members.append(.init(name, try parseValue()))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw Failure(offset: index) }
        return .object(members)
    }

    private mutating func parseArray() throws -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try parseValue()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw Failure(offset: index) }
        return .array(elements)
    }

    private mutating func parseString() throws -> String {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            throw Failure(offset: index)
        }
        index += 1
        var output: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: output, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                try parseEscape(into: &output)
            } else {
                output.append(byte)
            }
        }
        throw Failure(offset: index)
    }

    private mutating func parseEscape(into output: inout [UInt8]) throws {
        guard index < bytes.count else { throw Failure(offset: index) }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): output.append(10)
        case UInt8(ascii: "t"): output.append(9)
        case UInt8(ascii: "r"): output.append(13)
        case UInt8(ascii: "b"): output.append(8)
        case UInt8(ascii: "f"): output.append(12)
        case UInt8(ascii: "u"): try parseUnicodeEscape(into: &output)
        default: output.append(byte)
        }
    }

    private mutating func parseUnicodeEscape(into output: inout [UInt8]) throws {
        var code = try parseHex()
        if (0xD800..<0xDC00).contains(code), index + 1 < bytes.count,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        {
            index += 2
            code = 0x10000 + ((code - 0xD800) << 10) + (try parseHex() &- 0xDC00)
        }
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        output.append(contentsOf: String(Character(scalar)).utf8)
    }

    private mutating func parseHex() throws -> UInt32 {
        guard index + 4 <= bytes.count,
            let text = String(validating: bytes[index..<index + 4], as: UTF8.self),
            let code = UInt32(text, radix: 16)
        else { throw Failure(offset: index) }
        index += 4
        return code
    }

    private mutating func parseNumber() throws -> JSONValue {
        let start = index
        while index < bytes.count, "+-0123456789.eE".utf8.contains(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if let number = Int(text) { return .int(number) }
        guard let number = Double(text) else { throw Failure(offset: start) }
        return .double(number)
    }

    private mutating func parseWord(_ word: String, _ value: JSONValue) throws -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else { throw Failure(offset: index) }
        index += word.utf8.count
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while index < bytes.count, bytes[index] == 32 || (9...13).contains(bytes[index]) {
            index += 1
        }
    }
}
