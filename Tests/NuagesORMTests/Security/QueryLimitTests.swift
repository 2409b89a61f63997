import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

/// What comes in any number or depth ends with an error and not with the process.
@Suite struct QueryLimitTests {
    private static let depth = 3000

    private static func nested(
        _ start: DynamicExpression,
        _ wrap: (DynamicExpression) -> DynamicExpression
    ) -> DynamicExpression {
        (0..<depth).reduce(start) { inner, _ in wrap(inner) }
    }

    static let conditions: [Attempt] = [
        attempt("not") { .not($0) }, attempt("any") { .anyOf([$0]) },
        attempt("all and not") { .allOf([.not($0), .condition("votes", 2)]) },
        attempt("one of two") { .oddCountOf([$0, .condition("votes", 2)]) },
        attempt("typed") { .anyOf([$0.typed(.boolean)]) },
        attempt("operand") { .lookup("exact", .value(.bool(true)), $0) },
        attempt("path") { .anyOf([.lookup("exact", $0.typed(.boolean), .value(.bool(true)))]) },
        attempt("branches") { .cases([($0, .value(.bool(true)))], as: .boolean) },
        attempt("exists") { .exists(DynamicQuery(Choice.self).filter($0)) },
        attempt("query") { inner in
            .condition(
                "pk__in",
                .subquery(DynamicQuery(Choice.self).filter(inner).values("pk"))
            )
        },
    ]

    private static func attempt(
        _ name: String,
        _ wrap: (DynamicExpression) -> DynamicExpression
    ) -> Attempt {
        let condition = nested(.condition("votes", 1), wrap)
        return Attempt(name) { _ = try await DynamicQuery(Choice.self).filter(condition).rows() }
    }

    @Test(arguments: TestBackend.available, conditions)
    func refusesConditionsThatAreTooDeep(_ backend: TestBackend, _ attempt: Attempt) async throws {
        try await attempt.expectRefusal(backend)
    }

    static let expressions: [Attempt] = [
        Attempt("function") { () async throws in
            let call = nested(.field("choice_text")) { .function("Lower", [$0]) }
            _ = try await DynamicQuery(Choice.self).order(by: [call.ordered()]).rows()
        },
        Attempt("sum") { () async throws in
            _ = try await DynamicQuery(Choice.self).annotate(
                "a",
                nested(.field("votes")) { .combined($0, .add, 1) }
            )
            .rows()
        },
        Attempt("key") { () async throws in
            let keys = (0..<depth).map { "\($0)" }
            _ = try await DynamicQuery(Sample.self)
                .annotate("a", .key(of: .field("data"), keys)).rows()
        },
        Attempt("union") { () async throws in
            let query = (0..<depth).reduce(DynamicQuery(Choice.self)) { inner, _ in
                DynamicQuery(Choice.self).union([inner])
            }
            _ = try await query.rows()
        },
        Attempt("merge") { () async throws in
            let query = (0..<depth).reduce(DynamicQuery(Choice.self)) { inner, _ in
                DynamicQuery(Choice.self).filter(.condition("votes", 1)).or(inner)
            }
            _ = try await query.rows()
        },
        Attempt("Q") {
            let condition = (0..<depth).reduce(Q("votes", 1)) { inner, _ in .all([.not(inner)]) }
            _ = try await Choice.objects.filter(condition).all()
        },
    ]

    @Test(arguments: TestBackend.available, expressions)
    func refusesExpressionsThatAreTooDeep(_ backend: TestBackend, _ attempt: Attempt) async throws {
        try await attempt.expectRefusal(backend)
    }

    @Test(arguments: TestBackend.available)
    func answersQueriesThatAreDeep(_ backend: TestBackend) async throws {
        let database = try await SecureDatabase.polls(backend)
        try await database.use { () async throws in
            let negated = (0..<60).reduce(DynamicExpression.condition("votes", 1)) { inner, _ in
                .not(inner)
            }
            #expect(try await DynamicQuery(Choice.self).filter(negated).count() == 1)
            let inner = (0..<10).reduce(DynamicExpression.condition("votes", 1)) { inner, _ in
                .condition(
                    "pk__in",
                    .subquery(DynamicQuery(Choice.self).filter(inner).values("pk"))
                )
            }
            #expect(try await DynamicQuery(Choice.self).filter(inner).count() == 1)
        }
    }

