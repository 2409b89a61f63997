import Logging
import NuagesCore
import Synchronization

/// Divides many elements into pages.
///
///     let paginator = Paginator(Question.objects.order { $0.pubDate.descending }, perPage: 10)
///     let page = try await paginator.page(2)
///     page.elements                   // the 11th to the 20th question
///     page.hasNext                    // whether there is a third page
///
/// The elements are counted once. Copies share the count.
///
/// Django: `django.core.paginator.Paginator` and `AsyncPaginator`.
public struct Paginator<Source: PageSource>: Sendable {
    /// What is divided.
    public let source: Source
    /// How many elements stand on a page, at least 1.
    public let perPage: Int
    /// How few elements the last page may have before they move to the page in front of it:
    /// those up to this number do.
    public let orphans: Int
    /// Whether the first page may be empty; else there is no page without elements.
    public let allowsEmptyFirstPage: Bool
    private let counter = PageCounter()

    /// A paginator.
    ///
    /// - Parameters:
    ///   - source: an array, a query set or another source.
    ///   - perPage: how many elements stand on a page; less than 1 counts as 1.
    ///   - orphans: how few elements move to the page in front of the last one.
    ///   - allowsEmptyFirstPage: whether the first page may be empty.
    public init(
        _ source: Source,
        perPage: Int,
        orphans: Int = 0,
        allowsEmptyFirstPage: Bool = true
    ) {
        self.source = source
        self.perPage = max(1, perPage)
        self.orphans = max(0, orphans)
        self.allowsEmptyFirstPage = allowsEmptyFirstPage
    }

    /// A paginator of an array.
    ///
    /// - Parameters:
    ///   - elements: the elements.
    ///   - perPage: how many elements stand on a page; less than 1 counts as 1.
    ///   - orphans: how few elements move to the page in front of the last one.
    ///   - allowsEmptyFirstPage: whether the first page may be empty.
    public init<Element>(
        _ elements: [Element],
        perPage: Int,
        orphans: Int = 0,
        allowsEmptyFirstPage: Bool = true
    ) where Source == ArrayPages<Element> {
        self.init(
            ArrayPages(elements: elements),
            perPage: perPage,
            orphans: orphans,
            allowsEmptyFirstPage: allowsEmptyFirstPage
        )
    }

    /// How many elements there are; counted once.
    ///
    /// - Returns: the number.
    /// - Throws: what counting throws.
    public func count() async throws -> Int {
        if let known = counter.value.withLock({ $0 }) { return known }
        let count = try await source.pageElementCount()
        counter.value.withLock { $0 = count }
        return count
    }

    /// How many pages there are (Django: `num_pages`).
    ///
    /// - Returns: at least 1, or 0 where nothing is there and the first page may not be empty.
    /// - Throws: what counting throws.
    public func pageCount() async throws -> Int { pageCount(of: try await count()) }

    func pageCount(of count: Int) -> Int {
        if count == 0, !allowsEmptyFirstPage { return 0 }
        let hits = max(1, count - orphans)
        return (hits - 1) / perPage + 1
    }

    /// The numbers of the pages, from 1 (Django: `page_range`).
    ///
    /// - Returns: the numbers.
    /// - Throws: what counting throws.
    public func pageRange() async throws -> Range<Int> { 1..<(try await pageCount() + 1) }

    /// A page by its number.
    ///
    /// - Parameter number: the number, from 1.
    /// - Returns: the page.
    /// - Throws: ``InvalidPage/empty(number:pageCount:)`` where there is none, and what fetching
    ///   throws.
    public func page(_ number: Int) async throws -> Page<Source> {
        let count = try await count()
        let pageCount = pageCount(of: count)
        guard number >= 1, number <= pageCount else {
            throw InvalidPage.empty(number: number, pageCount: pageCount)
        }
        warnOfMissingOrder()
        let start = (number - 1) * perPage
        // The last page has its orphans with it.
        let end = number == pageCount ? count : start + perPage
        let elements = start < end ? try await source.pageElements(start..<end) : []
        return Page(elements, number: number, count: count, pageCount: pageCount, of: self)
    }

    /// A page by the text that stands for its number, as a query string has it.
    ///
    /// - Parameter text: decimal digits.
    /// - Returns: the page.
    /// - Throws: ``InvalidPage``, and what fetching throws.
    public func page(_ text: String) async throws -> Page<Source> {
        try await page(try Self.number(text))
    }

    /// A page whatever is asked for: the first one for a text that is no number, the last one for
    /// a number beyond the end.
    ///
    ///     try await paginator.getPage(request.query["page"])
    ///
    /// - Parameter text: the text that stands for the number; nil is the first page.
    /// - Returns: the page.
    /// - Throws: ``InvalidPage`` where there is no page at all, and what fetching throws.
    public func getPage(_ text: String?) async throws -> Page<Source> {
        guard let text, let number = try? Self.number(text) else { return try await page(1) }
        return try await getPage(number)
    }

    /// A page whatever is asked for: the last one for a number that no page has.
    ///
    /// - Parameter number: the number, from 1.
    /// - Returns: the page.
    /// - Throws: ``InvalidPage`` where there is no page at all, and what fetching throws.
    public func getPage(_ number: Int) async throws -> Page<Source> {
        let pageCount = try await pageCount()
        return try await page((1...max(1, pageCount)).contains(number) ? number : max(1, pageCount))
    }

    /// The whole number that a text stands for; protocol numbers have a parser of our own.
    static func number(_ text: String) throws(InvalidPage) -> Int {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = isNegative ? String(Substring(text.utf8.dropFirst())) : text
        guard digits.utf8.count <= 18, let value = digits.decimalDigitsValue else {
            throw .notAnInteger(text)
        }
        return isNegative ? -value : value
    }

    private func warnOfMissingOrder() {
        guard !source.hasPageOrder, counter.mayWarn() else { return }
        Logger(label: "nuages.pagination").warning(
            """
            The pages of \(type(of: source)) have no order, so an element may stand on two of them. \
            Give the query set an order, or its model an ordering.
            """
        )
    }
}

/// What the copies of a paginator share.
private final class PageCounter: Sendable {
    let value = Mutex<Int?>(nil)
    private let hasWarned = Atomic(false)

    /// True the first time.
    func mayWarn() -> Bool { !hasWarned.exchange(true, ordering: .relaxed) }
}
