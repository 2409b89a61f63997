/// An expression that rows are ordered by, with its direction.
public struct Ordering: Sendable, Hashable {
    /// Where `NULL` comes.
    public enum Nulls: Sendable, Hashable {
        /// Before the values.
        case first
        /// Behind the values.
        case last
    }

    var node: ExpressionNode
    var isDescending: Bool
    var nulls: Nulls?

    init(_ node: ExpressionNode, isDescending: Bool, nulls: Nulls? = nil) {
        self.node = node
        self.isDescending = isDescending
        self.nulls = nulls
    }

    /// The same order with `NULL` at one end.
    ///
    /// - Parameter place: where `NULL` comes.
    /// - Returns: an ordering.
    public func nulls(_ place: Nulls) -> Self {
        Ordering(node, isDescending: isDescending, nulls: place)
    }

    /// A random order.
    public static let random = Ordering(.function("RANDOM", []), isDescending: false)

    var reversed: Ordering {
        let nulls: Nulls? =
            switch self.nulls {
            case .first: .last
            case .last: .first
            case nil: nil
            }
        return Ordering(node, isDescending: !isDescending, nulls: nulls)
    }
}

/// An order, or several.
public protocol OrderingConvertible {
    /// The orders, the first one first.
    var orderings: [Ordering] { get }
}

extension Ordering: OrderingConvertible {
    /// The order alone.
    public var orderings: [Ordering] { [self] }
}

extension [Ordering]: OrderingConvertible {
    /// The orders.
    public var orderings: [Ordering] { self }
}
