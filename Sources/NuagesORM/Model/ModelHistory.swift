import Synchronization

/// What surrounds models as they were at a point in the history of migrations.
final class ModelHistory: Sendable {
    private struct Content {
        var graph: RelationGraph?
        /// The fields that a new row needs and the struct lacks.
        var missing: [String] = []
    }

    private let content = Mutex(Content())

    /// The relations of the models of a state; of a frozen model that no migration has asked for,
    /// those of the frozen models that it names.
    func graph(around model: ModelInfo) -> RelationGraph {
        if let graph = content.withLock(\.graph) { return graph }
        let made = RelationGraph(model.frozenNeighbours)
        return content.withLock { content in
            let graph = content.graph ?? made
            content.graph = graph
            return graph
        }
    }

    func set(_ graph: RelationGraph) { content.withLock { $0.graph = graph } }

    func set(missing: [String]) { content.withLock { $0.missing = missing } }

    /// Fails where the struct of a frozen model lacks what a new row needs.
    func checkInsertion(_ model: ModelInfo) throws(MigrationError) {
        guard let field = content.withLock(\.missing).first else { return }
        throw .unfitModel(
            model.typeName,
            model: model.label,
            reason:
                "A new row needs a value for its field '\(field)', which takes no null and has no "
                + "default in the database. Declare that field in the struct."
        )
    }
}

extension Model {
    /// Whether it is a model as it was, for code of migrations.
    package static var isFrozen: Bool { info.history != nil }
}

extension ModelInfo {
    /// The name of the struct, for messages.
    var typeName: String { type.map { "\($0)" } ?? schema.name }

    /// The types that the model's relations name.
    private var namedTypes: [any Model.Type] {
        fields.compactMap(\.target) + targets.values + throughTypes.values
            + (type.map { Self.sources(of: $0) } ?? [])
    }

    private static func sources<M: Model>(of type: M.Type) -> [any Model.Type] {
        M.meta.reverses.map(\.source)
    }

    /// The model and the frozen ones that it leads to.
    var frozenNeighbours: [ModelInfo] {
        var found = [self]
        var index = 0
        while index < found.count {
            for type in found[index].namedTypes {
                let info = type.info
                if info.history != nil, !found.contains(info) { found.append(info) }
            }
            index += 1
        }
        return found
    }
}

extension RelationGraph {
    /// The models of a state and their relations, apart from those of the program.
    ///
    /// Graph and models hold each other, so that they stay until the process ends; a graph is made
    /// only for code of a migration that queries.
    ///
    /// - Parameters:
    ///   - state: the models.
    ///   - frozen: structs of models of the state, which stand in their place. Of a model with a
    ///     struct only the relations that the struct lacks are kept, so that deleting rows finds
    ///     all that refer to them.
    /// - Returns: the graph.
    static func ofHistory(_ state: MigrationState, frozen: [ModelInfo] = []) -> RelationGraph {
        var made: [String: ModelInfo] = [:]
        var infos: [ModelInfo] = []
        let history = ModelHistory()
        for info in frozen { made[info.label] = info }
        // Bases of proxies come before them.
        let models = state.orderedModels.filter { !$0.isProxy }
        for var schema in models + state.orderedModels.filter(\.isProxy) {
            if let known = made[schema.label] {
                let names = Set(known.schema.fields.filter(\.isRelation).map(\.name))
                schema.fields.removeAll { $0.isRelation && names.contains($0.name) }
                guard schema.fields.contains(where: \.isRelation) else { continue }
            }
            let base = schema.isProxy ? made[state.concreteLabel(schema.label)] : nil
            let info = ModelInfo(
                schema: schema,
                type: nil,
                targets: [],
                proxied: base,
                history: history
            )
            if made[schema.label] == nil { made[schema.label] = info }
            infos.append(info)
        }
        // Where two have a label, relations lead to the last one.
        let graph = RelationGraph(infos + frozen)
        history.set(graph)
        for info in frozen { info.history?.set(graph) }
        return graph
    }
}
