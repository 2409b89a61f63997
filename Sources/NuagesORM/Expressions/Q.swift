/// A condition on fields by their names: the dynamic form of queries, and what constraints hold.
///
///     Q("choice__votes__gt", 3) && !Q("question_text__startswith", "x")
///
/// Django: `django.db.models.Q`.
public indirect enum Q: Sendable, Hashable {
    /// A field path with a lookup, and what it is compared with.
    case lookup(String, LookupOperand)
    /// All of the conditions; none is always true.
    case all([Q])
    /// Any of the conditions.
    case any([Q])
    /// An odd number of the conditions.
    case oddCount([Q])
    /// Not the condition.
    case not(Q)

    /// A comparison.
    ///
    /// - Parameters:
    ///   - path: the path of a field, with a lookup at its end or `exact` by default.
    ///   - operand: what it is compared with.
    public init(_ path: String, _ operand: LookupOperand) { self = .lookup(path, operand) }

    /// Both conditions.
    ///
    /// A chain is one list, however long it is.
    public static func && (left: Q, right: Q) -> Q {
        func list(_ condition: Q) -> [Q] {
            if case .all(let conditions) = condition, !conditions.isEmpty {
                conditions
            } else {
                [condition]
            }
        }
        return .all(list(left) + list(right))
    }
    /// One of the conditions, or both.
    public static func || (left: Q, right: Q) -> Q {
        func list(_ condition: Q) -> [Q] {
            if case .any(let conditions) = condition, !conditions.isEmpty {
                conditions
            } else {
                [condition]
            }
        }
        return .any(list(left) + list(right))
    }
    /// One of the conditions, and not both.
    public static func ^ (left: Q, right: Q) -> Q { .oddCount([left, right]) }
    /// Not the condition.
    public static prefix func ! (condition: Q) -> Q { .not(condition) }
}

/// What a lookup compares with.
public enum LookupOperand: Sendable, Hashable {
    /// A value.
    case value(SQLValue)
    /// Several values, for `in` and `range`.
    case values([SQLValue])
    /// Another field, by its path (Django's `F`).
    case field(String)

    /// A value of a variable; literals need no call.
    ///
    /// An array is several values, which the lookups of an array field make one again.
    ///
    /// - Parameter value: the value.
    @_disfavoredOverload
    public init(_ value: some FieldValue) { self = .value(value.sqlValue) }

    /// Several values.
    ///
    /// - Parameter values: the values.
    public init(_ values: some Sequence<some FieldValue>) {
        self = .values(values.map(\.sqlValue))
    }
}

extension LookupOperand: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral
{
    /// A whole number.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Int) { self = .value(.int(value)) }
    /// A number.
    ///
    /// - Parameter value: the number.
    public init(floatLiteral value: Double) { self = .value(.double(value)) }
    /// Text.
    ///
    /// - Parameter value: the text.
    public init(stringLiteral value: String) { self = .value(.text(value)) }
    /// A truth value.
    ///
    /// - Parameter value: the truth value.
    public init(booleanLiteral value: Bool) { self = .value(.bool(value)) }
    /// `NULL`.
    ///
    /// - Parameter nilLiteral: nothing.
    public init(nilLiteral: ()) { self = .value(.null) }
    /// Several values; those that are lists or fields do not belong there and are left out.
    ///
    /// - Parameter elements: the values.
    public init(arrayLiteral elements: SQLValueLiteral...) {
        self = .values(elements.map(\.value))
    }
}

/// An element of a list in a lookup.
public struct SQLValueLiteral: Sendable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    let value: SQLValue

    /// A value of a variable.
    ///
    /// - Parameter value: the value.
    public init(_ value: some FieldValue) { self.value = value.sqlValue }
    /// A whole number.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Int) { self.value = .int(value) }
    /// A number.
    ///
    /// - Parameter value: the number.
    public init(floatLiteral value: Double) { self.value = .double(value) }
    /// Text.
    ///
    /// - Parameter value: the text.
    public init(stringLiteral value: String) { self.value = .text(value) }
    /// A truth value.
    ///
    /// - Parameter value: the truth value.
    public init(booleanLiteral value: Bool) { self.value = .bool(value) }
    /// `NULL`.
    ///
    /// - Parameter nilLiteral: nothing.
    public init(nilLiteral: ()) { self.value = .null }
}

/// Lookups that must all hold, in the dynamic form: `["choice__votes__gt": 3]`.
public struct Lookups: Sendable, ExpressibleByDictionaryLiteral {
    /// The condition.
    public let condition: Q

    /// Lookups from a literal.
    ///
    /// - Parameter elements: paths with lookups, and what they compare with.
    public init(dictionaryLiteral elements: (String, LookupOperand)...) { self.init(elements) }

    /// Lookups of a program.
    ///
    /// - Parameter pairs: paths with lookups, and what they compare with.
    public init(_ pairs: [(String, LookupOperand)]) {
        condition = .all(pairs.map { .lookup($0.0, $0.1) })
    }
}

/// A condition in the dynamic form: a ``Q`` or ``Lookups``.
public protocol FilterConvertible: Sendable {
    /// The condition.
    var condition: Q { get }
}

extension Q: FilterConvertible {
    /// Itself.
    public var condition: Q { self }
}

extension Lookups: FilterConvertible {}
