/// The relations between some models.
final class RelationGraph: Sendable {
    /// A foreign key, seen from the model that it leads to.
    struct Reverse: Sendable {
        let source: ModelInfo
        let field: FieldInfo
        let queryName: String
    }

    private let members: [ModelInfo: ModelMembers]
    private let labels: [String: ModelInfo]

    init(_ infos: [ModelInfo]) {
        let models = infos.flatMap { info in
            [info] + info.schema.fields.compactMap { info.automaticThroughs[$0.name] }
        }
        var builder = RelationGraphBuilder(models)
        members = builder.members()
        labels = Dictionary(models.map { ($0.label, $0) }) { first, _ in first }
    }

    /// The model with a label such as `polls.question`.
    func model(labeled label: String) -> ModelInfo? {
        label.utf8.count <= 200 ? labels[label] : nil
    }

    /// What is known of `info`; for a model that is not registered only what it says itself.
    func members(of info: ModelInfo) -> ModelMembers {
        members[info]
            ?? ModelMembers(info, parents: [], inherited: [], localRelations: [], localReverses: [])
    }

    /// The foreign keys that lead to `info`.
    func reverses(of info: ModelInfo) -> [Reverse] {
        members(of: info).reverses.compactMap { relation in
            guard let field = relation.field, !relation.source.isAutomatic else { return nil }
            return Reverse(source: relation.source, field: field, queryName: relation.queryName)
        }
    }

    func reverse(_ name: String, of info: ModelInfo) -> Reverse? {
        reverses(of: info).first {
            $0.queryName.utf8.elementsEqual(name.utf8) && !$0.queryName.utf8.contains(0x2B)
        }
    }
}

/// Finds the relations between models, then what each model knows of the others.
private struct RelationGraphBuilder {
    private let models: [ModelInfo]
    private var byType: [ObjectIdentifier: ModelInfo] = [:]
    private var byLabel: [String: ModelInfo] = [:]
    private var relations: [ModelInfo: [RelationInfo]] = [:]
    private var reverses: [ModelInfo: [RelationInfo]] = [:]
    private var made: [ModelInfo: ModelMembers] = [:]

    init(_ models: [ModelInfo]) {
        self.models = models
        for model in models {
            if let type = model.type { byType[ObjectIdentifier(type)] = model }
            byLabel[model.label] = model
        }
        // Many-to-many relations stand on the keys of the models in between.
        var keys: [ModelInfo: [RelationInfo]] = [:]
        for model in models { keys[model] = self.keys(of: model) }
        for model in models {
            let own = keys[model] ?? []
            relations[model] =
                own.filter { $0.kind != .foreignObject } + manyToMany(of: model, keys)
                + own.filter { $0.kind == .foreignObject }
        }
        for model in models {
            for relation in relations[model] ?? [] {
                reverses[relation.target.concrete, default: []].append(relation)
            }
        }
    }

    private func model(_ type: (any Model.Type)?, _ schema: FieldSchema) -> ModelInfo? {
        if let type, let model = byType[ObjectIdentifier(type)] { return model }
        return schema.relation.flatMap { byLabel[MigrationState.canonical($0.target)] }
    }

    /// The relations with columns of the model itself.
    private func keys(of model: ModelInfo) -> [RelationInfo] {
        guard model.proxied == nil else { return [] }
        var result = model.fields.compactMap { field -> RelationInfo? in
            guard field.schema.isRelation, let target = self.model(field.target, field.schema)
            else { return nil }
            let named = field.schema.relation?.targetField.flatMap { target.field($0) }
            guard let end = named ?? target.keyFields.first else { return nil }
            return RelationInfo(
                field.schema,
                kind: field.schema.type == .oneToOneField ? .oneToOne : .foreignKey,
                from: model,
                to: target,
                pairs: [(from: field, to: end)]
            )
        }
        for schema in model.schema.fields where schema.type == .foreignObject {
            guard let target = self.model(model.targets[schema.name], schema),
                let relation = schema.relation
            else { continue }
            let pairs = zip(relation.fromFields, relation.toFields).compactMap { from, to in
                model.field(from).flatMap { from in
                    target.field(to).map { (from: from, to: $0) }
                }
            }
            result.append(
                RelationInfo(schema, kind: .foreignObject, from: model, to: target, pairs: pairs)
            )
        }
        return result
    }

    private func manyToMany(
        of model: ModelInfo,
        _ keys: [ModelInfo: [RelationInfo]]
    ) -> [RelationInfo] {
        model.schema.fields.compactMap { schema in
            guard schema.type == .manyToManyField,
                let target = self.model(model.targets[schema.name], schema),
                let through = through(of: schema, in: model)
            else { return nil }
            let candidates = keys[through] ?? []
            let names = schema.relation?.throughFields ?? []
            let source = Self.key(candidates, to: model, named: names.first, skipping: nil)
            let end = Self.key(
                candidates,
                to: target,
                named: names.count > 1 ? names[1] : nil,
                skipping: names.isEmpty && model === target ? source : nil
            )
            guard let source, let end else { return nil }
            return RelationInfo(
                schema,
                kind: .manyToMany,
                from: model,
                to: target,
                through: (through, source, end)
            )
        }
    }

    private func through(of schema: FieldSchema, in model: ModelInfo) -> ModelInfo? {
        if let automatic = model.automaticThroughs[schema.name] { return automatic }
        if let type = model.throughTypes[schema.name] { return byType[ObjectIdentifier(type)] }
        return schema.relation?.through.flatMap { byLabel[MigrationState.canonical($0)] }
    }

    /// The first key of the rows in between that leads to `model`.
    private static func key(
        _ candidates: [RelationInfo],
        to model: ModelInfo,
        named name: String?,
        skipping other: RelationInfo?
    ) -> RelationInfo? {
        candidates.first {
            $0.target.concrete === model.concrete && (name == nil || name == $0.name)
                && $0 !== other
        }
    }

    /// What each model knows of the others, parents before their children.
    mutating func members() -> [ModelInfo: ModelMembers] {
        for model in models { _ = members(of: model, depth: 0) }
        return made
    }

    private mutating func members(of model: ModelInfo, depth: Int) -> ModelMembers {
        if let known = made[model] { return known }
        let local = relations[model] ?? []
        var parents: [ModelMembers.Parent] = []
        var inherited: [ModelMembers] = []
        if let base = model.proxied {
            let base = members(of: base, depth: depth + 1)
            parents = base.parents
            inherited = [base]
        } else {
            // A circle of parents cannot be written in Swift, but by hand in a schema.
            for link in local where link.isParentLink && depth < 32 && link.target !== model {
                parents.append((link.target.concrete, link))
                inherited.append(members(of: link.target.concrete, depth: depth + 1))
            }
        }
        let result = ModelMembers(
            model,
            parents: parents,
            inherited: inherited,
            localRelations: local,
            localReverses: reverses[model] ?? []
        )
        made[model] = result
        return result
    }
}
