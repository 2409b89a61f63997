/// What a data migration works with: the models of its point in history, and the database.
public struct MigrationData: Sendable {
    /// The label of the app.
    public let app: String
    /// The models as the migrations up to here leave them.
    public let state: MigrationState
    /// The database; statements run in the migration's transaction.
    public let database: Database
    private let models = FrozenModels()

    init(app: String, state: MigrationState, database: Database) {
        self.app = app
        self.state = state
        self.database = database
    }

    /// Runs a statement.
    ///
    /// - Parameter sql: the statement, whose interpolated values are bound.
    /// - Returns: the number of rows that it changed.
    /// - Throws: the database's error.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int { try await database.execute(sql) }

    /// Runs a query.
    ///
    /// - Parameter sql: the query, whose interpolated values are bound.
    /// - Returns: the rows.
    /// - Throws: the database's error.
    public func rows(_ sql: SQL) async throws -> [[SQLValue]] { try await database.rows(sql) }

    /// A model of the app as it was, with the names of its table and columns.
    ///
    /// - Parameter name: the model's name in any case.
    /// - Returns: the model.
    /// - Throws: ``MigrationError/unknownModel(_:choices:)`` when there is none.
    public func model(_ name: String) throws(MigrationError) -> ModelSchema {
        try state.model(MigrationState.label(app, name))
    }

    /// The rows of a model as it was, by names, with its relations to other models of the time.
    ///
    ///     for row in try await data.query("Question").filter(.condition("votes__gt", 3)).rows() { … }
    ///     try await data.query("Question").filter(.condition("author__name", "x"))
    ///         .update([("note", .value(.text("by x")))])
    ///     // UPDATE "polls_question" SET "note" = ? WHERE …
    ///
    /// Methods, managers and signals of today's program have no part in it.
    ///
    /// Django: `apps.get_model(app, name).objects`.
    ///
    /// - Parameters:
    ///   - name: the model's name in any case.
    ///   - app: the label of its app; nil for that of the migration.
    /// - Returns: all rows of the model.
    /// - Throws: ``MigrationError/unknownModel(_:choices:)`` when there is none.
    public func query(
        _ name: String,
        app: String? = nil
    ) throws(MigrationError) -> DynamicQuery {
        let label = try state.model(MigrationState.label(app ?? self.app, name)).label
        guard let info = models.graph(of: state).model(labeled: label) else {
            throw .unknownModel(label, choices: state.labels.sorted())
        }
        return DynamicQuery(info).using(database)
    }

    /// The rows of a model as it was, by a struct that is frozen in the migration's file.
    ///
    ///     @Model(app: "polls", name: "Question", isFrozen: true)
    ///     private struct OldQuestion {
    ///         @Field(maxLength: 200) var questionText: String
    ///     }
    ///
    ///     for var question in try await data.objects(OldQuestion.self).all() {
    ///         question.questionText += "?"
    ///         try await question.save()
    ///     }
    ///     // SELECT "polls_question"."id", "polls_question"."question_text" FROM "polls_question"
    ///     // UPDATE "polls_question" SET "question_text" = ? WHERE "polls_question"."id" = ?
    ///
    /// The struct is compared with the model of this point in history, and so are those that it
    /// refers to. It may leave fields out; what refers to the rows is known all the same when they
    /// are deleted. A new row needs those that take no null.
    ///
    /// - Parameter type: the struct, under `@Model(…, isFrozen: true)`.
    /// - Returns: all rows of the model, on the migration's database.
    /// - Throws: ``MigrationError/unknownModel(_:choices:)``,
    ///   ``MigrationError/unknownField(_:model:choices:)`` and
    ///   ``MigrationError/unfitModel(_:model:reason:)`` where the struct does not fit.
    public func objects<M: Model>(_ type: M.Type) throws(MigrationError) -> QuerySet<M> {
        try models.use(M.info, in: state)
        return M.objects.using(database)
    }
}
