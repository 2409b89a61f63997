/// What was wrong with a JSON document.
public enum JSONError: Error, Hashable, CustomStringConvertible {
    /// Something else stood where a value, a comma or a bracket was expected.
    case unexpected(offset: Int, expected: String)
    /// The document ended early.
    case unexpectedEnd
    /// Arrays and objects are nested deeper than allowed.
    case tooDeep(limit: Int)
    /// A string is not valid UTF-8.
    case invalidUTF8(offset: Int)
    /// A number is too large for 64-bit floating point.
    case numberOutOfRange(offset: Int)

    /// What was wrong, and where.
    public var description: String {
        switch self {
        case .unexpected(let offset, let expected): "Expected \(expected) at byte \(offset)."
        case .unexpectedEnd: "The JSON document ends too early."
        case .tooDeep(let limit): "The JSON document is nested deeper than \(limit) levels."
        case .invalidUTF8(let offset): "The string at byte \(offset) is not valid UTF-8."
        case .numberOutOfRange(let offset): "The number at byte \(offset) is too large."
        }
    }
}

extension JSONValue {
    /// Parses a document (RFC 8259), strictly.
    ///
    ///     try JSONValue(parsing: "[1, {\"a\": null}]")
    ///
    /// - Parameters:
    ///   - text: the document.
    ///   - maxDepth: how deep arrays and objects may be nested, so that no document can exhaust
    ///     the stack.
    /// - Throws: ``JSONError``.
    public init(parsing text: String, maxDepth: Int = 100) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maxDepth: maxDepth)
    }

    /// Parses a document in UTF-8 bytes (RFC 8259), strictly.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - maxDepth: how deep arrays and objects may be nested.
    /// - Throws: ``JSONError``.
    public init(parsing bytes: [UInt8], maxDepth: Int = 100) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, maxDepth: min(max(1, maxDepth), 512))
        self = try parser.document()
    }

    /// Parses a document as Python does: numbers may also be `NaN`, `Infinity`, `-Infinity`, and too
    /// large to be anything else.
    ///
    /// - Parameter text: the document.
    /// - Throws: ``JSONError``.
    package init(parsingWithNonFinite text: String) throws(JSONError) {
        var parser = JSONParser(bytes: Array(text.utf8), maxDepth: 100)
        parser.takesNonFinite = true
        self = try parser.document()
    }
}

/// Parses one document.
struct JSONParser {
    let bytes: [UInt8]
    let maxDepth: Int
    var takesNonFinite = false
    private var index = 0

