import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Model(app: "validation")
struct MagazineIssue {
    @Field(maxLength: 9, uniqueForDate: "day") var number: String
    @Field(maxLength: 9, uniqueForMonth: "day") var title: String
    @Field(
        maxLength: 9,
        errorMessages: ["unique_for_date": "%(field_label)s is taken in this %(lookup_type)s."],
        uniqueForYear: "day"
    )
    var motto: String
    var day: CalendarDate
}

@Suite("Values that may occur once on a day, in a month or a year")
struct UniqueForTests {
    /// What Django says of an issue beside that of 2025-03-04 with 1, A and x.
    static let cases: [(number: String, title: String, motto: String, day: [Int], [String])] = [
        ("2", "B", "y", [2025, 3, 4], []),
        ("1", "B", "y", [2025, 3, 4], ["number"]),
        ("1", "B", "y", [2025, 3, 5], []),
        ("2", "A", "y", [2025, 3, 31], ["title"]),
        // A month is one of any year.
        ("2", "A", "y", [2024, 3, 1], ["title"]),
        ("2", "A", "y", [2025, 4, 4], []),
        ("2", "B", "x", [2025, 12, 31], ["motto"]),
        ("2", "B", "x", [2026, 3, 4], []),
        ("1", "A", "x", [2025, 3, 4], ["number", "title", "motto"]),
    ]

    @Test(arguments: cases.indices)
    func looksForOthers(_ index: Int) async throws {
        let (number, title, motto, day, fields) = Self.cases[index]
        func date(_ parts: [Int]) throws -> CalendarDate {
            try #require(CalendarDate(year: parts[0], month: parts[1], day: parts[2]))
        }
        let database = try await TestBackend.sqlite.open()
        try await database.makeTables(MagazineIssue.self)
        try await database.use { () async throws in
            let first = try await MagazineIssue.objects.create(
                MagazineIssue(number: "1", title: "A", motto: "x", day: try date([2025, 3, 4]))
            )
            var issue = MagazineIssue(
                number: number,
                title: title,
                motto: motto,
                day: try date(day)
            )
            var error: ValidationError?
            do { try await issue.fullClean() } catch let found as ValidationError { error = found }
            #expect((error?.items ?? []).compactMap(\.field) == fields)
            #expect((error?.items ?? []).allSatisfy { $0.code == "unique_for_date" })
            if fields.contains("motto") {
                #expect(error?.items.last?.text == "Motto is taken in this year.")
            }
            // A row is no other one than itself.
            var same = first
            try await same.fullClean()
        }
    }
}
