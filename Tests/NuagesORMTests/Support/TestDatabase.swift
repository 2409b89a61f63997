import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM

/// Databases with the tables of the models of these tests.
enum TestDatabase {
    /// A database with the tables of the polls and the books.
    static func polls(_ backend: TestBackend = .sqlite) async throws -> Database {
        let database = try await backend.open()
        try await makeTables(database)
        return database
    }

    static func makeTables(_ database: Database) async throws {
        try await database.makeTables(Question.self, Choice.self, Author.self, Book.self)
    }

    /// Three questions with five choices, two authors with three books.
    static func filled(_ backend: TestBackend = .sqlite) async throws -> Database {
        let database = try await polls(backend)
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
}

extension Database {
    /// Makes the tables of some models, as their first migration does.
    func makeTables(_ models: any Model.Type...) async throws {
        let state = MigrationState(models.map { $0.schema })
        var editor = try SchemaEditor(self)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
    }
}

extension TestBackend {
    /// What is expected of this backend, where they differ; MariaDB like PostgreSQL.
    func choose<Value>(sqlite: Value, postgresql: Value) -> Value {
        choose(sqlite: sqlite, postgresql: postgresql, mysql: postgresql)
    }

    /// What is expected of this backend, where all of them differ.
    func choose<Value>(sqlite: Value, postgresql: Value, mysql: Value) -> Value {
        switch self {
        case .sqlite: sqlite
        case .postgresql: postgresql
        case .mysql: mysql
        }
    }
}

/// The SQL that `body` sends, with names in double quotes, the model's own columns written as `…`
/// and the marks of values as `?` where they are numbered one after the other.
func sql<Result>(_ database: Database, _ body: () async throws -> Result) async throws -> [String] {
    let (_, log) = try await database.use { try await Database.capturingQueries(body) }
    return log.texts.map { shortened(unnumbered(doubleQuoted($0))) }
}

/// A statement with MariaDB's backticks around names as double quotes.
///
/// No value is part of a statement's text, so that there are no other backticks.
func doubleQuoted(_ text: String) -> String {
    String(
        decoding: text.utf8.map { $0 == UInt8(ascii: "`") ? UInt8(ascii: "\"") : $0 },
        as: UTF8.self
    )
}

/// `a = $1 AND b = $2 OR c = $1` as `a = ? AND b = ? OR c = $1`.
func unnumbered(_ text: String) -> String {
    var parts = text.split("$")[...]
    var result = parts.removeFirst()
    var next = 1
    for part in parts {
        let digits = part.utf8.prefix { (0x30...0x39).contains($0) }
        if let number = Int(String(decoding: digits, as: UTF8.self)), number == next {
            result += "?" + String(decoding: part.utf8.dropFirst(digits.count), as: UTF8.self)
            next += 1
        } else {
            result += "$" + part
        }
    }
    return result
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
        let parts = text.split(list)
        guard parts.count > 1 else { continue }
        text = parts[0] + "…" + parts[1...].joined(separator: list)
    }
    return text
}

extension String {
    func removing(_ part: String) -> String { split(part).joined() }

    /// The parts between separators, those without a byte too.
    func split(_ separator: String) -> [String] {
        var parts: [[UInt8]] = [[]]
        let bytes = Array(utf8)
        let mark = Array(separator.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: mark) {
                parts.append([])
                index += mark.count
            } else {
                parts[parts.count - 1].append(bytes[index])
                index += 1
            }
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }
}
