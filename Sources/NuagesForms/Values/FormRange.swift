import NuagesCore

/// A range that a form has cleaned, whose ends may be missing and may belong to it or not.
///
///     @Form
///     struct EventForm {
///         @DateRangeField var days: FormRange<CalendarDate>
///     }
///
/// Django: psycopg's `Range`.
public struct FormRange<Bound: Sendable>: Sendable {
    /// The lower end; nil where there is none.
    public var lower: Bound?
    /// The upper end; nil where there is none.
    public var upper: Bound?
    /// Whether the ends belong to it.
    public var bounds: FormRangeBounds
    /// Whether no value is in it.
    public var isEmpty = false

    /// A range between two ends.
    ///
    /// - Parameters:
    ///   - lower: the lower end; nil for none.
    ///   - upper: the upper end; nil for none.
    ///   - bounds: whether the ends belong to it; one that is missing never does.
    public init(_ lower: Bound?, _ upper: Bound?, bounds: FormRangeBounds = .lowerOnly) {
        self.lower = lower
        self.upper = upper
        self.bounds = bounds.without(lower: lower == nil, upper: upper == nil)
    }

    /// The range without any value.
    public static var empty: Self {
        var range = Self(nil, nil)
        range.isEmpty = true
        return range
    }

    /// The same range with its ends as another type; nil where one of them has no such value.
    func mapped<Other: Sendable>(_ transform: (Bound) -> Other?) -> FormRange<Other>? {
        var other = FormRange<Other>(nil, nil)
        other.bounds = bounds
        other.isEmpty = isEmpty
        if let lower {
            guard let end = transform(lower) else { return nil }
            other.lower = end
        }
        if let upper {
            guard let end = transform(upper) else { return nil }
            other.upper = end
        }
        return other
    }
}

/// Whether the ends of a range belong to it.
public enum FormRangeBounds: String, Sendable, Hashable, CaseIterable {
    /// The lower end does, the upper one does not: `[1,5)`.
    case lowerOnly = "[)"
    /// The upper end does, the lower one does not: `(1,5]`.
    case upperOnly = "(]"
    /// Both do: `[1,5]`.
    case both = "[]"
    /// Neither does: `(1,5)`.
    case neither = "()"

    /// The bounds without those of ends that are missing.
    fileprivate func without(lower: Bool, upper: Bool) -> Self {
        let includesLower = !lower && (self == .lowerOnly || self == .both)
        let includesUpper = !upper && (self == .upperOnly || self == .both)
        return switch (includesLower, includesUpper) {
        case (true, true): .both
        case (true, false): .lowerOnly
        case (false, true): .upperOnly
        case (false, false): .neither
        }
    }
}

extension FormRange where Bound: Comparable {
    /// A range of Swift, without its upper end.
    ///
    /// - Parameter range: the range; `3..<3` is empty.
    public init(_ range: Range<Bound>) {
        self.init(range.lowerBound, range.upperBound)
        if range.isEmpty { self = .empty }
    }

    /// A range of Swift, with both ends.
    ///
    /// - Parameter range: the range.
    public init(_ range: ClosedRange<Bound>) {
        self.init(range.lowerBound, range.upperBound, bounds: .both)
    }
}

extension FormRange: Equatable where Bound: Equatable {}
extension FormRange: Hashable where Bound: Hashable {}

extension FormRange: FormConvertible where Bound: FormConvertible {
    /// A range; nil for any other kind of value and for ends of another kind.
    public init?(formValue: FormValue) {
        guard case .range(let range) = formValue,
            let typed = range.mapped({ Bound(formValue: $0) })
        else { return nil }
        self = typed
    }

    /// The range.
    public var formValue: FormValue {
        mapped { $0.formValue }.map { FormValue.range($0) } ?? .none
    }
}

extension FormRange where Bound == FormValue {
    /// The text that psycopg gives, such as `[1, 5)`.
    var text: String {
        if isEmpty { return "empty" }
        let ends = "\(lower?.text ?? "None"), \(upper?.text ?? "None")"
        return "\(bounds.rawValue.prefix(1))\(ends)\(bounds.rawValue.suffix(1))"
    }

    /// Whether two ranges have the same ends and bounds.
    func equals(_ other: Self) -> Bool {
        if isEmpty || other.isEmpty { return isEmpty == other.isEmpty }
        return bounds == other.bounds
            && (lower ?? .none).equals(other.lower ?? .none)
            && (upper ?? .none).equals(other.upper ?? .none)
    }
}
