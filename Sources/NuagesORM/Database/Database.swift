import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A configured database: a driver and its connections.
///
///     let database = try SQLiteDatabase.open(path: "db.sqlite3")
///     Database.configure(default: database)
///     try await database.atomic {
///         try await database.execute("UPDATE polls_choice SET votes = \(0)")
///     }
///
/// It is a handle: copies share the connections.
public struct Database: Sendable {
    let core: Core

    /// A database that a driver reaches.
    ///
    /// - Parameters:
    ///   - backend: the driver.
    ///   - name: the name that errors and logs give it.
    ///   - options: how many connections there are and how long a query waits for one.
    public init(
        _ backend: some DatabaseBackend,
        name: String = "default",
        options: PoolOptions = PoolOptions()
    ) {
        core = Core(backend, name: name, options: options)
    }

    /// The name that errors and logs give it.
    public var name: String { core.name }
    /// What the database can do.
    public var features: DatabaseFeatures { core.features }
    /// How the database writes SQL.
    public var dialect: any SQLDialect { core.dialect }

    /// Closes the connections, those in use as soon as they come back.
    public func close() async {
        await core.readers.close()
        if core.writers !== core.readers { await core.writers.close() }
        await core.sharedReaders?.close()
    }

    final class Core: Sendable {
        let name: String
        let features: DatabaseFeatures
        let dialect: any SQLDialect
        let readers: ConnectionPool
        /// The same pool as `readers`, or one of a single connection: writers of this process
        /// then wait in a fair queue and not in the database's lock.
        let writers: ConnectionPool
        /// Readers for statements outside of transactions, where the driver allows it.
        let sharedReaders: SharedConnections?
        /// The rows of models that generic references lead to.
        let contentTypes = KnownContentTypes()
        /// The statements that may run on the thread of whoever asks.
        let quickStatements = QuickStatements()
        /// The statements that queries became.
        let statements = StatementCache()

        init(_ backend: some DatabaseBackend, name: String, options: PoolOptions) {
            self.name = name
            features = backend.features
            dialect = backend.dialect
            let limit = min(options.maxConnections, backend.maxConnections ?? .max)
            let connect: @Sendable () async throws -> any DatabaseConnection = {
                try await backend.connect()
            }
            readers = ConnectionPool(maxCount: limit, timeout: options.timeout, connect: connect)
            let needsWriter = backend.features.hasSingleWriter && limit > 1
            writers =
                needsWriter
                ? ConnectionPool(maxCount: 1, timeout: options.timeout, connect: connect) : readers
            let cores = ProcessInfo.processInfo.activeProcessorCount
            sharedReaders =
                features.supportsSharedReaders && limit > 1
                ? SharedConnections(
                    maxCount: min(limit, cores),
                    quickStatements: quickStatements,
                    connect: connect
                ) : nil
        }

        func pool(for mode: TransactionMode) -> ConnectionPool {
            mode == .read ? readers : writers
        }
    }
}

/// How many connections a database has and how long a query waits for one.
public struct PoolOptions: Sendable, Hashable {
    /// The most connections that are lent at once; a database with one writer at a time has one
    /// more for it, and up to as many again that statements outside of transactions share.
    public var maxConnections = 4
    /// How long a query waits for a connection before it fails.
    public var timeout: Duration = .seconds(10)

    /// Four connections, ten seconds.
    public init() {}

    /// Options.
    ///
    /// - Parameters:
    ///   - maxConnections: the most connections.
    ///   - timeout: how long a query waits for a connection before it fails.
    public init(maxConnections: Int, timeout: Duration = .seconds(10)) {
        self.maxConnections = maxConnections
        self.timeout = timeout
    }
}
