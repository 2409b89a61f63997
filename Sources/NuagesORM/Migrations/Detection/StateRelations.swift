/// Which fields of which models lead to each model; a proxy shares those of its table's model.
struct StateRelations {
    struct Source: Hashable {
        var model: StateKey
        var field: FieldSchema
    }

    private var byTarget: [String: [Source]] = [:]
    private let state: MigrationState

    init(_ state: MigrationState) {
        self.state = state
        for model in state.orderedModels {
            for field in model.fields {
                guard let relation = field.relation else { continue }
                let source = Source(model: StateKey(model), field: field)
                let target = state.concreteLabel(MigrationState.canonical(relation.target))
                byTarget[target, default: []].append(source)
                if let through = relation.through {
                    let label = state.concreteLabel(MigrationState.canonical(through))
                    byTarget[label, default: []].append(source)
                }
            }
        }
    }

    /// The fields that lead to a model or go through it.
    func sources(of model: StateKey) -> [Source] {
        byTarget[state.concreteLabel(model.label)] ?? []
    }
}
