/// What makes a change of a table dangerous while a site runs.
public struct MigrationHazard: Sendable, Hashable {
    /// The kinds of danger.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Others wait for the table as long as the change takes.
        case locksTable
        /// The whole table is written anew.
        case rewritesTable
        /// Rows or values are gone afterwards.
        case losesData
        /// The version of the program that still runs fails.
        case breaksRunningVersion
    }

    /// What is dangerous.
    public var kind: Kind
    /// The table.
    public var table: String
    /// What happens.
    public var reason: String
    /// What to do instead.
    public var advice: String

    /// A hazard.
    ///
    /// - Parameters:
    ///   - kind: what is dangerous.
    ///   - table: the table.
    ///   - reason: what happens.
    ///   - advice: what to do instead.
    public init(_ kind: Kind, table: String, _ reason: String, advice: String) {
        self.kind = kind
        self.table = table
        self.reason = reason
        self.advice = advice
    }
}

/// A danger of a migration that is to be applied, as `migrate --check-safety` shows it.
public struct MigrationWarning: Sendable, Hashable, CustomStringConvertible {
    /// The migration.
    public var migration: MigrationKey
    /// The operation in words.
    public var operation: String
    /// What is dangerous.
    public var hazard: MigrationHazard
    /// About how many rows the table has; nil where nobody knows.
    public var rows: Int?

    /// The migration, the operation and what happens, then what to do instead.
    public var description: String {
        let size = rows.map { " (about \(Self.grouped($0)) rows)" } ?? ""
        return """
            \(migration): \(operation)
              \(hazard.table)\(size): \(hazard.reason)
              Instead: \(hazard.advice)
            """
    }

    /// The number with commas.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number).utf8.reversed().enumerated() {
            if place > 0, place % 3 == 0 { text = "," + text }
            text = String(decoding: [digit], as: UTF8.self) + text
        }
        return text
    }
}
