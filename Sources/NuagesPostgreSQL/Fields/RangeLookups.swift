import NuagesCore
import NuagesORM

/// What is done with ranges: their values, lookups and transforms.
///
/// Source: Django's range fields.
enum RangeLookups {
    /// The kinds, with that of their ends.
    private static let kinds: [(FieldType, FieldType)] = [
        (.integerRangeField, .integerField), (.bigIntegerRangeField, .bigIntegerField),
        (.decimalRangeField, .decimalField), (.dateTimeRangeField, .dateTimeField),
        (.dateRangeField, .dateField),
    ]

    static func register() {
        for (kind, end) in kinds {
            FieldKinds.register(behaviour(of: ValueType(end)), for: kind)
        }
        let operators = [
            ("contained_by", "<@"), ("overlap", "&&"), ("fully_lt", "<<"), ("fully_gt", ">>"),
            ("not_lt", "&>"), ("not_gt", "&<"), ("adjacent_to", "-|-"),
        ]
        for (name, sign) in operators {
            CustomLookups.register(
                CustomLookup(name, prepare: whole) { .operation($0.left, sign, try $0.right()) },
                for: .rangeField
            )
        }
        for name in ["exact", "gt", "gte", "lt", "lte"] {
            CustomLookups.register(CustomLookup(name, preparing: whole), for: .rangeField)
        }
        CustomLookups.register(
            CustomLookup("contains", prepare: part, write: contains),
            for: .rangeField
        )
        for type in [FieldType.dateField, .integerField, .floatField, .decimalField] {
            CustomLookups.register(
                CustomLookup("contained_by", prepare: anyRange, write: containedBy),
                for: type
            )
        }
        registerTransforms()
    }

    private static func registerTransforms() {
        for (name, function) in [("startswith", "lower"), ("endswith", "upper")] {
            CustomLookups.register(
                SQLFunction("Range \(name)", arguments: 1, gives: .by { $0.first??.end }) {
                    $0.call(function)
                },
                as: name,
                for: .rangeField
            )
        }
        for name in ["isempty", "lower_inc", "lower_inf", "upper_inc", "upper_inf"] {
            CustomLookups.register(
                SQLFunction("Range \(name)", arguments: 1, gives: .fixed(.boolean)) {
                    $0.call(name)
                },
                as: name,
                for: .rangeField
            )
        }
    }

    // MARK: Values

    private static func behaviour(of end: ValueType) -> FieldBehaviour {
        var behaviour = FieldBehaviour()
        behaviour.parent = .rangeField
        behaviour.convert = { value, type in range(value, type).map { .range($0) } }
        behaviour.read = { column, _ throws(DecodingFailure) in
            guard case .range(let array, let bounds) = column else { throw DecodingFailure() }
            let ends = array.takeUnretainedValue().elements
            guard ends.count == 2 else { return .range(.empty) }
            return .range(
                SQLRange(try end.value(of: ends[0]), try end.value(of: ends[1]), bounds: bounds)
            )
        }
        return behaviour
    }

    /// A range, its two ends, or its document in a fixture, as the column holds it.
    private static func range(_ value: SQLValue, _ type: ValueType) -> SQLRange? {
        guard let end = type.end else { return nil }
        switch value {
        case .range(var range):
            guard let lower = end.stored(range.lower), let upper = end.stored(range.upper) else {
                return nil
            }
            (range.lower, range.upper) = (lower, upper)
            return range
        case .array(let ends):
            guard ends.count == 2 else { return nil }
            return range(.range(SQLRange(ends[0], ends[1], bounds: type.standardBounds)), type)
        case .json(.array(let ends)):
            return range(.array(ends.map { SQLValue(element: $0) }), type)
        case .text(let text):
            guard let document = try? JSONValue(parsing: text) else { return nil }
            return range(.json(document), type)
        case .json(.object(let members)): return range(members, type)
        default: return nil
        }
    }

