import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Typed functions and windows, by the values that they give")
struct FunctionValueTests {
    /// The rows of choices: votes 3, 7, 0 of the first question, and 1, 5 of the second.
    private func choices<Result>(
        _ backend: TestBackend,
        _ body: (QuerySet<Choice>) async throws -> Result
    ) async throws -> Result {
        let database = try await TestDatabase.filled(backend)
        let result = try await database.use { try await body(Choice.objects.order(by: "id")) }
        await database.close()
        return result
    }

    @Test(arguments: TestBackend.installed) func greatestAndLeast(
        _ backend: TestBackend
    ) async throws {
        try await choices(backend) { set in
            let two = try await set.values {
                (
                    Functions.greatest($0.votes, $0.votes - 4 + $0.votes),
                    Functions.least($0.votes, $0.votes - 4 + $0.votes)
                )
            }
            #expect(two.map(\.0) == [3, 10, 0, 1, 6])
            #expect(two.map(\.1) == [2, 7, -4, -2, 5])
            let three = try await set.values {
                (
                    Functions.greatest($0.votes, Functions.value(2), Functions.value(4)),
                    Functions.least($0.votes, Functions.value(2), Functions.value(4))
                )
            }
            #expect(three.map(\.0) == [4, 7, 4, 4, 5])
            #expect(three.map(\.1) == [2, 2, 0, 1, 2])
        }
    }

    @Test(arguments: TestBackend.installed) func json(_ backend: TestBackend) async throws {
        try await choices(backend) { set in
            let rows = try await set.limit(1).values {
                (
                    Functions.jsonObject(("votes", $0.votes), ("text", $0.choiceText)),
                    Functions.jsonArray($0.votes, $0.choiceText)
                )
            }
            guard case .object(let members)? = rows.first?.0 else {
                Issue.record("It is no object")
                return
            }
            // The databases have the names in orders of their own.
            let found = Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
            #expect(found == ["votes": .int(3), "text": .string("Not much")])
            #expect(rows.first?.1 == .array([.int(3), .string("Not much")]))
        }
    }

    @Test(arguments: TestBackend.installed) func identifiers(
        _ backend: TestBackend
    ) async throws {
        try await choices(backend) { set in
            let four = try await set.values { _ in Functions.uuid4 }
            #expect(Set(four).count == 5)
            #expect(four.allSatisfy { $0.uuid.6 >> 4 == 4 && $0.uuid.8 >> 6 == 2 })
            do {
                let seven = try await set.values { _ in Functions.uuid7 }
                #expect(Set(seven).count == 5)
                #expect(seven.allSatisfy { $0.uuid.6 >> 4 == 7 && $0.uuid.8 >> 6 == 2 })
            } catch DatabaseError.notSupported {
                // PostgreSQL before 18 and MariaDB before 11.7 have none.
                #expect(backend != .sqlite)
            } catch DatabaseError.programming {
                #expect(backend != .sqlite)
            }
        }
    }

    @Test(arguments: TestBackend.installed) func collations(
        _ backend: TestBackend
    ) async throws {
        try await choices(backend) { set in
            let collation = backend.choose(sqlite: "nocase", postgresql: "C", mysql: "utf8mb4_bin")
            let found = try await set.filter { $0.choiceText.collated(collation) == "yes" }
                .values { $0.choiceText }
            #expect(found == (backend == .sqlite ? ["Yes"] : []))
            let order = try await Choice.objects
                .order { [$0.choiceText.collated(collation).ascending] }.values { $0.choiceText }
            #expect(order.last == "Yes")
        }
    }

    @Test(arguments: TestBackend.installed) func neighbours(
        _ backend: TestBackend
    ) async throws {
        try await choices(backend) { set in
            let rows = try await set.values { choice in
                (
                    Functions.lead(choice.votes).over(order: [choice.id.ascending]),
                    Functions.lag(choice.votes, by: 2).over(order: [choice.id.ascending]),
                    Functions.firstValue(choice.votes)
                        .over(partition: [choice.question.id], order: [choice.votes.ascending])
                )
            }
            #expect(rows.map(\.0) == [7, 0, 1, 5, nil])
            #expect(rows.map(\.1) == [nil, nil, 3, 7, 0])
            #expect(rows.map(\.2) == [0, 0, 0, 1, 1])
            let whole = WindowFrame(.rows, from: nil, to: nil)
            let ends = try await set.values { choice in
                (
                    Functions.lastValue(choice.votes)
                        .over(order: [choice.votes.ascending], frame: whole),
                    Functions.nthValue(choice.votes, 2)
                        .over(order: [choice.votes.ascending], frame: whole)
                )
            }
            #expect(ends.map(\.0) == [7, 7, 7, 7, 7])
            #expect(ends.map(\.1) == [1, 1, 1, 1, 1])
        }
    }

    @Test(arguments: TestBackend.installed) func ranks(_ backend: TestBackend) async throws {
        try await choices(backend) { set in
            let rows = try await set.values { choice in
                (
                    Functions.ntile(2).over(order: [choice.votes.ascending]),
                    Functions.percentRank().over(order: [choice.votes.ascending]),
                    Functions.cumulativeDistribution().over(order: [choice.votes.ascending])
                )
            }
            #expect(rows.map(\.0) == [1, 2, 1, 1, 2])
            #expect(rows.map(\.1) == [0.5, 1, 0, 0.25, 0.75])
            #expect(rows.map { ($0.2 * 10).rounded() } == [6, 10, 2, 4, 8])
        }
    }

    @Test(arguments: TestBackend.installed) func frames(_ backend: TestBackend) async throws {
        try await choices(backend) { set in
            let sums = try await set.values { choice in
                (
                    choice.votes.sum().over(
                        order: [choice.id.ascending],
                        frame: WindowFrame(.rows, from: -1, to: 1)
                    ),
                    choice.votes.sum().over(
                        order: [choice.votes.ascending],
                        frame: WindowFrame(.range, from: nil, to: 0)
                    )
                )
            }
            #expect(sums.map(\.0) == [10, 10, 8, 6, 6])
            #expect(sums.map(\.1) == [4, 16, 0, 1, 9])
            guard backend != .mysql else { return }
            let others = try await set.values { choice in
                choice.votes.sum().over(
                    frame: WindowFrame(.rows, from: nil, to: nil, excluding: .currentRow)
                )
            }
            #expect(others == [13, 9, 16, 15, 11])
        }
    }
}
