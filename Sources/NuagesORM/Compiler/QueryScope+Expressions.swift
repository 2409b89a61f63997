extension QueryScope {
    /// An expression in SQL, with what lookups need to know of it.
    struct Resolved {
        var sql: SQL
        var type: FieldType?
        var isNullable = false
        var isColumn = false

        init(
            _ sql: SQL,
            type: FieldType? = nil,
            isNullable: Bool = false,
            isColumn: Bool = false
        ) {
            self.sql = sql
            self.type = type
            self.isNullable = isNullable
            self.isColumn = isColumn
        }
    }

    /// What a lookup compares with.
    enum Operand {
        case value(SQLValue)
        case values([Resolved], hasNull: Bool)
        case expression(Resolved)

        var isNull: Bool {
            if case .value(.null) = self { true } else { false }
        }

        /// Whether it asks for `NULL`, as the operand of `isnull`.
        var isTrueOrNull: Bool {
            switch self {
            case .value(.null), .value(.bool(true)): true
            default: false
            }
        }
    }

    /// What a lookup compares with, in SQL.
    mutating func operand(_ node: ExpressionNode, reuse: Set<Int>?) throws(FieldError) -> Operand {
        switch node {
        case .value(let value): return .value(value)
        case .values(let nodes):
            var values: [Resolved] = []
            var hasNull = false
            for node in nodes {
                if case .value(.null) = node {
                    hasNull = true
                } else {
                    values.append(try resolve(node, reuse: reuse))
                }
            }
            return .values(values, hasNull: hasNull)
        default: return .expression(try resolve(node, reuse: reuse))
        }
    }

    /// The expression in SQL.
    mutating func resolve(_ node: ExpressionNode, reuse: Set<Int>?) throws(FieldError) -> Resolved {
        switch node {
        case .field(let path, let name):
            let column = try column(path, name, reuse: reuse)
            return Resolved(
                column.sql,
                type: column.field.schema.type,
                isNullable: column.field.schema.isNullable,
                isColumn: true
            )
        case .value(let value): return Resolved("\(value)")
        case .transform(let transform, let inner):
            return try apply(transform, to: try resolve(inner, reuse: reuse))
        case .truncation(let truncation, let inner):
            let value = try resolve(inner, reuse: reuse)
            return Resolved(
                dialect.truncate(value.sql, truncation),
                type: value.type,
                isNullable: value.isNullable
            )
        case .arithmetic(let operation, let left, let right):
            let leftValue = try resolve(left, reuse: reuse)
            let rightValue = try resolve(right, reuse: reuse)
            let sign = operation == .remainder ? "%" : operation.rawValue
            return Resolved(
                "(\(sql: leftValue.sql) \(sql: SQL(unsafe: sign)) \(sql: rightValue.sql))",
                type: leftValue.type ?? rightValue.type
            )
        case .function(let name, let arguments):
            var parts: [SQL] = []
            for argument in arguments { parts.append(try resolve(argument, reuse: reuse).sql) }
            return Resolved("\(sql: SQL(unsafe: name))(\(sql: SQL.joined(parts)))")
        case .aggregate(let aggregate): return try resolve(aggregate, reuse: reuse)
        case .query(let query):
            return Resolved(
                "(\(sql: try SelectCompiler(query, dialect: dialect, depth: depth + 1).subquery))"
            )
        case .invalid(let error): throw error
        case .lookup, .all, .any, .oddCount, .not, .values:
            var mutableReuse = reuse ?? Set(joins.indices)
            let part = try build(node, Position(), &mutableReuse)
            return Resolved(part.node.expression, type: .booleanField)
        }
    }

    private mutating func resolve(
        _ aggregate: Aggregate,
        reuse: Set<Int>?
    ) throws(FieldError) -> Resolved {
        guard aggregate.argument?.containsAggregate != true else {
            throw .invalidQuery("An aggregate cannot be made of another one.")
        }
        var argument: SQL = "*"
        var type: FieldType?
        if let node = aggregate.argument {
            let value = try resolve(node, reuse: reuse)
            argument = value.sql
            type = value.type
        }
        if aggregate.isDistinct { argument = "DISTINCT \(sql: argument)" }
        let sql: SQL = "\(sql: SQL(unsafe: aggregate.kind.rawValue))(\(sql: argument))"
        switch aggregate.kind {
        case .count: type = .integerField
        case .average: type = .floatField
        case .sum, .minimum, .maximum: break
        }
        return Resolved(sql, type: type, isNullable: aggregate.kind != .count)
    }

    /// A part of a value.
    func apply(_ transform: Transform, to value: Resolved) throws(FieldError) -> Resolved {
        switch transform {
        case .lower: return Resolved("LOWER(\(sql: value.sql))", type: value.type)
        case .upper: return Resolved("UPPER(\(sql: value.sql))", type: value.type)
        case .length: return Resolved("LENGTH(\(sql: value.sql))", type: .integerField)
        case .date:
            return Resolved(dialect.extract(.date, from: value.sql), type: .dateField)
        case .year, .month, .day, .weekDay, .hour, .minute, .second:
            if let type = value.type, !type.isTemporal {
                throw .unknownLookup(
                    name: transform.rawValue,
                    field: type.rawValue,
                    choices: Lookup.allCases.map(\.rawValue)
                )
            }
            return Resolved(
                dialect.extract(transform, from: value.sql),
                type: .integerField,
                isNullable: value.isNullable
            )
        }
    }
}

extension FieldType {
    /// Whether values are dates or times.
    var isTemporal: Bool { self == .dateTimeField || self == .dateField || self == .timeField }
}
