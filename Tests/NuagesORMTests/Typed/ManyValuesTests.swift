import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

/// More values of a row than anybody counts.
struct ManyValuesTests {
    @Test(arguments: TestBackend.installed)
    func takesAnyNumberOfValues(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            let rows = try await Book.objects.order(by: "id").values {
                (
                    $0.id, $0.title, $0.author.name, $0.editor.name, $0.price, $0.inPrint,
                    $0.published, $0.title.length, $0.title.lowercased, $0.title.prefix(1),
                    $0.price.ifNull(0), $0.title.uppercased
                )
            }
            #expect(rows.map(\.0) == [1, 2, 3])
            #expect(rows.map(\.2) == ["Django", "Django", nil])
            #expect(rows.map(\.5) == [true, false, true])
            #expect(rows.map(\.7) == [6, 11, 9])
            #expect(rows.map(\.10) == [12.5, 0, 0])
            #expect(rows.map(\.11) == ["NUAGES", "MINOR SWING", "ANONYMOUS"])
        }
    }

    @Test(arguments: TestBackend.installed)
    func knowsThemInConditionsAndOrders(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            let set = Question.objects.annotate {
                (
                    $0.choices.count(), $0.choices.votes.sum(), $0.choices.votes.maximum(),
                    $0.choices.votes.minimum(), $0.choices.votes.average(), $0.questionText.length,
                    $0.pubDate.year, $0.pubDate.month, $0.pubDate.day, $0.questionText.uppercased,
                    $0.questionText.prefix(2), $0.choices.count() + 10, $0.questionText.lowercased
                )
            }
            let rows = try await set.filter { $0.values.11 > 11 && $0.values.1 > 0 }
                .order { $0.values.12.descending }.all()
            #expect(rows.map(\.1.11) == [13, 12])
            #expect(rows.map(\.1.8) == [1, 2])
            let all = try await set.order { $0.values.11.descending }.all()
            #expect(all.map(\.1.0) == [3, 2, 0])
            #expect(all.map(\.1.1) == [10, 6, nil])
            #expect(all.map(\.1.10) == ["Wh", "10", "Où"])
            let totals = try await Choice.objects.aggregate {
                (
                    $0.votes.sum(), $0.votes.maximum(), $0.votes.minimum(), $0.id.count(),
                    $0.votes.average(), $0.question.count(), $0.id.maximum(), $0.id.minimum(),
                    $0.choiceText.maximum(), $0.choiceText.minimum(), $0.question.pubDate.minimum()
                )
            }
            #expect(totals.0 == 16)
            #expect(totals.10 == TestDatabase.day(0))
        }
    }

    @Test func writesThemOnce() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            _ = try await Book.objects.selecting {
                (
                    $0.id, $0.title, $0.price, $0.inPrint, $0.published, $0.title.length,
                    $0.author.name, $0.editor.name, $0.title.lowercased, $0.title.uppercased,
                    $0.price.ifNull(0)
                )
            }.filter { $0.values.5 > 6 }.order { $0.values.6.ascending }.limit(1).all()
        }
        #expect(statements.count == 1)
        #expect(statements[0].hasSuffix("ORDER BY 7 ASC LIMIT 1"))
    }
}
