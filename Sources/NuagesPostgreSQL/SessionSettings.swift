import CLibPQ
public import NuagesORM

/// How far a transaction is kept from what others do at the same time.
public typealias PostgreSQLIsolation = IsolationLevel

/// What a session is set to, so that values are read and written as the ORM expects them.
struct SessionSettings: Sendable, Hashable {
    /// The isolation of transactions; nil for the server's own choice.
    var isolation: PostgreSQLIsolation?

    /// The role in place of the user's own.
    var role: String?
    /// How long a statement may take; nil for what the server says.
    var statementTimeout: Duration?

    /// The oldest server, as libpq counts versions.
    static let oldestVersion: Int32 = 150_000

    /// What brings a session back to how it began, besides the settings themselves.
    static let resetting = [
        "CLOSE ALL", "RESET SESSION AUTHORIZATION", "RESET ALL", "UNLISTEN *",
        "SELECT pg_advisory_unlock_all()", "DISCARD TEMP",
    ]

    /// The statements that are needed, by what the server says of the session.
    func statements(for handle: PostgreSQLHandle) -> [String] {
        let wanted = [
            ("TimeZone", "UTC", "SET TIME ZONE 'UTC'"),
            ("DateStyle", "ISO, MDY", "SET datestyle = 'ISO, MDY'"),
            ("IntervalStyle", "postgres", "SET intervalstyle = 'postgres'"),
            ("standard_conforming_strings", "on", "SET standard_conforming_strings = on"),
        ]
        var statements = wanted.compactMap { name, value, statement in
            handle.setting(name) == value ? nil : statement
        }
        if let statementTimeout {
            let limit = SessionOption.milliseconds(statementTimeout)
            statements.append("SET statement_timeout = \(limit)")
        }
        // The last: it may have no right to the others.
        if let role { statements.append("SET ROLE \(PostgreSQLDialect().quote(role))") }
        return statements
    }

    /// What begins a transaction.
    func begin(_ mode: TransactionMode, _ asked: IsolationLevel? = nil) -> String {
        let level = (asked ?? isolation).map { " ISOLATION LEVEL \($0.rawValue)" } ?? ""
        return mode == .read ? "BEGIN\(level) READ ONLY" : "BEGIN\(level)"
    }

    /// Whether a statement is one of those that run again and again.
    static func isPrepared(_ text: String) -> Bool { preparedWords.contains(firstWord(text)) }

    /// Whether a statement may be sent in a row with others: not one whose answer may be the start
    /// of a `COPY`, which a pipeline has no end for.
    static func isPipelined(_ text: String) -> Bool {
        let word = firstWord(text)
        return preparedWords.contains(word) || controlWords.contains(word)
    }

    /// The first letters of a statement as a number; 0 where it begins with something else.
    private static func firstWord(_ text: String) -> UInt64 {
        var word: UInt64 = 0
        var isEmpty = true
        for byte in text.utf8 {
            if isEmpty, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x28
            {
                continue
            }
            guard (byte | 0x20) >= 0x61, (byte | 0x20) <= 0x7A else { break }
            isEmpty = false
            word = word << 8 | UInt64(byte | 0x20)
        }
        return word
    }

    private static let preparedWords = numbers([
        "select", "insert", "update", "delete", "with", "values", "merge",
    ])
    /// Of longer words the last eight letters count.
    private static let controlWords = numbers(["begin", "avepoint", "rollback", "release", "set"])

    private static func numbers(_ words: [String]) -> Set<UInt64> {
        Set(words.map { word in word.utf8.reduce(0) { $0 << 8 | UInt64($1) } })
    }
}
