/// The key that an `INSERT` of one row returns, where the database counts the keys up.
public struct CountedKey: Sendable, Hashable {
    /// The table.
    public let table: String
    /// The column of the key.
    public let column: String
    /// The text of the statement without its `RETURNING`.
    public let insert: String
}
