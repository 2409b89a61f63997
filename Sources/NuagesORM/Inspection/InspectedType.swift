import NuagesCore

/// What a column holds, as a property can.
struct InspectedType {
    /// The type of the property.
    var swiftType: String
    /// The kind of the field, where the type does not say it.
    var kind: String?
    /// The greatest length of a text.
    var maxLength: Int?
    /// The digits of a number, and those behind the point.
    var digits: (Int, Int)?
    /// What people should know of it.
    var notes: [String] = []

    /// The types that databases name, without their sizes.
    ///
    /// Source: `data_types_reverse` of Django's backends.
    private static let types: [String: (swiftType: String, kind: String?)] = [
        "bool": ("Bool", nil), "boolean": ("Bool", nil), "tinyint": ("Bool", nil),
        "smallint": ("Int16", nil), "smallinteger": ("Int16", nil),
        "int": ("Int", nil), "integer": ("Int", nil), "mediumint": ("Int", nil),
        "bigint": ("Int64", nil),
        "smallint unsigned": ("Int", "positiveSmallIntegerField"),
        "integer unsigned": ("Int", "positiveIntegerField"),
        "int unsigned": ("Int", "positiveIntegerField"),
        "bigint unsigned": ("Int", "positiveBigIntegerField"),
        "real": ("Double", nil), "float": ("Double", nil), "double": ("Double", nil),
        "double precision": ("Double", nil),
        "decimal": ("Decimal", nil), "numeric": ("Decimal", nil),
        "char": ("String", "charField"), "varchar": ("String", "charField"),
        "character": ("String", "charField"), "bpchar": ("String", "charField"),
        "nvarchar": ("String", "charField"),
        "text": ("String", nil), "longtext": ("String", nil), "mediumtext": ("String", nil),
        "blob": ("[UInt8]", nil), "longblob": ("[UInt8]", nil), "bytea": ("[UInt8]", nil),
        "date": ("CalendarDate", nil), "time": ("TimeOfDay", nil),
        "time without time zone": ("TimeOfDay", nil), "time with time zone": ("TimeOfDay", nil),
        "datetime": ("Date", nil), "timestamp": ("Date", nil),
        "timestamp with time zone": ("Date", nil), "timestamp without time zone": ("Date", nil),
        "interval": ("Duration", nil), "uuid": ("UUID", nil), "jsonb": ("JSONValue", nil),
        "json": ("JSONValue", nil),
        "inet": ("String", "genericIPAddressField"),
    ]

    init(_ column: IntrospectedTable.Column, in table: IntrospectedTable) {
        let (name, sizes) = Self.parts(column.type)
        guard let found = Self.types[name] else {
            swiftType = "String"
            notes = [
                "This type is a guess: the database has '\(LogText.escape(column.type, limit: 100))'."
            ]
            return
        }
        (swiftType, kind) = found
        if kind == "charField" {
            // Texts with a length are the usual kind of a property with one.
            maxLength = sizes.first
            if maxLength != nil { kind = nil }
        }
        if swiftType == "Decimal", sizes.count == 2 { digits = (sizes[0], sizes[1]) }
        if name == "text", Self.isDocument(column, table) { swiftType = "JSONValue" }
    }

    /// The name of a type in lower case, and the numbers behind it: `decimal` and 6, 2.
    static func parts(_ type: String) -> (name: String, sizes: [Int]) {
        let text = type.lowercased().utf8
        guard let open = text.firstIndex(of: UInt8(ascii: "(")),
            let close = text[open...].firstIndex(of: UInt8(ascii: ")"))
        else { return (trimmed(text[...]), []) }
        let sizes = text[text.index(after: open)..<close].split(separator: UInt8(ascii: ","))
            .compactMap { Int(trimmed($0)) }
        let rest = trimmed(text[text.index(after: close)...])
        let name = trimmed(text[..<open])
        return (rest.isEmpty ? name : "\(name) \(rest)", sizes)
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        let start = text.drop { $0 == 0x20 }
        var end = start
        while end.last == 0x20 { end.removeLast() }
        return String(Substring(end))
    }

    /// Whether the table checks that a text is JSON, as Django's tables of SQLite and MariaDB do.
    private static func isDocument(
        _ column: IntrospectedTable.Column,
        _ table: IntrospectedTable
    ) -> Bool {
        let texts = [table.definition] + table.checks.map(\.definition)
        let calls = ["json_valid(\"\(column.name)\")", "json_valid(`\(column.name)`)"]
        return texts.contains { text in
            let text = text.lowercased()
            return calls.contains { text.containsBytes($0.lowercased()) }
        }
    }
}
