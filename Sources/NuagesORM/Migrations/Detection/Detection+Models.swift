extension Detection {
    /// Takes a removed and an added model with the same fields for one that was renamed.
    mutating func findRenamedModels() {
        for key in newModels.subtracting(oldModels).sorted() {
            guard let model = new.models[key.label] else { continue }
            let fields = model.relationAgnosticFields
            for removed in oldModels.subtracting(newModels).sorted() where removed.app == key.app {
                guard let before = old.models[removed.label],
                    before.relationAgnosticFields == fields
                else { continue }
                let question = MigrationQuestion.renamedModel(
                    app: key.app,
                    old: before.name,
                    new: model.name
                )
                guard ask(question, otherwise: .no) == .yes else { continue }
                rename(removed, before, to: key, model)
                break
            }
        }
    }

    private mutating func rename(
        _ oldKey: StateKey,
        _ before: ModelSchema,
        to key: StateKey,
        _ model: ModelSchema
    ) {
        var needed = dependencies(ofModel: key)
        needed += newRelations.sources(of: key).map { OperationDependency(.create, $0.model) }
        plan(key.app, RenameModel(from: before.name, to: model.name), needing: needed)
        renamedModels[key] = oldKey
        renamedLabels[oldKey.label] = key.label
        oldModels.remove(oldKey)
        oldModels.insert(key)
    }

    /// Lists the fields of models on both sides, and who uses which model as the one between.
    mutating func listFields() {
        for key in keptModels {
            guard let (before, after) = pair(key) else { continue }
            oldFields.formUnion(before.fields.map { StateFieldKey(key, $0.name) })
            newFields.formUnion(after.fields.map { StateFieldKey(key, $0.name) })
        }
        for key in oldModels.sorted() {
            let oldKey = renamedModels[key] ?? key
            for field in old.models[oldKey.label]?.fields ?? [] {
                guard let through = field.relation?.through else { continue }
                throughUsers[StateKey(label: through)] = StateFieldKey(oldKey, field.name)
            }
        }
    }

    mutating func planDeletedModels() {
        let kept = newModels.union(newUnmanaged)
        let deleted =
            oldModels.subtracting(kept).sorted() + oldUnmanaged.subtracting(kept).sorted()
        for key in deleted {
            guard let model = old.models[key.label] else { continue }
            planDeletion(of: model, key)
        }
    }

    private mutating func planDeletion(of model: ModelSchema, _ key: StateKey) {
        let related = model.fields.filter(\.isRelation).map(\.name).sorted()
        if !model.uniqueTogether.isEmpty {
            plan(key.app, AlterUniqueTogether(key.name, uniqueTogether: []))
        }
        for index in model.indexes { plan(key.app, RemoveIndex(key.name, index.name)) }
        for constraint in model.constraints {
            plan(key.app, RemoveConstraint(key.name, constraint.name))
        }
        for name in related {
            plan(
                key.app,
                RemoveField(key.name, name),
                needing: [OperationDependency(.removeIndexOrConstraint, key, field: name)]
            )
        }
        var needed: [OperationDependency] = []
        for source in oldRelations.sources(of: key) {
            needed.append(OperationDependency(.remove, source.model, field: source.field.name))
            if source.field.type != .manyToManyField {
                needed.append(OperationDependency(.alter, source.model, field: source.field.name))
            }
        }
        needed += related.map { OperationDependency(.remove, key, field: $0) }
        if let user = throughUsers[key] {
            needed.append(OperationDependency(.remove, user.model, field: user.field))
        }
        plan(key.app, DeleteModel(model.name), needing: needed.withoutRepeats)
    }

    mutating func planCreatedModels() {
        let there = oldModels.union(oldUnmanaged)
        let added =
            newModels.subtracting(there).sorted(by: isCreatedAfter)
            + newUnmanaged.subtracting(there).sorted(by: isCreatedAfter)
        for key in added {
            guard let model = new.models[key.label] else { continue }
            planCreation(of: model, key)
        }
    }

    /// Models that can be swapped come first in the end, so that others find them.
    private func isCreatedAfter(_ left: StateKey, _ right: StateKey) -> Bool {
        let rank = { (key: StateKey) -> StateKey in
            guard new.models[key.label]?.swappable != nil else { return key }
            return StateKey("___" + key.app, "___" + key.name)
        }
        return rank(left) > rank(right)
    }

    private mutating func planCreation(of model: ModelSchema, _ key: StateKey) {
        var related: [FieldSchema] = []
        var keyTarget: String?
        for field in model.fields {
            guard let relation = field.relation else { continue }
            if field.isPrimaryKey {
                keyTarget = relation.target
            } else if !relation.isParentLink {
                related.append(field)
            }
            if relation.through != nil, field.isPrimaryKey || relation.isParentLink {
                related.append(field)
            }
        }
        let relatedNames = Set(related.map(\.name))
        var creation = model
        creation.fields.removeAll { relatedNames.contains($0.name) }
        creation.indexes = []
        creation.constraints = []
        creation.uniqueTogether = []
        creation.orderWithRespectTo = nil
        var needed = [OperationDependency(.remove, key)] + baseDependencies(of: model)
        if let keyTarget {
            needed.append(OperationDependency(.create, StateKey(label: keyTarget)))
        }
        plan(key.app, CreateModel(creation), needing: needed, atStart: true)
        guard model.isManaged else { return }
        planRelations(related.sorted { $0.name < $1.name }, of: model, key)
        planReplacedProxy(key)
    }

    /// Bases come first; a field that moves from a base into the model leaves the base first.
    private func baseDependencies(of model: ModelSchema) -> [OperationDependency] {
        model.bases.flatMap { base -> [OperationDependency] in
            let key = StateKey(label: base)
            var needed = [OperationDependency(.create, key)]
            if let before = old.models[key.label], let after = new.models[key.label] {
                let moved = Set(before.fields.map(\.name)).subtracting(after.fields.map(\.name))
                    .intersection(model.fields.map(\.name))
                needed += moved.sorted().map { OperationDependency(.remove, key, field: $0) }
            }
            return needed
        }
    }

    /// The relations of a new model, then what is about several of its fields.
    private mutating func planRelations(
        _ related: [FieldSchema],
        of model: ModelSchema,
        _ key: StateKey
    ) {
        let creation = OperationDependency(.create, key)
        for field in related {
            let needed = (dependencies(of: field, in: key) + [creation]).withoutRepeats
            plan(key.app, AddField(key.name, field), needing: needed)
        }
        if let order = model.orderWithRespectTo {
            let needed = [OperationDependency(.create, key, field: order), creation]
            plan(key.app, AlterOrderWithRespectTo(key.name, field: order), needing: needed)
        }
        let needed = related.map { OperationDependency(.create, key, field: $0.name) } + [creation]
        for index in model.indexes {
            plan(key.app, AddIndex(key.name, index), needing: needed)
        }
        for constraint in model.constraints {
            plan(key.app, AddConstraint(key.name, constraint), needing: needed)
        }
        if !model.uniqueTogether.isEmpty {
            let operation = AlterUniqueTogether(key.name, uniqueTogether: model.uniqueTogether)
            plan(key.app, operation, needing: needed)
        }
    }

    /// Where a model takes the place of a proxy of its name, relations to it get a table to lead to.
    private mutating func planReplacedProxy(_ key: StateKey) {
        guard oldProxies.contains(key) else { return }
        for source in newRelations.sources(of: key) {
            guard let name = new.models[source.model.label]?.name else { continue }
            plan(
                source.model.app,
                AlterField(name, source.field),
                needing: [OperationDependency(.create, key)]
            )
        }
    }

    mutating func planCreatedProxies() {
        for key in newProxies.subtracting(oldProxies).sorted() {
            guard var model = new.models[key.label] else { continue }
            let needed =
                [OperationDependency(.remove, key)]
                + model.bases.map { OperationDependency(.create, StateKey(label: $0)) }
            model.fields = []
            plan(key.app, CreateModel(model), needing: needed)
        }
    }

    mutating func planDeletedProxies() {
        for key in oldProxies.subtracting(newProxies).sorted() {
            guard let model = old.models[key.label] else { continue }
            plan(key.app, DeleteModel(model.name))
        }
    }
}

extension ModelSchema {
    /// The fields by what they are, not by their names or where they lead: equal for a model and
    /// the one it was renamed to.
    var relationAgnosticFields: [FieldSchema] {
        fields.sorted { $0.name < $1.name }.map { field in
            var field = field.normalized()
            field.relation?.target = ""
            return field
        }
    }
}
