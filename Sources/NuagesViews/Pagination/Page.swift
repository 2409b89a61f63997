/// The elements of one page, and where the page stands among the others.
///
/// It is a collection of its elements.
///
/// Django: `django.core.paginator.Page` and `AsyncPage`.
public struct Page<Source: PageSource>: Sendable {
    /// The elements (Django: `object_list`).
    public let elements: [Source.Element]
    /// The number of the page, from 1.
    public let number: Int
    /// How many elements all pages have.
    public let count: Int
    /// How many pages there are.
    public let pageCount: Int
    /// What divided the elements.
    public let paginator: Paginator<Source>

    init(
        _ elements: [Source.Element],
        number: Int,
        count: Int,
        pageCount: Int,
        of paginator: Paginator<Source>
    ) {
        self.elements = elements
        self.number = number
        self.count = count
        self.pageCount = pageCount
        self.paginator = paginator
    }

    /// Whether there is a page behind this one.
    public var hasNext: Bool { number < pageCount }
    /// Whether there is a page in front of this one.
    public var hasPrevious: Bool { number > 1 }
    /// Whether there is another page.
    public var hasOtherPages: Bool { hasNext || hasPrevious }
    /// The number of the page behind this one; nil for the last.
    public var nextPageNumber: Int? { hasNext ? number + 1 : nil }
    /// The number of the page in front of this one; nil for the first.
    public var previousPageNumber: Int? { hasPrevious ? number - 1 : nil }

    /// The position of the first element among all, from 1; 0 where there are none.
    public var startIndex: Int { count == 0 ? 0 : paginator.perPage * (number - 1) + 1 }
    /// The position of the last element among all, from 1.
    public var endIndex: Int { number == pageCount ? count : number * paginator.perPage }

    /// The numbers of the pages around this one and at both ends, with gaps between them.
    ///
    ///     page.elidedPageRange()      // 1 2 … 7 8 9 [10] 11 12 13 … 49 50
    ///
    /// Django: `get_elided_page_range`.
    ///
    /// - Parameters:
    ///   - onEachSide: how many pages stand on each side of this one.
    ///   - onEnds: how many pages stand at each end.
    /// - Returns: numbers and gaps.
    public func elidedPageRange(onEachSide: Int = 3, onEnds: Int = 2) -> [PageRangeItem] {
        PageRangeItem.elided(number, of: pageCount, onEachSide: onEachSide, onEnds: onEnds)
    }
}

extension Page: Sequence {
    /// The elements in order.
    ///
    /// - Returns: an iterator.
    public func makeIterator() -> IndexingIterator<[Source.Element]> { elements.makeIterator() }
}

/// An entry of a list of pages.
public enum PageRangeItem: Sendable, Hashable, CustomStringConvertible {
    /// The number of a page.
    case page(Int)
    /// Pages that are left out.
    case ellipsis

    /// The number, or `…`.
    public var description: String {
        switch self {
        case .page(let number): String(number)
        case .ellipsis: "…"
        }
    }

    /// The numbers around `number` and at both ends; a gap stands for at least one page.
    static func elided(
        _ number: Int,
        of pageCount: Int,
        onEachSide: Int,
        onEnds: Int
    ) -> [PageRangeItem] {
        let side = min(max(0, onEachSide), pageCount)
        let ends = min(max(0, onEnds), pageCount)
        guard pageCount > (side + ends) * 2 else { return pages(1, pageCount) }
        var items: [PageRangeItem] = []
        if number > 1 + side + ends + 1 {
            items += pages(1, ends) + [.ellipsis] + pages(number - side, number)
        } else {
            items += pages(1, number)
        }
        if number < pageCount - side - ends - 1 {
            items += pages(number + 1, number + side) + [.ellipsis]
            items += pages(pageCount - ends + 1, pageCount)
        } else {
            items += pages(number + 1, pageCount)
        }
        return items
    }

    private static func pages(_ first: Int, _ last: Int) -> [PageRangeItem] {
        first <= last ? (first...last).map { .page($0) } : []
    }
}
