import NuagesCore

/// What rows are ordered by: an expression or a name, a direction, and the place of NULLs.
public struct Ordering: Sendable, Hashable {
    /// Where NULLs stand.
    public enum Nulls: Sendable, Hashable {
        /// Before all values.
        case first
        /// Behind all values.
        case last
    }

    enum Term: Sendable, Hashable {
        case expression(ExpressionNode)
        /// A name as `order(by:)` takes it: a relation stands for the order of its model.
        case name(String)
        case random
    }

    var term: Term
    var isDescending: Bool
    var nulls: Nulls?

    init(_ node: ExpressionNode, isDescending: Bool, nulls: Nulls? = nil) {
        term = .expression(node)
        self.isDescending = isDescending
        self.nulls = nulls
    }

    private init(_ term: Term, isDescending: Bool) {
        self.term = term
        self.isDescending = isDescending
    }

    /// An ordering by name, as Django writes it: `"-published"`, `"author__name"`, `"?"`.
    public init(name: String) {
        if name.equalsBytes("?") {
            self = .random
            return
        }
        // Any first "-" turns the direction round; "+" is taken for what people write.
        let isDescending = name.utf8.first == UInt8(ascii: "-")
        let hasSign = isDescending || name.utf8.first == UInt8(ascii: "+")
        let path = hasSign ? String(decoding: name.utf8.dropFirst(), as: UTF8.self) : name
        self.init(.name(path), isDescending: isDescending)
    }

    /// The same ordering with NULLs first or last.
    public func nulls(_ place: Nulls) -> Self {
        var copy = self
        copy.nulls = place
        return copy
    }

    /// A random order.
    public static let random = Ordering(.random, isDescending: false)

    var reversed: Ordering {
        var copy = self
        copy.isDescending.toggle()
        switch nulls {
        case .first: copy.nulls = .last
        case .last: copy.nulls = .first
        case nil: break
        }
        return copy
    }
}

/// What `order` takes: one ordering or several.
public protocol OrderingConvertible {
    /// The orderings, the most important first.
    var orderings: [Ordering] { get }
}

extension Ordering: OrderingConvertible {
    /// Itself alone.
    public var orderings: [Ordering] { [self] }
}

extension [Ordering]: OrderingConvertible {
    /// The orderings as they stand.
    public var orderings: [Ordering] { self }
}
