public import NuagesORM

extension QueryExpression where Value.Base: RangeFieldValue {
    /// Whether a value is in the range.
    ///
    ///     .filter { $0.nights.contains(day) }     // "nights" @> $1::date
    ///
    /// - Parameter value: the value.
    /// - Returns: a condition.
    public func contains(_ value: Value.Base.Bound) -> Condition {
        compared(by: .contains, to: value)
    }

    /// Whether a value of the database is in the range.
    ///
    /// - Parameter value: an expression.
    /// - Returns: a condition.
    public func contains<Other: QueryExpression>(_ value: Other) -> Condition
    where Other.Value.Base == Value.Base.Bound {
        compared(by: .contains, to: value)
    }

    /// Whether another range is in the range as a whole.
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func contains(_ range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: .contains, to: range)
    }

    /// Whether the range is in another as a whole.
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func isContained(in range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: .containedBy, to: range)
    }

    /// Whether both ranges have a value in common.
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func overlaps(_ range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: "overlap", to: range)
    }

    /// Whether the range ends before another begins (`fully_lt`).
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func isBefore(_ range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: "fully_lt", to: range)
    }

    /// Whether the range begins after another ends (`fully_gt`).
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func isAfter(_ range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: "fully_gt", to: range)
    }

    /// Whether no value of the range is below all of another (`not_lt`).
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func doesNotStartBefore(_ range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: "not_lt", to: range)
    }

    /// Whether no value of the range is above all of another (`not_gt`).
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func doesNotEndAfter(_ range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: "not_gt", to: range)
    }

    /// Whether one of the ranges ends where the other begins (`adjacent_to`).
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func isAdjacent(to range: PostgreSQLRange<Value.Base.Bound>) -> Condition {
        compared(by: "adjacent_to", to: range)
    }

    /// The lower end; nil where there is none (`startswith`).
    public var lower: ComputedExpression<Value.Base.Bound?> {
        transformed(by: "startswith", as: Value.Base.Bound?.self)
    }

    /// The upper end; nil where there is none (`endswith`).
    public var upper: ComputedExpression<Value.Base.Bound?> {
        transformed(by: "endswith", as: Value.Base.Bound?.self)
    }

    /// Whether no value is in the range (`isempty`).
    public var isEmpty: ComputedExpression<Bool> { transformed(by: "isempty", as: Bool.self) }
    /// Whether the lower end belongs to the range (`lower_inc`).
    public var includesLower: ComputedExpression<Bool> {
        transformed(by: "lower_inc", as: Bool.self)
    }
    /// Whether the range has no lower end (`lower_inf`).
    public var hasNoLower: ComputedExpression<Bool> { transformed(by: "lower_inf", as: Bool.self) }
    /// Whether the upper end belongs to the range (`upper_inc`).
    public var includesUpper: ComputedExpression<Bool> {
        transformed(by: "upper_inc", as: Bool.self)
    }
    /// Whether the range has no upper end (`upper_inf`).
    public var hasNoUpper: ComputedExpression<Bool> { transformed(by: "upper_inf", as: Bool.self) }
}

extension QueryExpression where Value.Base: RangeBound {
    /// Whether the value is in a range.
    ///
    ///     .filter { $0.day.isContained(in: PostgreSQLRange(first, nil)) }
    ///     // "day" <@ $1::daterange
    ///
    /// - Parameter range: the range.
    /// - Returns: a condition.
    public func isContained(in range: PostgreSQLRange<Value.Base>) -> Condition {
        compared(by: .containedBy, to: range)
    }
}

/// An array in a column, for what queries ask of arrays.
public protocol ArrayFieldValue<Element>: FieldValue {
    /// What it is an array of.
    associatedtype Element: FieldValue
}

extension Array: ArrayFieldValue where Element: FieldValue {}

extension QueryExpression where Value.Base: ArrayFieldValue {
    /// Whether all of the values are in the array.
    ///
    ///     .filter { $0.tags.contains(["swift"]) }     // "tags" @> $1::text[]
    ///
    /// - Parameter values: the values.
    /// - Returns: a condition.
    public func contains(_ values: Value.Base) -> Condition { compared(by: .contains, to: values) }

    /// Whether all elements of the array are among the values.
    ///
    /// - Parameter values: the values.
    /// - Returns: a condition.
    public func isContained(in values: Value.Base) -> Condition {
        compared(by: .containedBy, to: values)
    }

    /// Whether one of the values is in the array.
    ///
    /// - Parameter values: the values.
    /// - Returns: a condition.
    public func overlaps(_ values: Value.Base) -> Condition { compared(by: "overlap", to: values) }

    /// The number of elements (`len`).
    public var count: ComputedExpression<Int> { transformed(by: "len", as: Int.self) }

    /// The element at a place, counted from 0; nil beyond the last.
    ///
    /// - Parameter index: the place, not negative.
    public subscript(index: Int) -> ComputedExpression<Value.Base.Element?> {
        transformed(by: "\(index)", as: Value.Base.Element?.self)
    }

    /// The elements at some places, counted from 0.
    ///
    /// - Parameter places: the places, not negative.
    public subscript(places: Range<Int>) -> ComputedExpression<Value.Base> {
        transformed(by: "\(places.lowerBound)_\(places.upperBound)", as: Value.Base.self)
    }
}

extension QueryExpression where Value.Base == String {
    /// The text without accents (`unaccent`, an extension); what it is compared with has none too.
    ///
    ///     .filter { $0.name.unaccented == "Helene" }     // UNACCENT("name") = UNACCENT($1)
    public var unaccented: ComputedExpression<Value> { transformed(by: "unaccent", as: Value.self) }

    /// Whether the text has many groups of three letters in common with another (`pg_trgm`).
    ///
    /// - Parameter text: the other text.
    /// - Returns: a condition.
    public func isSimilar(to text: String) -> Condition {
        compared(by: "trigram_similar", to: text)
    }

    /// Whether a part of the text has many groups of three letters in common with another.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a condition.
    public func hasSimilarWord(to text: String) -> Condition {
        compared(by: "trigram_word_similar", to: text)
    }

    /// Whether whole words of the text have many groups of three letters in common with another.
    ///
    /// - Parameter text: the other text.
    /// - Returns: a condition.
    public func hasStrictlySimilarWord(to text: String) -> Condition {
        compared(by: "trigram_strict_word_similar", to: text)
    }
}
