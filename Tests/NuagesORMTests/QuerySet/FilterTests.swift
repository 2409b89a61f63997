import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

/// Each query in its typed and its dynamic form, with the SQL that Django 6.1 makes of it.
@Suite struct FilterTests {
    struct Case<M: Model>: Sendable, CustomTestStringConvertible {
        let typed: @Sendable () -> QuerySet<M>
        let dynamic: @Sendable () -> QuerySet<M>
        let sql: String
        /// The SQL for PostgreSQL, where it is another.
        let postgresql: String?
        /// The SQL for MariaDB, where it is not that of SQLite.
        let mysql: String?
        private let names: [String]
        private let postgresqlNames: [String]

        init(
            _ typed: @escaping @Sendable () -> QuerySet<M>,
            _ dynamic: @escaping @Sendable () -> QuerySet<M>,
            _ sql: String,
            postgresql: String? = nil,
            mysql: String? = nil,
            _ names: [String],
            postgresqlNames: [String]? = nil
        ) {
            self.typed = typed
            self.dynamic = dynamic
            self.sql = sql
            self.postgresql = postgresql
            self.mysql = mysql
            self.names = names
            self.postgresqlNames = postgresqlNames ?? names
        }

        var testDescription: String { sql }

        func sql(_ backend: TestBackend) -> String {
            backend.choose(sqlite: sql, postgresql: postgresql ?? sql, mysql: mysql ?? sql)
        }

        /// Whether the rows that are found have these names, in this order where they have one.
        func expects(_ found: [String], _ backend: TestBackend) -> Bool {
            let names = backend.choose(sqlite: names, postgresql: postgresqlNames, mysql: names)
            let hasOrder = sql.split(" ORDER BY ").count > 1
            return hasOrder ? found == names : found.sorted() == names.sorted()
        }
    }

