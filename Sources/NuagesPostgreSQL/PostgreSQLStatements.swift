import CLibPQ

/// A statement that the server has prepared.
final class PostgreSQLStatement {
    let name: String
    /// The types that its values said they had.
    let types: [Oid]
    let columns: ColumnKinds
    /// When it ran last, as a count of the connection's statements.
    var lastUse = 0

    init(name: String, types: [Oid], columns: ColumnKinds) {
        self.name = name
        self.types = types
        self.columns = columns
    }

    /// Whether values of these types can be bound to it.
    func takes(_ other: [Oid], _ isNull: (Int) -> Bool) -> Bool {
        guard types.count == other.count else { return false }
        for index in types.indices where types[index] != other[index] {
            if !isNull(index) { return false }
        }
        return true
    }
}

/// The prepared statements of a connection by their texts.
///
/// A text has one for each list of types that its values have had, which is one as a rule: a small
/// and a large number differ.
struct PostgreSQLStatements {
    /// More texts than a site has; query shapes that a visitor can vary must not fill the memory.
    static let maxCount = 400
    private static let maxPerText = 8

    private var statements: [String: [PostgreSQLStatement]] = [:]
    private(set) var count = 0
    private var useCount = 0
    private var nameCount = 0

    /// The statement for a text and values of these types.
    mutating func find(_ text: String, _ bindings: PostgreSQLBindings) -> PostgreSQLStatement? {
        useCount &+= 1
        guard let candidates = statements[text] else { return nil }
        for statement in candidates
        where statement.takes(bindings.types, { bindings.isNull(at: $0) }) {
            statement.lastUse = useCount
            return statement
        }
        return nil
    }

    /// A name that no statement of the connection has had.
    mutating func newName() -> String {
        nameCount &+= 1
        return "s\(nameCount)"
    }

    /// Keeps a statement; the names of those that the server should forget are returned.
    mutating func add(_ statement: PostgreSQLStatement, _ text: String) -> [String] {
        statement.lastUse = useCount
        var dropped: [PostgreSQLStatement] = []
        if count >= Self.maxCount { dropped += dropOldHalf() }
        var candidates = statements[text] ?? []
        if candidates.count >= Self.maxPerText { dropped.append(candidates.removeFirst()) }
        candidates.append(statement)
        statements[text] = candidates
        count = statements.values.reduce(0) { $0 + $1.count }
        return dropped.map(\.name)
    }

    /// Forgets a statement that the server does not know any more, or not in this form.
    mutating func forget(_ statement: PostgreSQLStatement, _ text: String) {
        statements[text]?.removeAll { $0 === statement }
        count = statements.values.reduce(0) { $0 + $1.count }
    }

    mutating func forgetAll() {
        statements = [:]
        count = 0
    }

    /// Takes out the half that was not used for longest.
    private mutating func dropOldHalf() -> [PostgreSQLStatement] {
        let all = statements.values.joined()
        let uses = all.map(\.lastUse).sorted()
        let middle = uses[uses.count / 2]
        let dropped = all.filter { $0.lastUse <= middle }
        statements = statements.mapValues { $0.filter { $0.lastUse > middle } }
            .filter { !$0.value.isEmpty }
        return dropped
    }
}
