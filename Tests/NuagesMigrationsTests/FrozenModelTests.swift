import DatabaseTestSupport
import Foundation
import NuagesCore
import Testing

@testable import NuagesORM

/// Structs that are frozen for the code of migrations.
@Suite struct FrozenModelTests {
    private func migrate(
        _ backend: TestBackend,
        _ initial: Migration = Samples.initial,
        _ code: @escaping RunSwift.Action
    ) async throws -> Database {
        let database = try await backend.open()
        let fill = Migration(app: "polls", name: "0002_fill", dependencies: [initial.key]) {
            RunSwift("fill", forwards: code)
        }
        try await MigrationExecutor(database, migrations: [initial, fill]).migrate()
        return database
    }

    @Test(arguments: TestBackend.installed)
    func readAndWriteTheRowsOfTheirTime(_ backend: TestBackend) async throws {
        let database = try await migrate(backend) { data in
            let questions = try data.objects(OldQuestion.self)
            let choices = try data.objects(OldChoice.self)
            let first = try await questions.create(
                OldQuestion(questionText: "first", pubDate: Date(timeIntervalSince1970: 0))
            )
            try await choices.bulkCreate(
                (1...3).map { OldChoice(question: first, choiceText: "a", votes: $0) }
            )
            // A value that is saved without a database goes to that of the migration.
            var last = try await choices.order { $0.votes.descending }.limit(1).get()
            last.choiceText = "most"
            try await last.save()
            let found = try await choices.selectRelated(\.question)
                .filter { $0.question.questionText == "first" && $0.votes > 2 }.all()
            #expect(found.map(\.choiceText) == ["most"])
            #expect(found.first?.question.loaded?.questionText == "first")
            let counts = try await data.query("Question")
                .annotate("choices", .aggregate("Count", [.field("choice")])).rows()
            #expect(counts.map { $0["choices"] } == [.int(3)])
            let second = try await questions.create(
                OldQuestion(questionText: "second", pubDate: Date(timeIntervalSince1970: 0))
            )
            try await choices.create(OldChoice(question: second, choiceText: "b"))
            try await questions.filter { $0.questionText == "first" }.delete()
        }
        let rows = try await database.rows("SELECT choice_text, votes FROM polls_choice")
        #expect(rows == [[.text("b"), .int(0)]])
        await database.close()
    }

