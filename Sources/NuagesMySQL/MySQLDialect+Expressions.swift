import NuagesCore
import NuagesORM

extension MySQLDialect {
    func cast(_ value: SQL, to type: ValueType) -> SQL {
        switch type.field {
        case .jsonField: return "JSON_EXTRACT(\(sql: value), '$')"
        case .decimalField:
            let digits = type.maxDigits ?? Self.maxDigits
            let places = type.decimalPlaces ?? Self.maxPlaces
            return "CAST(\(sql: value) AS decimal(\(sql: SQL(unsafe: "\(digits), \(places)"))))"
        default:
            let name =
                MySQLTypes.casts[type.field] ?? type.maxLength.map { "char(\($0))" } ?? "char"
            return "CAST(\(sql: value) AS \(sql: SQL(unsafe: name)))"
        }
    }

    /// The digits of a decimal that says nothing of them: as many as there can be.
    private static let maxDigits = 65
    private static let maxPlaces = 30

    /// Lengths of time are whole microseconds, also where sums and means made them something else.
    func selected(_ value: SQL, _ type: ValueType?) -> SQL {
        guard type?.field == .durationField else { return value }
        if case .identifier? = value.fragments.first { return value }
        return "CAST(\(sql: value) AS signed)"
    }

    func combine(_ operation: ArithmeticOperator, _ left: SQL, _ right: SQL) -> SQL {
        switch operation {
        case .power: "POW(\(sql: left), \(sql: right))"
        case .bitXor: "CONVERT(\(sql: left) ^ \(sql: right), signed)"
        case .bitAnd, .bitOr, .shiftLeft:
            """
            CONVERT(\(sql: left) \(sql: SQL(unsafe: operation.rawValue)) \(sql: right), signed)
            """
        case .shiftRight: "FLOOR(\(sql: left) / POW(2, \(sql: right)))"
        case .add, .subtract, .multiply, .divide, .remainder:
            "\(sql: left) \(sql: SQL(unsafe: operation.rawValue)) \(sql: right)"
        }
    }

    func combineDuration(
        _ operation: ArithmeticOperator,
        _ left: SQL,
        _ right: SQL,
        types: (ValueType?, ValueType?)
    ) throws -> SQL {
        func isMoment(_ type: ValueType?) -> Bool {
            [.dateField, .dateTimeField, .timeField].contains(type?.field)
        }
        func length(_ text: SQL) -> SQL { "INTERVAL \(sql: text) MICROSECOND" }
        guard isMoment(types.0) || isMoment(types.1) else {
            return combine(operation, left, right)
        }
        guard operation == .add || operation == .subtract else {
            throw DatabaseError.operational(
                "'\(operation.rawValue)' cannot stand between a moment and a length of time.",
                statement: nil
            )
        }
        return combine(
            operation,
            isMoment(types.0) ? left : length(left),
            isMoment(types.1) ? right : length(right)
        )
    }

    func subtractMoments(_ left: SQL, _ right: SQL, type: ValueType) -> SQL {
        type.field == .timeField
            ? """
            CAST((TIME_TO_SEC(\(sql: left)) - TIME_TO_SEC(\(sql: right))) * 1000000 AS signed)
            """
            : "TIMESTAMPDIFF(MICROSECOND, \(sql: right), \(sql: left))"
    }

    func aggregate(
        _ function: AggregateFunction,
        _ text: AggregateText,
        _ type: ValueType?
    ) throws -> SQL {
        var text = text
        if function == .average, type?.field == .floatField, let value = text.arguments.first {
            // The mean of whole numbers would be a decimal with four places.
            text.arguments[0] = "\(sql: value) + 0e0"
        }
        guard function == .stringAgg else { return text.call(function.sqlName) }
        // What stands between the texts can only be a literal.
        guard let delimiter = text.arguments.popLast(),
            case .binding(.text(let mark))? = delimiter.fragments.first,
            delimiter.fragments.count == 1
        else {
            throw DatabaseError.notSupported("The delimiter of StringAgg is plain text in MariaDB.")
        }
        text.ordering.append(SQL(unsafe: " SEPARATOR \(quoted(mark))"))
        return text.call("GROUP_CONCAT")
    }

    var random: SQL { "RAND()" }

    func limits(from start: Int, to end: Int?) -> SQL {
        if end == nil, start == 0 { return SQL() }
        // There is no offset without a limit.
        let count = end.map { String($0 - start) } ?? "18446744073709551615"
        return SQL(unsafe: start > 0 ? " LIMIT \(count) OFFSET \(start)" : " LIMIT \(count)")
    }

    func lock(_ lock: RowLock, tables: [String]) throws -> SQL {
        if lock.allowsReferences {
            throw DatabaseError.notSupported("MariaDB has no FOR NO KEY UPDATE.")
        }
        if !tables.isEmpty {
            throw DatabaseError.notSupported("MariaDB has no FOR UPDATE OF.")
        }
        switch lock.waiting {
        case .waits: return "FOR UPDATE"
        case .fails: return "FOR UPDATE NOWAIT"
        case .skipsLocked: return "FOR UPDATE SKIP LOCKED"
        }
    }

    // MARK: Plans

    func explanationPrefix(_ explanation: Explanation) throws -> SQL {
        var verb = "EXPLAIN"
        for (name, value) in explanation.options.sorted(by: { $0.key < $1.key }) {
            guard name.lowercased() == "analyze" else {
                throw UsageError.invalidValue(
                    "'\(name)' is no option of EXPLAIN in MariaDB. The only choice is: analyze."
                )
            }
            if !["", "0", "false", "off", "no", "none"].contains(value.lowercased()) {
                verb = "ANALYZE"
            }
        }
        guard let format = explanation.format else { return SQL(unsafe: verb) }
        guard let name = Self.explainFormats[format.uppercased()] else {
            throw UsageError.invalidValue(
                """
                '\(format)' is no format of EXPLAIN. \
                Choices are: \(Self.explainFormats.keys.sorted().joined(separator: ", ")).
                """
            )
        }
        return SQL(unsafe: "\(verb) FORMAT=\(name)")
    }

    private static let explainFormats = [
        "JSON": "JSON", "TEXT": "TRADITIONAL", "TRADITIONAL": "TRADITIONAL",
    ]
}
