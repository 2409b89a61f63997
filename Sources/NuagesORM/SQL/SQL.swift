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

        fileprivate var isBinding: Bool {
            if case .binding = self { return true }
            return false
        }
    }

    /// The pieces in order.
    public internal(set) var fragments: [Fragment] = []
    /// Expressions that stand in it more than once, where the database has to see that they are
    /// the same: what rows are grouped by, or made distinct.
    private(set) var repeated: [SQL] = []

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
    public mutating func append(_ other: SQL) {
        fragments.append(contentsOf: other.fragments)
        if !other.repeated.isEmpty { repeated.append(contentsOf: other.repeated) }
    }

    /// Notes expressions whose bound values have the same placeholders wherever they stand in it.
    ///
    /// Values that merely happen to be equal keep placeholders of their own: a placeholder has one
    /// type, and they may need several.
    mutating func share(_ expressions: [SQL]) {
        for expression in expressions where expression.fragments.count > 1 {
            guard expression.fragments.contains(where: \.isBinding) else { continue }
            repeated.append(SQL(fragments: expression.fragments))
        }
    }

    init(fragments: [Fragment], repeated: [SQL] = []) {
        self.fragments = fragments
        self.repeated = repeated
    }

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
        let origins = dialect.sharesPlaceholders && !repeated.isEmpty ? self.origins() : [:]
        var positions: [Int: Int] = [:]
        for (index, fragment) in fragments.enumerated() {
            switch fragment {
            case .text(let text): statement.text += text
            case .identifier(let name): statement.text += dialect.quote(name)
            case .binding(let value):
                if let origin = origins[index] {
                    if let known = positions[origin] {
                        statement.text += dialect.placeholder(known)
                        continue
                    }
                    positions[origin] = statement.bindings.count + 1
                }
                statement.bindings.append(value)
                statement.text += dialect.placeholder(statement.bindings.count)
            }
        }
        return statement
    }

    /// For values of expressions that stand in it more than once, the place of the first of each.
    private func origins() -> [Int: Int] {
        var origins: [Int: Int] = [:]
        func origin(_ index: Int) -> Int {
            var found = index
            while let next = origins[found], next != found { found = next }
            return found
        }
        for expression in Set(repeated) {
            let count = expression.fragments.count
            var first: Int?
            var index = 0
            while index + count <= fragments.count {
                guard fragments[index] == expression.fragments[0],
                    fragments[index..<(index + count)].elementsEqual(expression.fragments)
                else {
                    index += 1
                    continue
                }
                for offset in 0..<count where expression.fragments[offset].isBinding {
                    let (left, right) = (origin((first ?? index) + offset), origin(index + offset))
                    origins[left] = min(left, right)
                    origins[right] = min(left, right)
                }
                first = first ?? index
                index += count
            }
        }
        return origins.reduce(into: [:]) { $0[$1.key] = origin($1.key) }
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
