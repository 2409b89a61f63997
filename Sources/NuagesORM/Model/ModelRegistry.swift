import Synchronization

/// The models of the program: it tells which relations lead to a model.
///
/// A model is known as soon as it is used; those of the apps are registered when a site starts,
/// so that the way back of a foreign key is found wherever the foreign key is.
///
/// Django: the app registry.
public enum ModelRegistry {
    private struct State {
        var types: [any Model.Type] = []
        var known: Set<ObjectIdentifier> = []
        /// Models without a type.
        var untyped: [ModelInfo] = []
        var graph: RelationGraph?
    }

    private static let state = Mutex(State())

    /// Makes models known.
    ///
    /// - Parameter models: the models, as ``ModelApp/models`` lists them.
    public static func register(_ models: [any Model.Type]) { noticed(models) }

    /// Makes models without a type known, which ``DynamicQuery`` can ask.
    ///
    /// Bases of proxies come before them.
    package static func register(_ schemas: [ModelSchema]) {
        state.withLock { state in
            for schema in schemas {
                let base = schema.isProxy ? schema.bases.first : nil
                state.untyped.append(
                    ModelInfo(
                        schema: schema,
                        type: nil,
                        targets: [],
                        proxied: base.flatMap { base in
                            state.untyped.first { $0.label == MigrationState.canonical(base) }
                        }
                    )
                )
            }
            state.graph = nil
        }
    }

    static func noticed(_ types: [any Model.Type]) {
        state.withLock { state in
            for type in types where state.known.insert(ObjectIdentifier(type)).inserted {
                state.types.append(type)
                state.graph = nil
            }
        }
    }

    /// The models that are known.
    static var models: [any Model.Type] { state.withLock(\.types) }

    /// The model with a label, among those that are known.
    static func model(labelled label: String) -> (any Model.Type)? {
        state.withLock(\.types).first {
            $0.label.utf8.elementsEqual(label.utf8) && $0.info.history == nil
        }
    }

    /// The relations between all models that are known.
    static var graph: RelationGraph {
        if let graph = state.withLock(\.graph) { return graph }
        // Reading a model's fields makes its neighbours known, so it is done without the lock
        // and again until nothing new turns up.
        var infos: [ModelInfo] = []
        while true {
            let types = state.withLock(\.types)
            if types.count == infos.count { break }
            infos = types.map { $0.info }
        }
        let graph = RelationGraph(
            infos.filter { $0.history == nil } + state.withLock(\.untyped)
        )
        state.withLock { state in
            if state.types.count == infos.count { state.graph = graph }
        }
        return graph
    }

    /// The name of the way back of a foreign key in lookups.
    static func queryName(of field: FieldSchema, in source: ModelSchema) -> String {
        RelationNames(field, in: source).query
    }

    /// The name of the way back of a foreign key in templates: `choice_set`.
    static func accessor(of field: FieldSchema, in source: ModelSchema) -> String {
        RelationNames(field, in: source).accessor
    }
}
