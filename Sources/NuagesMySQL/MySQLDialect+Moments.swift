import NuagesCore
import NuagesORM

extension MySQLDialect {
    /// The value on the clocks of a zone, which the server knows by the tables of its zones
    /// (`mariadb-tzinfo-to-sql`); fixed offsets need none.
    private func local(_ value: SQL, _ type: ValueType, _ zone: String?) throws -> SQL {
        guard type.field == .dateTimeField, let zone, !zone.utf8.elementsEqual("UTC".utf8) else {
            return value
        }
        let name = SQL(unsafe: quoted(ZoneName.forMariaDB(zone)))
        return "CONVERT_TZ(\(sql: value), '+00:00', \(sql: name))"
    }

    func extract(_ part: String, from value: SQL, type: ValueType, zone: String?) throws -> SQL {
        if type.field == .durationField {
            throw UsageError.invalidValue(
                "MariaDB stores lengths of time as numbers and has no parts of them."
            )
        }
        let source = try local(value, type, zone)
        switch part {
        case "week_day": return "DAYOFWEEK(\(sql: source))"
        case "iso_week_day": return "WEEKDAY(\(sql: source)) + 1"
        case "week": return "WEEK(\(sql: source), 3)"
        case "iso_year": return "YEARWEEK(\(sql: source), 3) DIV 100"
        default:
            guard Self.parts.contains(part) else { throw Self.unknown(part) }
            return "EXTRACT(\(sql: SQL(unsafe: part.uppercased())) FROM \(sql: source))"
        }
    }

    private static let parts: Set = [
        "year", "quarter", "month", "day", "hour", "minute", "second",
    ]

    private static func unknown(_ name: String) -> UsageError {
        let choices = (parts.union(["week_day", "iso_week_day", "week", "iso_year"])).sorted()
            .joined(separator: ", ")
        return .invalidValue("'\(name)' is no part of a date or time. Choices are: \(choices).")
    }

    func day(of value: SQL, type: ValueType, zone: String?) throws -> SQL {
        "DATE(\(sql: try local(value, type, zone)))"
    }

    func time(of value: SQL, type: ValueType, zone: String?) throws -> SQL {
        "TIME(\(sql: try local(value, type, zone)))"
    }

    func truncate(
        _ value: SQL,
        to period: String,
        type: ValueType,
        result: ValueType,
        zone: String?
    ) throws -> SQL {
        guard Self.parts.contains(period) || period == "week" else { throw Self.unknown(period) }
        let source = try local(value, type, zone)
        switch result.field {
        case .timeField: return time(source, to: period)
        case .dateField: return day(source, to: period)
        default:
            if period == "week" || period == "quarter" || period == "day" {
                return "CAST(\(sql: day(source, to: period)) AS DATETIME)"
            }
            guard let format = Self.formats[period] else { throw Self.unknown(period) }
            return formatted(source, format, "DATETIME")
        }
    }

    private static let formats = [
        "year": "%Y-01-01 00:00:00", "month": "%Y-%m-01 00:00:00",
        "hour": "%Y-%m-%d %H:00:00", "minute": "%Y-%m-%d %H:%i:00",
        "second": "%Y-%m-%d %H:%i:%s",
    ]

    private func formatted(_ value: SQL, _ format: String, _ type: String) -> SQL {
        """
        CAST(DATE_FORMAT(\(sql: value), \(sql: SQL(unsafe: quoted(format)))) \
        AS \(sql: SQL(unsafe: type)))
        """
    }

    private func day(_ value: SQL, to period: String) -> SQL {
        switch period {
        case "year": formatted(value, "%Y-01-01", "DATE")
        case "month": formatted(value, "%Y-%m-01", "DATE")
        case "quarter":
            """
            CAST(CONCAT(DATE_FORMAT(\(sql: value), '%Y-'), QUARTER(\(sql: value)) * 3 - 2, '-01') \
            AS DATE)
            """
        case "week": "DATE_SUB(DATE(\(sql: value)), INTERVAL WEEKDAY(\(sql: value)) DAY)"
        default: "DATE(\(sql: value))"
        }
    }

    private func time(_ value: SQL, to period: String) -> SQL {
        switch period {
        case "hour": formatted(value, "%H:00:00", "TIME")
        case "minute": formatted(value, "%H:%i:00", "TIME")
        case "second": formatted(value, "%H:%i:%s", "TIME")
        default: "TIME(\(sql: value))"
        }
    }
}

/// Names of time zones as MariaDB reads them.
enum ZoneName {
    /// The name; of a fixed offset, the offset alone.
    ///
    ///     ZoneName.forMariaDB("UTC+05:30")     // +05:30
    ///     ZoneName.forMariaDB("Europe/Paris")  // Europe/Paris
    static func forMariaDB(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let signs = [UInt8(ascii: "+"), UInt8(ascii: "-")]
        guard let sign = bytes.lastIndex(where: signs.contains) else { return name }
        let offset = bytes[(sign + 1)...]
        let isOffset =
            !offset.isEmpty
            && offset.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ":") }
        // The zones of the folder Etc are names.
        guard isOffset, !name.hasPrefix("Etc/") else { return name }
        let minutes = offset.contains(UInt8(ascii: ":")) ? "" : ":00"
        return String(decoding: bytes[sign...], as: UTF8.self) + minutes
    }
}
