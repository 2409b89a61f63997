/// Runs SQL that the program wrote.
///
///     RunSQL("UPDATE polls_choice SET votes = 0", reverse: RunSQL.noOperation)
public struct RunSQL: MigrationOperation {
    /// SQL that does nothing, for the way back of something that needs none.
    public static let noOperation = ""

    /// The statements.
    public var forwards: [String]
    /// The statements of the way back; nil when there is none.
    public var backwards: [String]?
    /// What the statements do to the models.
    public var stateOperations: [any MigrationOperation]
    /// Whether squashing may leave it out.
    public var isElidable: Bool

    /// An operation that runs SQL.
    ///
    /// - Parameters:
    ///   - statements: the statements, one each.
    ///   - reverse: the statement of the way back; nil when there is none.
    ///   - isElidable: whether squashing may leave it out.
    ///   - stateOperations: what the statements do to the models.
    public init(
        _ statements: String...,
        reverse: String? = nil,
        isElidable: Bool = false,
        @OperationBuilder stateOperations: () -> [any MigrationOperation] = { [] }
    ) {
        forwards = statements
        backwards = reverse.map { [$0] }
        self.isElidable = isElidable
        self.stateOperations = stateOperations()
    }

    /// SQL.
    public var category: OperationCategory { .sql }
    /// Whether there is SQL for the way back.
    public var isReversible: Bool { backwards != nil }
    /// `Raw SQL operation`.
    public func describe() -> String { "Raw SQL operation" }

    /// Does to the state what the SQL does to the models.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        for operation in stateOperations { try operation.apply(to: &state, app: app) }
    }

    /// Runs the SQL.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        for statement in forwards where !statement.isEmpty { try await editor.execute(statement) }
    }

    /// Runs the SQL of the way back.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        for statement in backwards ?? [] where !statement.isEmpty {
            try await editor.execute(statement)
        }
    }

    /// Those of the operations on the models.
    public var modules: [String] { stateOperations.flatMap(\.modules) }

    /// `RunSQL("…", reverse: "…")`.
    public var source: SwiftExpression {
        var arguments = forwards.map { SwiftExpression.Argument(.string($0)) }
        if let backwards {
            arguments.append(.init("reverse", .string(backwards.joined(separator: ";\n"))))
        }
        if isElidable { arguments.append(.init("isElidable", .atom("true"))) }
        if !stateOperations.isEmpty {
            arguments.append(.init("stateOperations", .block(stateOperations.map(\.source))))
        }
        return .call("RunSQL", arguments)
    }
}
