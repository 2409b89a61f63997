import NuagesCore

/// Which columns of a row make a model, and which those of related models.
///
/// Django: `klass_info`.
struct SelectedRows: Sendable, Hashable {
    let model: ModelInfo
    /// The relation that led here, and whether against its direction.
    let relation: RelationInfo?
    let isReverse: Bool
    /// The name by which it was asked for.
    let name: String
    /// The places of the model's columns in the row.
    var positions: [Int]
    /// The columns that are there, where some are left out.
    var fields: [FieldInfo]
    /// How many of the places are those of the row before: a child has the columns of its parent.
    var sharedCount = 0
    var related: [SelectedRows] = []

    init(
        _ model: ModelInfo,
        _ positions: [Int],
        fields: [FieldInfo] = [],
        relation: RelationInfo? = nil,
        isReverse: Bool = false,
        name: String = ""
    ) {
        self.model = model
        self.positions = positions
        self.fields = fields
        self.relation = relation
        self.isReverse = isReverse
        self.name = name
    }

    /// The alias of the table that a path of names leads to; `self` is the model's own.
    func alias(of names: [String], _ columns: [Resolved]) -> String? {
        var rows = self
        for name in names where names != ["self"] {
            guard let next = rows.related.first(where: { $0.name.equalsBytes(name) }) else {
                return nil
            }
            rows = next
        }
        for position in rows.positions where columns.indices.contains(position) {
            if case .column(let column) = columns[position],
                column.field.model.concrete === rows.model.concrete
            {
                return column.alias
            }
        }
        return nil
    }

    /// The paths that lead to tables, for messages.
    var paths: [String] {
        ["self"]
            + related.flatMap { rows in
                rows.paths.map { $0 == "self" ? rows.name : "\(rows.name)__\($0)" }
            }
    }
}

/// Which columns are loaded: all, or those that `only` names or `defer` leaves.
struct LoadMask {
    private let tree: MaskTree?

    private struct MaskTree {
        var fields: Set<FieldInfo> = []
        var relations: [String: MaskTree] = [:]
    }

    private init(tree: MaskTree?) { self.tree = tree }

    static let all = LoadMask(tree: nil)

    init(_ query: ResolvedQuery) throws {
        guard !query.deferral.isEmpty else {
            tree = nil
            return
        }
        var names = RelatedTree()
        for name in query.deferral.names.sorted() { names.add(try NameParts.split(name)[...]) }
        tree =
            try query.deferral.isDeferring
            ? Self.deferring(names, query.model, query)
            : Self.only(names, query.model, query)
    }

    func loads(_ field: FieldInfo) -> Bool { tree?.fields.contains(field) ?? true }

    /// Whether the relation is left out of a mask that names what is loaded.
    func leavesOut(_ relation: RelationInfo) -> Bool {
        guard let tree, let field = relation.field else { return false }
        return !tree.fields.contains(field)
    }

    /// The mask for the rows behind a relation.
    func related(_ name: String) -> LoadMask {
        guard let tree else { return .all }
        return LoadMask(tree: tree.relations[name])
    }

    private static func only(
        _ names: RelatedTree,
        _ model: ModelInfo,
        _ query: ResolvedQuery
    ) throws -> MaskTree {
        var tree = MaskTree(fields: Set(model.members.primaryKey))
        for (name, inner) in zip(names.names, names.trees) {
            switch model.members.member(name) {
            case .column(let field):
                guard inner.isEmpty else {
                    throw FieldError.notARelation(name: name, model: model.schema.name)
                }
                tree.fields.insert(field)
            case .composite(let fields): tree.fields.formUnion(fields)
            case .relation(let relation, let isReverse):
                if let field = relation.field, !isReverse { tree.fields.insert(field) }
                if !inner.isEmpty {
                    let target = isReverse ? relation.source : relation.target
                    tree.relations[relation.name] = try only(inner, target, query)
                    if isReverse {
                        tree.relations[relation.queryName] = tree.relations[relation.name]
                    }
                }
            case nil: throw query.unknown(name, model)
            }
        }
        return tree
    }

    private static func deferring(
        _ names: RelatedTree,
        _ model: ModelInfo,
        _ query: ResolvedQuery
    ) throws -> MaskTree {
        var tree = MaskTree(fields: Set(model.members.columns))
        for (name, inner) in zip(names.names, names.trees) {
            switch model.members.member(name) {
            case .column(let field):
                guard inner.isEmpty else {
                    throw FieldError.notARelation(name: name, model: model.schema.name)
                }
                tree.fields.remove(field)
            case .composite: break
            case .relation(let relation, let isReverse):
                if inner.isEmpty {
                    if let field = relation.field, !isReverse { tree.fields.remove(field) }
                } else {
                    let target = isReverse ? relation.source : relation.target
                    let key = isReverse ? relation.queryName : relation.name
                    tree.relations[key] = try deferring(inner, target, query)
                }
            case nil:
                guard let filtered = query.filteredRelations[name] else {
                    throw query.unknown(name, model)
                }
                let found = try query.path(filtered.path, from: model)
                tree.relations[name] = try deferring(inner, found.model, query)
            }
        }
        tree.fields.formUnion(model.members.primaryKey)
        return tree
    }
}
