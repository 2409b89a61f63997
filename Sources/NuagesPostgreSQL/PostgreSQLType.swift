import CLibPQ

/// The numbers that PostgreSQL's own types have in its catalogue.
enum TypeNumber {
    static let unknown: Oid = 0
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let date: Oid = 1082
    static let time: Oid = 1083
    static let timestamp: Oid = 1114
    static let timestampWithZone: Oid = 1184
    static let interval: Oid = 1186
    static let numeric: Oid = 1700
    static let uuid: Oid = 2950
    static let jsonb: Oid = 3802
}

/// How the columns of a result are read.
enum ColumnKind: Sendable {
    case bool, bytes, int2, int4, int8, oid, text, float4, float8
    case date, time, timestamp, interval, numeric, uuid, jsonb
    /// A type that is only read as text.
    case other

    init(_ type: Oid) {
        self =
            switch type {
            case TypeNumber.bool: .bool
            case TypeNumber.bytea: .bytes
            case TypeNumber.int8: .int8
            case TypeNumber.int2: .int2
            case TypeNumber.int4: .int4
            case TypeNumber.float4: .float4
            case TypeNumber.float8: .float8
            case TypeNumber.date: .date
            case TypeNumber.time: .time
            case TypeNumber.timestamp, TypeNumber.timestampWithZone: .timestamp
            case TypeNumber.interval: .interval
            case TypeNumber.numeric: .numeric
            case TypeNumber.uuid: .uuid
            case TypeNumber.jsonb: .jsonb
            // "char", name, text, json, xml, unknown, bpchar, varchar: their bytes are the text.
            case 18, 19, TypeNumber.text, 114, 142, 705, 1042, 1043: .text
            case 26: .oid
            default: .other
            }
    }
}

/// The columns of a statement's rows, and the form in which they are asked for.
final class ColumnKinds: Sendable {
    let kinds: [ColumnKind]
    /// Whether the server sends its own form rather than text: it does where all are known here.
    let isBinary: Bool

    private init(_ kinds: [ColumnKind], isBinary: Bool) {
        self.kinds = kinds
        self.isBinary = isBinary
    }

    /// The columns that a description tells of.
    convenience init(_ result: PostgreSQLResult) {
        let kinds = Self.kinds(result)
        self.init(kinds, isBinary: !kinds.isEmpty && kinds.allSatisfy { $0 != .other })
    }

    /// The columns of a result that was asked for as text.
    convenience init(asText result: PostgreSQLResult) {
        self.init(Self.kinds(result), isBinary: false)
    }

    private static func kinds(_ result: PostgreSQLResult) -> [ColumnKind] {
        (0..<max(0, PQnfields(result.pointer))).map { ColumnKind(PQftype(result.pointer, $0)) }
    }
}
