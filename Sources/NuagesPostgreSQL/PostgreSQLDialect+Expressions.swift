import NuagesCore
import NuagesORM

extension PostgreSQLDialect {
    func cast(_ value: SQL, to type: ValueType) -> SQL {
        "(\(sql: value))::\(sql: SQL(unsafe: Self.name(of: type)))"
    }

    /// The type of a column that holds such values.
    static func name(of type: ValueType) -> String {
        switch type.field {
        case .charField, .emailField, .urlField, .slugField, .fileField, .imageField,
            .filePathField:
            return type.maxLength.map { "varchar(\($0))" } ?? "varchar"
        case .decimalField:
            guard let digits = type.maxDigits, let places = type.decimalPlaces else {
                return "numeric"
            }
            return "numeric(\(digits), \(places))"
        default: return PostgreSQLTypes.plain[type.field] ?? ownName(of: type) ?? "text"
        }
    }

    /// The type of a column of a kind that the ORM leaves to its driver or its site.
    static func ownName(of type: ValueType) -> String? {
        if type.family != .other { return nil }
        if let name = type.columnTypes["postgresql"] { return name }
        if type.field == .arrayField, let base = type.base {
            let size: String =
                if case .int(let size)? = type.options["size"] { "\(size)" } else { "" }
            return "\(name(of: base))[\(size)]"
        }
        return PostgreSQLTypes.own[type.field]
    }

    func unify(_ value: SQL, _ type: ValueType) -> SQL {
        switch type.field {
        case .genericIPAddressField, .timeField, .uuidField:
            "CAST(\(sql: value) AS \(sql: SQL(unsafe: Self.name(of: type))))"
        default: Self.ownName(of: type).map { "(\(sql: value))::\(sql: SQL(unsafe: $0))" } ?? value
        }
    }

    func combineDuration(
        _ operation: ArithmeticOperator,
        _ left: SQL,
        _ right: SQL,
        types: (ValueType?, ValueType?)
    ) throws -> SQL { combine(operation, left, right) }

    func subtractMoments(_ left: SQL, _ right: SQL, type: ValueType) -> SQL {
        type.field == .dateField
            ? "(interval '1 day' * (\(sql: left) - \(sql: right)))"
            : "(\(sql: left) - \(sql: right))"
    }

    // MARK: Moments

    /// The value on the clocks of a zone.
    private func local(_ value: SQL, _ zone: String?) throws -> SQL {
        guard let zone else { return value }
        let name = try quoted(ZoneName.forPostgreSQL(zone))
        return "\(sql: value) AT TIME ZONE \(sql: SQL(unsafe: name))"
    }

    func extract(_ part: String, from value: SQL, type: ValueType, zone: String?) throws -> SQL {
        let source = try local(value, type.field == .dateTimeField ? zone : nil)
        switch part {
        case "week_day": return "EXTRACT(DOW FROM \(sql: source)) + 1"
        case "iso_week_day": return "EXTRACT(ISODOW FROM \(sql: source))"
        case "iso_year": return "EXTRACT(ISOYEAR FROM \(sql: source))"
        // Without the part behind the point.
        case "second" where type.field != .dateField:
            return "EXTRACT(SECOND FROM DATE_TRUNC('second', \(sql: source)))"
        default:
            guard let name = Self.parts[part] else { throw Self.unknown(part) }
            return "EXTRACT(\(sql: SQL(unsafe: name)) FROM \(sql: source))"
        }
    }

    private static let parts = [
        "year": "YEAR", "quarter": "QUARTER", "month": "MONTH", "week": "WEEK", "day": "DAY",
        "hour": "HOUR", "minute": "MINUTE", "second": "SECOND",
    ]

    private static func unknown(_ name: String) -> UsageError {
        let choices = parts.keys.sorted().joined(separator: ", ")
        return .invalidValue("'\(name)' is no part of a date or time. Choices are: \(choices).")
    }

    func day(of value: SQL, type: ValueType, zone: String?) throws -> SQL {
        "(\(sql: try local(value, type.field == .dateTimeField ? zone : nil)))::date"
    }

    func time(of value: SQL, type: ValueType, zone: String?) throws -> SQL {
        "(\(sql: try local(value, type.field == .dateTimeField ? zone : nil)))::time"
    }

    func truncate(
        _ value: SQL,
        to period: String,
        type: ValueType,
        result: ValueType,
        zone: String?
    ) throws -> SQL {
        guard Self.parts[period] != nil else { throw Self.unknown(period) }
        let source = try local(value, type.field == .dateTimeField ? zone : nil)
        let text: SQL = "DATE_TRUNC('\(sql: SQL(unsafe: period))', \(sql: source))"
        return result.field == .timeField ? "\(sql: text)::time" : text
    }

    // MARK: Plans

    func explanationPrefix(_ explanation: Explanation) throws -> SQL {
        var parts: [String] = []
        for (name, value) in explanation.options.sorted(by: { $0.key < $1.key }) {
            let option = name.uppercased()
            if option == "SERIALIZE", ["TEXT", "BINARY"].contains(value.uppercased()) {
                parts.append("SERIALIZE \(value.uppercased())")
            } else if Self.explainOptions.contains(option) {
                parts.append("\(option) \(Self.isTrue(value) ? "true" : "false")")
            } else {
                let choices = Self.explainOptions.sorted().joined(separator: ", ")
                throw UsageError.invalidValue(
                    "'\(name)' is no option of EXPLAIN. Choices are: \(choices)."
                )
            }
        }
        if let format = explanation.format {
            guard Self.explainFormats.contains(format.uppercased()) else {
                throw UsageError.invalidValue(
                    """
                    '\(format)' is no format of EXPLAIN. \
                    Choices are: \(Self.explainFormats.joined(separator: ", ")).
                    """
                )
            }
            parts.append("FORMAT \(format.uppercased())")
        }
        if parts.isEmpty { return "EXPLAIN" }
        return "EXPLAIN (\(sql: SQL(unsafe: parts.joined(separator: ", "))))"
    }

    private static let explainFormats = ["JSON", "TEXT", "XML", "YAML"]
    private static let explainOptions: Set = [
        "ANALYZE", "BUFFERS", "COSTS", "GENERIC_PLAN", "MEMORY", "SETTINGS", "SERIALIZE",
        "SUMMARY", "TIMING", "VERBOSE", "WAL",
    ]

    private static func isTrue(_ value: String) -> Bool {
        !["", "0", "false", "off", "no", "none"].contains(value.lowercased())
    }
}

/// Names of time zones as PostgreSQL reads them.
enum ZoneName {
    /// The name, with the sign of a fixed offset turned round: POSIX counts it westwards.
    ///
    ///     ZoneName.forPostgreSQL("UTC+05:30")     // UTC-05:30
    ///     ZoneName.forPostgreSQL("Europe/Paris")  // Europe/Paris
    static func forPostgreSQL(_ name: String) -> String {
        var bytes = Array(name.utf8)
        let signs = [UInt8(ascii: "+"), UInt8(ascii: "-")]
        guard let sign = bytes.lastIndex(where: signs.contains) else { return name }
        let offset = bytes[(sign + 1)...]
        let isOffset =
            !offset.isEmpty
            && offset.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ":") }
        // The zones of the folder Etc are counted westwards already.
        guard isOffset, !name.hasPrefix("Etc/") else { return name }
        bytes[sign] = bytes[sign] == signs[0] ? signs[1] : signs[0]
        if !offset.contains(UInt8(ascii: ":")) { bytes += ":00".utf8 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
