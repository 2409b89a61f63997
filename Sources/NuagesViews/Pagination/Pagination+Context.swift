public import NuagesCore

extension Paginator: ContextObject {
    /// `count`, `num_pages`, `page_range` and `per_page`, as a template calls them.
    ///
    /// - Parameter name: the name.
    /// - Returns: the member, counted when a template needs it.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "count": .deferred { .int(try await self.count()) }
        case "num_pages": .deferred { .int(try await self.pageCount()) }
        case "page_range":
            .deferred { .array(try await self.pageRange().map { .int($0) }) }
        case "per_page": .int(perPage)
        case "orphans": .int(orphans)
        case "allow_empty_first_page": .bool(allowsEmptyFirstPage)
        case "ELLIPSIS": .string(PageRangeItem.ellipsis.description)
        default: nil
        }
    }

    /// How many elements stand on a page.
    public var contextDescription: ContextValue { .string("<Paginator of \(perPage) per page>") }
}

extension Page: ContextConvertible where Source.Element: ContextConvertible {}

extension Page: ContextObject where Source.Element: ContextConvertible {
    /// `has_next`, `next_page_number`, `paginator` and so on, as a template calls them.
    ///
    /// - Parameter name: the name.
    /// - Returns: the member.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "object_list": .array(elements.map(\.contextValue))
        case "number": .int(number)
        case "has_next": .bool(hasNext)
        case "has_previous": .bool(hasPrevious)
        case "has_other_pages": .bool(hasOtherPages)
        case "next_page_number": number(or: number + 1, nextPageNumber)
        case "previous_page_number": number(or: number - 1, previousPageNumber)
        case "start_index": .int(startIndex)
        case "end_index": .int(endIndex)
        case "elided_page_range": .array(elidedPageRange().map(\.contextValue))
        case "paginator": .object(paginator)
        default: nil
        }
    }

    /// The number, or the error of asking for a page that is not there.
    private func number(or missing: Int, _ number: Int?) -> ContextValue {
        if let number { return .int(number) }
        return .lazy { throw InvalidPage.empty(number: missing, pageCount: pageCount) }
    }

    /// `<Page 2 of 5>`.
    public var contextDescription: ContextValue { .string("<Page \(number) of \(pageCount)>") }

    /// The elements.
    public var contextElements: [ContextValue]? { elements.map(\.contextValue) }

    /// The same for two pages with the same number.
    public var contextIdentity: String? { nil }
}

extension PageRangeItem: ContextConvertible {
    /// The number, or `…`.
    public var contextValue: ContextValue {
        switch self {
        case .page(let number): .int(number)
        case .ellipsis: .string(description)
        }
    }
}
