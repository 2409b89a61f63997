import NuagesCore
import NuagesViews

/// Pages of lists: `paginator` and its methods.
struct PaginatorCases: ConformanceKind {
    private static let functions = [
        "paginator", "paginator.get_page", "paginator.get_elided_page_range",
    ]

    func accepts(_ item: JSONCase) -> Bool {
        item.kind == "function" && Self.functions.contains(item.function)
    }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        let expected = item["expect"]
        do {
            let value = try await value(of: item)
            let wanted = try TaggedValue.decode(expected?["value"] ?? .null)
            return ExpectedValue.isSame(wanted, value)
                ? .passed
                : .failed(expected: wanted.representation(), got: value.representation())
        } catch let error as InvalidPage {
            // The texts are our own; the kinds are Django's.
            return .comparing(
                expected: expected?["error"]?["type"]?.text ?? "a value",
                got: Self.kind(of: error)
            )
        }
    }

    private static func kind(of error: InvalidPage) -> String {
        switch error {
        case .notAnInteger: "PageNotAnInteger"
        case .empty: "EmptyPage"
        }
    }

    private func value(of item: JSONCase) async throws -> ContextValue {
        let arguments = item["args"]?.elements ?? []
        let named = item["kwargs"]
        guard let count = arguments.first?.number, arguments.count > 1,
            let perPage = arguments[1].number
        else { throw UnsupportedCase("a paginator needs a count and a size") }
        let paginator = Paginator(
            Array(0..<count),
            perPage: perPage,
            orphans: named?["orphans"]?.number ?? 0,
            allowsEmptyFirstPage: named?["allow_empty_first_page"]?.flag ?? true
        )
        let number = arguments.count > 2 ? arguments[2] : named?["page"]
        switch item.function {
        case "paginator.get_page":
            return .int(try await anyPage(number, of: paginator).number)
        case "paginator.get_elided_page_range":
            let page = try await page(number ?? .null, of: paginator)
            let range = page.elidedPageRange(
                onEachSide: named?["on_each_side"]?.number ?? 3,
                onEnds: named?["on_ends"]?.number ?? 2
            )
            return range.contextValue
        default: return try await summary(of: paginator, page: named?["page"])
        }
    }

    private func summary(
        of paginator: Paginator<ArrayPages<Int>>,
        page number: JSONValue?
    ) async throws -> ContextValue {
        var summary: ContextDictionary = [
            "count": try await paginator.count(), "num_pages": try await paginator.pageCount(),
            "page_range": Array(try await paginator.pageRange()),
        ]
        if let number {
            let page = try await page(number, of: paginator)
            let entries: ContextDictionary = [
                "number": page.number, "start_index": page.startIndex, "end_index": page.endIndex,
                "len": page.elements.count, "has_next": page.hasNext,
                "has_previous": page.hasPrevious, "has_other_pages": page.hasOtherPages,
            ]
            summary["page"] = .dictionary(entries)
        }
        return .dictionary(summary)
    }

    private func page(
        _ number: JSONValue,
        of paginator: Paginator<ArrayPages<Int>>
    ) async throws -> Page<ArrayPages<Int>> {
        if let whole = try whole(number) { return try await paginator.page(whole) }
        return try await paginator.page(try text(number))
    }

    private func anyPage(
        _ number: JSONValue?,
        of paginator: Paginator<ArrayPages<Int>>
    ) async throws -> Page<ArrayPages<Int>> {
        guard let number else { return try await paginator.getPage(nil) }
        if let whole = try whole(number) { return try await paginator.getPage(whole) }
        return try await paginator.getPage(try text(number))
    }

    /// Numbers are numbers in Swift; only texts have to be read.
    private func whole(_ number: JSONValue) throws -> Int? {
        guard number.text == nil else { return nil }
        switch try TaggedValue.decode(number) {
        case .int(let whole): return whole
        case .double(let value): return Int(exactly: value)
        default: return nil
        }
    }

    private func text(_ number: JSONValue) throws -> String {
        try TaggedValue.decode(number).plainText
    }
}
