import Synchronization

/// The models of a state, made when code asks for the first one.
final class FrozenModels: Sendable {
    private struct Content {
        /// The models by names alone.
        var graph: RelationGraph?
        /// The structs that code has asked for.
        var structs: [ModelInfo] = []
    }

    private let content = Mutex(Content())

    func graph(of state: MigrationState) -> RelationGraph {
        content.withLock { content in
            if let graph = content.graph { return graph }
            let made = RelationGraph.ofHistory(state)
            content.graph = made
            return made
        }
    }

    /// Puts a struct, and those that it leads to, in the place of models of the state.
    func use(_ model: ModelInfo, in state: MigrationState) throws(MigrationError) {
        let known = content.withLock(\.structs)
        let new = model.frozenNeighbours.filter { !known.contains($0) }
        guard !new.isEmpty else { return }
        let graph = graph(of: state)
        for info in new { try FrozenModelCheck(info, in: state, graph).run() }
        content.withLock { content in
            content.structs += new.filter { !content.structs.contains($0) }
            _ = RelationGraph.ofHistory(state, frozen: content.structs)
        }
    }
}

/// Compares the struct of a frozen model with the model of the state.
private struct FrozenModelCheck {
    private let info: ModelInfo
    private let then: ModelInfo

    init(
        _ info: ModelInfo,
        in state: MigrationState,
        _ graph: RelationGraph
    ) throws(MigrationError) {
        self.info = info
        let label = try state.model(info.label).label
        guard let then = graph.model(labeled: label) else {
            throw .unknownModel(label, choices: state.labels.sorted())
        }
        self.then = then
    }

    func run() throws(MigrationError) {
        guard info.history != nil else {
            throw unfit(
                "It is a model of today's program. Declare a struct for the migration, with "
                    + "`@Model(…, isFrozen: true)`."
            )
        }
        guard info.table == then.table else {
            throw unfit(
                "Its table is '\(info.table)', and was '\(then.table)' then. Write "
                    + "`table: \"\(then.table)\"`."
            )
        }
        for field in info.fields { try check(field) }
        for field in info.schema.fields where field.type == .manyToManyField {
            try check(manyToMany: field)
        }
        guard Set(info.keyFields.map(\.column)) == Set(then.keyFields.map(\.column)) else {
            let key = then.keyFields.map { "'\($0.name)'" }.joined(separator: ", ")
            throw unfit("The primary key was \(key) then. Make it the struct's.")
        }
        let columns = Set(info.fields.map(\.column))
        info.history?.set(
            missing: then.fields.filter { field in
                let schema = field.schema
                return !columns.contains(field.column) && !schema.isNullable
                    && schema.generated == nil && !schema.hasDatabaseDefault && !schema.isAutoKey
            }.map(\.name)
        )
    }

    private func unfit(_ reason: String) -> MigrationError {
        .unfitModel(info.typeName, model: then.label, reason: reason)
    }

    private func check(_ field: FieldInfo) throws(MigrationError) {
        guard let old = then.fields.first(where: { $0.column == field.column }) else {
            if let named = then.field(field.name) {
                throw unfit(
                    "The column of field '\(field.name)' was '\(named.column)' then, and is "
                        + "'\(field.column)' here. Write `column: \"\(named.column)\"`."
                )
            }
            throw .unknownField(
                field.name,
                model: then.label,
                choices: then.fields.map(\.name).sorted()
            )
        }
        if old.schema.isNullable, !field.schema.isNullable {
            throw unfit(
                "Field '\(field.name)' could be null then. Make the property optional."
            )
        }
        if field.schema.isRelation { try check(relation: field.schema, field.target, old.schema) }
        let (kind, oldKind) = (Self.kind(of: field), Self.kind(of: old))
        let isSame = kind.family == .other ? kind == oldKind : kind.family == oldKind.family
        guard isSame || old.schema.generated != nil else {
            throw unfit(
                "Field '\(field.name)' was of the kind \(oldKind) then, and is \(kind) here. Give the "
                    + "property the type of then."
            )
        }
    }

    private func check(
        relation field: FieldSchema,
        _ target: (any Model.Type)?,
        _ old: FieldSchema
    ) throws(MigrationError) {
        guard let relation = field.relation else { return }
        if let target, target.info.history == nil {
            throw unfit(
                "Its field '\(field.name)' leads to \(target), a model of today's program. Freeze "
                    + "that one too, or declare the key alone as a field."
            )
        }
        let label = MigrationState.canonical(relation.target)
        let oldLabel = old.relation.map { MigrationState.canonical($0.target) }
        guard label == oldLabel else {
            let end = oldLabel.map { "led to \($0)" } ?? "was no relation"
            throw unfit("Field '\(field.name)' \(end) then, and leads to \(label) here.")
        }
    }

    private func check(manyToMany field: FieldSchema) throws(MigrationError) {
        let fields = then.schema.fields.filter { $0.type == .manyToManyField }
        guard let old = fields.first(where: { $0.name == field.name }) else {
            throw .unknownField(
                field.name,
                model: then.label,
                choices: (then.fields.map(\.name) + fields.map(\.name)).sorted()
            )
        }
        try check(relation: field, info.targets[field.name], old)
        let (table, oldTable) = (
            info.automaticThroughs[field.name]?.table, then.automaticThroughs[field.name]?.table
        )
        guard table == oldTable else {
            throw unfit(
                "The rows of field '\(field.name)' were in "
                    + (oldTable.map { "the table '\($0)' then. Write `table: \"\($0)\"`." }
                        ?? "a model in between then. Freeze that one, and give it as `through:`.")
            )
        }
    }

    /// The kind of a column; for a reference that of the column it leads to.
    private static func kind(of field: FieldInfo) -> FieldType {
        var field = field
        for _ in 0..<32 {
            guard let target = field.targetColumn else { break }
            field = target
        }
        return field.schema.type
    }
}