    init(bytes: [UInt8], maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw .unexpected(offset: index, expected: "the end") }
        return value
    }

    // Recursion is bounded by `maxDepth`.
    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipBlanks()
        guard index < bytes.count else { throw .unexpectedEnd }
        switch bytes[index] {
        case 0x7B: return try object(depth: depth + 1)
        case 0x5B: return try array(depth: depth + 1)
        case 0x22: return .string(try string())
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        case 0x4E where takesNonFinite: return try literal("NaN", .double(.nan))
        case 0x49 where takesNonFinite: return try literal("Infinity", .double(.infinity))
        case 0x2D where takesNonFinite && bytes[index...].starts(with: "-I".utf8):
            return try literal("-Infinity", .double(-.infinity))
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= maxDepth else { throw .tooDeep(limit: maxDepth) }
        index += 1
        var members: [Member] = []
        if try consume(0x7D) { return .object([]) }
        repeat {
            skipBlanks()
            guard index < bytes.count else { throw .unexpectedEnd }
            guard bytes[index] == 0x22 else { throw .unexpected(offset: index, expected: "a name") }
            let name = try string()
            guard try consume(0x3A) else { throw .unexpected(offset: index, expected: "':'") }
            members.append(Member(name, try value(depth: depth)))
        } while try consume(0x2C)
        guard try consume(0x7D) else { throw .unexpected(offset: index, expected: "',' or '}'") }
        return .object(members)
    }

    private typealias Member = JSONValue.Member

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= maxDepth else { throw .tooDeep(limit: maxDepth) }
        index += 1
        var elements: [JSONValue] = []
        if try consume(0x5D) { return .array([]) }
        repeat { elements.append(try value(depth: depth)) } while try consume(0x2C)
        guard try consume(0x5D) else { throw .unexpected(offset: index, expected: "',' or ']'") }
        return .array(elements)
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    /// Passes over `byte` if it is next.
    private mutating func consume(_ byte: UInt8) throws(JSONError) -> Bool {
        skipBlanks()
        guard index < bytes.count else { throw .unexpectedEnd }
        guard bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func literal(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue
    {
        guard bytes[index...].starts(with: text.utf8) else {
            throw .unexpected(offset: index, expected: "a value")
        }
        index += text.utf8.count
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        var isWhole = true
        if index < bytes.count, bytes[index] == 0x2D { index += 1 }
        let first = index
        guard digits() > 0 else { throw .unexpected(offset: start, expected: "a value") }
        if bytes[first] == 0x30, index - first > 1 {
            throw .unexpected(offset: first + 1, expected: "a number without leading zeros")
        }
        if index < bytes.count, bytes[index] == 0x2E {
            isWhole = false
            index += 1
            guard digits() > 0 else { throw .unexpected(offset: index, expected: "a digit") }
        }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            guard digits() > 0 else { throw .unexpected(offset: index, expected: "a digit") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let value = Int(text) { return .int(value) }
        guard let value = Double(text), value.isFinite || takesNonFinite else {
            throw .numberOutOfRange(offset: start)
        }
        return .double(value)
    }

    private mutating func digits() -> Int {
        let start = index
        while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
        return index - start
    }

    private mutating func string() throws(JSONError) -> String {
        let start = index
        index += 1
        var output: [UInt8] = []
        var runStart = index
        while index < bytes.count {
            switch bytes[index] {
            case 0x22:
                output += bytes[runStart..<index]
                index += 1
                guard let text = String(validating: output, as: UTF8.self) else {
                    throw .invalidUTF8(offset: start)
                }
                return text
            case 0x5C:
                output += bytes[runStart..<index]
                index += 1
                try escape(into: &output)
                runStart = index
            case 0..<0x20: throw .unexpected(offset: index, expected: "no control character")
            default: index += 1
            }
        }
        throw .unexpectedEnd
    }

    private mutating func escape(into output: inout [UInt8]) throws(JSONError) {
        guard index < bytes.count else { throw .unexpectedEnd }
        let byte = bytes[index]
        index += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: output.append(byte)
        case 0x62: output.append(0x08)
        case 0x66: output.append(0x0C)
        case 0x6E: output.append(0x0A)
        case 0x72: output.append(0x0D)
        case 0x74: output.append(0x09)
        case 0x75: try unicodeEscape(into: &output)
        default: throw .unexpected(offset: index - 1, expected: "an escape")
        }
    }

    private mutating func unicodeEscape(into output: inout [UInt8]) throws(JSONError) {
        let start = index
        let unit = try hexUnit()
        var value = UInt32(unit)
        if (0xD800...0xDBFF).contains(unit) {
            guard index + 1 < bytes.count, bytes[index] == 0x5C, bytes[index + 1] == 0x75 else {
                throw .unexpected(offset: start, expected: "a pair of surrogates")
            }
            index += 2
            let low = try hexUnit()
            guard (0xDC00...0xDFFF).contains(low) else {
                throw .unexpected(offset: start, expected: "a pair of surrogates")
            }
            value = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw .unexpected(offset: start, expected: "a pair of surrogates")
        }
        output.append(contentsOf: String(scalar).utf8)
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        guard bytes.count - index >= 4 else { throw .unexpectedEnd }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = bytes[index].hexValue else {
                throw .unexpected(offset: index, expected: "a hexadecimal digit")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
