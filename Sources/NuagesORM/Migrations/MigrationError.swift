/// An error of the migration machinery: a history that does not fit together, or a step that
/// cannot be taken.
public enum MigrationError: Error, Hashable, CustomStringConvertible {
    /// A migration names one that does not exist.
    case nodeNotFound(MigrationKey, dependencyOf: MigrationKey?)
    /// Migrations depend on each other in a circle.
    case circularDependency([MigrationKey])
    /// Only some migrations that a squashed one replaces are applied, and the file of one is gone.
    case halfSquashed(MigrationKey, missing: MigrationKey)
    /// An app has several last migrations.
    case conflict(app: String, leaves: [String])
    /// A migration is recorded as applied before one that it depends on.
    case inconsistentHistory(applied: MigrationKey, before: MigrationKey)
    /// Two migrations of an app have the same name.
    case duplicateMigration(MigrationKey)
    /// A prefix fits several migrations or none.
    case ambiguousPrefix(app: String, prefix: String, matches: [String])
    /// No app has this label.
    case unknownApp(String, choices: [String])
    /// An operation cannot be undone.
    case irreversible(operation: String, migration: MigrationKey)
    /// The state has no such model.
    case unknownModel(String, choices: [String])
    /// The struct of a frozen model is not as the model was.
    case unfitModel(String, model: String, reason: String)
    /// A model has no such field.
    case unknownField(String, model: String, choices: [String])
    /// A model has no such index.
    case unknownIndex(String, model: String)
    /// A model has no such constraint.
    case unknownConstraint(String, model: String)
    /// A model of that name exists already.
    case duplicateModel(String)
    /// A model has two fields of that name.
    case duplicateField(String, model: String)
    /// A field cannot become the other one in place.
    case cannotAlter(field: String, model: String, reason: String)
    /// Operations need each other in a circle.
    case unresolvableDependencies([String])
    /// Questions that someone has to answer before migrations can be made.
    case unanswered([MigrationQuestion])
    /// A default value cannot be written into the table.
    case unusableDefault(field: String, reason: String)
    /// Rows refer to rows that do not exist.
    case brokenReference(table: String, row: String, target: String)
    /// The schema editor expected another number of constraints.
    case wrongConstraintCount(Int, table: String, columns: [String])
    /// An index cannot be made as it is declared.
    case invalidIndex(String, reason: String)
    /// A constraint cannot be made as it is declared.
    case invalidConstraint(String, reason: String)
    /// A migration does not come before another one.
    case notBefore(MigrationKey, MigrationKey)
    /// A squashed migration has code that cannot be written anew.
    case cannotRewrite(MigrationKey)
    /// A migration cannot be given more operations.
    case cannotUpdate(MigrationKey, reason: String)
    /// The branches of an app have nothing in common.
    case noCommonAncestor([MigrationKey])
    /// Squashed migrations still name records that are to be forgotten.
    case cannotPrune([MigrationKey])
    /// None of what is recorded of an app is a migration of the program.
    case cannotPruneAll(app: String)
    /// A lock that others hold was not free in time.
    ///
    /// `finished` names the operations that cannot be taken back, as no transaction is around them.
    case lockTimeout(
        migration: MigrationKey,
        after: Duration,
        finished: [String],
        cause: String
    )
    /// The database's driver has no schema editor.
    case unsupportedDatabase(String)

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .nodeNotFound, .circularDependency, .conflict, .inconsistentHistory,
            .duplicateMigration, .ambiguousPrefix, .unknownApp:
            historyText
        case .halfSquashed, .cannotPrune, .cannotPruneAll, .notBefore, .cannotRewrite,
            .cannotUpdate,
            .noCommonAncestor:
            rewritingText
        default: stepText
        }
    }

    private var historyText: String {
        switch self {
        case .nodeNotFound(let key, let child?):
            "Migration \(child) depends on \(key), which does not exist. "
                + "Restore it, or correct the dependencies of \(child)."
        case .nodeNotFound(let key, nil):
            "There is no migration \(key). See `showmigrations` for those that exist."
        case .circularDependency(let keys):
            "Migrations depend on each other in a circle: "
                + keys.map(\.description).joined(separator: ", ") + "."
        case .conflict(let app, let leaves):
            "Conflicting migrations: app '\(app)' has several last migrations "
                + "(\(leaves.joined(separator: ", "))). Run `makemigrations --merge`."
        case .inconsistentHistory(let applied, let before):
            "Migration \(applied) is applied before its dependency \(before). "
                + "Apply \(before) with `migrate --fake` if its changes are in the database."
        case .duplicateMigration(let key):
            "There are two migrations \(key). Give one of them another name."
        case .ambiguousPrefix(let app, let prefix, let matches) where matches.isEmpty:
            "App '\(app)' has no migration that starts with '\(prefix)'. "
                + "See `showmigrations \(app)` for those that exist."
        case .ambiguousPrefix(let app, let prefix, let matches):
            "App '\(app)' has several migrations that start with '\(prefix)': "
                + matches.joined(separator: ", ") + ". Give more of the name."
        case .unknownApp(let app, let choices):
            "There is no app '\(app)' with migrations. Choices are: \(choices.joined(separator: ", "))."
        default: ""
        }
    }

    private var rewritingText: String {
        switch self {
        case .cannotPrune(let keys):
            "These squashed migrations still name what is to be forgotten: "
                + keys.map(\.description).joined(separator: ", ") + ". Run `migrate` so that they "
                + "are recorded, take their 'replaces' away, then prune."
        case .cannotPruneAll(let app):
            "The program has none of the migrations of app '\(app)' that the database records, so that "
                + "all would be forgotten. Look whether the app's 'migrations' and the database are the "
                + "right ones."
        case .halfSquashed(let key, let missing):
            "Only some of the migrations that \(key) replaces are applied, and \(missing) does not "
                + "exist any more. Bring it back, migrate, then delete it again."
        case .notBefore(let first, let last):
            "\(first) does not come before \(last). See `showmigrations \(first.app)` for their order."
        case .cannotRewrite(let key):
            "\(key) replaces others and has code in Swift, which cannot be written anew. Let it "
                + "stand for itself first: delete what it replaces, and its 'replaces'."
        case .cannotUpdate(let key, let reason):
            "\(key) cannot be updated: \(reason) Run `makemigrations` without --update."
        case .noCommonAncestor(let leaves):
            "These migrations have no common ancestor: "
                + leaves.map(\.description).joined(separator: ", ")
                + ". Make one depend on the other."
        default: ""
        }
    }

    private var stepText: String {
        switch self {
        case .irreversible(let operation, let migration):
            "Operation '\(operation)' of \(migration) cannot be undone. "
                + "Give it a way back, or restore the database from a copy."
        case .unknownModel(let model, let choices):
            "The migrations know no model '\(model)'. Choices are: \(choices.joined(separator: ", "))."
        case .unfitModel(let type, let model, let reason):
            "\(type) does not fit \(model) at this point of the history. \(reason)"
        case .unknownField(let field, let model, let choices):
            "\(model) has no field '\(field)'. Choices are: \(choices.joined(separator: ", "))."
        case .unknownIndex(let index, let model): "\(model) has no index '\(index)'."
        case .unknownConstraint(let constraint, let model):
            "\(model) has no constraint '\(constraint)'."
        case .duplicateModel(let model): "There is a model '\(model)' already."
        case .duplicateField(let field, let model): "\(model) has a field '\(field)' already."
        case .cannotAlter(let field, let model, let reason):
            "Field '\(field)' of \(model) cannot be altered: \(reason) Remove it and add it anew."
        case .unresolvableDependencies(let operations):
            "These operations need each other in a circle: \(operations.joined(separator: "; "))."
        case .unanswered(let questions):
            "Migrations need answers that only you have:\n"
                + questions.flatMap { question in
                    ["  - \(question)"] + question.options.map { "    \($0)" }
                }.joined(separator: "\n")
                + "\nRun `makemigrations` on a terminal, answer with options, or give the model's "
                + "field a default."
        case .unusableDefault(let field, let reason):
            "The default of field '\(field)' cannot be written to the table: \(reason)"
        case .brokenReference(let table, let row, let target):
            "Row \(row) of table '\(table)' refers to a row of '\(target)' that does not exist. "
                + "Nothing was changed; mend or delete the row, then migrate again."
        case .wrongConstraintCount(let count, let table, let columns):
            "Found \(count) constraints on \(table)(\(columns.joined(separator: ", "))) "
                + "where there should be one."
        case .invalidIndex(let name, let reason): "Index '\(name)' cannot be made: \(reason)"
        case .invalidConstraint(let name, let reason):
            "Constraint '\(name)' cannot be made: \(reason)"
        case .lockTimeout(let migration, let duration, let finished, let cause)
        where !finished.isEmpty:
            "Migration \(migration) waited \(duration) for a lock that another transaction holds, "
                + "several times, and gave up. It has no transaction, so that this stays done: "
                + finished.joined(separator: "; ")
                + ". Undo that by hand before `migrate` runs again; "
                + "or do the rest by hand, and record it by `migrate --fake`. (\(cause))"
        case .lockTimeout(let migration, let duration, _, let cause):
            "Migration \(migration) waited \(duration) for a lock that another transaction holds, "
                + "and gave up, so that the site does not wait behind it. Run `migrate` again when "
                + "the other one is done, or with more time: `migrate --lock-timeout 60`. (\(cause))"
        case .unsupportedDatabase(let name):
            "The driver '\(name)' cannot change schemas. Use a driver with a schema dialect."
        default: ""
        }
    }
}
