/// Makes a model and its table.
///
///     CreateModel("Question", fields: [FieldSchema("question_text", .charField, maxLength: 200)])
///     // CREATE TABLE "polls_question" ("question_text" varchar(200) NOT NULL)
public struct CreateModel: MigrationOperation {
    /// The model; its app is that of the migration.
    public var model: ModelSchema

    /// An operation that makes a model.
    ///
    /// - Parameters:
    ///   - name: the model's name.
    ///   - fields: the fields in order.
    ///   - bases: the labels of the models that it inherits from.
    ///   - configure: sets further options of the model.
    public init(
        _ name: String,
        fields: [FieldSchema],
        bases: [String] = [],
        configure: (inout ModelSchema) -> Void = { _ in }
    ) {
        var model = ModelSchema(app: "", name: name, fields: fields)
        model.bases = bases
        configure(&model)
        self.model = model
    }

    init(_ model: ModelSchema) {
        self.model = model
        self.model.app = ""
    }

    /// The model's name.
    public var name: String { model.name }

    var key: String { model.name.lowercased() }

    /// An addition.
    public var category: OperationCategory { .addition }
    /// The model's name.
    public var nameFragment: String? { key }
    /// `Create model Question`.
    public func describe() -> String { "Create \(model.isProxy ? "proxy " : "")model \(name)" }

    /// Adds the model.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        var model = model
        model.app = app
        try state.add(model.namingIndexes())
    }

    /// Makes the table.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.create(TableModel(MigrationState.label(step.app, name), in: step.new))
    }

    /// Drops the table.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.delete(TableModel(MigrationState.label(step.app, name), in: step.new))
    }

    /// Whether it makes the model, inherits from it or refers to it.
    public func references(model other: String, app: String) -> Bool {
        if other == key { return true }
        let label = MigrationState.label(app, other)
        return model.bases.contains { MigrationState.canonical($0) == label }
            || model.fields.contains { $0.leads(to: label) }
    }

    /// Takes in what later operations do to the model.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        switch later {
        case let delete as DeleteModel where delete.name.lowercased() == key && !model.isProxy:
            return .replaced([])
        case let rename as RenameModel where rename.oldName.lowercased() == key:
            var copy = self
            copy.model.name = rename.newName
            return .replaced([copy])
        case let alteration as any ModelAlteration where alteration.modelKey == key:
            var copy = self
            if alteration.fold(into: &copy.model) { return .replaced([copy]) }
        default: break
        }
        return passing(later, unless: later.references(model: key, app: app))
    }

    /// `CreateModel("Question", fields: […])`.
    public var source: SwiftExpression {
        var arguments: [SwiftExpression.Argument] = [
            .init(.string(name)),
            .init("fields", .array(model.fields.map(\.source))),
        ]
        if !model.bases.isEmpty {
            arguments.append(.init("bases", .array(model.bases.map { .string($0) })))
        }
        return .call(
            "CreateModel",
            arguments,
            parameters: model.optionAssignments.isEmpty ? "" : "model",
            trailing: model.optionAssignments
        )
    }
}
