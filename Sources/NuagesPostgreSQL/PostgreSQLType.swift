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
enum ColumnKind: Sendable, Equatable {
    case bool, bytes, int2, int4, int8, oid, text, float4, float8
    case date, time, timestamp, interval, numeric, uuid, jsonb
    /// An array of a type.
    case array(Oid)
    /// A range of a type.
    case range(Oid)
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
            default:
                Self.elements[type].map { .array($0) } ?? Self.ends[type].map { .range($0) }
                    ?? .other
            }
    }

    /// Whether the server's own form of the type is read here.
    var isKnown: Bool {
        switch self {
        case .other: false
        case .array(let type), .range(let type): ColumnKind(type).isKnown
        default: true
        }
    }

    /// Whether an array of the type is read in the server's own form.
    var isElement: Bool {
        if case .array = self { false } else { isKnown }
    }

    /// The types of arrays, with those of their elements.
    private static let elements: [Oid: Oid] = [
        1000: TypeNumber.bool, 1001: TypeNumber.bytea, 1005: TypeNumber.int2,
        1007: TypeNumber.int4, 1016: TypeNumber.int8, 1009: TypeNumber.text, 1014: 1042,
        1015: 1043, 1003: 19, 1021: TypeNumber.float4, 1022: TypeNumber.float8,
        1115: TypeNumber.timestamp, 1182: TypeNumber.date, 1183: TypeNumber.time,
        1185: TypeNumber.timestampWithZone, 1187: TypeNumber.interval, 1231: TypeNumber.numeric,
        2951: TypeNumber.uuid, 3807: TypeNumber.jsonb, 199: 114, 1028: 26, 1041: 869,
        3905: 3904, 3927: 3926, 3907: 3906, 3911: 3910, 3913: 3912,
    ]

    /// The types of ranges, with those of their ends.
    private static let ends: [Oid: Oid] = [
        3904: TypeNumber.int4, 3926: TypeNumber.int8, 3906: TypeNumber.numeric,
        3908: TypeNumber.timestamp, 3910: TypeNumber.timestampWithZone, 3912: TypeNumber.date,
    ]
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
        self.init(kinds, isBinary: !kinds.isEmpty && kinds.allSatisfy(\.isKnown))
    }

    /// The columns of a result that was asked for as text.
    convenience init(asText result: PostgreSQLResult) {
        self.init(Self.kinds(result), isBinary: false)
    }

    private static func kinds(_ result: PostgreSQLResult) -> [ColumnKind] {
        (0..<max(0, PQnfields(result.pointer))).map { ColumnKind(PQftype(result.pointer, $0)) }
    }
}
