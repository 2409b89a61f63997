/// A step in the history of an app's schema.
///
/// `makemigrations` writes it as a Swift file:
///
///     extension PollsMigrations {
///         static let m0002QuestionAuthor = Migration(
///             app: "polls", name: "0002_question_author",
///             dependencies: [MigrationKey("polls", "0001_initial")]
///         ) {
///             AddField("question", FieldSchema("author", .charField, maxLength: 100))
///         }
///     }
public struct Migration: Sendable {
    /// The label of the app.
    public var app: String
    /// The name, such as `0001_initial`.
    public var name: String
    /// The migrations that come before.
    public var dependencies: [MigrationKey]
    /// The migrations of other apps that come after (`run_before`).
    public var runBefore: [MigrationKey]
    /// The migrations that this one stands for (`replaces`).
    public var replaces: [MigrationKey]
    /// Whether it is the app's first; nil if that follows from its dependencies.
    public var isInitial: Bool?
    /// Whether it takes effect wholly or not at all, where the database can (`atomic`).
    public var isAtomic: Bool
    /// The changes in order.
    public var operations: [any MigrationOperation]

    /// A migration.
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - name: the name, such as `0001_initial`.
    ///   - isInitial: whether it is the app's first; nil if that follows from its dependencies.
    ///   - isAtomic: whether it takes effect wholly or not at all.
    ///   - dependencies: the migrations that come before.
    ///   - runBefore: the migrations of other apps that come after.
    ///   - replaces: the migrations that this one stands for.
    ///   - operations: the changes in order.
    public init(
        app: String,
        name: String,
        isInitial: Bool? = nil,
        isAtomic: Bool = true,
        dependencies: [MigrationKey] = [],
        runBefore: [MigrationKey] = [],
        replaces: [MigrationKey] = [],
        @OperationBuilder operations: () -> [any MigrationOperation]
    ) {
        self.app = app
        self.name = name
        self.isInitial = isInitial
        self.isAtomic = isAtomic
        self.dependencies = dependencies
        self.runBefore = runBefore
        self.replaces = replaces
        self.operations = operations()
    }

    /// The app and the name.
    public var key: MigrationKey { MigrationKey(app, name) }

    /// The state after the migration.
    ///
    /// - Parameter state: the state before, which becomes the one after.
    /// - Throws: ``MigrationError`` when an operation does not fit the state.
    public func mutate(_ state: inout MigrationState) throws(MigrationError) {
        for operation in operations { try operation.apply(to: &state, app: app) }
    }
}

/// Collects the operations of a migration; each is type-checked on its own.
@resultBuilder
public enum OperationBuilder {
    /// An operation as a list.
    ///
    /// - Parameter operation: the operation.
    /// - Returns: the list.
    public static func buildExpression(
        _ operation: any MigrationOperation
    ) -> [any MigrationOperation] { [operation] }

    /// A list of operations.
    ///
    /// - Parameter operations: the operations.
    /// - Returns: the same list.
    public static func buildExpression(
        _ operations: [any MigrationOperation]
    ) -> [any MigrationOperation] { operations }

    /// All operations in order.
    ///
    /// - Parameter parts: the lists.
    /// - Returns: one list.
    public static func buildBlock(
        _ parts: [any MigrationOperation]...
    ) -> [any MigrationOperation] { parts.flatMap { $0 } }
}
