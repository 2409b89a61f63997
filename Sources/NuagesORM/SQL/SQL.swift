/// SQL text with the values bound to it.
///
/// Interpolated values are bound, never written into the text; identifiers are quoted.
///
///     let sql: SQL = "SELECT * FROM \(identifier: table) WHERE \(identifier: "id") = \(5)"
///     // SELECT * FROM "polls_question" WHERE "id" = ?     [5]
public struct SQL: Sendable, Hashable {
    /// A piece of a statement.
    public enum Fragment: Sendable, Hashable {
        /// Text that the program wrote.
        case text(String)
        /// A name that is quoted as the database asks.
        case identifier(String)
        /// A value that is bound.
        case binding(SQLValue)
    }

    /// The pieces in order.
    public internal(set) var fragments: [Fragment] = []

    /// No text.
    public init() {}

    /// Text that is taken as it is.
    ///
    /// The caller vouches that no part of it came from outside; names and values belong into
    /// an interpolation.
    ///
    /// - Parameter text: SQL.
    public init(unsafe text: String) { fragments = text.isEmpty ? [] : [.text(text)] }

    /// The bound value that is all there is; nil for any other SQL.
    var value: SQLValue? {
        guard fragments.count == 1, case .binding(let value) = fragments[0] else { return nil }
        return value
    }

    /// Whether there is no text.
    public var isEmpty: Bool { fragments.isEmpty }

    /// Adds SQL at the end.
    ///
    /// - Parameter other: what to add.
    public mutating func append(_ other: SQL) { fragments.append(contentsOf: other.fragments) }

    /// Adds a quoted name at the end.
    ///
    /// - Parameter name: the name of a table, column, index, constraint or alias.
    public mutating func append(identifier name: String) { fragments.append(.identifier(name)) }

    /// Adds a bound value at the end.
    ///
    /// - Parameter value: the value.
    public mutating func append(value: SQLValue) { fragments.append(.binding(value)) }

    /// Adds bound values in parentheses at the end: `(?, ?)`.
    ///
    /// - Parameter values: the values.
    public mutating func append(tuple values: [SQLValue]) {
        append("(\(sql: SQL.joined(values.map { "\($0)" })))")
    }

    /// Several pieces of SQL with a separator between them.
    ///
    /// - Parameters:
    ///   - parts: the pieces.
    ///   - separator: what stands between two of them.
    /// - Returns: one piece of SQL.
    public static func joined(_ parts: [SQL], separator: SQL = ", ") -> SQL {
        var result = SQL()
        for (index, part) in parts.enumerated() {
            if index > 0 { result.append(separator) }
            result.append(part)
        }
        return result
    }
}

/// SQL as one database takes it: text with placeholders, and the values for them.
public struct SQLStatement: Sendable, Hashable {
    /// The text.
    public var text: String
    /// The values in the order of their placeholders.
    public var bindings: [SQLValue]

    /// A statement.
    ///
    /// - Parameters:
    ///   - text: the text with placeholders.
    ///   - bindings: the values in the order of their placeholders.
    public init(_ text: String, _ bindings: [SQLValue] = []) {
        self.text = text
        self.bindings = bindings
    }
}

extension SQL {
    /// The statement that a database takes.
    ///
    /// - Parameter dialect: how the database writes SQL.
    /// - Returns: text with placeholders, and the values for them.
    public func statement(_ dialect: any SQLDialect) -> SQLStatement {
        var statement = SQLStatement("")
        let shares = dialect.sharesPlaceholders && isGrouped
        for fragment in fragments {
            switch fragment {
            case .text(let text): statement.text += text
            case .identifier(let name): statement.text += dialect.quote(name)
            case .binding(let value):
                if shares, let known = statement.bindings.firstIndex(where: { $0 == value }) {
                    statement.text += dialect.placeholder(known + 1)
                    continue
                }
                statement.bindings.append(value)
                statement.text += dialect.placeholder(statement.bindings.count)
            }
        }
        return statement
    }

    private static let grouping = Array("GROUP BY".utf8)
    private static let distinctness = Array("DISTINCT".utf8)

    /// Whether rows are grouped, or made distinct, by what may hold bound values.
    private var isGrouped: Bool {
        fragments.contains { fragment in
            guard case .text(let text) = fragment else { return false }
            return text.utf8.contains(Self.grouping) || text.utf8.contains(Self.distinctness)
        }
    }

    /// The text with its values written into it, for statements that cannot bind.
    ///
    /// - Parameter dialect: how the database writes SQL.
    /// - Returns: text without placeholders.
    /// - Throws: ``DatabaseError/data(_:statement:)`` for a value that has no literal.
    public func literalText(_ dialect: any SQLDialect) throws(DatabaseError) -> String {
        var text = ""
        for fragment in fragments {
            switch fragment {
            case .text(let part): text += part
            case .identifier(let name): text += dialect.quote(name)
            case .binding(let value): text += try dialect.literal(value)
            }
        }
        return text
    }

    /// Whether the statement only reads, by its first word: it decides which connection runs it.
    var looksReadOnly: Bool {
        guard case .text(let text)? = fragments.first else { return false }
        let word = text.utf8.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
            .prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
            .map { $0 | 0x20 }
        return ["select", "values", "explain"].contains { $0.utf8.elementsEqual(word) }
    }
}

extension Sequence<UInt8> {
    /// Whether the bytes of `word` stand somewhere in a row; the first of them is not repeated in it.
    fileprivate func contains(_ word: [UInt8]) -> Bool {
        var matched = 0
        for byte in self {
            if byte == word[matched] {
                matched += 1
                if matched == word.count { return true }
            } else {
                matched = byte == word[0] ? 1 : 0
            }
        }
        return false
    }
}
