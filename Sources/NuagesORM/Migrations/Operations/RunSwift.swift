/// Runs Swift code on the rows: a data migration.
///
///     RunSwift("copy names") { data in
///         try await data.execute("UPDATE people_person SET name = first || ' ' || last")
///     } backwards: { _ in }
///
/// The code sees the models as they were at this point of the history, in ``MigrationData/state``,
/// never the types of today's program.
public struct RunSwift: MigrationOperation {
    /// What runs.
    public typealias Action = @Sendable (MigrationData) async throws -> Void

    /// What it does, for people.
    public var purpose: String
    /// The code.
    public var forwards: Action
    /// The code of the way back; nil when there is none.
    public var backwards: Action?
    /// Whether it runs in a transaction of its own where the migration has none.
    public var isAtomic: Bool?
    /// Whether squashing may leave it out.
    public var isElidable: Bool

    /// An operation that runs Swift code.
    ///
    /// - Parameters:
    ///   - purpose: what it does, for people.
    ///   - isAtomic: whether it runs in a transaction; nil as the migration. Code that changes
    ///     tables on MariaDB, which ends the transaction, says `false`.
    ///   - isElidable: whether squashing may leave it out.
    ///   - forwards: the code.
    ///   - backwards: the code of the way back; nil when there is none.
    public init(
        _ purpose: String = "",
        isAtomic: Bool? = nil,
        isElidable: Bool = false,
        forwards: @escaping Action,
        backwards: Action? = nil
    ) {
        self.purpose = purpose
        self.isAtomic = isAtomic
        self.isElidable = isElidable
        self.forwards = forwards
        self.backwards = backwards
    }

    /// Swift.
    public var category: OperationCategory { .swift }
    /// Whether there is code for the way back.
    public var isReversible: Bool { backwards != nil }
    /// No.
    public var reducesToSQL: Bool { false }
    /// No: code is moved by hand.
    public var canBeWritten: Bool { false }
    /// `Swift operation: copy names`.
    public func describe() -> String {
        purpose.isEmpty ? "Swift operation" : "Swift operation: \(purpose)"
    }

    /// Nothing: code does not change models.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {}

    /// Runs the code.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        guard let database = editor.database else { return }
        let data = MigrationData(app: step.app, state: step.old, database: database)
        try await database.use { try await forwards(data) }
    }

    /// Runs the code of the way back.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        guard let database = editor.database, let backwards else { return }
        let data = MigrationData(app: step.app, state: step.old, database: database)
        try await database.use { try await backwards(data) }
    }

    /// A comment: code is moved by hand.
    public var source: SwiftExpression {
        var arguments: [SwiftExpression.Argument] = [.init(.string(purpose))]
        if let isAtomic { arguments.append(.init("isAtomic", .atom("\(isAtomic)"))) }
        if isElidable { arguments.append(.init("isElidable", .atom("true"))) }
        return .call(
            "RunSwift",
            arguments,
            parameters: "_",
            trailing: [.init("// The code of the data migration is moved here by hand.")]
        )
    }
}
