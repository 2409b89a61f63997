/// A relation between two models, known at both ends.
///
/// Django: a relational field together with its `remote_field`.
final class RelationInfo: Sendable {
    /// What relates the rows.
    enum Kind: Sendable, Hashable {
        case foreignKey
        case oneToOne
        /// Columns of both models, without a column of its own.
        case foreignObject
        case manyToMany
    }

    typealias ColumnPair = (from: FieldInfo, to: FieldInfo)

    let kind: Kind
    let name: String
    /// The model that declares it.
    let source: ModelInfo
    let target: ModelInfo
    /// The columns that are equal, of the source and of the target; none for many-to-many.
    let pairs: [ColumnPair]
    /// The column of a foreign key.
    let field: FieldInfo?
    let schema: FieldSchema
    /// The name of the way back in programs and templates: `choice_set`; empty where there is none.
    let accessor: String
    /// The name of the way back in lookups: `choice`.
    let queryName: String
    /// Whether the way back has no name (`related_name="+"`).
    let isHidden: Bool
    /// The model in between, for many-to-many.
    let through: ModelInfo?
    /// The relations of the model in between: to the source, and to the target.
    let throughSource: RelationInfo?
    let throughTarget: RelationInfo?

    init(
        _ schema: FieldSchema,
        kind: Kind,
        from source: ModelInfo,
        to target: ModelInfo,
        pairs: [ColumnPair] = [],
        through: (model: ModelInfo, source: RelationInfo, target: RelationInfo)? = nil
    ) {
        self.schema = schema
        self.kind = kind
        self.source = source
        self.target = target
        self.pairs = pairs
        name = schema.name
        field = kind == .foreignObject ? nil : pairs.first?.from
        self.through = through?.model
        throughSource = through?.source
        throughTarget = through?.target
        let names = RelationNames(schema, in: source.schema)
        accessor = names.accessor
        queryName = names.query
        isHidden = names.isHidden
    }

    var deleteRule: DeleteRule? { kind == .manyToMany ? nil : schema.relation?.onDelete }
    var isNullable: Bool { schema.isNullable }
    var isParentLink: Bool { schema.relation?.isParentLink == true }
    /// Whether a row of the target has at most one row of the source.
    var isUnique: Bool { kind == .oneToOne || (kind == .foreignKey && schema.isUniqueColumn) }

    /// The joins from the source to the target.
    var steps: [PathStep] {
        guard kind == .manyToMany else { return [step] }
        guard let throughSource, let throughTarget else { return [] }
        return throughSource.reverseSteps
            + Self.between(throughSource.source, throughTarget.source)
            + throughTarget.steps
    }

    /// The joins from the target to the source.
    var reverseSteps: [PathStep] {
        guard kind == .manyToMany else { return [reverseStep] }
        guard let throughSource, let throughTarget else { return [] }
        return throughTarget.reverseSteps
            + Self.between(throughTarget.source, throughSource.source)
            + throughSource.steps
    }

    /// From the model with one key of the rows in between to the one with the other; they differ
    /// where a key is inherited.
    private static func between(_ model: ModelInfo, _ other: ModelInfo) -> [PathStep] {
        guard model !== other else { return [] }
        let path = model.members.path(toParent: other)
        return path.isEmpty ? other.members.path(fromParent: model) : path
    }

    private var step: PathStep {
        PathStep(
            from: source,
            to: target,
            relation: self,
            isReverse: false,
            pairs: pairs,
            targetFields: pairs.map(\.to),
            isMany: false,
            isDirect: true,
            isNullable: isNullable
        )
    }

    private var reverseStep: PathStep {
        PathStep(
            from: target,
            to: source,
            relation: self,
            isReverse: true,
            pairs: pairs.map { (from: $0.to, to: $0.from) },
            targetFields: source.keyFields,
            isMany: !isUnique,
            isDirect: false,
            isNullable: true
        )
    }
}

extension RelationInfo: Hashable {
    /// Relations are made anew when models become known, so they are told apart by what they say.
    static func == (left: RelationInfo, right: RelationInfo) -> Bool {
        left === right || (left.source === right.source && left.name == right.name)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(source))
        hasher.combine(name)
    }
}

/// One join on the way from a model to another.
///
/// Django: `PathInfo`.
struct PathStep: Sendable {
    let from: ModelInfo
    let to: ModelInfo
    let relation: RelationInfo
    /// Whether it leads from the relation's target to its source.
    let isReverse: Bool
    /// The columns that are equal, of the table before and of that behind.
    let pairs: [RelationInfo.ColumnPair]
    /// The columns of the table behind that tell its rows apart.
    let targetFields: [FieldInfo]
    /// Whether a row may find several.
    let isMany: Bool
    /// Whether the table before holds the key.
    let isDirect: Bool
    /// Whether a row may find none.
    let isNullable: Bool
}

extension PathStep: Hashable {
    static func == (left: PathStep, right: PathStep) -> Bool {
        left.isReverse == right.isReverse && left.from === right.from && left.to === right.to
            && left.relation == right.relation
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(relation)
        hasher.combine(isReverse)
    }
}

/// The names of the way back of a relation.
struct RelationNames {
    let accessor: String
    let query: String
    let isHidden: Bool

    init(_ field: FieldSchema, in source: ModelSchema) {
        let own = source.name.lowercased()
        let relation = field.relation
        let isSymmetrical =
            field.type == .manyToManyField && relation?.isSymmetrical != false
            && relation.map { MigrationState.canonical($0.target) } == source.label
        var name = (relation?.relatedName ?? source.defaultRelatedName).map {
            Self.filled($0, source)
        }
        if isSymmetrical {
            name = "\(field.name)_rel_+"
        } else if field.type == .manyToManyField, name?.utf8.last == UInt8(ascii: "+") {
            // A name of its own, as several hidden relations may lead to the same model.
            name = "_\(source.app)_\(own)_\(field.name)_+"
        }
        isHidden = name?.utf8.last == UInt8(ascii: "+")
        let isSingle = field.type == .oneToOneField
        accessor = isSymmetrical ? "" : name ?? (isSingle ? own : "\(own)_set")
        query = relation?.relatedQueryName.map { Self.filled($0, source) } ?? name ?? own
    }

    /// The name for the model that inherited the field: `attached_%(class)s_set`.
    private static func filled(_ name: String, _ source: ModelSchema) -> String {
        guard name.utf8.contains(UInt8(ascii: "%")) else { return name }
        let model = source.name.lowercased()
        return name.replacing("%(class)s", with: model).replacing("%(model_name)s", with: model)
            .replacing("%(app_label)s", with: source.app.lowercased())
    }
}
