import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesSQLite

/// A database in memory with the tables that Django makes for the models of these tests.
enum TestDatabase {
    static func polls() async throws -> Database {
        let database = try SQLiteDatabase.open(path: ":memory:")
        try await makeTables(database)
        return database
    }

    static func makeTables(_ database: Database) async throws {
        for table in tables { try await database.execute(SQL(unsafe: table)) }
    }

    /// Three questions with five choices, two authors with three books.
    static func filled() async throws -> Database {
        let database = try await polls()
        try await database.use {
            let texts = ["What's new?", "100% <sure>", "Où?"]
            let questions = try await Question.objects.bulkCreate(
                texts.enumerated().map { index, text in
                    Question(questionText: text, pubDate: day(index))
                }
            )
            try await Choice.objects.bulkCreate([
                Choice(question: questions[0], choiceText: "Not much", votes: 3),
                Choice(question: questions[0], choiceText: "The sky", votes: 7),
                Choice(question: questions[0], choiceText: "Just hacking"),
                Choice(question: questions[1], choiceText: "Yes", votes: 1),
                Choice(question: questions[1], choiceText: "No_way", votes: 5),
            ])
            let authors = try await Author.objects.bulkCreate(
                ["Django", "Stéphane"].map { Author(name: $0) }
            )
            try await Book.objects.bulkCreate([
                Book(title: "Nuages", author: authors[0].asReference, price: 12.5),
                Book(
                    title: "Minor Swing",
                    author: authors[0].asReference,
                    editor: authors[1].asReference,
                    inPrint: false
                ),
                Book(title: "Anonymous", published: CalendarDate(year: 2024, month: 2, day: 29)),
            ])
        }
        return database
    }

    /// Noon of the day `number` days after 2026-01-01, in UTC.
    static func day(_ number: Int) -> Date {
        Date(timeIntervalSince1970: 1_767_268_800 + Double(number) * 86_400)
    }

    /// A day of January 2026; days that it does not have are its first.
    static func calendarDay(_ number: Int) -> CalendarDate {
        guard let day = CalendarDate(year: 2026, month: 1, day: number) else {
            return calendarDay(1)
        }
        return day
    }

    private static let tables = [
        """
        CREATE TABLE "polls_question" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
        "question_text" varchar(200) NOT NULL, "pub_date" datetime NOT NULL)
        """,
        """
        CREATE TABLE "polls_choice" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
        "choice_text" varchar(200) NOT NULL, "votes" integer NOT NULL, "question_id" bigint \
        NOT NULL REFERENCES "polls_question" ("id") DEFERRABLE INITIALLY DEFERRED)
        """,
        """
        CREATE TABLE "polls_author" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
        "name" text NOT NULL)
        """,
        """
        CREATE TABLE "polls_book" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
        "title" varchar(100) NOT NULL, "price" decimal NULL, "in_print" bool NOT NULL, \
        "published" date NULL, "author_id" bigint NULL REFERENCES "polls_author" ("id") \
        DEFERRABLE INITIALLY DEFERRED, "editor_id" bigint NULL REFERENCES "polls_author" ("id") \
        DEFERRABLE INITIALLY DEFERRED)
        """,
    ]
}

/// The SQL that `body` sends, with the model's own columns written as `…`.
func sql<Result>(_ database: Database, _ body: () async throws -> Result) async throws -> [String] {
    let (_, log) = try await database.use { try await Database.capturingQueries(body) }
    return log.texts.map(shortened)
}

func shortened(_ text: String) -> String {
    let columns = [
        ("polls_question", ["id", "question_text", "pub_date"]),
        ("polls_choice", ["id", "question_id", "choice_text", "votes"]),
        ("polls_author", ["id", "name"]),
        (
            "polls_book",
            ["id", "title", "author_id", "editor_id", "price", "in_print", "published"]
        ),
    ]
    var text = text
    for (table, names) in columns {
        let list = names.map { "\"\(table)\".\"\($0)\"" }.joined(separator: ", ")
        if let range = text.range(of: list) { text.replaceSubrange(range, with: "…") }
    }
    return text
}

extension String {
    fileprivate func range(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].utf8.starts(with: part.utf8) {
                return start..<utf8.index(start, offsetBy: part.utf8.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }
}
