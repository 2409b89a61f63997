/// An error that a database or the way to it reports.
///
/// Bound values are never part of the text. Django: `django.db.DatabaseError` and its subclasses.
public enum DatabaseError: Error, Sendable, Hashable {
    /// A constraint refused a row (`IntegrityError`).
    case integrity(IntegrityViolation)
    /// The database could not do it now: locked, full, unreachable (`OperationalError`).
    case operational(String, statement: String?)
    /// The transaction stood in the way of another one, by a deadlock or because both changed what
    /// the other had read; run again, it may well succeed (`OperationalError`).
    case serialization(String, statement: String?)
    /// The statement is wrong: syntax, unknown table (`ProgrammingError`).
    case programming(String, statement: String?)
    /// A value does not fit (`DataError`).
    case data(String, statement: String?)
    /// This database cannot do it at all (`NotSupportedError`).
    case notSupported(String)
    /// A column holds something else than the model says.
    case decoding(column: Int, expected: String, found: String)
    /// No connection became free before the deadline.
    case poolTimeout(after: Duration, size: Int)
    /// No database of this name was configured.
    case notConfigured(name: String)
    /// The statement took longer than a statement of this database may.
    case statementTimeout(statement: String?)
    /// The transaction can only be rolled back, because of an earlier error in it.
    case transactionAborted
    /// A task that outlived its `atomic` block, or ran beside it, tried to use its transaction.
    case transactionMisused(String)
}

/// What a constraint refused.
public struct IntegrityViolation: Sendable, Hashable {
    /// The kind of a constraint.
    public enum Kind: String, Sendable, Hashable {
        /// `UNIQUE`.
        case unique
        /// `PRIMARY KEY`.
        case primaryKey = "primary key"
        /// `FOREIGN KEY`.
        case foreignKey = "foreign key"
        /// `NOT NULL`.
        case notNull = "not null"
        /// `CHECK`.
        case check
        /// Another kind.
        case other
    }

    /// The kind of the constraint.
    public var kind: Kind
    /// The constraint's name, where the database tells it.
    public var constraint: String?
    /// The table, where the database tells it.
    public var table: String?
    /// The columns, where the database tells them.
    public var columns: [String]
    /// What the database said.
    public var message: String

    /// A violation.
    ///
    /// - Parameters:
    ///   - kind: the kind of the constraint.
    ///   - constraint: its name.
    ///   - table: the table.
    ///   - columns: the columns.
    ///   - message: what the database said.
    public init(
        _ kind: Kind,
        constraint: String? = nil,
        table: String? = nil,
        columns: [String] = [],
        message: String
    ) {
        self.kind = kind
        self.constraint = constraint
        self.table = table
        self.columns = columns
        self.message = message
    }
}

extension DatabaseError: CustomStringConvertible {
    /// The start of a statement, which may be that of many rows.
    private static func shortened(_ statement: String) -> String {
        let bytes = statement.utf8
        guard bytes.count > 2000 else { return statement }
        return "\(String(decoding: bytes.prefix(2000), as: UTF8.self))… (\(bytes.count) bytes)"
    }

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .integrity(let violation): violation.message
        case .operational(let message, let statement), .programming(let message, let statement),
            .serialization(let message, let statement), .data(let message, let statement):
            statement.map { "\(message) [in: \(Self.shortened($0))]" } ?? message
        case .notSupported(let message): message
        case .decoding(let column, let expected, let found):
            """
            Column \(column) of the row holds \(found), not \(expected). \
            Compare the model with its table; a migration may be missing.
            """
        case .poolTimeout(let duration, let size):
            """
            No database connection became free within \(duration): all \(size) are in use. \
            Shorten the work inside 'atomic', or raise the pool's size.
            """
        case .statementTimeout(let statement):
            """
            The statement took longer than statements of this database may. Let it find its rows by \
            an index ('explain' shows how it goes about it), or give it a database with more time: \
            database.configured { $0.statementTimeout = … }\(statement.map { " [in: \($0)]" } ?? "")
            """
        case .notConfigured(let name):
            """
            No database '\(name)' is configured. \
            Call Database.configure(\(name == "default" ? "default:" : "\"\(name)\",") …) at start.
            """
        case .transactionAborted:
            """
            An error ended this transaction; no statement can run until the end of its 'atomic' \
            block.
            """
        case .transactionMisused(let message): message
        }
    }
}
