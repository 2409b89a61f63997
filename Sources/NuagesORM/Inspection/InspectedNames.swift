import NuagesCore

/// Names of models and fields for tables and columns, by the rules of Django's `inspectdb`.
enum InspectedNames {
    /// A name for a field, and what was done to it.
    struct Field {
        /// The name in Django's spelling.
        var name: String
        /// The name of the property.
        var property: String
        /// What people should know of it.
        var notes: [String] = []
    }

    /// Types of the framework and of Swift that a file of models uses.
    private static let takenTypes: Set<String> = [
        "Any", "Bool", "CalendarDate", "Choice", "Data", "DatabaseValue", "Date", "Decimal",
        "Double", "Duration", "Error", "Field", "FieldReference", "Float", "ForeignKey", "Int",
        "Int16", "Int64", "JSONValue", "Model", "OneToOne", "Optional", "Parent", "Protocol",
        "Query", "Result", "Reverse", "Self", "Set", "String", "Task", "TimeOfDay", "Type", "UUID",
    ]

    /// Words that no property can have as its name, and what models have besides their fields.
    private static let takenProperties: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer",
        "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
        "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
        "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows",
        "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
        "true", "try", "typealias", "var", "where", "while", "id", "pk", "asReference",
        "contextIdentity", "contextDescription", "hashValue",
    ]

    /// `OrmBook` for `orm_book`.
    static func model(_ table: String, taken: inout Set<String>) -> String {
        var bytes: [UInt8] = []
        var isInWord = false
        for byte in table.utf8 {
            let isLetter = isLetter(byte)
            if isLetter || isDigit(byte) {
                bytes.append(isLetter ? (isInWord ? byte | 0x20 : byte & 0xDF) : byte)
            }
            isInWord = isLetter
        }
        if bytes.first.map(isDigit) ?? true { bytes.insert(contentsOf: "Table".utf8, at: 0) }
        var base = String(decoding: bytes, as: UTF8.self)
        if takenTypes.contains(base) { base += "Model" }
        var name = base
        var number = 2
        while taken.contains(name) {
            name = "\(base)\(number)"
            number += 1
        }
        taken.insert(name)
        return name
    }

    /// The name of a field.
    static func field(
        _ column: String,
        isRelation: Bool,
        taken: inout Set<String>,
        properties: inout Set<String>
    ) -> Field {
        var notes: [String] = []
        var bytes = column.utf8.map { isUpper($0) ? $0 | 0x20 : $0 }
        if !bytes.elementsEqual(column.utf8) { notes.append("Field name made lower case.") }
        if isRelation, bytes.suffix(3).elementsEqual("_id".utf8), bytes.count > 3 {
            bytes.removeLast(3)
        }
        if bytes.contains(where: { !isWord($0) }) {
            bytes = bytes.map { isWord($0) ? $0 : UInt8(ascii: "_") }
            notes.append("Field renamed to remove unsuitable characters.")
        }
        let single = withoutRuns(bytes)
        if single.count < bytes.count {
            bytes = single
            if column.containsBytes("__") {
                notes.append("Field renamed because it contained more than one '_' in a row.")
            }
        }
        if bytes.first == UInt8(ascii: "_") {
            bytes.insert(contentsOf: "field".utf8, at: 0)
            notes.append("Field renamed because it started with '_'.")
        }
        if bytes.last == UInt8(ascii: "_") {
            bytes += "field".utf8
            notes.append("Field renamed because it ended with '_'.")
        }
        if bytes.first.map(isDigit) ?? true {
            bytes.insert(contentsOf: "number_".utf8, at: 0)
            notes.append("Field renamed because it began with a digit.")
        }
        return unique(String(decoding: bytes, as: UTF8.self), notes, &taken, &properties)
    }

    private static func unique(
        _ base: String,
        _ notes: [String],
        _ taken: inout Set<String>,
        _ properties: inout Set<String>
    ) -> Field {
        var notes = notes
        var base = base
        if takenProperties.contains(property(base)) {
            // What the database calls `id` stays so in queries.
            if !base.equalsBytes("id") { base += "_field" }
            notes.append("Property renamed because Swift or models have another use for the name.")
        }
        var name = base
        var number = 0
        while taken.contains(name) || properties.contains(property(name)) {
            name = "\(base)_\(number)"
            number += 1
        }
        if name != base { notes.append("Field renamed because of a name conflict.") }
        taken.insert(name)
        let property = name.equalsBytes("id") ? "idField" : property(name)
        properties.insert(property)
        return Field(name: name, property: property, notes: notes)
    }

    /// `pubDate` for `pub_date`.
    static func property(_ name: String) -> String {
        var bytes: [UInt8] = []
        var isStart = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                isStart = !bytes.isEmpty
                continue
            }
            bytes.append(isStart && isLetter(byte) ? byte & 0xDF : byte)
            isStart = false
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `pub_date` for `pubDate`, as the macros name the fields of properties.
    static func snakeCase(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if isUpper(byte), index > 0, bytes[index - 1] != UInt8(ascii: "_") {
                let follows =
                    index + 1 < bytes.count && !isUpper(bytes[index + 1])
                    && isLetter(bytes[index + 1])
                if !isUpper(bytes[index - 1]) || follows { result.append(UInt8(ascii: "_")) }
            }
            result.append(isUpper(byte) ? byte | 0x20 : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func withoutRuns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes where byte != UInt8(ascii: "_") || result.last != byte {
            result.append(byte)
        }
        return result
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte < 0x80
    }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
    }
}
