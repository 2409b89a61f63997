/// A statement that stands between two rows, and the connection that it keeps.
///
/// The connection is the task's, inside of `atomic`; else one of the pool, which goes back when
/// the last row was read, or when nobody can ask for more.
final class RowCursor: Sendable {
    private let connection: any DatabaseConnection
    private let session: Session?
    private let pool: ConnectionPool
    private let number: Int

    private init(
        connection: any DatabaseConnection,
        session: Session?,
        pool: ConnectionPool,
        number: Int
    ) {
        self.connection = connection
        self.session = session
        self.pool = pool
        self.number = number
    }

    /// Starts a statement on the task's connection, or on one of the pool.
    static func open(_ statement: SQLStatement, in database: Database) async throws -> RowCursor {
        let statement = try database.wrapped(statement, mode: .read)
        let start = ContinuousClock.now
        DatabaseScope.current.record(statement)
        do {
            let (cursor, waited) = try await openUnobserved(statement, in: database)
            // The rows come later, as they are asked for.
            database.tell(statement, ContinuousClock.now - start - waited, hasFailed: false)
            return cursor
        } catch {
            database.tell(statement, ContinuousClock.now - start, hasFailed: true)
            throw error
        }
    }

    private static func openUnobserved(
        _ statement: SQLStatement,
        in database: Database
    ) async throws -> (cursor: RowCursor, waited: Duration) {
        let core = database.core
        let scope = DatabaseScope.current
        let pool = core.pool(for: .read)
        if let session = scope.session(for: core) {
            let number = try await session.perform(statement.text, mode: .write) { connection in
                try connection.openCursor(statement)
            }
            let cursor = RowCursor(
                connection: session.connection,
                session: session,
                pool: pool,
                number: number
            )
            return (cursor, .zero)
        }
        let (connection, waited) = try await pool.borrow()
        do {
            let number = try await connection.openCursor(statement)
            let cursor = RowCursor(
                connection: connection,
                session: nil,
                pool: pool,
                number: number
            )
            return (cursor, waited)
        } catch {
            pool.release(connection, isReusable: await connection.isUsableAndIdle)
            throw error
        }
    }

    /// Reads the next rows with `work`, on the connection.
    func read<Result: Sendable>(
        _ work: @Sendable (isolated any DatabaseConnection, Int) throws -> Result
    ) async throws -> Result {
        let number = self.number
        if let session {
            return try await session.perform("", mode: .write) { try work($0, number) }
        }
        return try await Database.cancellable(connection) { try work($0, number) }
    }

    deinit {
        let (connection, session, pool, number) = (connection, session, pool, number)
        // A session closes what it has left open before another task gets its connection.
        if session != nil {
            Task.detached { await connection.closeCursor(number) }
        } else {
            Task.detached {
                await connection.closeCursor(number)
                pool.release(connection, isReusable: await connection.isUsableAndIdle)
            }
        }
    }
}
