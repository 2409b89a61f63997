import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

/// What mistakes in names and values of lookups are told.
@Suite struct LookupErrorTests {
    @Test(arguments: [
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
    ])
    func tellsTheChoices(_ name: String, _ message: String) async throws {
        let database = try await TestDatabase.polls()
        let error = await #expect(throws: FieldError.self) {
            try await Question.objects.using(database).filter(Q(name, 1)).all()
        }
        #expect(error?.description == message)
    }

    @Test func tellsTheLookups() async throws {
        let database = try await TestDatabase.polls()
        let error = await #expect(throws: FieldError.self) {
            try await Question.objects.using(database).filter(Q("id__gtt", 1)).all()
        }
        #expect(
            error?.description.hasPrefix("The field 'id' has no lookup 'gtt'. Did you mean 'gt'?")
                == true
        )
    }

    @Test(arguments: [
        ("votes", LookupOperand.value(.text("abc"))), ("votes", .value(.text("٣"))),
        ("votes__in", .value(.int(1))), ("votes__isnull", .value(.int(1))),
        ("votes", .values([.int(1)])), ("votes__range", .values([.int(1)])),
        ("votes__gt", .value(.null)), ("question__pub_date", .value(.text("yesterday"))),
        ("choice_text", .value(.bool(true))),
    ])
    func refusesValuesOfAnotherKind(_ path: String, _ operand: LookupOperand) async throws {
        for backend in TestBackend.available {
            let database = try await SecureDatabase.polls(backend)
            await #expect(throws: FieldError.self) {
                try await Choice.objects.using(database).filter(Q(path, operand)).all()
            }
        }
    }
}
