/// Whether the ends of a range belong to it.
public enum RangeBounds: String, Sendable, Hashable, CaseIterable {
    /// The lower end does, the upper one does not: `[1,5)`.
    case lowerOnly = "[)"
    /// The upper end does, the lower one does not: `(1,5]`.
    case upperOnly = "(]"
    /// Both do: `[1,5]`.
    case both = "[]"
    /// Neither does: `(1,5)`.
    case neither = "()"

    /// The bounds of a range by its ends.
    ///
    /// - Parameters:
    ///   - includesLower: whether the lower end belongs to it.
    ///   - includesUpper: whether the upper end belongs to it.
    public init(includesLower: Bool, includesUpper: Bool) {
        self =
            switch (includesLower, includesUpper) {
            case (true, true): .both
            case (true, false): .lowerOnly
            case (false, true): .upperOnly
            case (false, false): .neither
            }
    }

    /// Whether the lower end belongs to the range.
    public var includesLower: Bool { self == .lowerOnly || self == .both }
    /// Whether the upper end belongs to the range.
    public var includesUpper: Bool { self == .upperOnly || self == .both }
}

/// A range as a database holds it: two ends, each of which may be missing.
///
///     SQLRange(.int(1), .int(5))                      // [1,5)
///     SQLRange(.null, .int(5), bounds: .neither)      // (,5)
///     SQLRange.empty                                  // no value at all
public struct SQLRange: Sendable, Hashable, CustomStringConvertible {
    /// The lower end; `.null` where there is none.
    public var lower: SQLValue
    /// The upper end; `.null` where there is none.
    public var upper: SQLValue
    /// Whether the ends belong to it.
    public var bounds: RangeBounds
    /// Whether no value is in it.
    public var isEmpty: Bool

    /// A range between two ends.
    ///
    /// - Parameters:
    ///   - lower: the lower end; `.null` for none.
    ///   - upper: the upper end; `.null` for none.
    ///   - bounds: whether the ends belong to it.
    public init(_ lower: SQLValue, _ upper: SQLValue, bounds: RangeBounds = .lowerOnly) {
        self.lower = lower
        self.upper = upper
        self.bounds = bounds
        isEmpty = false
    }

    /// `[1,5)`, or `empty`; text and moments as they are.
    public var description: String {
        if isEmpty { return "empty" }
        let ends = [lower, upper].map { $0.asText ?? "" }
        let (first, last) = (bounds.rawValue.prefix(1), bounds.rawValue.suffix(1))
        return "\(first)\(ends[0]),\(ends[1])\(last)"
    }

    /// The range without any value.
    public static let empty: Self = {
        var range = Self(.null, .null)
        range.isEmpty = true
        return range
    }()
}
