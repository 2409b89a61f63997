import CLibMariaDB
import NuagesORM

/// A statement that the server has prepared.
final class MySQLStatement: PreparedStatement {
    let pointer: UnsafeMutablePointer<MYSQL_STMT>
    var lastUse = 0
    private var isClosed = false

    init(_ pointer: UnsafeMutablePointer<MYSQL_STMT>) { self.pointer = pointer }

    deinit { close() }

    /// Lets the server forget it; called on the connection's thread, or after its end.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        mysql_stmt_close(pointer)
    }
}
