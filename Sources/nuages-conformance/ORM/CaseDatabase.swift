import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The databases of the corpora that are run.
actor CaseDatabases {
    static let shared = CaseDatabases()

    private var corpora: [String: CaseDatabase] = [:]
    private var server = CaseServer.sqlite

    /// Runs the cases of the ORM on another database than SQLite.
    func use(_ server: CaseServer) { self.server = server }

    func corpus(_ directory: String) async throws -> CaseDatabase {
        if let known = corpora[directory] { return known }
        let models = try ORMModels(path: "\(directory)/MODELS.json")
        let corpus = try await CaseDatabase(directory, models, server)
        corpora[directory] = corpus
        return corpus
    }

    /// Removes what was made for the cases.
    func close() async {
        for corpus in corpora.values { await corpus.close() }
        corpora = [:]
    }
}

/// A copy of the fixtures on which cases run.
struct CaseDatabase: Sendable {
    let vendor: String
    private let copies: FixtureCopies
    private let database: Database
    private let reader: ChangeReader
    private let fixtures: ChangeReader.Rows

    init(_ directory: String, _ models: ORMModels, _ server: CaseServer) async throws {
        copies = try await FixtureCopies(directory, server)
        database = try await copies.make("shared")
        vendor = database.dialect.vendor
        reader = ChangeReader(models.json)
        fixtures = try await reader.rows(database)
        Database.configure(default: database)
    }

    func close() async {
        await database.close()
        await copies.remove(["shared", "own"])
    }

    /// Runs a case: its result, and the statements that it sent.
    func run(_ query: JSONValue, writes: Bool) async throws -> (JSONValue, CaseLog) {
        let log = CaseLog()
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
        _ log: CaseLog
    ) async throws -> JSONValue {
        try await log.counting {
            try await CurrentZone.$active.withValue(query["timezone"]?.text ?? "UTC") {
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
    private func runRolledBack(_ query: JSONValue, _ log: CaseLog) async throws -> JSONValue {
        struct RolledBack: Error {
            let result: JSONValue
        }
        do {
            try await copies.resetSequences(database)
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
    private func runAlone(_ query: JSONValue, _ log: CaseLog) async throws -> JSONValue {
        let copy = try await copies.make("own")
        Database.configure(default: copy)
        defer { Database.configure(default: database) }
        let result = try await run(query, copy, log)
        let changed = try await withChanges(result, copy)
        await copy.close()
        return changed
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
