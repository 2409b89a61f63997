import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Related managers")
struct RelatedManagerTests {
    @Test("Rows of a foreign key are created, related, unrelated and replaced")
    func foreignKey() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let django = try await Author.objects.get(1)
            let book = try await django.books.create(Book(title: "New"))
            #expect(book.author?.id == 1)
            let anonymous = try await Book.objects.filter { $0.title == "Anonymous" }.get()
            try await django.books.add(anonymous)
            #expect(try await django.books.count() == 4)
            try await django.books.remove(anonymous, book)
            try await django.books.set([anonymous])
            #expect(try await django.books.all().map(\.title) == ["Anonymous"])
            try await django.books.clear()
            #expect(try await django.books.count() == 0)
        }
        #expect(
            statements[1].utf8.starts(with: #"INSERT INTO "polls_book" ("title", "author_id""#.utf8)
        )
        #expect(
            statements[3]
                == #"UPDATE "polls_book" SET "author_id" = ? WHERE "polls_book"."id" IN (?)"#
        )
        #expect(
            statements[5] == """
                UPDATE "polls_book" SET "author_id" = ? WHERE ("polls_book"."author_id" = ? AND \
                "polls_book"."id" IN (?, ?))
                """
        )
    }

    @Test("Rows that cannot be unrelated are not, and keys are no rows")
    func refusals() async throws {
        let database = try await TestDatabase.filled()
        try await database.use { () async throws in
            let question = try await Question.objects.get(1)
            let choice = try await Choice.objects.get(4)
            await #expect(throws: UsageError.self) { try await question.choices.remove(choice) }
            await #expect(throws: UsageError.self) { try await question.choices.clear() }
            await #expect(throws: UsageError.self) { try await question.choices.add(Choice.ID(4)) }
            let stranger = Question(questionText: "", pubDate: .now)
            await #expect(throws: ModelError.unsaved(model: "Question")) {
                try await stranger.choices.add(choice)
            }
            let author = try await Author.objects.get(2)
            let book = try await Book.objects.filter { $0.title == "Nuages" }.get()
            await #expect(throws: ModelError.doesNotExist(model: "Book")) {
                try await author.books.remove(book)
            }
        }
    }

    @Test("Rows are got, created and updated within a relation")
    func getOrCreate() async throws {
        let database = try await TestDatabase.filled()
        try await database.use { () async throws in
            let question = try await Question.objects.get(2)
            let old = try await question.choices.getOrCreate(
                Choice(question: question, choiceText: "Yes")
            ) { $0.choiceText == "Yes" }
            #expect(!old.isNew && old.model.id == 4)
            let new = try await question.choices.getOrCreate(
                Choice(question: Question.ID(1), choiceText: "Maybe")
            ) { $0.choiceText == "Maybe" }
            #expect(new.isNew && new.model.question.id == 2)
            let changed = try await question.choices.updateOrCreate(
                Choice(question: question, choiceText: "Yes"),
                where: { $0.choiceText == "Yes" },
                updating: { $0.votes += 10 }
            )
            #expect(!changed.isNew && changed.model.votes == 11)
            #expect(try await Choice.objects.get(4).votes == 11)
        }
    }

    @Test("Many-to-many relations take rows and keys, in both directions")
    func manyToMany() async throws {
        let database = try await PlacesDatabase.filled()
        try await database.use { () async throws in
            let people = try await Person.objects.order(by: "id").all()
            let go = try await Club.objects.get(2)
            try await go.members.add(people[0], Person.ID(3))
            try await go.members.add([people[0]])
            #expect(try await go.members.all().map(\.name).sorted() == ["Ann", "Eve"])
            try await go.members.set([people[1], people[2]])
            #expect(try await go.members.all().map(\.name).sorted() == ["Bob", "Eve"])
            try await people[0].clubs.add(go)
            #expect(try await people[0].clubs.all().map(\.name).sorted() == ["Chess", "Go"])
            try await people[0].clubs.remove(go)
            #expect(try await go.members.count() == 2)
            let new = try await go.members.create(Person(name: "Joe"))
            #expect(try await new.clubs.all().map(\.id) == [2])
            try await go.members.clear()
            #expect(try await go.members.count() == 0)
            // A symmetrical relation is kept both ways.
            #expect(try await people[2].friends.all().map(\.name) == ["Ann"])
            try await people[2].friends.remove(people[0])
            #expect(try await people[0].friends.count() == 0)
        }
    }

    @Test("Fields of the rows in between are set, of their model only")
    func throughDefaults() async throws {
        let database = try await PlacesDatabase.filled()
        try await database.use { () async throws in
            let people = try await Person.objects.order(by: "id").all()
            let go = try await Club.objects.get(2)
            try await go.members.add([people[1]]) { (row: inout Assignments<Membership>) in
                row.set(\.inviter, to: people[0])
            }
            let membership = try await Membership.objects.filter { $0.club == go }.get()
            #expect(membership.inviter?.id == 1 && membership.person.id == 2)
            await #expect(throws: UsageError.self) {
                try await go.members.add([people[2]]) { (row: inout Assignments<Bar>) in
                    row.servesCocktails = true
                }
            }
        }
    }
}