    @Test(arguments: TestBackend.installed)
    func deletingFindsWhatTheStructsLack(_ backend: TestBackend) async throws {
        let database = try await migrate(backend) { data in
            let questions = try data.objects(PartOfQuestion.self)
            _ = try data.objects(PartOfChoice.self)
            for text in ["a", "b"] {
                let question = try await data.query("Question").create([
                    ("question_text", .value(.text(text))),
                    ("pub_date", .value(.text("2026-01-31 12:00:00"))),
                ])
                let key = try #require(question["id"])
                _ = try await data.query("Choice").create([
                    ("question_id", .value(key)), ("choice_text", .value(.text(text))),
                    ("votes", .value(.int(1))),
                ])
            }
            let deletion = try await questions.filter { $0.questionText == "a" }.delete()
            #expect(deletion.counts == ["polls.Question": 1, "polls.Choice": 1])
        }
        #expect(
            try await database.rows("SELECT choice_text FROM polls_choice") == [[.text("b")]]
        )
        await database.close()
    }

    @Test(arguments: TestBackend.installed)
    func newRowsNeedWhatTakesNoNull(_ backend: TestBackend) async throws {
        let database = try await migrate(backend) { data in
            let questions = try data.objects(PartOfQuestion.self)
            let row = PartOfQuestion(questionText: "a")
            let text = """
                PartOfQuestion does not fit polls.question at this point of the history. A new row \
                needs a value for its field 'pub_date', which takes no null and has no default in \
                the database. Declare that field in the struct.
                """
            let attempts: [@Sendable () async throws -> Void] = [
                { try await questions.create(row) }, { try await questions.bulkCreate([row]) },
                { try await questions.bulkCreate([row], batchSize: 5) },
            ]
            var errors: [MigrationError?] = []
            for attempt in attempts {
                errors.append(
                    await #expect(throws: MigrationError.self) {
                        try await data.database.atomic { try await attempt() }
                    }
                )
            }
            #expect(errors.map { $0?.description } == [text, text, text])
            #expect(try await questions.count() == 0)
        }
        await database.close()
    }

    @Test(arguments: [
        Misfit(
            OldWrongTable.self,
            "Its table is 'questions', and was 'polls_question' then. Write `table: \"polls_question\"`."
        ),
        Misfit(
            OldWrongKind.self,
            "Field 'question_text' was of the kind CharField then, and is IntegerField here. Give the property the type of then."
        ),
        Misfit(
            OldWrongColumn.self,
            "The column of field 'pub_date' was 'pub_date' then, and is 'date' here. Write `column: \"pub_date\"`."
        ),
        Misfit(
            OldWrongTarget.self,
            "Field 'question' led to polls.question then, and leads to polls.choice here."
        ),
        Misfit(
            OldWithToday.self,
            "Its field 'question' leads to Today, a model of today's program. Freeze that one too, or declare the key alone as a field."
        ),
        Misfit(OldNull.self, "Field 'note' could be null then. Make the property optional."),
        Misfit(OldKey.self, "The primary key was 'id' then. Make it the struct's."),
        Misfit(
            Today.self,
            "It is a model of today's program. Declare a struct for the migration, with `@Model(…, isFrozen: true)`."
        ),
    ])
    fileprivate func sayWhereTheyDoNotFit(_ misfit: Misfit) throws {
        let data = MigrationData(
            app: "polls",
            state: Samples.state,
            database: try Polls.database()
        )
        let error = #expect(throws: MigrationError.self) { try misfit.objects(data) }
        guard case .unfitModel(misfit.name, _, let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason == misfit.reason)
    }

    @Test func sayWhatTheHistoryLacks() throws {
        let data = MigrationData(
            app: "polls",
            state: Samples.state,
            database: try Polls.database()
        )
        #expect(
            throws: MigrationError.unknownField(
                "author",
                model: "polls.question",
                choices: ["id", "pub_date", "question_text"]
            )
        ) { try data.objects(OldWithAuthor.self) }
        #expect(
            throws: MigrationError.unknownModel(
                "polls.poll",
                choices: ["polls.choice", "polls.question", "polls.sample"]
            )
        ) { try data.objects(OldPoll.self) }
    }

    @Test func areNoModelsOfTheProgram() throws {
        ModelRegistry.register([Today.self, TodaysChoice.self])
        // Even where they are listed by mistake.
        ModelRegistry.register([OldQuestion.self, OldChoice.self])
        let data = MigrationData(
            app: "polls",
            state: Samples.state,
            database: try Polls.database()
        )
        _ = try data.objects(OldChoice.self)
        // Other tests have a model of the label too.
        #expect(ModelRegistry.model(labelled: "polls.question") != OldQuestion.self)
        #expect(Today.info.members.names == ["id", "question_text", "todays"])
        #expect(Today.info.members.reverses.map(\.source.typeName) == ["TodaysChoice"])
        #expect(ModelRegistry.graph.model(labeled: "polls.choice") != OldChoice.info)
        #expect(
            OldQuestion.info.members.reverses.map(\.source.schema.label).sorted()
                == ["polls.choice", "polls.sample", "polls.sample", "polls.sample_related"]
        )
    }

    // MARK: Writing

    @Test func areWrittenFromTheHistory() throws {
        let file = try String(
            contentsOfFile: #filePath.replacing(
                "FrozenModelTests.swift",
                with: "Support/FrozenSamples.swift"
            ),
            encoding: .utf8
        )
        for models in [["polls.sample", "polls.Question"], ["polls.question", "polls.choice"]] {
            let source = try FrozenModelSource(models, in: Samples.state)
            let text = source.lines.joined(separator: "\n")
                .replacing("private struct", with: "struct")
            #expect(file.contains(text), "\(text)")
        }
    }

    @Test(arguments: TestBackend.installed)
    func thoseWrittenFitFieldsOfAllKinds(_ backend: TestBackend) async throws {
        let database = try await migrate(backend) { data in
            let samples = try data.objects(OldSample.self)
            let made = try await samples.create(
                OldSample(small: 1, big: 1 << 40, score: 0.5, address: "::1", kind2: "k")
            )
            let found = try await samples.get(made.id)
            #expect(found.name == "a \"b\"")
            #expect(found.count == -3)
            #expect(found.big == 1 << 40)
            #expect(found.twice == .value(-6))
            #expect(found.kind2 == "k")
            #expect(found.address == "::1")
        }
        await database.close()
    }
}

