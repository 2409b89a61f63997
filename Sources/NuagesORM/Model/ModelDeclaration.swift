import NuagesCore

/// What a model says of itself, one statement for each property: `@Model` writes the statements.
///
///     static let meta = ModelMeta<Choice>("Choice") { model in
///         model.primaryKey("id", \.id)
///         model.foreignKey("question", \.question, onDelete: .cascade)
///         model.field("choice_text", \.choiceText) { $0.maxLength = 200 }
///         model.options.ordering = ["choice_text"]
///     }
///
/// `Part` is the model itself, or the abstract model that it holds.
public struct ModelDeclaration<M: Model, Part> {
    var content: ModelContent<M>
    /// Where the part is in the model; nil for the model itself.
    let place: (any WritableKeyPath<M, Part> & Sendable)?

    /// The options of the model, such as its order and its indexes.
    public var options: ModelSchema {
        get { content.schema }
        set { content.schema = newValue }
    }

    /// Whether it is a model as it was, for code of migrations: no model of the program.
    public var isFrozen: Bool {
        get { content.isFrozen }
        set { content.isFrozen = newValue }
    }

    /// The path from the model to a property of the part.
    @usableFromInline
    func path<Value>(
        _ keyPath: any WritableKeyPath<Part, Value> & Sendable
    ) -> any WritableKeyPath<M, Value> & Sendable {
        if let place { return PartialKeyPath<M>.joining(place, keyPath) }
        // Without a place the part is the model, so that both are the same type.
        return unsafeBitCast(keyPath, to: (any WritableKeyPath<M, Value> & Sendable).self)
    }

    /// The primary key that the framework adds, or one of the model's own.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - makeDefault: the value of new rows, for a property with an initial value.
    ///   - configure: sets options of the schema.
    public mutating func primaryKey<Value: FieldValue>(
        _ name: String,
        _ keyPath: any WritableKeyPath<Part, Value> & Sendable,
        default makeDefault: @autoclosure @escaping @Sendable () -> SQLValue? = nil,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        var schema = FieldSchema(name, Value.fieldType)
        schema.isPrimaryKey = true
        if schema.type == .bigAutoField {
            schema.isAutoCreated = true
            schema.verboseName = "ID"
        }
        Value.configure(&schema)
        configure(&schema)
        schema.completeOptions()
        content.add(ModelField(schema, path(keyPath), makeDefault: makeDefault))
    }

    /// A field whose kind follows from the property's type.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - makeDefault: the value of new rows, for a property with an initial value.
    ///   - configure: sets options of the schema.
    public mutating func field<Value: FieldValue>(
        _ name: String,
        _ keyPath: any WritableKeyPath<Part, Value> & Sendable,
        default makeDefault: @autoclosure @escaping @Sendable () -> SQLValue? = nil,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        var schema = FieldSchema(name, Value.fieldType)
        schema.isNullable = Value.isNullable
        schema.choices = Value.fieldChoices
        Value.configure(&schema)
        configure(&schema)
        schema.completeOptions()
        content.add(ModelField(schema, path(keyPath), makeDefault: makeDefault))
    }

    /// The position among the rows with the same `order_with_respect_to`.
    ///
    /// - Parameter keyPath: the property.
    public mutating func rowOrder(
        _ keyPath: any WritableKeyPath<Part, DatabaseValue<Int>> & Sendable
    ) {
        content.order = ModelField(TableModel.orderField, path(keyPath))
    }

    /// A foreign key.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - configure: sets options of the schema.
    @inlinable
    public mutating func foreignKey<Key: RelationKey>(
        _ name: String,
        _ keyPath: any WritableKeyPath<Part, Key> & Sendable,
        onDelete: DeleteRule,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        let keyPath = path(keyPath)
        relation(.foreignKey, name, keyPath, RelationKeeper(keyPath), onDelete, configure)
    }

    /// A reference that only one row may hold.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - configure: sets options of the schema.
    @inlinable
    public mutating func oneToOne<Key: RelationKey>(
        _ name: String,
        _ keyPath: any WritableKeyPath<Part, Key> & Sendable,
        onDelete: DeleteRule,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        let keyPath = path(keyPath)
        relation(.oneToOneField, name, keyPath, RelationKeeper(keyPath), onDelete, configure)
    }

