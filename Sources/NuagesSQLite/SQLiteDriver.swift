public import NuagesORM

/// Opens SQLite databases by URL.
///
/// | URL | database |
/// | --- | --- |
/// | `sqlite:db.sqlite3`, `sqlite:///db.sqlite3` | a file in the working directory |
/// | `sqlite:/srv/db.sqlite3`, `sqlite:////srv/db.sqlite3` | a file by its full path |
/// | `sqlite::memory:` | a database that ends with the process |
///
/// The forms with slashes are those of dj-database-url. Behind a question mark may stand
/// `statement_timeout`, the seconds that a statement may take: `sqlite:db.sqlite3?statement_timeout=5`.
public struct SQLiteDriver: DatabaseDriver {
    private let pool: PoolOptions

    /// A driver.
    ///
    /// - Parameter pool: how many connections there may be, and how long one is waited for.
    public init(pool: PoolOptions = PoolOptions()) { self.pool = pool }

    /// The scheme `sqlite`.
    public var schemes: [String] { ["sqlite"] }

    /// Opens the database.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the database; the file is made when it is first used.
    /// - Throws: `DatabaseError` where the URL has no path, or an option that is not known.
    public func open(_ url: String) throws -> Database {
        var pool = pool
        if let timeout = try Self.statementTimeout(of: url) { pool.statementTimeout = timeout }
        return try SQLiteDatabase.open(path: Self.path(of: url), pool: pool)
    }

    /// `sqlite3` and the path.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the program and its arguments.
    public func shellCommand(_ url: String) -> [String] { ["sqlite3", Self.path(of: url)] }

    /// The path that a URL names; empty where it names none.
    static func path(of url: String) -> String {
        guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")) else { return "" }
        var path = url.utf8[url.utf8.index(after: colon)...]
        if path.starts(with: "//".utf8) {
            path = path.dropFirst(2)
            if path.first == UInt8(ascii: "/") { path = path.dropFirst() }
        }
        return String(decoding: path.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// How long a statement may take, where the URL says it.
    private static func statementTimeout(of url: String) throws(DatabaseError) -> Duration? {
        guard let question = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        var found: Duration?
        for pair in url.utf8[question...].dropFirst().split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2, parts[0].elementsEqual("statement_timeout".utf8),
                let timeout = SessionOption.timeout(String(Substring(parts[1])))
            else {
                throw .operational(
                    """
                    Behind the question mark of the database's URL can only stand \
                    'statement_timeout=SECONDS'. A file with a question mark in its name is opened \
                    by SQLiteDatabase.open(path:).
                    """,
                    statement: nil
                )
            }
            found = timeout
        }
        return found
    }
}
