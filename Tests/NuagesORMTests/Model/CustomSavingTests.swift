import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Synchronization
import Testing

@Model(app: "saving", ordering: ["id"])
struct Journal {
    @Field(maxLength: 20) var name: String
    @Reverse(\Article.journal) var articles: RelatedSet<Article>
}

@Model(app: "saving", ordering: ["id"])
struct Article {
    @ForeignKey(onDelete: .cascade) var journal: Journal.Reference?
    @Field(maxLength: 40) var title: String
    @Field(maxLength: 40) var slug = ""
    var reads = 0
    /// How often it was saved.
    var saves = 0
}

extension Article: CustomSaving {
    mutating func save(_ options: SaveOptions) async throws {
        // One that says so is not saved at all.
        guard title != "spam" else { return }
        slug = title.lowercased()
        saves += 1
        var options = options
        options.fields?.append(contentsOf: ["slug", "saves"])
        try await saveBase(options)
    }
}

extension Article: CustomDeleting {
    func delete(_ options: DeleteOptions) async throws -> Deletion {
        guard title != "Kept" else { return Deletion() }
        return try await deleteBase(options)
    }
}

@Model(app: "saving")
struct SpecialArticle {
    @Parent var article: Article
    var year = 2026
}

extension SpecialArticle: CustomSaving {
    mutating func save(_ options: SaveOptions) async throws {
        year += 1
        try await saveBase(options)
    }
}

/// A sum of what happened.
final class Calls: Sendable {
    private let total = Mutex(0)

    var sum: Int { total.withLock { $0 } }

    func add(_ number: Int) { total.withLock { $0 += number } }
}

@Suite("Models that save and delete rows themselves", .serialized, .timeLimit(.minutes(3)))
struct CustomSavingTests {
    private func empty(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        try await database.makeTables(Journal.self, Article.self, SpecialArticle.self)
        return database
    }

    @Test("All that saves one row calls it", arguments: TestBackend.installed)
    func saves(_ backend: TestBackend) async throws {
        try await empty(backend).use { () async throws in
            var article = Article(title: "A")
            try await article.save()
            #expect(article.id == 1 && article.slug == "a" && article.saves == 1)
            article.title = "B"
            article.reads = 7
            try await article.save { $0.title }
            #expect(try await Article.objects.get(1).slug == "b")
            #expect(try await Article.objects.get(1).reads == 0)
            try await article.save(forcing: .update)
            #expect(try await Article.objects.get(1).saves == 3)

            let created = try await Article.objects.create(Article(title: "C"))
            #expect(created.slug == "c" && created.saves == 1)
            let journal = try await Journal.objects.create(Journal(name: "J"))
            #expect(try await journal.articles.create(Article(title: "D")).slug == "d")
            let set = Article.objects.filter { $0.title == "E" }
            #expect(try await set.getOrCreate(Article(title: "E")).model.slug == "e")
            let changed = try await set.updateOrCreate(Article(title: "E")) { $0.reads += 4 }
            #expect(!changed.isNew && changed.model.saves == 2)
            let stored = try await set.get()
            #expect(stored.reads == 4 && stored.saves == 2)
        }
    }

    @Test("Writing many rows, or by a query, does not call it", arguments: TestBackend.installed)
    func bulk(_ backend: TestBackend) async throws {
        try await empty(backend).use { () async throws in
            var articles = try await Article.objects.bulkCreate([
                Article(title: "A"), Article(title: "Kept"),
            ])
            articles[0].title = "B"
            try await Article.objects.bulkUpdate(articles) { $0.title }
            try await Article.objects.update { $0.reads += 1 }
            #expect(try await Article.objects.all().map(\.saves) == [0, 0])
            #expect(try await Article.objects.all().map(\.slug) == ["", ""])
            #expect(try await Article.objects.delete().total == 2)
        }
    }

    @Test("Rows by names are saved as the model says", arguments: TestBackend.installed)
    func namedRows(_ backend: TestBackend) async throws {
        try await empty(backend).use { () async throws in
            let query = DynamicQuery(Article.self)
            let row = try await query.create([("title", "A"), ("reads", 3)])
            #expect(row["id"] == .int(1) && row["slug"] == .text("a") && row["saves"] == .int(1))
            // What the database computes, and fields that were left out, stay as they are.
            var partial = try await query.only(["title"]).get()
            try partial.assign("title", "B")
            try partial.assign("reads", .combined(.field("reads"), .add, 4))
            try await partial.save()
            var stored = try await Article.objects.get()
            #expect(stored.title == "B" && stored.slug == "b" && stored.reads == 7)
            #expect(stored.saves == 2)
            _ = try await query.updateOrCreate([("title", "B")], defaults: [("reads", 9)])
            stored = try await Article.objects.get()
            #expect(stored.reads == 9 && stored.saves == 3)
            let journal = try await DynamicQuery(Journal.self).create([("name", "J")])
            let related = try journal.relation("article_set")
            let new = try await related.create([("title", "C")])
            #expect(new["slug"] == .text("c"))
            await #expect(throws: UsageError.self) {
                var row = stored
                try await row.saveBase(
                    SaveOptions(rule: .insert, fields: ["title"], using: try Database.current)
                )
            }
        }
    }

    @Test("A row that the model does not save is not there")
    func refuses() async throws {
        try await empty(.sqlite).use { () async throws in
            let spam = try await Article.objects.create(Article(title: "spam"))
            #expect(!spam.id.isSaved)
            let row = try await DynamicQuery(Article.self).create([("title", "spam")])
            #expect(row["id"] == .null && row.isNew)
            var raw = Article(title: "spam")
            try await raw.saveBase(SaveOptions(using: try Database.current))
            #expect(try await Article.objects.all().map(\.saves) == [0])
        }
    }

    @Test("A model with a parent is saved as it says itself", arguments: TestBackend.installed)
    func parents(_ backend: TestBackend) async throws {
        try await empty(backend).use { () async throws in
            let calls = Calls()
            let connections = [
                SpecialArticle.preSave.connect { article, _ in
                    calls.add(1)
                    article.article.reads += 5
                },
                SpecialArticle.postSave.connect { _, event in calls.add(event.isNew ? 10 : 100) },
            ]
            defer { for connection in connections { connection.disconnect() } }
            var special = try await SpecialArticle.objects.create(
                SpecialArticle(article: Article(title: "A"))
            )
            #expect(special.year == 2027 && special.article.saves == 0)
            #expect(special.article.reads == 5 && calls.sum == 11)
            try await special.save()
            #expect(try await SpecialArticle.objects.get().year == 2028)
            #expect(calls.sum == 112)
        }
    }

    @Test("Deleting one row calls the model's own", arguments: TestBackend.installed)
    func deletes(_ backend: TestBackend) async throws {
        try await empty(backend).use { () async throws in
            let journal = try await Journal.objects.create(Journal(name: "J"))
            for title in ["A", "Kept", "B"] {
                try await journal.articles.create(Article(title: title))
            }
            #expect(try await Article.objects.get(1).delete().total == 1)
            #expect(try await Article.objects.get(2).delete().total == 0)
            var kept = try await DynamicQuery(Article.self).filter(.condition("pk", 2)).get()
            #expect(try await kept.delete().total == 0)
            #expect(kept["id"] == .int(2))
            var other = try await DynamicQuery(Article.self).filter(.condition("pk", 3)).get()
            #expect(try await other.delete().counts == ["saving.Article": 1])
            #expect(other["id"] == .null)
            // What goes with another row is not asked.
            #expect(try await journal.delete().total == 2)
        }
    }
}
