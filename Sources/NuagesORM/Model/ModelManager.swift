/// Which rows of a model a query by names begins with.
///
///     DynamicQuery(Note.self)                     // Note.defaultManager
///     DynamicQuery(Note.self, manager: .base)     // Note.baseManager
///
/// Django: `_default_manager` and `_base_manager`.
public enum ModelManager: Sendable, Hashable {
    /// Those of ``Model/defaultManager``.
    case `default`
    /// Those of ``Model/baseManager``.
    case base
}

extension QuerySet {
    /// All rows, or what the first parent shows of its own.
    init(inheriting manager: ModelManager) {
        self.init()
        if let parent = M.meta.parents.first?.type { take(parent, manager) }
    }

    /// Takes the steps of a parent's manager: the parent's fields are the model's own too.
    private mutating func take<Parent: Model>(_ parent: Parent.Type, _ manager: ModelManager) {
        let rows = Parent.rows(manager)
        database = rows.database
        guard !rows.isPristine else { return }
        query = Query(M.info, rows.query)
        fetchMode = rows.fetchMode
        isPristine = false
    }
}

extension Model {
    /// The rows that a manager shows.
    static func rows(_ manager: ModelManager) -> QuerySet<Self> {
        manager == .base ? baseManager : defaultManager
    }
}

extension DynamicQuery {
    /// The rows that a manager of a model shows; all of them where the program has no type for it.
    init(_ model: ModelInfo, _ manager: ModelManager) {
        if let type = model.type {
            self = Self.rows(of: type, manager)
        } else {
            self.init(model)
        }
    }

    private static func rows<M: Model>(of model: M.Type, _ manager: ModelManager) -> Self {
        Self(model.rows(manager))
    }
}