    /// A chain is no depth.
    @Test(arguments: TestBackend.available)
    func chainsMayBeLong(_ backend: TestBackend) async throws {
        let database = try await SecureDatabase.polls(backend)
        try await database.use { () async throws in
            let either = (0..<500).reduce(Q("votes", 1)) { $0 || Q("votes", .init($1 + 100)) }
            #expect(try await Choice.objects.filter(either).count() == 1)
            let both = (0..<500).reduce(Q("votes", 1)) { $0 && !Q("votes", .init($1 + 100)) }
            #expect(try await Choice.objects.filter(both).count() == 1)
            let set = (0..<200).reduce(Choice.objects) { set, number in
                set.exclude { $0.votes == number + 100 }
            }
            #expect(try await set.count() == 5)
        }
    }

    /// More values than a statement binds.
    static let lists: [Attempt] = [
        Attempt("numbers") { () async throws in
            let numbers = (0..<70_000).map { $0 * 2 + 1 }
            #expect(try await Choice.objects.filter { $0.votes.isIn(numbers) }.count() == 4)
        },
        Attempt("texts") { () async throws in
            let texts = (0..<70_000).map { "'\($0)\"" } + ["Yes"]
            #expect(try await Choice.objects.filter { $0.choiceText.isIn(texts) }.count() == 1)
        },
        Attempt("moments") { () async throws in
            let days = (0..<70_000).map { TestDatabase.day($0 + 1) }
            #expect(try await Question.objects.filter { $0.pubDate.isIn(days) }.count() == 2)
        },
        Attempt("days") { () async throws in
            let days = (0..<70_000).map { CalendarDate(daysSince1970: $0) }.compactMap { $0 }
            #expect(
                try await Book.objects.filter(lookups: ["published__in": LookupOperand(days)])
                    .count() == 1
            )
        },
        Attempt("exact numbers") { () async throws in
            let prices = (0..<70_000).map { "\($0).50" }
            #expect(
                try await Book.objects.filter(lookups: ["price__in": LookupOperand(prices)])
                    .count() == 1
            )
        },
        Attempt("keys") { () async throws in
            let keys = LookupOperand(2...70_001)
            #expect(try await Choice.objects.filter(lookups: ["question__in": keys]).count() == 2)
        },
    ]

    @Test(arguments: TestBackend.available, lists)
    func listsMayBeLongerThanWhatADatabaseBinds(
        _ backend: TestBackend,
        _ attempt: Attempt
    ) async throws {
        try await SecureDatabase.polls(backend).use { () async throws in try await attempt.run() }
    }

    /// Numbers that a column cannot hold find nothing, and never wrap round.
    @Test(
        arguments: TestBackend.available,
        [SQLValue.int(.max), .int(.min), .int(1 << 31), .int(-(1 << 31) - 1)]
    )
    func numbersOutsideTheColumnFindNothing(
        _ backend: TestBackend,
        _ value: SQLValue
    ) async throws {
        try await SecureDatabase.polls(backend).use { () async throws in
            let choices = DynamicQuery(Choice.self)
            let operand = DynamicExpression.value(value)
            #expect(try await choices.filter(.condition("votes", operand)).count() == 0)
            #expect(try await choices.filter(.condition("pk", operand)).count() == 0)
            #expect(try await choices.exclude(.condition("votes", operand)).count() == 5)
            let list = DynamicExpression.list([operand, 1])
            #expect(try await choices.filter(.condition("votes__in", list)).count() == 1)
            let isGreater = value == .int(.min) || value == .int(-(1 << 31) - 1)
            #expect(
                try await choices.filter(.condition("votes__gt", operand)).count()
                    == (isGreater ? 5 : 0)
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func slicesDoNotOverflow(_ backend: TestBackend) async throws {
        try await SecureDatabase.polls(backend).use { () async throws in
            let all = Choice.objects.order(by: "id")
            #expect(try await all.limit(.max, offset: .max).all().isEmpty)
            #expect(try await all.limit(.max, offset: 1).all().count == 4)
            #expect(try await all.offset(.max).all().isEmpty)
            #expect(try await all.limit(-1).all().isEmpty)
            #expect(throws: UsageError.self) { try DynamicQuery(Choice.self).slice(-1, nil) }
        }
    }
}
