import DatabaseTestSupport
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the cases of the ORM run.
enum CaseServer: Sendable {
    case sqlite
    /// A server of PostgreSQL, by the URL of a database from which others can be made.
    case postgresql(url: String)
    /// A server of MariaDB, by the URL of a database from which others can be made.
    case mysql(url: String)

    /// What `--database` names: `sqlite`, `postgresql` for a server that is started for the run, or
    /// the URL of a server.
    static func named(_ text: String) throws -> CaseServer? {
        if text == "sqlite" { return .sqlite }
        if text == "postgresql" { return .postgresql(url: try PostgreSQLServer.common().url()) }
        if text == "mysql" { return .mysql(url: try MariaDBServer.common().url()) }
        if text.hasPrefix("mysql://") || text.hasPrefix("mariadb://") { return .mysql(url: text) }
        guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else { return nil }
        return .postgresql(url: text)
    }
}

/// Makes databases with the rows of the fixtures.
struct FixtureCopies: Sendable {
    private let directory: String
    private let server: CaseServer

    private static var process: String {
        String(ProcessInfo.processInfo.processIdentifier)
    }

    /// Prepares the fixtures: a server is given a database of them, from which others are copied.
    init(_ directory: String, _ server: CaseServer) async throws {
        self.directory = directory
        self.server = server
        guard case .postgresql(let url) = server else { return }
        let main = try PostgreSQLDatabase.open(url)
        let name = Self.name("fixtures")
        try await main.execute("DROP DATABASE IF EXISTS \(identifier: name)")
        try await main.execute(
            """
            CREATE DATABASE \(identifier: name) TEMPLATE template0 ENCODING 'UTF8' \
            LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'
            """
        )
        await main.close()
        // The dump sets the session up, so all of it goes over one connection.
        let target = try PostgreSQLDatabase.open(
            Self.url(url, name),
            pool: PoolOptions(maxConnections: 1)
        )
        let text = try String(
            contentsOfFile: "\(directory)/fixtures.postgresql.sql",
            encoding: .utf8
        )
        try await target.atomic {
            for statement in DumpReader.statements(text) {
                try await target.execute(SQL(unsafe: statement))
            }
        }
        await target.close()
    }

    /// A new database with the rows of the fixtures.
    func make(_ name: String) async throws -> Database {
        let database: Database
        switch server {
        case .sqlite: database = try copyFile(name)
        case .mysql(let url):
            database = try await MariaDBFixtures(url, try copyFile("source"))
                .make(Self.name(name))
        case .postgresql(let url):
            await remove([name])
            let main = try PostgreSQLDatabase.open(url)
            try await main.execute(
                """
                CREATE DATABASE \(identifier: Self.name(name)) \
                TEMPLATE \(identifier: Self.name("fixtures"))
                """
            )
            await main.close()
            database = try PostgreSQLDatabase.open(Self.url(url, Self.name(name)))
        }
        try await resetSequences(database)
        return database
    }

    /// Removes databases that were made.
    func remove(_ names: [String]) async {
        if case .mysql(let url) = server {
            return await MariaDBFixtures.remove(names.map { Self.name($0) }, url)
        }
        guard case .postgresql(let url) = server,
            let main = try? PostgreSQLDatabase.open(url)
        else { return }
        for name in names {
            let text: SQL = "DROP DATABASE IF EXISTS \(identifier: Self.name(name)) WITH (FORCE)"
            _ = try? await main.execute(text)
        }
        await main.close()
    }

    private func copyFile(_ name: String) throws -> Database {
        let files = FileManager.default
        let path = "\(files.temporaryDirectory.path)/\(Self.name(name)).sqlite3"
        for suffix in ["", "-wal", "-shm"] { try? files.removeItem(atPath: path + suffix) }
        try files.copyItem(atPath: "\(directory)/fixtures.sqlite3", toPath: path)
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return try SQLiteDatabase.open(path: path)
    }

    private static func name(_ part: String) -> String {
        "nuages_conformance_\(process)_\(part)"
    }

    /// The URL with another database.
    static func url(_ url: String, _ database: String) -> String {
        var parts = url.split(separator: "?", maxSplits: 1).map(String.init)
        if let slash = parts[0].lastIndex(of: "/"), !parts[0].hasSuffix("//") {
            parts[0] = String(parts[0][...slash]) + database
        }
        return parts.joined(separator: "?")
    }

    /// The next key of each table follows the greatest of the fixtures.
    func resetSequences(_ database: Database) async throws {
        if case .postgresql = server { return try await resetColumns(database) }
        if case .mysql = server { return try await MariaDBFixtures.resetKeys(database) }
        for row in try await database.rows("SELECT name FROM sqlite_sequence") {
            guard case .text(let table)? = row.first else { continue }
            try await database.execute(
                """
                UPDATE sqlite_sequence SET seq = (SELECT COALESCE(MAX(rowid), 0) \
                FROM \(identifier: table)) WHERE name = \(table)
                """
            )
        }
    }

    private func resetColumns(_ database: Database) async throws {
        try await database.execute(
            """
            DO $$ DECLARE item record; BEGIN
              FOR item IN SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = 'public' AND is_identity = 'YES' LOOP
                EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), \
                COALESCE(MAX(%I), 0) + 1, false) FROM %I', quote_ident(item.table_name), \
                item.column_name, item.column_name, item.table_name);
              END LOOP;
            END $$
            """
        )
    }
}

/// Reads the statements of a dump.
enum DumpReader {
    /// The statements, without comments and the commands of `psql`.
    static func statements(_ text: String) -> [String] {
        var statements: [String] = []
        var current: [UInt8] = []
        var isQuoted = false
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            if !isQuoted, current.isEmpty,
                line.isEmpty || line.first == UInt8(ascii: "\\") || line.starts(with: "--".utf8)
            {
                continue
            }
            for byte in line where byte == UInt8(ascii: "'") { isQuoted.toggle() }
            current += line
            if !isQuoted, line.last == UInt8(ascii: ";") {
                statements.append(String(decoding: current, as: UTF8.self))
                current = []
            } else {
                current.append(UInt8(ascii: "\n"))
            }
        }
        return statements
    }
}
