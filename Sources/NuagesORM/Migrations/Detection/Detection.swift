/// One run of the autodetector: what it compares, and the operations found so far.
struct Detection {
    struct Planned: Sendable {
        var operation: any MigrationOperation
        var dependencies: [OperationDependency]
    }

    struct RenamedField {
        var old: StateFieldKey
        var oldColumn: String?
        var new: StateFieldKey
        var field: FieldSchema
    }

    let old: MigrationState
    let new: MigrationState
    let oldRelations: StateRelations
    let newRelations: StateRelations
    private let questioner: any MigrationQuestioner

    var planned: [String: [Planned]] = [:]
    private(set) var openQuestions: [MigrationQuestion] = []

    var oldModels: Set<StateKey> = []
    var oldProxies: Set<StateKey> = []
    var oldUnmanaged: Set<StateKey> = []
    var newModels: Set<StateKey> = []
    var newProxies: Set<StateKey> = []
    var newUnmanaged: Set<StateKey> = []
    /// New keys of renamed models with the old ones.
    var renamedModels: [StateKey: StateKey] = [:]
    /// Old labels of renamed models with the new ones.
    var renamedLabels: [String: String] = [:]

    var oldFields: Set<StateFieldKey> = []
    var newFields: Set<StateFieldKey> = []
    var throughUsers: [StateKey: StateFieldKey] = [:]
    var renames: [RenamedField] = []
    /// New keys of renamed fields with the old names.
    var renamedFields: [StateFieldKey: String] = [:]
    var indexChanges: [(model: StateKey, change: IndexChange)] = []
    var constraintChanges: [(model: StateKey, change: ConstraintChange)] = []

    init(_ detector: MigrationAutodetector, convertedApps: Set<String>) {
        old = detector.oldState
        new = detector.newState
        questioner = detector.questioner
        oldRelations = StateRelations(old)
        newRelations = StateRelations(new)
        for model in old.orderedModels {
            let key = StateKey(model)
            if !model.isManaged {
                oldUnmanaged.insert(key)
            } else if !detector.unmigratedApps.contains(model.app) {
                if model.isProxy { oldProxies.insert(key) } else { oldModels.insert(key) }
            }
        }
        for model in new.orderedModels {
            let key = StateKey(model)
            if !model.isManaged {
                newUnmanaged.insert(key)
            } else if !detector.unmigratedApps.contains(model.app)
                || convertedApps.contains(model.app)
            {
                if model.isProxy { newProxies.insert(key) } else { newModels.insert(key) }
            }
        }
    }

    /// Finds all operations; their order is that in which Django looks for changes.
    mutating func findChanges() {
        findRenamedModels()
        listFields()
        planDeletedModels()
        planCreatedModels()
        planDeletedProxies()
        planCreatedProxies()
        planAlteredOptions()
        planAlteredComments()
        findRenamedFields()
        findIndexChanges()
        findConstraintChanges()
        planRemovedConstraints()
        planRemovedIndexes()
        planRenamedFields()
        planRenamedIndexes()
        planUniqueTogether(removing: true)
        planRemovedFields()
        planAddedFields()
        planAlteredFields()
        planAlteredOrders()
        planUniqueTogether(removing: false)
        planAddedIndexes()
        planAddedConstraints()
        planAlteredConstraints()
        planAlteredTables()
    }

    var keptModels: [StateKey] { oldModels.intersection(newModels).sorted() }

    /// The models on both sides whose options are compared, proxies and unmanaged ones too.
    var comparedModels: Set<StateKey> {
        oldModels.intersection(newModels)
            .union(oldProxies.intersection(newProxies))
            .union(oldUnmanaged.intersection(newUnmanaged))
    }

    /// A kept model before and after; nil never happens for keys of the sets above.
    func pair(_ key: StateKey) -> (old: ModelSchema, new: ModelSchema)? {
        let oldKey = renamedModels[key] ?? key
        guard let before = old.models[oldKey.label], let after = new.models[key.label] else {
            return nil
        }
        return (before, after)
    }

    mutating func plan(
        _ app: String,
        _ operation: any MigrationOperation,
        needing dependencies: [OperationDependency] = [],
        atStart: Bool = false
    ) {
        let item = Planned(operation: operation, dependencies: dependencies)
        if atStart {
            planned[app, default: []].insert(item, at: 0)
        } else {
            planned[app, default: []].append(item)
        }
    }

    /// Asks; an open question is noted and taken as `otherwise`, so that all of them are found.
    mutating func ask(
        _ question: MigrationQuestion,
        otherwise: MigrationAnswer
    ) -> MigrationAnswer {
        if let answer = questioner.answer(to: question) { return answer }
        openQuestions.append(question)
        return otherwise
    }

    /// What a relation needs to exist: its target and the model between.
    func dependencies(of field: FieldSchema, in model: StateKey) -> [OperationDependency] {
        guard let relation = field.relation else { return [] }
        var dependencies: [OperationDependency] = []
        if let setting = relation.swappableSetting {
            dependencies.append(OperationDependency(creationOfSetting: setting))
        } else {
            dependencies.append(OperationDependency(.create, StateKey(label: relation.target)))
        }
        if let through = relation.through {
            dependencies.append(OperationDependency(.create, StateKey(label: through)))
        }
        return dependencies
    }

    /// What all relations of a model need.
    func dependencies(ofModel key: StateKey) -> [OperationDependency] {
        (new.models[key.label]?.fields ?? []).flatMap { dependencies(of: $0, in: key) }
    }
}

extension Array where Element: Hashable {
    /// The elements without those that were there before.
    var withoutRepeats: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
