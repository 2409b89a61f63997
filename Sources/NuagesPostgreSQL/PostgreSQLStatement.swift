import CLibPQ
import NuagesORM

/// A statement that the server has prepared.
final class PostgreSQLStatement: PreparedStatement {
    /// The name that the server knows it by; empty for one that the next of its kind replaces.
    let name: String
    /// The types that its values said they had.
    ///
    /// A text has a statement for each list of types, which is one as a rule: a small and a large
    /// number differ.
    let types: [Oid]
    let columns: ColumnKinds
    var lastUse = 0

    init(name: String, types: [Oid], columns: ColumnKinds) {
        self.name = name
        self.types = types
        self.columns = columns
    }

    /// Whether these values can be bound to it.
    func takes(_ bindings: PostgreSQLBindings) -> Bool { bindings.fit(types) }
}
