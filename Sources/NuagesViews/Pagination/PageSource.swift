public import NuagesORM

/// What a ``Paginator`` divides into pages: an array, a query set, or a type of your own.
public protocol PageSource: Sendable {
    /// What stands on the pages.
    associatedtype Element: Sendable

    /// How many there are.
    ///
    /// - Returns: the number.
    /// - Throws: what counting throws.
    func pageElementCount() async throws -> Int

    /// The elements of one page.
    ///
    /// - Parameter range: their positions, from 0; within the count.
    /// - Returns: the elements in order.
    /// - Throws: what fetching throws.
    func pageElements(_ range: Range<Int>) async throws -> [Element]

    /// Whether two pages never show the same element; false is worth a warning.
    var hasPageOrder: Bool { get }
}

extension PageSource {
    /// True.
    public var hasPageOrder: Bool { true }
}

/// The elements of an array, for a ``Paginator``.
public struct ArrayPages<Element: Sendable>: PageSource {
    /// The elements.
    public let elements: [Element]

    /// The number of elements.
    ///
    /// - Returns: the number.
    public func pageElementCount() -> Int { elements.count }

    /// The elements of one page.
    ///
    /// - Parameter range: their positions.
    /// - Returns: the elements that there are.
    public func pageElements(_ range: Range<Int>) -> [Element] {
        Array(elements[range.clamped(to: elements.indices)])
    }
}

extension QuerySet: PageSource {
    /// The number of rows.
    ///
    ///     // SELECT COUNT(*) AS "__count" FROM "polls_question"
    ///
    /// - Returns: the number.
    /// - Throws: `FieldError`, `DatabaseError`.
    public func pageElementCount() async throws -> Int { try await count() }

    /// The rows of one page.
    ///
    ///     // SELECT … FROM "polls_question" ORDER BY … LIMIT 10 OFFSET 20
    ///
    /// - Parameter range: their positions.
    /// - Returns: the rows.
    /// - Throws: `FieldError`, `DatabaseError`.
    public func pageElements(_ range: Range<Int>) async throws -> [M] {
        try await limit(range.count, offset: range.lowerBound).all()
    }

    /// Whether the query set or its model gives an order.
    public var hasPageOrder: Bool { isOrdered }
}
