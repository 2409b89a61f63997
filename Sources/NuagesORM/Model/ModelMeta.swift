/// The fields and options of a model.
///
/// Django: `Model._meta`.
public final class ModelMeta<M: Model>: Sendable {
    let info: ModelInfo
    /// The fields of the model's own table, in order.
    public let fields: [ModelField<M>]
    /// The fields of the parents, then the model's own.
    public let allFields: [ModelField<M>]
    /// The fields of the model's own table that saving sets to now.
    let timedFields: [TimedField<M>]
    /// The many-to-many relations and foreign objects that the model declares.
    public let relations: [ReverseField<M>]
    /// The relations of other models that lead here, as the model names them.
    public let reverses: [ReverseField<M>]
    /// The names of the references to rows of any model.
    let generics: [String]
    let parents: [ParentField<M>]
    /// What the parents and abstract models check of their parts.
    let cleanings: [@Sendable (inout M) throws -> Void]
    let statements: StandardStatements
    /// The fields of the model and its parents that hold files.
    let files: [ModelFile<M>]
    /// Whether rows are saved by statements that are ready.
    let isPlain: Bool
    private let positions: [String: Int]

    /// The fields and options of a model.
    ///
    /// - Parameters:
    ///   - name: the model's name.
    ///   - declare: says what the model has, one statement for each property.
    public init(_ name: String, declare: (inout ModelDeclaration<M, M>) -> Void) {
        let app = String(Substring(M.label.utf8.prefix { $0 != UInt8(ascii: ".") }))
        var declaration = ModelDeclaration<M, M>(
            content: ModelContent(schema: ModelSchema(app: app, name: name, fields: [])),
            place: nil
        )
        declare(&declaration)
        let content = declaration.content
        fields = content.fields + [content.order].compactMap(\.self)
        allFields = content.inherited + fields
        timedFields = fields.filter { $0.schema.isSetOnSave || $0.schema.isSetOnCreate }
            .map(TimedField.init)
        files = allFields.compactMap(\.file)
        relations = content.relations
        reverses = content.reverses
        generics = content.generics
        parents = content.parents
        cleanings = content.cleanings
        info = ModelInfo(
            schema: content.schema,
            type: M.self,
            targets: content.targets,
            throughs: content.throughs,
            proxied: content.proxied,
            history: content.isFrozen ? ModelHistory() : nil
        )
        statements = StandardStatements(info)
        isPlain = Self.isPlain(info, hasParents: !content.parents.isEmpty)
        var positions: [String: Int] = [:]
        for (index, field) in allFields.enumerated() {
            positions[field.schema.name] = index
            positions[field.schema.attributeName] = index
        }
        self.positions = positions
        if content.isFrozen { return }
        let targets: [(any Model.Type)?] = content.targets
        ModelRegistry.noticed(
            parents.map(\.type) + [M.self] + targets.compactMap(\.self)
                + content.throughs.values.sorted { $0.label < $1.label }
                + reverses.map(\.source)
        )
    }

    /// The field that `keyPath` leads to.
    ///
    /// - Parameter keyPath: a stored property of the model.
    /// - Returns: the field; nil for a property that is none.
    public func field(_ keyPath: PartialKeyPath<M>) -> ModelField<M>? {
        allFields.first { $0.keyPath == keyPath }
    }

    /// The field with a name.
    ///
    /// - Parameter name: the name in Django's spelling, or that of the value: `question_id`.
    /// - Returns: the field, of the model or one of its parents; nil where there is none.
    public func field(named name: String) -> ModelField<M>? {
        // Hashing a long run of combining marks is slow; no field is that long.
        guard name.utf8.count <= 200 else { return nil }
        return positions[name].map { allFields[$0] }
    }

    /// The name of the relation that `keyPath` leads to: a field's, or that of many-to-many.
    func relationName(_ keyPath: PartialKeyPath<M>) -> String? {
        field(keyPath)?.schema.name ?? relations.first { $0.keyPath == keyPath }?.name
    }
}
