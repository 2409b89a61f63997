import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Values in the text form that PostgreSQL reads: `{1,2}` for arrays, `[1,5)` for ranges.
enum PostgreSQLText {
    /// How deep arrays are nested at most: PostgreSQL itself takes six.
    private static let maxDepth = 16

    /// An array.
    ///
    ///     PostgreSQLText.array([.int(1), .null, .text("a,b")])     // {1,NULL,"a,b"}
    static func array(_ values: [SQLValue]) throws(DatabaseError) -> String {
        var bytes: [UInt8] = []
        try append(values, to: &bytes, depth: 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(
        _ values: [SQLValue],
        to bytes: inout [UInt8],
        depth: Int
    ) throws(DatabaseError) {
        guard depth < maxDepth else {
            throw .data("An array is nested more than \(maxDepth) deep.", statement: nil)
        }
        bytes.append(UInt8(ascii: "{"))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch value {
            case .null: bytes += "NULL".utf8
            case .int(let number): bytes += String(number).utf8
            case .array(let inner): try append(inner, to: &bytes, depth: depth + 1)
            default: append(quoted: try text(value), to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// A range.
    ///
    ///     PostgreSQLText.range(SQLRange(.int(1), .null))     // ["1",)
    static func range(_ range: SQLRange) throws(DatabaseError) -> String {
        if range.isEmpty { return "empty" }
        var bytes: [UInt8] = []
        bytes.append(UInt8(ascii: range.bounds.includesLower ? "[" : "("))
        if range.lower != .null { append(quoted: try text(range.lower), to: &bytes) }
        bytes.append(UInt8(ascii: ","))
        if range.upper != .null { append(quoted: try text(range.upper), to: &bytes) }
        bytes.append(UInt8(ascii: range.bounds.includesUpper ? "]" : ")"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One value as text.
    static func text(_ value: SQLValue) throws(DatabaseError) -> String {
        switch value {
        case .null, .array:
            throw .data("A part of a value is NULL or an array where none can be.", statement: nil)
        case .bool(let flag): return flag ? "t" : "f"
        case .int(let number): return String(number)
        case .double(let number): return number.description
        case .decimal(let number): return StoredText.format(number)
        case .text(let text):
            guard !text.utf8.contains(0) else {
                throw .data("Text of PostgreSQL cannot hold a NUL character.", statement: nil)
            }
            return text
        case .blob(let bytes): return "\\x" + Self.hexadecimal(bytes)
        case .date(let day): return StoredText.format(day)
        case .time(let time): return StoredText.format(time)
        case .dateTime(let moment): return StoredText.format(moment) + "+00"
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw .data("\(duration) does not fit into an interval.", statement: nil)
            }
            return "\(microseconds) microseconds"
        case .uuid(let uuid): return StoredText.format(uuid)
        case .json(let document):
            guard document.isFinite, let text = StoredText.format(document) else {
                throw .data(StoredText.notFinite, statement: nil)
            }
            return text
        case .range(let range): return try self.range(range)
        }
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Text in quotes, as arrays, ranges and `hstore` take it.
    static func append(quoted text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
