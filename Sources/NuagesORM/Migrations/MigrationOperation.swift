/// What an operation does to the schema, by the sign that `makemigrations` shows.
public enum OperationCategory: String, Sendable, Hashable {
    /// Something is added.
    case addition = "+"
    /// Something is removed.
    case removal = "-"
    /// Something is altered.
    case alteration = "~"
    /// Swift code runs.
    case swift = "p"
    /// SQL runs.
    case sql = "s"
    /// Anything else.
    case mixed = "?"
}

/// What the optimizer makes of an operation and a later one.
public enum OperationReduction: Sendable {
    /// Both are replaced by these.
    case replaced([any MigrationOperation])
    /// The later one may move before the operation.
    case passes
    /// Their order matters.
    case blocks
}

/// A change of the schema: what it does to the state, to the database, and back.
public protocol MigrationOperation: Sendable {
    /// The sign that `makemigrations` shows.
    var category: OperationCategory { get }
    /// Whether it can be undone.
    var isReversible: Bool { get }
    /// Whether squashing may leave it out (`elidable`).
    var isElidable: Bool { get }
    /// Whether it runs in a transaction of its own where the migration has none; nil as the migration.
    var isAtomic: Bool? { get }
    /// Whether it can be shown as SQL.
    var reducesToSQL: Bool { get }
    /// Whether ``source`` holds all of it; code in Swift is moved by hand.
    var canBeWritten: Bool { get }
    /// Its part in the name of a migration, such as `question_author`; nil when it has none.
    var nameFragment: String? { get }

    /// A line for people: `Add field author to question`.
    func describe() -> String

    /// Changes the state.
    func apply(to state: inout MigrationState, app: String) throws(MigrationError)

    /// Changes the database from the state `old` to the state `new`.
    func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws

    /// Changes the database back from the state `new` to the state `old`.
    func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws

    /// Whether it may have to do with a model, named in lower case.
    func references(model: String, app: String) -> Bool

    /// Whether it may have to do with a field of a model.
    func references(field: String, of model: String, app: String) -> Bool

    /// What becomes of it and a later operation of the same app.
    func reduced(with later: any MigrationOperation, app: String) -> OperationReduction

    /// The expression that makes the operation, for the migration's file.
    var source: SwiftExpression { get }
    /// The modules that the file has to import for it, besides the framework's own.
    var modules: [String] { get }
}

/// The app and the states on both sides of an operation that runs.
public struct MigrationStep: Sendable {
    /// The label of the app.
    public var app: String
    /// The state before the operation.
    public var old: MigrationState
    /// The state after the operation.
    public var new: MigrationState
}

extension MigrationOperation {
    /// The sign that `makemigrations` shows: `+`, `-`, `~`, `p`, `s` or `?`.
    public var symbol: String { category.rawValue }
    /// Yes.
    public var isReversible: Bool { true }
    /// No.
    public var isElidable: Bool { false }
    /// As the migration.
    public var isAtomic: Bool? { nil }
    /// Yes.
    public var reducesToSQL: Bool { true }
    /// Yes.
    public var canBeWritten: Bool { true }
    /// None.
    public var nameFragment: String? { nil }
    /// None.
    public var modules: [String] { [] }

    /// Yes: an operation that does not say may touch anything.
    public func references(model: String, app: String) -> Bool { true }

    /// As for the model.
    public func references(field: String, of model: String, app: String) -> Bool {
        references(model: model, app: app)
    }

    /// What holds for any two operations.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        elided(with: later) ?? .blocks
    }

    /// The one that stays when the other may be left out.
    func elided(with later: any MigrationOperation) -> OperationReduction? {
        if isElidable { return .replaced([later]) }
        if later.isElidable { return .replaced([self]) }
        return nil
    }

    /// Whether the later operation passes an operation, unless one of them may be left out.
    func passing(
        _ later: any MigrationOperation,
        unless isTouched: Bool
    ) -> OperationReduction {
        elided(with: later) ?? (isTouched ? .blocks : .passes)
    }
}
