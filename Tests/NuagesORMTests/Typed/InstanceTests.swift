import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Rows as values")
struct InstanceTests {
    @Test("A save writes some fields, or inserts or updates by force")
    func saves() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            var choice = try await Choice.objects.get(1)
            choice.votes = 9
            choice.choiceText = "unsaved"
            try await choice.save { $0.votes }
            try await choice.refresh { $0.choiceText }
            #expect(choice.choiceText == "Not much" && choice.votes == 9)
            var author = Author(id: 9, name: "New")
            await #expect(throws: ModelError.notUpdated(model: "Author")) {
                try await author.save(forcing: .update)
            }
            try await author.save(forcing: .insert)
            await #expect(throws: DatabaseError.self) { try await author.save(forcing: .insert) }
        }
        #expect(
            statements[1...] == [
                #"UPDATE "polls_choice" SET "votes" = ? WHERE "polls_choice"."id" = ?"#,
                """
                SELECT "polls_choice"."id", "polls_choice"."choice_text" FROM "polls_choice" WHERE \
                "polls_choice"."id" = ? LIMIT 21
                """,
                #"UPDATE "polls_author" SET "name" = ? WHERE "polls_author"."id" = ?"#,
                #"INSERT INTO "polls_author" ("id", "name") VALUES (?, ?)"#,
                #"INSERT INTO "polls_author" ("id", "name") VALUES (?, ?)"#,
            ]
        )
    }

    @Test("Rows of several tables, and with values of the database, are saved whole")
    func savesSpecialModels() async throws {
        let database = try await PlacesDatabase.empty()
        try await database.use { () async throws in
            var restaurant = Restaurant(place: Place(name: "A", address: "B"), servesPizza: true)
            try await restaurant.save()
            #expect(restaurant.id == 1 && restaurant.place.id == 1)
            restaurant.place.name = "C"
            try await restaurant.save()
            #expect(try await Place.objects.get().name == "C")
            #expect(try await Restaurant.objects.update { $0.set(\.name, to: "D") } == 1)
            #expect(try await Restaurant.objects.get(1).place.name == "D")
            let site = try await Place.objects.create(Place(name: "Site", address: ""))
            let lot = try await ParkingLot.objects.create(
                ParkingLot(place: Place(name: "Lot", address: ""), mainSite: site)
            )
            #expect(try await lot.delete(keepingParents: true).total == 1)
            #expect(try await Place.objects.filter { $0.name == "Lot" }.exists())

            var row = Computed(a: 3, day: CalendarDate(daysSince1970: 0)!)
            try await row.save()
            #expect(row.next == .value(4) && row.headline == .value("Headline"))
            #expect(row.both == 1 && row.sum == .value(13))
            row.a = 5
            try await row.save()
            #expect(row.next == .value(6))
        }
    }

    @Test("Rows know their neighbours by a field")
    func neighbours() async throws {
        let database = try await TestDatabase.filled()
        try await database.use { () async throws in
            let question = try await Question.objects.get(2)
            #expect(try await question.next { $0.pubDate }.id == 3)
            #expect(try await question.previous { $0.pubDate }.id == 1)
            let last = try await Question.objects.get(3)
            await #expect(throws: ModelError.doesNotExist(model: "Question")) {
                try await last.next { $0.pubDate }
            }
        }
    }

    @Test("Rows keep an order within the row they refer to")
    func order() async throws {
        let database = try await PlacesDatabase.empty()
        try await database.use { () async throws in
            let maker = try await Maker.objects.create(Maker(name: "M", num: 1))
            var answers: [Answer] = []
            for text in ["a", "b", "c"] {
                answers.append(try await Answer.objects.create(Answer(text: text, question: maker)))
            }
            #expect(try await answers[0].nextInOrder().text == "b")
            #expect(try await answers[1].previousInOrder().text == "a")
            let bulk = try await Answer.objects.bulkCreate([Answer(text: "d", question: maker)])
            #expect(try await bulk[0].previousInOrder().text == "c")
        }
    }

    @Test("Rows are checked field by field, as a whole, and for what must be unique")
    func cleaning() async throws {
        let database = try await PlacesDatabase.filled()
        try await database.use { () async throws in
            var maker = Maker(name: "", num: 1001)
            do {
                try await maker.fullClean()
                Issue.record("It has no name, and another one has its number")
            } catch let error as ValidationError {
                #expect(error.items.map(\.field) == ["name", "num"])
            }
            try await maker.fullClean(excluding: { ($0.name, $0.num) })
            var place = CheckedPlace(name: "x")
            do {
                try await place.fullClean(checksUnique: false)
                Issue.record("x is no name")
            } catch let error as ValidationError {
                #expect(error.items.map(\.field) == [nil])
            }
        }
    }

    @Test("Rows are written in bulk, with a rule for those that are there")
    func bulk() async throws {
        let database = try await PlacesDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let rows = [Maker(name: "N", num: 1001), Maker(name: "O", num: 1002)]
            try await Maker.objects.bulkCreate(
                rows,
                onConflict: .update({ $0.name }, unique: { $0.num })
            )
            #expect(try await Maker.objects.valuesList(\.name) == ["N", "O"])
            try await Maker.objects.bulkCreate(rows, onConflict: .ignore)
            var found = try await Maker.objects.all()
            for index in found.indices { found[index].name = "P\(index)" }
            #expect(try await Maker.objects.bulkUpdate(found) { $0.name } == 2)
            #expect(try await Maker.objects.valuesList(\.name) == ["P0", "P1"])
            #expect(try await Maker.objects.inBulk([1002], by: \.num)[1002]?.name == "P1")
            await #expect(throws: UsageError.self) {
                try await Maker.objects.inBulk(["P1"], by: \.name)
            }
            await #expect(throws: UsageError.self) {
                try await Maker.objects.bulkCreate(rows, batchSize: 0)
            }
        }
        #expect(
            statements[0] == """
                INSERT INTO "places_maker" ("name", "num") VALUES (?, ?), (?, ?) ON CONFLICT\
                ("num") DO UPDATE SET "name" = EXCLUDED."name" RETURNING "places_maker"."id"
                """
        )
        #expect(statements[2].utf8.starts(with: "INSERT OR IGNORE INTO".utf8))
        #expect(
            statements[4] == """
                UPDATE "places_maker" SET "name" = CASE WHEN ("places_maker"."id" = ?) THEN ? WHEN \
                ("places_maker"."id" = ?) THEN ? ELSE NULL END WHERE "places_maker"."id" IN (?, ?)
                """
        )
    }

    @Test("The only row is changed by expressions, or a new one is made")
    func updateOrCreate() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let sky = Choice.objects.filter { $0.choiceText == "The sky" }
            let new = Choice(question: Question.ID(1), choiceText: "The sky")
            let (choice, isNew) = try await sky.updateOrCreate(new) { $0.votes += 1 }
            #expect(!isNew && choice.votes == 8)
            let other = Choice.objects.filter { $0.choiceText == "Clouds" }
            #expect(
                try await other.updateOrCreate(
                    Choice(question: Question.ID(1), choiceText: "Clouds", votes: 2)
                ) { $0.votes += 1 }.isNew
            )
        }
        #expect(
            statements[1] == """
                UPDATE "polls_choice" SET "votes" = ("polls_choice"."votes" + ?) WHERE \
                "polls_choice"."id" = ? RETURNING "polls_choice"."votes"
                """
        )
    }

    @Test("Locks need a transaction where the database has them", arguments: TestBackend.available)
    func locks(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        let choices = Choice.objects.selectRelated(\.question)
        // MariaDB locks the rows of all tables.
        let set =
            backend == .mysql
            ? choices.selectForUpdate(.skipsLocked)
            : choices.selectForUpdate(.skipsLocked, of: { ($0, $0.question) })
        try await database.use { () async throws in
            guard backend != .sqlite else {
                #expect(try await set.get(1).votes == 3)
                return
            }
            await #expect(throws: DatabaseError.self) { try await set.get(1) }
        }
        let statements = try await sql(database) { () async throws in
            try await database.atomic { _ = try await set.get(1) }
        }
        let lock =
            backend == .mysql
            ? " FOR UPDATE SKIP LOCKED"
            : #" FOR UPDATE OF "polls_choice", "polls_question" SKIP LOCKED"#
        #expect(
            statements.map { $0.contains(lock) } == [
                backend.choose(sqlite: false, postgresql: true)
            ]
        )
    }

    @Test("A query tells how it is gone about", arguments: TestBackend.available)
    func explains(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let text = try await Author.objects.filter { $0.id == 1 }.explain()
            #expect(text.contains(backend.choose(sqlite: "SEARCH", postgresql: "polls_author")))
            #expect(try await Author.objects.none().explain() == "")
            await #expect(throws: UsageError.self) {
                try await Author.objects.explain(options: ["x; DROP TABLE": "1"])
            }
        }
    }

    @Test(
        "The first row of each group is found where the database can",
        arguments: TestBackend.available
    )
    func distinctOn(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let best = Choice.objects.order { [$0.question.id.ascending, $0.votes.descending] }
                .distinct { $0.question }
            guard backend == .postgresql else {
                await #expect(throws: DatabaseError.self) { try await best.all() }
                return
            }
            #expect(try await best.all().map(\.choiceText) == ["The sky", "No_way"])
        }
    }

    @Test("Templates see the values of rows by their names")
    func context() async throws {
        let database = try await TestDatabase.filled()
        try await database.use { () async throws in
            let set = Question.objects.annotate("total", "most") {
                ($0.choices.count(), $0.choices.votes.maximum())
            }.order { $0.id.ascending }
            guard case .deferred(let load) = set.contextValue,
                case .array(let rows) = try await load(),
                case .object(let row)? = rows.first
            else {
                Issue.record("The rows are a list that is queried when it is needed")
                return
            }
            guard case .int(3)? = row.contextMember("total"),
                case .int(7)? = row.contextMember("most"),
                case .string("What's new?")? = row.contextMember("question_text")
            else {
                Issue.record("Values and fields are members")
                return
            }
        }
    }
}

@Model(app: "places")
struct CheckedPlace {
    var name: String

    mutating func clean() throws {
        if name == "x" { throw ValidationError("x is no name.", code: "x") }
    }
}
