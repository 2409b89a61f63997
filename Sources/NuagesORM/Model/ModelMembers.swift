/// What a name means in a model.
///
/// Django: what `_meta.get_field` returns.
enum ModelMember: Sendable {
    case column(FieldInfo)
    case relation(RelationInfo, isReverse: Bool)
    /// The columns of a composite primary key.
    case composite([FieldInfo])
}

/// What is known of a model together with the models around it.
///
/// It is made once with the graph of all models, and read through ``ModelInfo/members``.
final class ModelMembers: Sendable {
    typealias Parent = (model: ModelInfo, link: RelationInfo)

    let model: ModelInfo
    /// The models whose rows are parts of this model's rows, with the relations to them; of the
    /// model itself and not of its parents.
    let parents: [Parent]
    /// All columns: those of the parents first.
    let columns: [FieldInfo]
    /// The relations that the model declares: with columns, many-to-many, then foreign objects.
    let localRelations: [RelationInfo]
    /// The relations of the model and its parents.
    let relations: [RelationInfo]
    /// The relations that lead to the model or its parents, also those without a name.
    let reverses: [RelationInfo]
    /// The columns of the primary key.
    let primaryKey: [FieldInfo]
    /// The names of the columns' values, as rows by names have them.
    let layout: RowLayout
    private let members: [String: ModelMember]

    init(
        _ model: ModelInfo,
        parents: [Parent],
        inherited: [ModelMembers],
        localRelations: [RelationInfo],
        localReverses: [RelationInfo]
    ) {
        self.model = model
        self.parents = parents
        self.localRelations = localRelations
        let isProxy = model.proxied != nil
        columns = Self.unique(inherited.map(\.columns) + (isProxy ? [] : [model.fields]))
        layout = RowLayout(columns.map(\.attributeName))
        relations = Self.unique(inherited.map(\.relations) + [localRelations])
        let concrete = model.concrete
        reverses = Self.unique(
            inherited.map { parent in
                // The way back of the link to a parent is no relation of the child.
                parent.reverses.filter { !$0.isParentLink || $0.target.concrete === concrete }
            } + (isProxy ? [] : [localReverses])
        )
        primaryKey = model.keyFields
        members = Self.members(model, columns, relations, reverses, primaryKey)
    }

    private static func unique<Element: Hashable>(_ lists: [[Element]]) -> [Element] {
        guard lists.count > 1 else { return lists.first ?? [] }
        var seen: Set<Element> = []
        return lists.flatMap { list in list.filter { seen.insert($0).inserted } }
    }

    /// Names win over ways back, and those of the model over those of its parents.
    private static func members(
        _ model: ModelInfo,
        _ columns: [FieldInfo],
        _ relations: [RelationInfo],
        _ reverses: [RelationInfo],
        _ key: [FieldInfo]
    ) -> [String: ModelMember] {
        var members: [String: ModelMember] = [:]
        for relation in reverses {
            members[relation.queryName] = .relation(relation, isReverse: true)
        }
        for column in columns { members[column.name] = .column(column) }
        for relation in relations {
            members[relation.name] = .relation(relation, isReverse: false)
            if let field = relation.field {
                members[field.attributeName] = .relation(relation, isReverse: false)
            }
        }
        if key.count > 1 {
            members["pk"] = .composite(key)
        } else if let key = key.first {
            members["pk"] = members[key.name]
        }
        return members
    }

    /// The model whose table holds the rows: a proxy's base, else the model itself.
    var concrete: ModelInfo { model.concrete }

    /// The columns of the model's own table.
    var localColumns: [FieldInfo] { model.fields }

    /// What `name` means: a field's name or that of its value (`question_id`), `pk`, or the name
    /// of a way back.
    func member(_ name: String) -> ModelMember? {
        // Hashing a long run of combining marks is slow; no field is that long.
        guard name.utf8.count <= 200 else { return nil }
        return members[name]
    }

    /// The names that an error message offers, sorted.
    var names: [String] {
        var names = Set(columns.flatMap { [$0.name, $0.attributeName] })
        names.formUnion(relations.map(\.name))
        names.formUnion(reverses.filter { !$0.isHidden }.map(\.queryName))
        if primaryKey.count > 1 { names.insert("pk") }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether rows of this model are rows of `ancestor` too.
    func inherits(from ancestor: ModelInfo) -> Bool {
        model.concrete === ancestor.concrete || chain(to: ancestor.concrete) != nil
    }

    /// The links that lead to an ancestor, from parent to parent; nil where it is none.
    private func chain(to ancestor: ModelInfo) -> [RelationInfo]? {
        for parent in parents {
            if parent.model === ancestor { return [parent.link] }
            if let rest = parent.model.members.chain(to: ancestor) { return [parent.link] + rest }
        }
        return nil
    }

    /// The joins to the table of an ancestor; none for a model of the same table.
    func path(toParent ancestor: ModelInfo) -> [PathStep] {
        guard ancestor.concrete !== concrete else { return [] }
        return (chain(to: ancestor.concrete) ?? []).flatMap(\.steps)
    }

    /// The joins from the table of an ancestor to this model's.
    func path(fromParent ancestor: ModelInfo) -> [PathStep] {
        guard ancestor.concrete !== concrete else { return [] }
        return (chain(to: ancestor.concrete) ?? []).reversed().flatMap(\.reverseSteps)
    }
}