    @usableFromInline
    mutating func relation<Key: RelationKey>(
        _ type: FieldType,
        _ name: String,
        _ keyPath: any WritableKeyPath<M, Key> & Sendable,
        _ keeper: RelationKeeper<M>,
        _ onDelete: DeleteRule,
        _ configure: (inout FieldSchema) -> Void
    ) {
        var schema = FieldSchema(name, type)
        schema.isNullable = Key.isNullable
        schema.relation = Relation(to: Key.Target.label, onDelete: onDelete)
        configure(&schema)
        content.add(ModelField(relation: schema, keyPath, keeper))
    }

    /// The fields of an abstract model that the model holds.
    ///
    /// - Parameter keyPath: the property.
    public mutating func inherit<Base: AbstractModel>(
        _ keyPath: any WritableKeyPath<Part, Base> & Sendable
    ) {
        let place = path(keyPath)
        var part = ModelDeclaration<M, Base>(content: content, place: place)
        Base.declare(in: &part)
        content = part.content
        content.cleanings.append { try $0[keyPath: place].clean() }
    }
}

extension ModelDeclaration where Part: AbstractModel {
    /// Relations with many rows, through a table of their own for each model.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds prefetched rows.
    ///   - through: the model in between, where the program has one.
    ///   - configure: sets options of the schema.
    public mutating func manyToMany<Target: Model>(
        _ name: String,
        _ keyPath: any KeyPath<Part, InheritedSet<Target>> & Sendable,
        storage: any WritableKeyPath<Part, PrefetchedRows<Target>?> & Sendable,
        through: (any Model.Type)? = nil,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        var schema = FieldSchema(manyToMany: name, to: Target.self, through: through)
        configure(&schema)
        let storage = path(storage)
        content.add(manyToMany: schema, M.path(toSet: keyPath) ?? storage, storage, through)
    }
}

extension FieldSchema {
    fileprivate init<Target: Model>(
        manyToMany name: String,
        to target: Target.Type,
        through: (any Model.Type)?
    ) {
        self.init(name, .manyToManyField)
        relation = Relation(to: Target.label, onDelete: .cascade)
        relation?.through = through?.label
    }
}

extension ModelDeclaration where Part == M {
    /// A primary key of several columns.
    ///
    /// - Parameter names: the names of the fields.
    public mutating func compositeKey(_ names: [String]) {
        var schema = FieldSchema("pk", .compositePrimaryKey)
        schema.isPrimaryKey = true
        schema.allowsBlank = true
        schema.isEditable = false
        schema.isSerialized = false
        schema.compositeFields = names
        content.add(schema, target: nil)
    }

    /// The model whose rows are parts of the model's rows (multi-table inheritance).
    ///
    /// - Parameters:
    ///   - name: the name of the link in Django's spelling, such as `place_ptr`.
    ///   - keyPath: the property.
    ///   - configure: sets options of the schema.
    public mutating func parent<Parent: Model>(
        _ name: String,
        _ keyPath: any WritableKeyPath<M, Parent> & Sendable,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        var schema = FieldSchema(name, .oneToOneField)
        schema.isPrimaryKey = content.parents.isEmpty
        schema.isAutoCreated = true
        schema.relation = Relation(to: Parent.label, onDelete: .cascade)
        schema.relation?.isParentLink = true
        configure(&schema)
        content.schema.bases.append(Parent.label)
        content.parents.append(ParentField(keyPath))
        content.cleanings.append { try $0[keyPath: keyPath].clean() }
        content.inherited += Parent.meta.allFields.map { ModelField($0, of: keyPath) }
        content.add(ModelField(parent: schema, keyPath))
    }

    /// The model whose table a proxy shows in another way.
    ///
    /// - Parameter keyPath: the property.
    public mutating func proxy<Base: Model>(
        of keyPath: any WritableKeyPath<M, Base> & Sendable
    ) {
        content.schema.isProxy = true
        content.schema.bases = [Base.label]
        content.proxied = Base.info
        content.parents.append(ParentField(keyPath))
        content.cleanings.append { try $0[keyPath: keyPath].clean() }
        let local = Base.meta.fields.count
        let fields = Base.meta.allFields.map { ModelField<M>($0, of: keyPath) }
        content.inherited = Array(fields.dropLast(local))
        content.fields = Array(fields.suffix(local))
    }

    /// Relations with many rows, through a table of their own.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds prefetched rows.
    ///   - through: the model in between, where the program has one.
    ///   - configure: sets options of the schema.
    public mutating func manyToMany<Target: Model>(
        _ name: String,
        _ keyPath: any KeyPath<M, RelatedSet<Target>> & Sendable,
        storage: any WritableKeyPath<M, PrefetchedRows<Target>?> & Sendable,
        through: (any Model.Type)? = nil,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        var schema = FieldSchema(manyToMany: name, to: Target.self, through: through)
        configure(&schema)
        content.add(manyToMany: schema, keyPath, storage, through)
    }

