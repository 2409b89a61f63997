import NuagesCore
import NuagesORM

/// What is done with arrays: their values, lookups and transforms.
///
/// Source: Django's `ArrayField`.
enum ArrayLookups {
    static func register() {
        FieldKinds.register(behaviour, for: .arrayField)
        for (name, sign) in [("contains", "@>"), ("contained_by", "<@"), ("overlap", "&&")] {
            CustomLookups.register(
                CustomLookup(name, prepare: whole) { call in
                    let right = try call.right()
                    return .operation(call.left, sign, call.isQuery ? "ARRAY\(sql: right)" : right)
                },
                for: .arrayField
            )
        }
        for name in ["exact", "gt", "gte", "lt", "lte"] {
            CustomLookups.register(CustomLookup(name, preparing: whole), for: .arrayField)
        }
        CustomLookups.register(length, as: "len", for: .arrayField)
    }

    /// Several values are one array.
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
        guard let stored = type.stored(value) else {
            throw FieldError.invalidValue(field: "array", expected: type.field.rawValue)
        }
        return .value(stored)
    }

    // MARK: Transforms

    /// The number of elements; NULL has none, an empty array 0.
    private static let length = SQLFunction("ArrayLength", arguments: 1, gives: .fixed(.integer)) {
        let array = $0.arguments[0]
        return """
            CASE WHEN \(sql: array) IS NULL THEN NULL \
            ELSE coalesce(array_length(\(sql: array), 1), 0) END
            """
    }

    /// The element at a place, counted from 1.
    private static let element = SQLFunction(
        "ArrayElement",
        arguments: 1,
        gives: .by { $0.first??.base }
    ) { call in
        let array = call.arguments[0]
        let text: SQL = array.endsWithBracket ? array : "(\(sql: array))"
        return "\(sql: text)[\(sql: SQL(unsafe: String(call.int("index") ?? 1)))]"
    }

    /// The elements from a place to another.
    private static let slice = SQLFunction("ArraySlice", arguments: 1, gives: .first) { call in
        let (start, end) = (call.int("start") ?? 1, call.int("end"))
        let places = SQL(unsafe: "\(start):\(end.map(String.init) ?? "")")
        return "(\(sql: call.arguments[0]))[\(sql: places)]"
    }

    /// `0` is the first element, `0_2` the first two.
    @Sendable
    private static func transform(_ name: String, _ type: ValueType) -> SQLFunction? {
        let parts = name.utf8.split(
            separator: UInt8(ascii: "_"),
            omittingEmptySubsequences: false
        ).map { place(Array($0)) }
        switch parts.count {
        case 1:
            guard let index = parts[0] else { return nil }
            return element.preset(["index": .int(index + 1)])
        case 2:
            guard let start = parts[0], let end = parts[1] else { return nil }
            return slice.preset(["start": .int(start + 1), "end": .int(end)])
        default: return nil
        }
    }

    /// A place in ASCII digits; PostgreSQL counts them with 32 bits.
    private static func place(_ digits: [UInt8]) -> Int? {
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return digits.reduce(0) { 10 * $0 + Int($1 - 0x30) }
    }

    // MARK: Values

    private static let behaviour: FieldBehaviour = {
        var behaviour = FieldBehaviour()
        behaviour.convert = convert
        behaviour.read = { column, type throws(DecodingFailure) in try read(column, type) }
        behaviour.clean = { value, cleaner throws(ValidationError) in try clean(value, cleaner) }
        behaviour.transform = transform
        return behaviour
    }()

    /// The elements as the column holds them; text and documents are JSON, as fixtures write it.
    @Sendable
    private static func convert(_ value: SQLValue, _ type: ValueType) -> SQLValue? {
        switch value {
        case .array(let elements): return converted(elements, type)
        case .json(.array(let elements)):
            return converted(elements.map { SQLValue(element: $0) }, type)
        case .text(let text):
            guard case .array(let elements)? = try? JSONValue(parsing: text) else { return nil }
            return converted(elements.map { SQLValue(element: $0) }, type)
        default: return nil
        }
    }

    private static func converted(_ elements: [SQLValue], _ type: ValueType) -> SQLValue? {
        guard let base = type.base else { return .array(elements) }
        var result: [SQLValue] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            guard let stored = base.stored(element) else { return nil }
            result.append(stored)
        }
        return .array(result)
    }

    private static func read(
        _ column: ColumnValue,
        _ type: ValueType
    ) throws(DecodingFailure) -> SQLValue {
        guard case .array(let array) = column, let base = type.base else { return column.sqlValue }
        let elements = array.takeUnretainedValue().elements
        var values: [SQLValue] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            // An array of arrays has as many dimensions as its value, whatever was declared.
            if case .array = element, base.field != .arrayField {
                values.append(element.sqlValue)
            } else {
                values.append(try base.value(of: element))
            }
        }
        return .array(values)
    }

    /// Checks the size and each element.
    private static func clean(
        _ value: SQLValue,
        _ cleaner: FieldCleaner
    ) throws(ValidationError) -> SQLValue {
        guard case .array(let elements) = value, let base = cleaner.field.baseField else {
            return value
        }
        var items: [ValidationError.Item] = []
        var cleaned: [SQLValue] = []
        for (index, element) in elements.enumerated() {
            do throws(ValidationError) {
                cleaned.append(try cleaner.clean(element, as: base))
            } catch {
                items += error.items.map { prefixed($0, index + 1) }
            }
        }
        let lengths = Set(
            elements.map { if case .array(let inner) = $0 { inner.count } else { 0 } }
        )
        if base.type == .arrayField, lengths.count > 1 {
            items +=
                ValidationError(
                    "Nested arrays must have the same length.",
                    code: "nested_array_mismatch"
                ).items
        }
        if case .int(let size)? = cleaner.field.customOptions["size"] {
            items += PostgreSQLValidators.problems(ofLength: elements.count, atMost: size)
        }
        guard items.isEmpty else { throw ValidationError(items) }
        return .array(cleaned)
    }

    /// The problem of an element, with its place in front.
    private static func prefixed(
        _ item: ValidationError.Item,
        _ place: Int
    ) -> ValidationError.Item {
        ValidationError(
            ErrorMessage("Item %(nth)s in the array did not validate: %(problem)s"),
            code: "item_invalid",
            parameters: [
                ErrorParameter("nth", String(place)), ErrorParameter("problem", item.text),
            ]
        ).items[0]
    }
}

extension SQLValue {
    /// A part of a JSON document as a value.
    init(element: JSONValue) {
        switch element {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .string(let text): self = .text(text)
        case .array, .object: self = .json(element)
        }
    }
}
