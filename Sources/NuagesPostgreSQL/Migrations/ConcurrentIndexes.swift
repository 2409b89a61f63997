public import NuagesORM

extension MigrationStep {
    /// The model of an operation in one of the states.
    func model(_ name: String, in state: MigrationState) throws(MigrationError) -> TableModel {
        try TableModel(MigrationState.label(app, name), in: state)
    }
}

extension TableModel {
    /// An index of the model by its name.
    func index(_ name: String) throws(MigrationError) -> IndexSchema {
        guard let index = schema.indexes.first(where: { $0.name == name }) else {
            throw .unknownIndex(name, model: schema.name)
        }
        return index
    }
}

extension SchemaEditor {
    /// Refuses to go on inside a transaction, where the database does not allow the operation.
    func refuseTransaction(_ operation: String) throws(DatabaseError) {
        guard !isCollecting, database?.isInTransaction == true else { return }
        throw .notSupported(
            """
            \(operation) cannot run inside a transaction. Give the migration `isAtomic: false`, and \
            keep the operation in a migration of its own.
            """
        )
    }

    /// Whether the database is PostgreSQL.
    var isPostgreSQL: Bool { dialect.sql.vendor == "postgresql" }
}

/// Adds an index without a lock that keeps others from writing.
///
/// The migration has to be one that is not atomic. Where it fails half-way, an invalid index stays,
/// which has to be dropped before the migration runs again.
///
///     AddIndexConcurrently("shelf", .gin(["tags"], name: "shelf_tags_gin"))
///     // CREATE INDEX CONCURRENTLY "shelf_tags_gin" ON "pg_shelf" USING gin ("tags")
public struct AddIndexConcurrently: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The index, with its name.
    public var index: IndexSchema

    /// An operation that adds an index.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - index: the index, with its name.
    public init(_ modelName: String, _ index: IndexSchema) {
        self.modelName = modelName
        self.index = index
    }

    /// An addition.
    public var category: OperationCategory { .addition }
    /// Never in a transaction.
    public var isAtomic: Bool? { false }
    /// `NuagesPostgreSQL`.
    public var modules: [String] { ["NuagesPostgreSQL"] }
    /// `shelf_shelf_tags_gin`.
    public var nameFragment: String? { "\(modelName.lowercased())_\(index.name.lowercased())" }
    /// `Concurrently create index shelf_tags_gin on field(s) tags of model shelf`.
    public func describe() -> String {
        "Concurrently create index \(index.name) on field(s) "
            + "\(index.fields.joined(separator: ", ")) of model \(modelName)"
    }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.indexes.append(index)
    }

    /// Makes the index.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try editor.refuseTransaction("AddIndexConcurrently")
        try await editor.add(index, to: step.model(modelName, in: step.new), concurrently: true)
    }

    /// Drops the index.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try editor.refuseTransaction("AddIndexConcurrently")
        let model = try step.model(modelName, in: step.new)
        try await editor.remove(index, from: model, concurrently: true)
    }

    /// `AddIndexConcurrently("shelf", IndexSchema(…))`.
    public var source: SwiftExpression {
        .call("AddIndexConcurrently", [.init(.string(modelName)), .init(index.source)])
    }
}

/// Removes an index without a lock that keeps others from writing.
///
/// The migration has to be one that is not atomic.
public struct RemoveIndexConcurrently: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The index's name.
    public var name: String

    /// An operation that removes an index.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - name: the index's name.
    public init(_ modelName: String, _ name: String) {
        self.modelName = modelName
        self.name = name
    }

    /// A removal.
    public var category: OperationCategory { .removal }
    /// Never in a transaction.
    public var isAtomic: Bool? { false }
    /// `NuagesPostgreSQL`.
    public var modules: [String] { ["NuagesPostgreSQL"] }
    /// `remove_shelf_shelf_tags_gin`.
    public var nameFragment: String? {
        "remove_\(modelName.lowercased())_\(name.lowercased())"
    }
    /// `Concurrently remove index shelf_tags_gin from shelf`.
    public func describe() -> String { "Concurrently remove index \(name) from \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        guard model.indexes.contains(where: { $0.name == name }) else {
            throw .unknownIndex(name, model: model.name)
        }
        model.indexes.removeAll { $0.name == name }
    }

    /// Drops the index.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try editor.refuseTransaction("RemoveIndexConcurrently")
        let model = try step.model(modelName, in: step.old)
        try await editor.remove(try model.index(name), from: model, concurrently: true)
    }

    /// Makes the index again.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try editor.refuseTransaction("RemoveIndexConcurrently")
        let model = try step.model(modelName, in: step.old)
        try await editor.add(try model.index(name), to: model, concurrently: true)
    }

    /// `RemoveIndexConcurrently("shelf", "shelf_tags_gin")`.
    public var source: SwiftExpression {
        .call("RemoveIndexConcurrently", [.init(.string(modelName)), .init(.string(name))])
    }
}