    private static func range(_ members: [JSONValue.Member], _ type: ValueType) -> SQLRange? {
        func member(_ name: String) -> JSONValue? {
            members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
        }
        if member("empty") == .bool(true) { return .empty }
        var bounds = RangeBounds.lowerOnly
        if let given = member("bounds") {
            guard case .string(let text) = given, let known = RangeBounds(rawValue: text) else {
                return nil
            }
            bounds = known
        }
        return range(
            .range(
                SQLRange(
                    SQLValue(element: member("lower") ?? .null),
                    SQLValue(element: member("upper") ?? .null),
                    bounds: bounds
                )
            ),
            type
        )
    }

    // MARK: Lookups

    @Sendable
    private static func whole(
        _ operand: CustomLookup.Operand,
        _ type: ValueType
    ) throws -> CustomLookup.Operand {
        let value: SQLValue =
            switch operand {
            case .value(let value): value
            case .values(let values): .array(values)
            }
        guard let range = range(value, type) else {
            throw FieldError.invalidValue(field: "range", expected: type.field.rawValue)
        }
        return .value(.range(range))
    }

    /// A range or a value that is in one.
    @Sendable
    private static func part(
        _ operand: CustomLookup.Operand,
        _ type: ValueType
    ) throws -> CustomLookup.Operand {
        switch operand {
        case .values, .value(.range), .value(.array), .value(.json): return try whole(operand, type)
        case .value(let value):
            guard let stored = type.end?.stored(value) else {
                throw FieldError.invalidValue(field: "range", expected: type.field.rawValue)
            }
            return .value(stored)
        }
    }

    @Sendable
    private static func contains(_ call: LookupArguments) throws -> SQL {
        let isRange: Bool =
            if case .range? = call.value { true } else {
                call.operandType?.field == call.type.field
            }
        if isRange { return .operation(call.left, "@>", try call.right()) }
        guard let end = call.type.end else { return .operation(call.left, "@>", try call.right()) }
        return .operation(call.left, "@>", cast(try call.right(as: end), to: end, call))
    }

    /// The range of a number or day, whose type the left-hand side tells.
    @Sendable
    private static func anyRange(
        _ operand: CustomLookup.Operand,
        _ type: ValueType
    ) throws -> CustomLookup.Operand {
        try whole(operand, ValueType(rangeType(of: type)))
    }

    @Sendable
    private static func containedBy(_ call: LookupArguments) throws -> SQL {
        let type = ValueType(rangeType(of: call.type))
        let right = try call.right(as: type)
        let left: SQL =
            switch call.type.field {
            case .floatField: "\(sql: call.left)::numeric"
            case .smallIntegerField, .positiveSmallIntegerField, .smallAutoField:
                "\(sql: call.left)::integer"
            default: call.left
            }
        return .operation(left, "<@", call.isExpression ? cast(right, to: type, call) : right)
    }

    /// The right-hand side with a type; an expression has its parentheses already.
    private static func cast(_ right: SQL, to type: ValueType, _ call: LookupArguments) -> SQL {
        let name = SQL(unsafe: PostgreSQLDialect.name(of: type))
        return call.isExpression
            ? "\(sql: right)::\(sql: name)" : "(\(sql: right))::\(sql: name)"
    }

    private static func rangeType(of type: ValueType) -> FieldType {
        switch type.field {
        case .bigIntegerField, .bigAutoField, .positiveBigIntegerField: .bigIntegerRangeField
        case .floatField, .decimalField: .decimalRangeField
        case .dateField: .dateRangeField
        case .dateTimeField: .dateTimeRangeField
        default: .integerRangeField
        }
    }
}

extension ValueType {
    /// The type of the ends of a range.
    var end: ValueType? {
        switch field {
        case .integerRangeField: .integer
        case .bigIntegerRangeField: ValueType(.bigIntegerField)
        case .decimalRangeField: .decimal()
        case .dateTimeRangeField: .dateTime
        case .dateRangeField: .date
        default: nil
        }
    }

    /// The bounds of ranges of which only the ends are given.
    var standardBounds: RangeBounds {
        guard field == .decimalRangeField || field == .dateTimeRangeField,
            case .text(let bounds)? = options["default_bounds"]
        else { return .lowerOnly }
        return RangeBounds(rawValue: bounds) ?? .lowerOnly
    }
}
