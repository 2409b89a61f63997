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
    /// How its connections are kept.
    public var options: PoolOptions { core.options }

    /// The same database with connections of its own, which are kept in another way.
    ///
    /// For a database that was just opened: what connections there are stay with `self`.
    ///
    /// - Parameters:
    ///   - name: the name that errors and logs give it; nil for the one that it has.
    ///   - change: changes how connections are kept.
    /// - Returns: the database.
    public func configured(
        name: String? = nil,
        _ change: (inout PoolOptions) -> Void = { _ in }
    ) -> Database {
        var options = core.options
        change(&options)
        return Database(core.backend, name: name ?? core.name, options: options)
    }

    /// What the connections of the pool are doing.
    public var poolStatus: PoolStatus {
        let (readers, writers) = (core.readers.status, core.writers.status)
        guard core.readers !== core.writers else { return readers }
        let inGroups = core.groupedWrites?.waitingCount ?? 0
        return PoolStatus(
            open: readers.open + writers.open,
            idle: readers.idle + writers.idle,
            waiting: readers.waiting + writers.waiting + inGroups,
            maxConnections: readers.maxConnections + writers.maxConnections
        )
    }

    /// Closes the connections, those in use as soon as they come back.
    public func close() async {
        await core.readers.close()
        if core.writers !== core.readers { await core.writers.close() }
        await core.sharedReaders?.close()
    }

    final class Core: Sendable {
        let name: String
        let backend: any DatabaseBackend
        let options: PoolOptions
        let features: DatabaseFeatures
        let dialect: any SQLDialect
        let readers: ConnectionPool
        /// The same pool as `readers`, or one of a single connection: writers of this process
        /// then wait in a fair queue and not in the database's lock.
        let writers: ConnectionPool
        /// Readers for statements outside of transactions, where the driver allows it.
        let sharedReaders: SharedConnections?
        /// Statements of several tasks that wait for a connection to be sent together.
        let waitingReads = WaitingReads()
        /// Statements that write, outside of transactions, where one transaction at a time can.
        let groupedWrites: GroupedWrites?
        /// The rows of models that generic references lead to.
        let contentTypes = KnownContentTypes()
        /// The statements that may run on the thread of whoever asks.
        let quickStatements = QuickStatements()
        /// The statements that may share a transaction with those of other tasks.
        let shortWrites = QuickStatements(quickness: .milliseconds(2))
        /// The statements that queries became.
        let statements = StatementCache()
        /// The texts of updates of some rows each.
        let bulkUpdates = BulkUpdateTexts()

        init(_ backend: some DatabaseBackend, name: String, options: PoolOptions) {
            self.name = name
            self.backend = backend
            self.options = options
            features = backend.features
            dialect = backend.dialect
            let limit = min(options.maxConnections, backend.maxConnections ?? .max)
            let statementTimeout = options.statementTimeout.flatMap { $0 > .zero ? $0 : nil }
            let connect: @Sendable () async throws -> any DatabaseConnection = {
                try await backend.connect(statementTimeout: statementTimeout)
            }
            var poolOptions = options
            poolOptions.maxConnections = limit
            // The only connection of a database in memory is the database.
            if backend.maxConnections == 1 { poolOptions.maxAge = nil }
            readers = ConnectionPool(poolOptions, database: name, connect: connect)
            if backend.features.hasSingleWriter && limit > 1 {
                poolOptions.maxConnections = 1
                writers = ConnectionPool(poolOptions, database: name, connect: connect)
                groupedWrites = GroupedWrites(writers, shortWrites)
            } else {
                writers = readers
                groupedWrites = nil
            }
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

/// How the connections of a database are kept.
public struct PoolOptions: Sendable, Hashable {
    /// The most connections that are lent at once; a database with one writer at a time has one
    /// more for it, and up to as many again that statements outside of transactions share.
    public var maxConnections = 4
    /// How long a query waits for a connection before it fails.
    public var timeout: Duration = .seconds(10)
    /// How old a connection gets before another takes its place (`CONN_MAX_AGE`); nil for no limit.
    ///
    /// So a site comes to know a server that has moved, and servers get the memory back that long
    /// sessions gather. A database in memory keeps its connection.
    public var maxAge: Duration? = .seconds(3600)
    /// How long a connection may lie idle before it has to answer `SELECT 1` when it is lent again
    /// (`CONN_HEALTH_CHECKS`); nil for no such question.
    ///
    /// That a server has closed a connection is noticed without it; it finds those that a network
    /// has dropped without a word. One that does not answer within ``timeout``, and a few seconds
    /// more, is replaced. Connections of SQLite that statements outside of transactions share are
    /// files of this machine: they are asked nothing, and have no age.
    public var healthCheckAfter: Duration? = .seconds(30)
    /// How long a statement may take before the database ends it; nil or zero for no limit.
    ///
    ///     let reports = try Database.named("default").configured { $0.statementTimeout = nil }
    ///     try await reports.use { … }      // statements that may take as long as they want
    ///
    /// What is ended so throws ``DatabaseError/statementTimeout(statement:)``. A site limits the
    /// statements of requests to 30 seconds (`DATABASE_STATEMENT_TIMEOUT`), and those of commands
    /// not at all. The ends of transactions are not limited.
    public var statementTimeout: Duration?

    /// Four connections, ten seconds.
    public init() {}

    /// Options.
    ///
    /// - Parameters:
    ///   - maxConnections: the most connections.
    ///   - timeout: how long a query waits for a connection before it fails.
    ///   - maxAge: how old a connection gets; nil for no limit.
    ///   - healthCheckAfter: how long one may lie idle without a question; nil for no question.
    ///   - statementTimeout: how long a statement may take; nil for no limit.
    public init(
        maxConnections: Int = 4,
        timeout: Duration = .seconds(10),
        maxAge: Duration? = .seconds(3600),
        healthCheckAfter: Duration? = .seconds(30),
        statementTimeout: Duration? = nil
    ) {
        self.maxConnections = maxConnections
        self.timeout = timeout
        self.maxAge = maxAge
        self.healthCheckAfter = healthCheckAfter
        self.statementTimeout = statementTimeout
    }
}

/// What the connections of a pool are doing.
public struct PoolStatus: Sendable, Hashable {
    /// How many are open.
    public var open: Int
    /// How many of them nobody uses.
    public var idle: Int
    /// How many tasks wait for one.
    public var waiting: Int
    /// How many there may be.
    public var maxConnections: Int
}
