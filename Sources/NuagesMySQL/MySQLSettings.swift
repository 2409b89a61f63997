public import NuagesORM

/// How far a transaction is kept from what others do at the same time.
public typealias MySQLIsolation = IsolationLevel

/// What a session is set to, so that values are read and written as the ORM expects them.
struct MySQLSettings: Sendable, Hashable {
    /// The isolation of transactions; nil for the server's own choice.
    var isolation: MySQLIsolation?
    /// How long a statement may take; nil for what the server says.
    var statementTimeout: Duration?
    /// Seconds that a statement waits for a row that another transaction has locked.
    var lockTimeout = 10
    /// Seconds that a change of a table waits for those who use it, and they for it.
    static let tableLockTimeout = 60

    /// The oldest server, as it counts versions: 10.11.
    static let oldestVersion: UInt = 101_100

    /// Values that do not fit are refused, an assignment does not see those before it, `0` is no
    /// request for a number, and differences can be negative.
    private static let modes = [
        "STRICT_ALL_TABLES", "STRICT_TRANS_TABLES", "ERROR_FOR_DIVISION_BY_ZERO", "NO_ZERO_DATE",
        "NO_ZERO_IN_DATE", "NO_ENGINE_SUBSTITUTION", "SIMULTANEOUS_ASSIGNMENT",
        "NO_AUTO_VALUE_ON_ZERO", "NO_UNSIGNED_SUBTRACTION",
    ]

    /// The statements that bring a new session into its state.
    var statements: [String] {
        var list = [
            """
            SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin, \
            sql_mode = '\(Self.modes.joined(separator: ","))', time_zone = '+00:00', \
            sql_auto_is_null = 0, innodb_lock_wait_timeout = \(lockTimeout), \
            lock_wait_timeout = \(Self.tableLockTimeout)\(limit)
            """
        ]
        if let isolation {
            list.append("SET SESSION TRANSACTION ISOLATION LEVEL \(isolation.rawValue)")
        }
        return list
    }

    /// The setting that limits the time of statements, in seconds with three places.
    private var limit: String {
        guard let statementTimeout else { return "" }
        let milliseconds = SessionOption.milliseconds(statementTimeout)
        let rest = String(1000 + milliseconds % 1000).dropFirst()
        return ", max_statement_time = \(milliseconds / 1000).\(rest)"
    }

    /// What begins a transaction.
    static func begin(_ mode: TransactionMode) -> String {
        mode == .read ? "START TRANSACTION READ ONLY" : "START TRANSACTION"
    }

    /// Whether a statement is one of those that run again and again.
    static func isPrepared(_ text: String) -> Bool {
        firstWord(text).map { preparedWords.contains($0) } ?? false
    }

    /// The bytes of the first word in lower case, eight at most; nil where there is none.
    private static func firstWord(_ text: String) -> UInt64? {
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
        return isEmpty ? nil : word
    }

    /// Whether a statement with rows changes none: their number is no number of changes then.
    static func isReading(_ text: String) -> Bool {
        guard let word = firstWord(text) else { return true }
        return !changingWords.contains(word)
    }

    private static func code(_ word: String) -> UInt64 {
        word.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }

    private static let changingWords = Set(["insert", "delete", "replace"].map(code))
    private static let preparedWords = Set(
        ["select", "insert", "update", "delete", "with", "values", "replace"].map(code)
    )
}
