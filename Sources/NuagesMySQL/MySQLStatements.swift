import CLibMariaDB

/// A statement that the server has prepared.
final class MySQLStatement {
    let pointer: UnsafeMutablePointer<MYSQL_STMT>
    /// When it ran last, as a count of the connection's statements.
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

/// The prepared statements of a connection by their texts.
struct MySQLStatements {
    /// More texts than a site has; query shapes that a visitor can vary must not fill the memory,
    /// nor use up the server's `max_prepared_stmt_count`, which all connections share.
    static let maxCount = 400

    private var statements: [String: MySQLStatement] = [:]
    private var useCount = 0

    var count: Int { statements.count }

    /// The statement with a text.
    mutating func find(_ text: String) -> MySQLStatement? {
        useCount &+= 1
        guard let statement = statements[text] else { return nil }
        statement.lastUse = useCount
        return statement
    }

    /// Keeps a statement; where there are too many, the half goes that was not used for longest.
    mutating func add(_ statement: MySQLStatement, _ text: String) {
        statement.lastUse = useCount
        if statements.count >= Self.maxCount {
            let uses = statements.values.map(\.lastUse).sorted()
            let middle = uses[uses.count / 2]
            for (text, old) in statements where old.lastUse <= middle {
                statements[text] = nil
                old.close()
            }
        }
        statements[text] = statement
    }

    /// Forgets a statement that the server does not know any more, or not in this form.
    mutating func forget(_ text: String) { statements.removeValue(forKey: text)?.close() }

    mutating func forgetAll() {
        for statement in statements.values { statement.close() }
        statements = [:]
    }
}
