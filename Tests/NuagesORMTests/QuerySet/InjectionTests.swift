import NuagesCore
import NuagesORM
import Testing

/// Names from outside that would be SQL: each is an error before anything is sent.
@Suite struct InjectionTests {
    static let names = [
        "id;--", "(select 1)", "polls_question.id", "id\"", "id'", "id`", "id\u{0}", "id\u{1f}",
        "id\u{7f}", "id /*", "id#", "id[0]", "id\t", "\" from \"polls_question\"; --", "",
        "choice__votes) OR 1 = 1 --", "pub_date__day' FROM x)) OR 1=1;--", "_connector",
    ]

    @Test(arguments: names) func refusesToOrderBy(_ name: String) async throws {
        let database = try await TestDatabase.filled()
        for name in [name, "-" + name] {
            let statements = try await sql(database) { () async throws in
                await #expect(throws: FieldError.self) {
                    try await Question.objects.order(by: name).all()
                }
            }
            #expect(statements == [])
        }
    }

    @Test(arguments: names) func refusesToFilterBy(_ name: String) async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            for set in [
                Question.objects.filter(Q(name, 1)), Question.objects.exclude(Q(name, 1)),
                Question.objects.filter(Q("id", .field(name))),
                Question.objects.selectRelated(name),
            ] {
                await #expect(throws: FieldError.self) { try await set.all() }
            }
        }
        #expect(statements == [])
    }

    @Test func tellsTheChoices() async throws {
        let database = try await TestDatabase.filled()
        let cases: [(String, String)] = [
            (
                "question_txt",
                """
                Question has no field 'question_txt'. Did you mean 'question_text'? \
                Choices are: choice, id, pub_date, question_text.
                """
            ),
            (
                "choice__vots",
                """
                Choice has no field 'vots'. Did you mean 'votes'? \
                Choices are: choice_text, id, question, question_id, votes.
                """
            ),
        ]
        for (name, message) in cases {
            let error = await #expect(throws: FieldError.self) {
                try await Question.objects.using(database).filter(Q(name, 1)).all()
            }
            #expect(error?.description == message)
        }
        let lookup = await #expect(throws: FieldError.self) {
            try await Question.objects.using(database).filter(Q("id__gtt", 1)).all()
        }
        #expect(
            lookup?.description.hasPrefix("The field 'id' has no lookup 'gtt'. Did you mean 'gt'?")
                == true
        )
    }

    @Test func treatsWildcardsAsText() async throws {
        let database = try await TestDatabase.filled()
        try await database.use { () async throws in
            #expect(try await Choice.objects.filter { $0.choiceText.contains("_") }.count() == 1)
            #expect(try await Choice.objects.filter { $0.choiceText.contains("%") }.count() == 0)
            #expect(
                try await Question.objects.filter { $0.questionText.contains("%") }.count() == 1
            )
            #expect(
                try await Question.objects.filter { $0.questionText.contains("\\") }.count() == 0
            )
            let hostile = "'; DROP TABLE polls_question; --"
            #expect(try await Question.objects.filter { $0.questionText == hostile }.count() == 0)
            #expect(try await Question.objects.count() == 3)
        }
    }

    @Test(arguments: [
        ("votes", LookupOperand.value(.text("abc"))), ("votes", .value(.text("٣"))),
        ("votes__in", .value(.int(1))), ("votes__isnull", .value(.int(1))),
        ("votes", .values([.int(1)])), ("votes__range", .values([.int(1)])),
        ("votes__gt", .value(.null)), ("question__pub_date", .value(.text("yesterday"))),
        ("choice_text", .value(.bool(true))),
    ])
    func refusesValuesOfAnotherKind(_ path: String, _ operand: LookupOperand) async throws {
        let database = try await TestDatabase.filled()
        await #expect(throws: FieldError.self) {
            try await Choice.objects.using(database).filter(Q(path, operand)).all()
        }
    }

    @Test func boundsTheDepthOfConditions() async throws {
        let database = try await TestDatabase.filled()
        var condition = Q("votes", 1)
        for _ in 0..<5000 { condition = .all([.not(condition)]) }
        let deep = condition
        await #expect(throws: FieldError.self) {
            try await Choice.objects.using(database).filter(deep).all()
        }
    }
}
