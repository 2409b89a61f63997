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
        var graph: RelationGraph?
    }

    private static let state = Mutex(State())

    /// Makes models known.
    ///
    /// - Parameter models: the models, as ``ModelApp/models`` lists them.
    public static func register(_ models: [any Model.Type]) { noticed(models) }

    static func noticed(_ types: [any Model.Type]) {
        state.withLock { state in
            for type in types where state.known.insert(ObjectIdentifier(type)).inserted {
                state.types.append(type)
                state.graph = nil
            }
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
        let graph = RelationGraph(infos)
        state.withLock { state in
            if state.types.count == infos.count { state.graph = graph }
        }
        return graph
    }

    /// The name of the way back of a foreign key in lookups.
    static func queryName(of field: FieldSchema, in source: ModelSchema) -> String {
        field.relation?.relatedQueryName ?? field.relation?.relatedName
            ?? source.defaultRelatedName ?? source.name.lowercased()
    }

    /// The name of the way back of a foreign key in templates: `choice_set`.
    static func accessor(of field: FieldSchema, in source: ModelSchema) -> String {
        field.relation?.relatedName ?? source.defaultRelatedName
            ?? "\(source.name.lowercased())_set"
    }
}

/// The ways back of the foreign keys of some models.
final class RelationGraph: Sendable {
    /// A foreign key, seen from the model that it leads to.
    struct Reverse: Sendable {
        let source: ModelInfo
        let field: ModelInfo.FieldInfo
        let queryName: String
    }

    private let reverses: [ObjectIdentifier: [Reverse]]

    init(_ infos: [ModelInfo]) {
        var reverses: [ObjectIdentifier: [Reverse]] = [:]
        for info in infos {
            for field in info.fields {
                guard let target = field.target else { continue }
                let name = ModelRegistry.queryName(of: field.schema, in: info.schema)
                reverses[ObjectIdentifier(target), default: []].append(
                    Reverse(source: info, field: field, queryName: name)
                )
            }
        }
        self.reverses = reverses
    }

    /// The foreign keys that lead to `info`.
    func reverses(of info: ModelInfo) -> [Reverse] {
        info.type.flatMap { reverses[ObjectIdentifier($0)] } ?? []
    }

    func reverse(_ name: String, of info: ModelInfo) -> Reverse? {
        reverses(of: info).first {
            $0.queryName.utf8.elementsEqual(name.utf8) && !$0.queryName.utf8.contains(0x2B)
        }
    }
}
