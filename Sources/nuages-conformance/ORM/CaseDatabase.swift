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
        _ = try ORMModels(path: "\(directory)/MODELS.json")
        let corpus = try CaseDatabase(directory)
        corpora[directory] = corpus
        return corpus
    }
}

/// A copy of the fixtures on which cases run.
struct CaseDatabase: Sendable {
    let vendor = "sqlite"
    private let database: Database

    init(_ directory: String) throws {
        let path =
            FileManager.default.temporaryDirectory.path + "/"
            + "nuages-conformance-\(ProcessInfo.processInfo.processIdentifier).sqlite3"
        let files = FileManager.default
        for suffix in ["", "-wal", "-shm"] { try? files.removeItem(atPath: path + suffix) }
        try files.copyItem(atPath: "\(directory)/fixtures.sqlite3", toPath: path)
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        database = try SQLiteDatabase.open(path: path)
        Database.configure(default: database)
    }

    /// Runs a case: its result, and the statements that it sent.
    func run(_ query: JSONValue) async throws -> (JSONValue, QueryLog) {
        let log = QueryLog()
        let database = database
        let result = try await Database.logging(to: log) {
            try await CurrentTimeZone.with(query["timezone"]?.text ?? "UTC") {
                do {
                    return try await CaseRunner(state: CaseState(database: database)).run(query)
                } catch let error as UnsupportedCase {
                    throw error
                } catch {
                    return ORMErrors.json(error)
                }
            }
        }
        return (result, log)
    }
}
