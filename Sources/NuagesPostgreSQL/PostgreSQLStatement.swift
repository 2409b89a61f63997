import CLibPQ
import NuagesORM

/// A statement that the server has prepared.
// @unchecked: all but `lastUse` never changes, and that only its connection looks at.
final class PostgreSQLStatement: PreparedStatement, @unchecked Sendable {
    /// The name that the server knows it by; empty for one that the next of its kind replaces.
    let name: String
    /// The name as C takes it.
    let nameInC: UnsafeMutablePointer<CChar>
    /// The types that its values said they had.
    ///
    /// A text has a statement for each list of types, which is one as a rule: a small and a large
    /// number differ.
    let types: [Oid]
    let columns: ColumnKinds
    var lastUse = 0

    init(name: String, types: [Oid], columns: ColumnKinds) {
        self.name = name
        nameInC = name.utf8CString.withUnsafeBufferPointer { bytes in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            _ = UnsafeMutableBufferPointer(start: copy, count: bytes.count)
                .initialize(fromContentsOf: bytes)
            return copy
        }
        self.types = types
        self.columns = columns
    }

    deinit { nameInC.deallocate() }

    /// Whether these values can be bound to it.
    ///
    /// - Parameters:
    ///   - bindings: the values.
    ///   - range: the positions of its own among them; nil for all.
    /// - Returns: true if they can.
    func takes(_ bindings: PostgreSQLBindings, _ range: Range<Int>? = nil) -> Bool {
        bindings.fit(types, range)
    }
}