extension FrozenModelTests {
    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func thoseWrittenFitArrays() async throws {
        let initial = Migration(app: "polls", name: "0001_initial", isInitial: true) {
            CreateModel("List", fields: Samples.list.fields)
        }
        let database = try await migrate(.postgresql, initial) { data in
            let lists = try data.objects(OldList.self)
            let day = Date(timeIntervalSince1970: 0)
            let made = try await lists.create(
                OldList(tags: ["a"], codes: ["b"], board: [[1, nil]], days: [day])
            )
            let found = try await lists.get(made.id)
            #expect(found.tags == ["a"])
            #expect(found.codes == ["b"])
            #expect(found.board == [[1, nil]])
            #expect(found.days == [day])
        }
        await database.close()
    }

    @Test func arraysAreWrittenFromTheHistory() throws {
        let file = try String(
            contentsOfFile: #filePath.replacing(
                "FrozenModelTests.swift",
                with: "Support/FrozenSamples.swift"
            ),
            encoding: .utf8
        )
        let state = MigrationState([Samples.list])
        let source = try FrozenModelSource(["polls.list"], in: state)
        let text = source.lines.joined(separator: "\n").replacing("private struct", with: "struct")
        #expect(file.contains(text), "\(text)")
        #expect(source.needsFoundation)
        // A kind of one's own has its column in the history, and no type.
        let place = FieldSchema(
            "place",
            FieldType(rawValue: "PointField"),
            customColumnType: ["sqlite": "point"]
        )
        let own = MigrationState([Polls.model("Place", Polls.id, place)])
        let lines = try FrozenModelSource(["polls.place"], in: own).lines
        #expect(
            lines.contains(
                "    // place, a PointField, is left out: declare it with its type where the code needs it."
            )
        )
    }
}

/// A struct that does not fit, and what is said of it.
private struct Misfit: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: String
    let objects: @Sendable (MigrationData) throws -> Void

    init<M: Model>(_ type: M.Type, _ reason: String) {
        name = "\(type)"
        self.reason = reason
        objects = { _ = try $0.objects(M.self) }
    }

    var testDescription: String { name }
}

@Model(app: "polls", name: "Question", isFrozen: true)
private struct PartOfQuestion {
    @Field(maxLength: 200) var questionText: String
}

@Model(app: "polls", name: "Choice", isFrozen: true)
private struct PartOfChoice {
    var votes = 0
}

@Model(app: "polls", name: "Question", table: "questions", isFrozen: true)
private struct OldWrongTable {
    @Field(maxLength: 200) var questionText: String
}

@Model(app: "polls", name: "Question", isFrozen: true)
private struct OldWrongKind {
    var questionText: Int
}

@Model(app: "polls", name: "Question", isFrozen: true)
private struct OldWrongColumn {
    @Field(column: "date") var pubDate: Date
}

@Model(app: "polls", name: "Choice", isFrozen: true)
private struct OldWrongTarget {
    @ForeignKey(onDelete: .cascade) var question: PartOfChoice.Reference
}

@Model(app: "polls", name: "Choice", isFrozen: true)
private struct OldWithToday {
    @ForeignKey(onDelete: .cascade) var question: Today.Reference
}

@Model(app: "polls", name: "Sample", key: UUID.self, isFrozen: true)
private struct OldNull {
    var note: String
}

@Model(app: "polls", name: "Sample", isFrozen: true)
private struct OldKey {
    @Field(maxLength: 100, primaryKey: true) var name: String
}

@Model(app: "polls", name: "Question", isFrozen: true)
private struct OldWithAuthor {
    var author: String
}

@Model(app: "polls", name: "Poll", isFrozen: true)
private struct OldPoll {
    var author: String
}

@Model(app: "polls", name: "Question")
private struct Today {
    @Field(maxLength: 200) var questionText: String
}

@Model(app: "polls", name: "Choice")
private struct TodaysChoice {
    @ForeignKey(onDelete: .cascade, relatedName: "todays") var question: Today.Reference
}