    /// A reference over several columns that other fields have.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds a prefetched row.
    ///   - from: the names of the fields of this model.
    ///   - to: the names of the fields of the target.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - configure: sets options of the schema.
    public mutating func foreignObject<Target: Model>(
        _ name: String,
        _ keyPath: any KeyPath<M, RelatedOne<Target>> & Sendable,
        storage: any WritableKeyPath<M, PrefetchedRows<Target>?> & Sendable,
        from: [String],
        to: [String],
        onDelete: DeleteRule,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        var schema = FieldSchema(name, .foreignObject)
        schema.relation = Relation(to: Target.label, onDelete: onDelete)
        schema.relation?.fromFields = from
        schema.relation?.toFields = to
        configure(&schema)
        content.add(schema, target: Target.self)
        content.relations.append(
            ReverseField(
                name: name,
                keyPath: keyPath,
                source: Target.self,
                contextValue: { $0[keyPath: keyPath].contextValue },
                findAccessor: { name },
                findName: { name },
                rows: RelatedStorage(storage)
            )
        )
    }

    /// A relation of another model that leads here, as `@Reverse` declares it.
    ///
    /// - Parameter field: the relation.
    public mutating func reverse(_ field: ReverseField<M>) { content.reverses.append(field) }

    /// A reference to rows of any model, as `@GenericForeignKey` declares it.
    ///
    /// - Parameter name: the name in Django's spelling.
    public mutating func generic(_ name: String) { content.generics.append(name) }
}

/// What the statements of a declaration come to.
struct ModelContent<M: Model> {
    var schema: ModelSchema
    /// The fields with columns in the model's own table.
    var fields: [ModelField<M>] = []
    /// The fields of the parents.
    var inherited: [ModelField<M>] = []
    /// The models that the schema's fields lead to.
    var targets: [(any Model.Type)?] = []
    var throughs: [String: any Model.Type] = [:]
    var parents: [ParentField<M>] = []
    var relations: [ReverseField<M>] = []
    var reverses: [ReverseField<M>] = []
    var generics: [String] = []
    /// What the parents and abstract models check of their parts.
    var cleanings: [@Sendable (inout M) throws -> Void] = []
    var proxied: ModelInfo?
    /// The position among the rows with the same `order_with_respect_to`: the last column.
    var order: ModelField<M>?
    /// Whether it is a model as code of a migration needs it.
    var isFrozen = false

    mutating func add(_ field: ModelField<M>) {
        fields.append(field)
        add(field.schema, target: field.target)
    }

    /// Adds a many-to-many relation.
    mutating func add<Target: Model>(
        manyToMany schema: FieldSchema,
        _ keyPath: any PartialKeyPath<M> & Sendable,
        _ storage: any WritableKeyPath<M, PrefetchedRows<Target>?> & Sendable,
        _ through: (any Model.Type)?
    ) {
        let name = schema.name
        add(schema, target: Target.self)
        throughs[name] = through
        relations.append(
            ReverseField(
                name: name,
                keyPath: keyPath,
                source: Target.self,
                contextValue: { model in
                    RelatedSet<Target>(of: model, along: name, loaded: model[keyPath: storage])
                        .contextValue
                },
                findAccessor: { name },
                findName: { name },
                rows: RelatedStorage(storage)
            )
        )
    }

    /// Adds a field to the schema: many-to-many fields come last, as in Django's migrations.
    mutating func add(_ field: FieldSchema, target: (any Model.Type)?) {
        var index = schema.fields.endIndex
        if field.type == .compositePrimaryKey {
            index = 0
        } else if field.type != .manyToManyField {
            index = schema.fields.firstIndex { $0.type == .manyToManyField } ?? index
        }
        schema.fields.insert(field, at: index)
        targets.insert(target, at: index)
    }
}

/// A stored parent of a model.
struct ParentField<M: Model>: Sendable {
    let type: any Model.Type
    let get: @Sendable (M) -> any Model
    /// Sets the parent; a row of another model changes nothing.
    let set: @Sendable (inout M, any Model) -> Void

    init<Parent: Model>(_ keyPath: any WritableKeyPath<M, Parent> & Sendable) {
        type = Parent.self
        get = { $0[keyPath: keyPath] }
        set = { model, row in if let row = row as? Parent { model[keyPath: keyPath] = row } }
    }
}
