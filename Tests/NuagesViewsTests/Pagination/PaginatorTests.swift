import Nuages
import Testing

@Suite struct PaginatorTests {
    @Test(arguments: [
        // count, per page, orphans, allows empty, pages
        (10, 4, 0, false, 3), (10, 4, 2, false, 2), (10, 5, 1, false, 2), (1, 4, 0, false, 1),
        (0, 4, 0, false, 0), (0, 4, 0, true, 1), (4, 4, 0, true, 1), (5, 4, 1, true, 1),
        (6, 4, 1, true, 2), (10, 4, 6, true, 1), (10, 0, 0, true, 10), (11, 10, 1, true, 1),
    ])
    func countsPages(
        _ count: Int,
        perPage: Int,
        orphans: Int,
        allowsEmpty: Bool,
        pages: Int
    ) async throws {
        let paginator = Paginator(
            Array(0..<count),
            perPage: perPage,
            orphans: orphans,
            allowsEmptyFirstPage: allowsEmpty
        )
        #expect(try await paginator.pageCount() == pages)
        #expect(try await paginator.pageRange() == 1..<(pages + 1))
    }

    @Test func givesTheElementsOfAPage() async throws {
        let paginator = Paginator(Array(1...11), perPage: 4, orphans: 3)
        let first = try await paginator.page(1)
        #expect(first.elements == [1, 2, 3, 4])
        #expect(first.hasNext && !first.hasPrevious && first.hasOtherPages)
        #expect(first.nextPageNumber == 2 && first.previousPageNumber == nil)
        #expect(first.startIndex == 1 && first.endIndex == 4)
        // The last three would stand alone.
        let last = try await paginator.page(2)
        #expect(Array(last) == [5, 6, 7, 8, 9, 10, 11])
        #expect(!last.hasNext && last.startIndex == 5 && last.endIndex == 11)
    }

    @Test func hasAnEmptyFirstPage() async throws {
        let page = try await Paginator([Int](), perPage: 4).page(1)
        #expect(page.elements.isEmpty && page.startIndex == 0 && page.endIndex == 0)
        #expect(!page.hasOtherPages)
    }

    @Test(arguments: ["x", "", "1.5", "1_0", "+1", " 1", "0x1", "٣", "1e1", "99999999999999999999"])
    func refusesWhatIsNoNumber(_ text: String) async throws {
        await #expect(throws: InvalidPage.notAnInteger(text)) {
            try await Paginator(Array(1...9), perPage: 4).page(text)
        }
    }

    @Test(arguments: [(0, "The page 0 is less than 1."), (-7, "The page -7 is less than 1.")])
    func refusesNumbersBelowOne(_ number: Int, text: String) async throws {
        let error = await #expect(throws: InvalidPage.self) {
            try await Paginator(Array(1...9), perPage: 4).page(number)
        }
        #expect(error?.description == text)
    }

    @Test func refusesNumbersBeyondTheEnd() async throws {
        let error = await #expect(throws: InvalidPage.self) {
            try await Paginator(Array(1...9), perPage: 4).page("999999999999999999")
        }
        #expect(
            error?.description
                == "The page 999999999999999999 has nothing on it; there are 3 pages."
        )
    }

    @Test(arguments: [(nil, 1), ("x", 1), ("2", 2), ("99", 3), ("0", 3), ("-1", 3)])
    func getsSomePageWhateverIsAskedFor(_ text: String?, number: Int) async throws {
        let page = try await Paginator(Array(1...9), perPage: 4).getPage(text)
        #expect(page.number == number)
    }

    @Test(arguments: [
        (1, "1 2 3 4 … 49 50"), (6, "1 2 3 4 5 6 7 8 9 … 49 50"),
        (7, "1 2 3 4 5 6 7 8 9 10 … 49 50"), (8, "1 2 … 5 6 7 8 9 10 11 … 49 50"),
        (43, "1 2 … 40 41 42 43 44 45 46 … 49 50"),
        (44, "1 2 … 41 42 43 44 45 46 47 48 49 50"), (50, "1 2 … 47 48 49 50"),
    ])
    func leavesPagesOut(_ number: Int, expected: String) async throws {
        let page = try await Paginator(Array(0..<100), perPage: 2).page(number)
        #expect(page.elidedPageRange().map(\.description).joined(separator: " ") == expected)
    }

    @Test func leavesNothingOutOfAShortRange() async throws {
        let page = try await Paginator(Array(0..<20), perPage: 2).page(5)
        #expect(page.elidedPageRange().count == 10)
        #expect(
            page.elidedPageRange(onEachSide: 1, onEnds: 0).map(\.description) == [
                "…", "4", "5", "6", "…",
            ]
        )
        #expect(page.elidedPageRange(onEachSide: .max, onEnds: .max).count == 10)
    }
}
