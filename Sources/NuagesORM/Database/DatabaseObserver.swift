import Synchronization

/// Is told what databases do: for logs and metrics.
///
/// Its methods are called on the tasks that query, so they must be quick. Bound values are never
/// handed out, only the texts of statements.
public protocol DatabaseObserver: Sendable {
    /// A statement has ended.
    ///
    /// - Parameter query: the statement and how long it took.
    func ended(_ query: ObservedQuery)

    /// Somebody had to wait for a connection.
    ///
    /// - Parameter wait: how long, and whether there was one in the end.
    func waited(_ wait: ObservedWait)

    /// A robust hook failed after its transaction was committed.
    ///
    /// - Parameters:
    ///   - error: what it threw.
    ///   - database: the name of the database.
    func hookFailed(_ error: any Error, database: String)
}

extension DatabaseObserver {
    /// Nothing.
    ///
    /// - Parameter query: the statement.
    public func ended(_ query: ObservedQuery) {}
    /// Nothing.
    ///
    /// - Parameter wait: the wait.
    public func waited(_ wait: ObservedWait) {}
    /// Nothing.
    ///
    /// - Parameters:
    ///   - error: what it threw.
    ///   - database: the name of the database.
    public func hookFailed(_ error: any Error, database: String) {}
}

/// A statement that has ended.
public struct ObservedQuery: Sendable {
    /// The name of the database.
    public var database: String
    /// The kind of the database, such as `sqlite`.
    public var vendor: String
    /// The text, without the values that were bound.
    public var text: String
    /// How long it took, without the wait for a connection.
    public var duration: Duration
    /// Whether it failed.
    public var hasFailed: Bool

    /// A statement that has ended.
    ///
    /// - Parameters:
    ///   - database: the name of the database.
    ///   - vendor: the kind of the database.
    ///   - text: the text, without the values that were bound.
    ///   - duration: how long it took.
    ///   - hasFailed: whether it failed.
    public init(
        database: String,
        vendor: String,
        text: String,
        duration: Duration,
        hasFailed: Bool = false
    ) {
        self.database = database
        self.vendor = vendor
        self.text = text
        self.duration = duration
        self.hasFailed = hasFailed
    }
}

/// A wait for a connection.
public struct ObservedWait: Sendable {
    /// The name of the database.
    public var database: String
    /// How long it was.
    public var duration: Duration
    /// Whether the deadline came before a connection.
    public var hasTimedOut: Bool

    /// A wait.
    ///
    /// - Parameters:
    ///   - database: the name of the database.
    ///   - duration: how long it was.
    ///   - hasTimedOut: whether the deadline came before a connection.
    public init(database: String, duration: Duration, hasTimedOut: Bool = false) {
        self.database = database
        self.duration = duration
        self.hasTimedOut = hasTimedOut
    }
}

/// What takes an observer away again.
public final class DatabaseObservation: Sendable {
    private let id: Int

    fileprivate init(id: Int) { self.id = id }

    /// Tells the observer nothing more.
    public func cancel() { DatabaseObservers.remove(id) }
}

/// The observers of the process.
enum DatabaseObservers {
    private struct State {
        var entries: [(id: Int, observer: any DatabaseObserver)] = []
        var nextID = 0
    }

    private static let state = Mutex(State())
    /// Whether there is one, so that nobody pays for none.
    private static let isActiveFlag = Atomic(false)

    static var isActive: Bool { isActiveFlag.load(ordering: .relaxed) }

    static func add(_ observer: any DatabaseObserver) -> DatabaseObservation {
        state.withLock { state in
            state.nextID += 1
            state.entries.append((state.nextID, observer))
            isActiveFlag.store(true, ordering: .relaxed)
            return DatabaseObservation(id: state.nextID)
        }
    }

    fileprivate static func remove(_ id: Int) {
        state.withLock { state in
            state.entries.removeAll { $0.id == id }
            isActiveFlag.store(!state.entries.isEmpty, ordering: .relaxed)
        }
    }

    static func tell(_ body: (any DatabaseObserver) -> Void) {
        guard isActive else { return }
        for (_, observer) in state.withLock(\.entries) { body(observer) }
    }
}

extension Database {
    /// Tells `observer` what all databases of the process do from now on.
    ///
    /// - Parameter observer: is told.
    /// - Returns: what takes it away again.
    @discardableResult
    public static func observe(with observer: any DatabaseObserver) -> DatabaseObservation {
        DatabaseObservers.add(observer)
    }
}