    static let questions: [Case<Question>] = [
        Case(
            { .init().filter { $0.choices.votes > 3 } },
            { .init().filter(lookups: ["choice__votes__gt": 3]) },
            """
            SELECT … FROM "polls_question" INNER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") WHERE "polls_choice"."votes" > ?
            """,
            ["What's new?", "100% <sure>"]
        ),
        Case(
            { .init().filter { $0.choices.choiceText == "Yes" && $0.choices.votes > 3 } },
            {
                .init().filter(lookups: ["choice__choice_text": "Yes", "choice__votes__gt": 3])
            },
            """
            SELECT … FROM "polls_question" INNER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") WHERE ("polls_choice"."choice_text" = ? AND \
            "polls_choice"."votes" > ?)
            """,
            []
        ),
        Case(
            { .init().filter { $0.choices.votes > 3 }.filter { $0.choices.choiceText == "Yes" } },
            {
                .init().filter(lookups: ["choice__votes__gt": 3])
                    .filter(lookups: ["choice__choice_text": "Yes"])
            },
            """
            SELECT … FROM "polls_question" INNER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") INNER JOIN "polls_choice" "T3" ON \
            ("polls_question"."id" = "T3"."question_id") WHERE ("polls_choice"."votes" > ? AND \
            "T3"."choice_text" = ?)
            """,
            ["100% <sure>"]
        ),
        Case(
            { .init().exclude { $0.choices.votes > 3 } },
            { .init().exclude(lookups: ["choice__votes__gt": 3]) },
            """
            SELECT … FROM "polls_question" WHERE NOT (EXISTS(SELECT 1 AS "a" FROM "polls_choice" \
            "U1" WHERE ("U1"."votes" > ? AND "U1"."question_id" = ("polls_question"."id")) \
            LIMIT 1))
            """,
            ["Où?"]
        ),
        Case(
            { .init().exclude { $0.questionText == "Où?" } },
            { .init().exclude(lookups: ["question_text": "Où?"]) },
            #"SELECT … FROM "polls_question" WHERE NOT ("polls_question"."question_text" = ?)"#,
            ["What's new?", "100% <sure>"]
        ),
        Case(
            { .init().filter { $0.choices.votes == 7 || $0.questionText == "Où?" } },
            { .init().filter(Q("choice__votes", 7) || Q("question_text", "Où?")) },
            """
            SELECT … FROM "polls_question" LEFT OUTER JOIN "polls_choice" ON \
            ("polls_question"."id" = "polls_choice"."question_id") WHERE \
            ("polls_choice"."votes" = ? OR "polls_question"."question_text" = ?)
            """,
            ["What's new?", "Où?"]
        ),
        Case(
            { .init().filter { $0.choices.isNull } },
            { .init().filter(lookups: ["choice__isnull": true]) },
            """
            SELECT … FROM "polls_question" LEFT OUTER JOIN "polls_choice" ON \
            ("polls_question"."id" = "polls_choice"."question_id") WHERE "polls_choice"."id" IS \
            NULL
            """,
            ["Où?"]
        ),
        Case(
            { .init().filter { $0.questionText.hasPrefix("100%") } },
            { .init().filter(lookups: ["question_text__startswith": "100%"]) },
            #"""
            SELECT … FROM "polls_question" WHERE "polls_question"."question_text" LIKE ? ESCAPE '\'
            """#,
            postgresql: """
                SELECT … FROM "polls_question" WHERE "polls_question"."question_text"::text LIKE ?
                """,
            mysql: """
                SELECT … FROM "polls_question" WHERE "polls_question"."question_text" LIKE BINARY ?
                """,
            ["100% <sure>"]
        ),
        Case(
            { .init().filter { $0.pubDate.year == 2026 && $0.pubDate.day == 2 } },
            { .init().filter(lookups: ["pub_date__year": 2026, "pub_date__day": 2]) },
            """
            SELECT … FROM "polls_question" WHERE ("polls_question"."pub_date" BETWEEN ? AND ? \
            AND django_datetime_extract(?, "polls_question"."pub_date", ?, ?) = ?)
            """,
            postgresql: """
                SELECT … FROM "polls_question" WHERE ("polls_question"."pub_date" BETWEEN ? AND ? \
                AND EXTRACT(DAY FROM "polls_question"."pub_date" AT TIME ZONE 'UTC') = ?)
                """,
            mysql: """
                SELECT … FROM "polls_question" WHERE ("polls_question"."pub_date" BETWEEN ? AND ? \
                AND EXTRACT(DAY FROM "polls_question"."pub_date") = ?)
                """,
            ["100% <sure>"]
        ),
        Case(
            { .init().filter { $0.id.isIn([1, 3]) } },
            { .init().filter(lookups: ["pk__in": [1, 3]]) },
            #"SELECT … FROM "polls_question" WHERE "polls_question"."id" IN (?, ?)"#,
            ["What's new?", "Où?"]
        ),
    ]

    @Test(arguments: TestBackend.available, questions) func filtersQuestions(
        _ backend: TestBackend,
        _ test: Case<Question>
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let typed = try await sql(database) { try await test.typed().all() }
        let dynamic = try await sql(database) { try await test.dynamic().all() }
        #expect(typed == [test.sql(backend)])
        #expect(dynamic == typed)
        let found = try await test.typed().using(database).all()
        #expect(test.expects(found.map(\.questionText), backend))
    }

    static let books: [Case<Book>] = [
        Case(
            { .init().filter { $0.author.name == "Django" } },
            { .init().filter(lookups: ["author__name": "Django"]) },
            """
            SELECT … FROM "polls_book" INNER JOIN "polls_author" ON ("polls_book"."author_id" = \
            "polls_author"."id") WHERE "polls_author"."name" = ? ORDER BY "polls_book"."title" DESC
            """,
            ["Nuages", "Minor Swing"]
        ),
        Case(
            { .init().exclude { $0.author.name == "Django" } },
            { .init().exclude(lookups: ["author__name": "Django"]) },
            """
            SELECT … FROM "polls_book" LEFT OUTER JOIN "polls_author" ON \
            ("polls_book"."author_id" = "polls_author"."id") WHERE NOT ("polls_author"."name" = ? \
            AND "polls_author"."name" IS NOT NULL) ORDER BY "polls_book"."title" DESC
            """,
            ["Anonymous"]
        ),
        Case(
            { .init().exclude { $0.price == 12.5 } },
            { .init().exclude(lookups: ["price": "12.5"]) },
            """
            SELECT … FROM "polls_book" WHERE NOT ("polls_book"."price" = ? AND \
            "polls_book"."price" IS NOT NULL) ORDER BY "polls_book"."title" DESC
            """,
            ["Minor Swing", "Anonymous"]
        ),
        Case(
            { .init().filter { $0.author.name == "x" || $0.title == "Anonymous" } },
            { .init().filter(Q("author__name", "x") || Q("title", "Anonymous")) },
            """
            SELECT … FROM "polls_book" LEFT OUTER JOIN "polls_author" ON \
            ("polls_book"."author_id" = "polls_author"."id") WHERE ("polls_author"."name" = ? OR \
            "polls_book"."title" = ?) ORDER BY "polls_book"."title" DESC
            """,
            ["Anonymous"]
        ),
        Case(
            { .init().filter { $0.inPrint } },
            { .init().filter(lookups: ["in_print": true]) },
            """
            SELECT … FROM "polls_book" WHERE "polls_book"."in_print" ORDER BY \
            "polls_book"."title" DESC
            """,
            ["Nuages", "Anonymous"]
        ),
        Case(
            { .init().filter { $0.author.isNull } },
            { .init().filter(lookups: ["author": nil]) },
            """
            SELECT … FROM "polls_book" WHERE "polls_book"."author_id" IS NULL ORDER BY \
            "polls_book"."title" DESC
            """,
            ["Anonymous"]
        ),
        Case(
            { .init().exclude { $0.author.editedBooks.title == "Minor Swing" } },
            { .init().exclude(lookups: ["author__edited__title": "Minor Swing"]) },
            """
            SELECT … FROM "polls_book" WHERE NOT (EXISTS(SELECT 1 AS "a" FROM "polls_book" "U2" \
            WHERE ("U2"."title" = ? AND "U2"."editor_id" = ("polls_book"."author_id")) LIMIT 1)) \
            ORDER BY "polls_book"."title" DESC
            """,
            ["Nuages", "Minor Swing", "Anonymous"]
        ),
        Case(
            { .init().filter { !($0.author.name == "x" || $0.title == "Nuages") } },
            { .init().filter(!(Q("author__name", "x") || Q("title", "Nuages"))) },
            """
            SELECT … FROM "polls_book" LEFT OUTER JOIN "polls_author" ON \
            ("polls_book"."author_id" = "polls_author"."id") WHERE NOT (("polls_author"."name" = ? \
            AND "polls_author"."name" IS NOT NULL) OR "polls_book"."title" = ?) ORDER BY \
            "polls_book"."title" DESC
            """,
            ["Minor Swing", "Anonymous"]
        ),
        Case(
            { .init().filter { $0.title == $0.author.name } },
            { .init().filter(Q("title", .field("author__name"))) },
            """
            SELECT … FROM "polls_book" INNER JOIN "polls_author" ON ("polls_book"."author_id" = \
            "polls_author"."id") WHERE "polls_book"."title" = ("polls_author"."name") ORDER BY \
            "polls_book"."title" DESC
            """,
            []
        ),
        Case(
            { .init().order { [$0.author.name.ascending, $0.title.ascending] } },
            { .init().order(by: "author", "title") },
            """
            SELECT … FROM "polls_book" LEFT OUTER JOIN "polls_author" ON \
            ("polls_book"."author_id" = "polls_author"."id") ORDER BY "polls_author"."name" ASC, \
            "polls_book"."title" ASC
            """,
            ["Anonymous", "Minor Swing", "Nuages"],
            // PostgreSQL puts NULL behind all values.
            postgresqlNames: ["Minor Swing", "Nuages", "Anonymous"]
        ),
    ]

    @Test(arguments: TestBackend.available, books) func filtersBooks(
        _ backend: TestBackend,
        _ test: Case<Book>
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let typed = try await sql(database) { try await test.typed().all() }
        let dynamic = try await sql(database) { try await test.dynamic().all() }
        #expect(typed == [test.sql(backend)])
        #expect(dynamic == typed)
        let found = try await test.typed().using(database).all()
        #expect(test.expects(found.map(\.title), backend))
    }

    static let authors: [Case<Author>] = [
        Case(
            { .init().filter { $0.books.title == "Nuages" && !($0.books.price == 3) } },
            { .init().filter(Q("book__title", "Nuages") && !Q("book__price", 3)) },
            """
            SELECT … FROM "polls_author" INNER JOIN "polls_book" ON ("polls_author"."id" = \
            "polls_book"."author_id") WHERE ("polls_book"."title" = ? AND NOT (EXISTS(SELECT 1 AS \
            "a" FROM "polls_book" "U1" WHERE ("U1"."price" = ? AND "U1"."id" = \
            ("polls_book"."id")) LIMIT 1))) ORDER BY "polls_author"."name" ASC
            """,
            ["Django"]
        ),
        Case(
            { .init().exclude { $0.books.isNull } },
            { .init().exclude(lookups: ["book__isnull": true]) },
            """
            SELECT … FROM "polls_author" WHERE NOT (EXISTS(SELECT 1 AS "a" FROM "polls_author" \
            "U0" LEFT OUTER JOIN "polls_book" "U1" ON ("U0"."id" = "U1"."author_id") WHERE \
            ("U1"."id" IS NULL AND "U0"."id" = ("polls_author"."id")) LIMIT 1)) ORDER BY \
            "polls_author"."name" ASC
            """,
            ["Django"]
        ),
        Case(
            { .init().filter { $0.editedBooks.author.name == "Django" }.distinct() },
            { .init().filter(lookups: ["edited__author__name": "Django"]).distinct() },
            """
            SELECT DISTINCT … FROM "polls_author" INNER JOIN "polls_book" ON \
            ("polls_author"."id" = "polls_book"."editor_id") INNER JOIN "polls_author" "T3" ON \
            ("polls_book"."author_id" = "T3"."id") WHERE "T3"."name" = ? ORDER BY \
            "polls_author"."name" ASC
            """,
            ["Stéphane"]
        ),
    ]

    @Test(arguments: TestBackend.available, authors) func filtersAuthors(
        _ backend: TestBackend,
        _ test: Case<Author>
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let typed = try await sql(database) { try await test.typed().all() }
        let dynamic = try await sql(database) { try await test.dynamic().all() }
        #expect(typed == [test.sql(backend)])
        #expect(dynamic == typed)
        let found = try await test.typed().using(database).all()
        #expect(test.expects(found.map(\.name), backend))
    }

    @Test(arguments: TestBackend.available) func filtersByAnAggregate(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let set = Author.objects.filter { $0.books.count() > 1 }
        let groups = backend.choose(
            sqlite: #""polls_author"."id", "polls_author"."name""#,
            postgresql: #""polls_author"."id""#
        )
        #expect(
            try await sql(database) { try await set.all() } == [
                """
                SELECT … FROM "polls_author" LEFT OUTER JOIN "polls_book" ON \
                ("polls_author"."id" = "polls_book"."author_id") GROUP BY \(groups) \
                HAVING COUNT("polls_book"."id") > ?
                """
            ]
        )
        #expect(try await set.using(database).all().map(\.name) == ["Django"])
    }

    @Test(arguments: TestBackend.available) func filtersByAnotherQuery(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let set = Book.objects.filter {
            $0.author.isIn(Author.objects.filter { $0.name == "Django" })
        }
        #expect(
            try await sql(database) { try await set.all() } == [
                """
                SELECT … FROM "polls_book" WHERE "polls_book"."author_id" IN (SELECT "U0"."id" FROM \
                "polls_author" "U0" WHERE "U0"."name" = ?) ORDER BY "polls_book"."title" DESC
                """
            ]
        )
        #expect(try await set.using(database).all().map(\.title) == ["Nuages", "Minor Swing"])
    }

    @Test(arguments: TestBackend.available) func asksNothingWhereNothingCanMatch(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        #expect(
            try await sql(database) { try await Book.objects.filter { $0.id.isIn([]) }.all() } == []
        )
        #expect(try await sql(database) { try await Book.objects.none().count() } == [])
        #expect(try await Book.objects.exclude { $0.id.isIn([]) }.using(database).count() == 3)
    }
}
