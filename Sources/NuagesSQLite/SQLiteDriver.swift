public import NuagesORM

/// Opens SQLite databases by URL.
///
/// | URL | database |
/// | --- | --- |
/// | `sqlite:db.sqlite3`, `sqlite:///db.sqlite3` | a file in the working directory |
/// | `sqlite:/srv/db.sqlite3`, `sqlite:////srv/db.sqlite3` | a file by its full path |
/// | `sqlite::memory:` | a database that ends with the process |
///
/// The forms with slashes are those of dj-database-url.
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
    /// - Throws: `DatabaseError` where the URL has no path.
    public func open(_ url: String) throws -> Database {
        try SQLiteDatabase.open(path: Self.path(of: url), pool: pool)
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
        return String(decoding: path, as: UTF8.self)
    }
}
