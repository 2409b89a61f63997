import NuagesCore
import NuagesORM
import NuagesSQLite

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The databases of the corpora that are run.
actor CaseDatabases {
    static let shared = CaseDatabases()

    private var corpora: [String: CaseDatabase] = [:]

    func corpus(_ directory: String) async throws -> CaseDatabase {
        if let known = corpora[directory] { return known }
        let models = try ORMModels(path: "\(directory)/MODELS.json")
        let corpus = try await CaseDatabase(directory, models)
        corpora[directory] = corpus
        return corpus
    }
}

/// A copy of the fixtures on which cases run.
struct CaseDatabase: Sendable {
    let vendor = "sqlite"
    private let directory: String
    private let database: Database
    private let reader: ChangeReader
    private let fixtures: ChangeReader.Rows

    init(_ directory: String, _ models: ORMModels) async throws {
        self.directory = directory
        database = try Self.copy(directory, "shared")
        reader = ChangeReader(models.json)
        try await Self.resetSequences(database)
        fixtures = try await reader.rows(database)
        Database.configure(default: database)
    }

    private static func copy(_ directory: String, _ name: String) throws -> Database {
        let files = FileManager.default
        let process = ProcessInfo.processInfo.processIdentifier
        let path = "\(files.temporaryDirectory.path)/nuages-conformance-\(process)-\(name).sqlite3"
        for suffix in ["", "-wal", "-shm"] { try? files.removeItem(atPath: path + suffix) }
        try files.copyItem(atPath: "\(directory)/fixtures.sqlite3", toPath: path)
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return try SQLiteDatabase.open(path: path)
    }

    /// The next key of each table follows the greatest of the fixtures.
    private static func resetSequences(_ database: Database) async throws {
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

    /// Runs a case: its result, and the statements that it sent.
    func run(_ query: JSONValue, writes: Bool) async throws -> (JSONValue, QueryLog) {
        let log = QueryLog()
        let result: JSONValue
        if query["transactional"]?.flag == true {
            result = try await runAlone(query, log)
        } else if writes {
            result = try await runRolledBack(query, log)
        } else {
            result = try await run(query, database, log)
        }
        return (result, log)
    }

    private func run(
        _ query: JSONValue,
        _ database: Database,
        _ log: QueryLog
    ) async throws -> JSONValue {
        try await Database.logging(to: log) {
            try await CurrentZone.$name.withValue(query["timezone"]?.text ?? "UTC") {
                let state = CaseState(database: database)
                if let steps = query["steps"] { return await CaseScript(state: state).run(steps) }
                do {
                    return try await CaseRunner(state: state).run(query)
                } catch let error as UnsupportedCase {
                    throw error
                } catch {
                    return ORMErrors.json(error)
                }
            }
        }
    }

    /// Runs a case in a transaction that is rolled back.
    private func runRolledBack(_ query: JSONValue, _ log: QueryLog) async throws -> JSONValue {
        struct RolledBack: Error {
            let result: JSONValue
        }
        do {
            try await database.atomic {
                let result = try await run(query, database, log)
                throw RolledBack(result: try await withChanges(result, database))
            }
        } catch let rolledBack as RolledBack {
            return rolledBack.result
        }
        return .null
    }

    /// Runs a case on a copy of its own, outside of transactions.
    private func runAlone(_ query: JSONValue, _ log: QueryLog) async throws -> JSONValue {
        let copy = try Self.copy(directory, "own")
        try await Self.resetSequences(copy)
        Database.configure(default: copy)
        defer { Database.configure(default: database) }
        let result = try await run(query, copy, log)
        return try await withChanges(result, copy)
    }

    private func withChanges(_ result: JSONValue, _ database: Database) async throws -> JSONValue {
        let changes: JSONValue
        do {
            changes = reader.changes(from: fixtures, to: try await reader.rows(database))
        } catch DatabaseError.transactionAborted {
            // What broke its transaction changed nothing.
            changes = .object([])
        }
        return .object((result.members ?? []) + [JSONValue.Member("changes", changes)])
    }
}
