import Synchronization

/// The queries that were made while it was the task's log.
///
///     let (questions, log) = try await Database.capturingQueries {
///         try await Question.objects.all()
///     }
///     #expect(log.statements.map(\.text) == [#"SELECT … FROM "polls_question""#])
public final class QueryLog: Sendable {
    private struct State {
        var count = 0
        var statements: [SQLStatement] = []
        var times: [Duration?] = []
    }

    private let state = Mutex(State())
    private let keepsStatements: Bool
    /// Whether ``times`` are taken.
    let keepsTimes: Bool
    private let observer: (@Sendable (SQLStatement) -> Void)?

    /// A log.
    ///
    /// - Parameters:
    ///   - keepsStatements: whether the statements are kept, or only counted.
    ///   - keepsTimes: whether it is measured how long each statement takes.
    ///   - observer: called for each statement before it runs; a guard against repeated
    ///     queries looks at them here.
    public init(
        keepsStatements: Bool = true,
        keepsTimes: Bool = false,
        observer: (@Sendable (SQLStatement) -> Void)? = nil
    ) {
        self.keepsStatements = keepsStatements
        self.keepsTimes = keepsTimes && keepsStatements
        self.observer = observer
    }

    /// The number of statements, without those that start and end transactions.
    public var count: Int { state.withLock(\.count) }
    /// The statements in order; empty where the log only counts.
    public var statements: [SQLStatement] { state.withLock(\.statements) }
    /// The text of the statements in order.
    public var texts: [String] { statements.map(\.text) }

    /// How long each statement took, with the wait for a connection; nil for one that has not
    /// ended or whose time is not taken.
    public var times: [Duration?] { state.withLock(\.times) }

    /// Notes a statement before it runs; returns its position among the kept ones.
    @discardableResult
    func record(_ statement: SQLStatement) -> Int {
        let position = state.withLock { state in
            state.count += 1
            guard keepsStatements else { return 0 }
            state.statements.append(statement)
            state.times.append(nil)
            return state.statements.count - 1
        }
        observer?(statement)
        return position
    }

    func ended(_ position: Int, after time: Duration) {
        state.withLock { state in
            if state.times.indices.contains(position) { state.times[position] = time }
        }
    }
}

extension Database {
    /// Runs `body` and tells which queries it made.
    ///
    /// - Parameter body: what to run.
    /// - Returns: what `body` returns, and the log.
    /// - Throws: what `body` throws.
    public static func capturingQueries<Result>(
        _ body: () async throws -> Result
    ) async rethrows -> (result: Result, log: QueryLog) {
        let log = QueryLog()
        return (try await logging(to: log, body), log)
    }

    /// Runs `body` and records its queries in `log`, besides the logs around it.
    ///
    /// A middleware counts the queries of a request with it.
    ///
    /// - Parameters:
    ///   - log: where they are recorded.
    ///   - body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public static func logging<Result>(
        to log: QueryLog,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        var scope = DatabaseScope.current
        scope.logs.insert(log, at: 0)
        return try await DatabaseScope.$current.withValue(scope, operation: body)
    }
}
