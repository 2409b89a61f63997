/// A field of a model: its schema, and how the property is read and set.
public struct ModelField<M: Model>: Sendable {
    /// The name, kind and options.
    public var schema: FieldSchema
    /// The property.
    public let keyPath: any PartialKeyPath<M> & Sendable
    /// The model that a relation leads to.
    let target: (any Model.Type)?
    let read: @Sendable (M) -> SQLValue
    let write: @Sendable (inout M, ColumnValue) throws(DecodingFailure) -> Void
    /// How the row is kept that the relation leads to.
    let link: ModelLink<M>?
    /// Takes the value away, where the property can be without one.
    let unset: (@Sendable (inout M) -> Void)?
    /// The value of new rows, where the property has an initial value.
    let makeDefault: @Sendable () -> SQLValue?
    /// The file that the property holds, where it may hold one.
    let file: ModelFile<M>?

    init<Value: FieldValue>(
        _ schema: FieldSchema,
        _ keyPath: any WritableKeyPath<M, Value> & Sendable,
        makeDefault: @escaping @Sendable () -> SQLValue? = { nil }
    ) {
        self.schema = schema
        self.keyPath = keyPath
        self.makeDefault = makeDefault
        let file = ModelFile(schema, keyPath)
        self.file = file
        // In two steps: no type at all would be cast to the nil of an optional value.
        if let type = Value.self as? any UnsettableValue.Type, let none = type.unsetValue as? Value
        {
            unset = { $0[keyPath: keyPath] = none }
        } else {
            unset = nil
        }
        target = nil
        link = nil
        read = { $0[keyPath: keyPath].sqlValue }
        guard let alias = file?.storageAlias else {
            write = { model, column throws(DecodingFailure) in
                model[keyPath: keyPath] = try Value(column: column)
            }
            return
        }
        write = { model, column throws(DecodingFailure) in
            model[keyPath: keyPath] = try Value(column: column).settingStorage(alias)
        }
    }

    init<Key: RelationKey>(
        relation schema: FieldSchema,
        _ keyPath: any WritableKeyPath<M, Key> & Sendable,
        _ keeper: RelationKeeper<M>
    ) {
        self.schema = schema
        self.keyPath = keyPath
        makeDefault = { nil }
        file = nil
        unset = nil
        target = Key.Target.self
        link = ModelLink(keyPath, keeper)
        read = { $0[keyPath: keyPath].sqlValue }
        let field = schema.relation?.targetField
        write = { model, column throws(DecodingFailure) in
            model[keyPath: keyPath] = try Key(column: column)
            if let field { model[keyPath: keyPath].point(at: field) }
        }
    }

    /// The link to the row of a parent model, whose key is the model's own.
    init<Parent: Model>(
        parent schema: FieldSchema,
        _ keyPath: any WritableKeyPath<M, Parent> & Sendable
    ) {
        self.schema = schema
        self.keyPath = keyPath
        makeDefault = { nil }
        file = nil
        unset = nil
        target = Parent.self
        link = ModelLink(parent: keyPath)
        read = { $0[keyPath: keyPath].id.sqlValue }
        write = { model, column throws(DecodingFailure) in
            model[keyPath: keyPath].id = try PrimaryKey(column: column)
        }
    }

    /// A field of the parent, seen from the model that has a parent.
    init<Parent: Model>(
        _ field: ModelField<Parent>,
        of parent: any WritableKeyPath<M, Parent> & Sendable
    ) {
        schema = field.schema
        keyPath = PartialKeyPath<M>.joining(parent, field.keyPath)
        makeDefault = field.makeDefault
        file = field.file.map { ModelFile($0, of: parent) }
        if let inner = field.unset {
            unset = { (model: inout M) in inner(&model[keyPath: parent]) }
        } else {
            unset = nil
        }
        target = field.target
        link = field.link.map { ModelLink($0, of: parent) }
        read = { field.read($0[keyPath: parent]) }
        write = { model, column throws(DecodingFailure) in
            try field.write(&model[keyPath: parent], column)
        }
    }

    /// The value that `model` has.
    ///
    /// - Parameter model: a row.
    /// - Returns: the value as it is bound to a statement.
    public func value(of model: M) -> SQLValue { read(model) }

    /// Sets the value of `model`.
    ///
    /// - Parameters:
    ///   - value: the new value.
    ///   - model: a row.
    /// - Throws: ``FieldError/invalidValue(field:expected:)`` for a value of another type.
    public func set(_ value: SQLValue, of model: inout M) throws(FieldError) {
        do {
            try value.withColumn { column throws(DecodingFailure) in try write(&model, column) }
        } catch {
            throw .invalidValue(field: schema.name, expected: schema.type.rawValue)
        }
    }
}

/// How a model keeps the row that one of its relations leads to.
struct ModelLink<M: Model>: Sendable {
    /// The row, if it was loaded.
    let loaded: @Sendable (M) -> (any Model)?
    /// Keeps a row; one of another model changes nothing.
    let keep: @Sendable (inout M, any Model) -> Void
    /// How rows are read behind the model's own columns and kept in many models.
    let keeper: RelationKeeper<M>
    /// Lets the rows that references of several models lead to be fetched together, or not at all.
    let join: @Sendable (inout [M], FetchMode) -> Void

    init<Key: RelationKey>(
        _ keyPath: any WritableKeyPath<M, Key> & Sendable,
        _ keeper: RelationKeeper<M>
    ) {
        self.keeper = keeper
        loaded = { $0[keyPath: keyPath].loadedRow }
        keep = { model, row in
            if let row = row as? Key.Target { model[keyPath: keyPath].keep(row) }
        }
        join = { models, mode in
            let end = M.meta.field(keyPath)?.schema.relation?.targetField
            let places = models.indices.filter { models[$0][keyPath: keyPath].loadedRow == nil }
            let values = Set(places.map { models[$0][keyPath: keyPath].sqlValue })
            let group = FetchGroup<Key.Target>(
                mode,
                end ?? "pk",
                values.filter { $0 != .null }
            )
            for place in places { models[place][keyPath: keyPath].join(group) }
        }
    }

    init<Parent: Model>(parent: any WritableKeyPath<M, Parent> & Sendable) {
        loaded = { $0[keyPath: parent] }
        keep = { model, row in
            if let row = row as? Parent { model[keyPath: parent] = row }
        }
        keeper = RelationKeeper(
            makePart: { related, pass in
                let reader = RelatedReader<Parent>(related, pass)
                return { model, row in
                    if let target = try reader.read(from: &row) { model[keyPath: parent] = target }
                }
            },
            keepInAll: { models, row in
                guard let row = row as? Parent else { return }
                for index in models.indices { models[index][keyPath: parent] = row }
            }
        )
        join = { _, _ in }
    }

    init<Parent: Model>(
        _ link: ModelLink<Parent>,
        of parent: any WritableKeyPath<M, Parent> & Sendable
    ) {
        loaded = { link.loaded($0[keyPath: parent]) }
        keep = { model, row in link.keep(&model[keyPath: parent], row) }
        keeper = RelationKeeper(
            makePart: { related, pass in
                let part = link.keeper.makePart(related, pass)
                return { model, row in try part(&model[keyPath: parent], &row) }
            },
            keepInAll: { models, row in
                var parents = models.map { $0[keyPath: parent] }
                link.keeper.keepInAll(&parents, row)
                for (place, row) in zip(models.indices, parents) {
                    models[place][keyPath: parent] = row
                }
            }
        )
        join = { models, mode in
            var parents = models.map { $0[keyPath: parent] }
            link.join(&parents, mode)
            for (place, row) in zip(models.indices, parents) {
                models[place][keyPath: parent] = row
            }
        }
    }
}

extension FieldSchema {
    /// Sets what follows from other options.
    mutating func completeOptions() {
        if type == .textField && maxLength != nil { type = .charField }
        if maxLength == nil { maxLength = type.defaultMaxLength }
        if type == .binaryField { isEditable = false }
        if generated != nil {
            type = .generatedField
            isEditable = false
            allowsBlank = true
        }
        if isSetOnSave || isSetOnCreate {
            isEditable = false
            allowsBlank = true
        }
    }
}

extension PartialKeyPath {
    /// The path through one property to another.
    static func joining<Middle, Value>(
        _ first: any WritableKeyPath<Root, Middle> & Sendable,
        _ second: any WritableKeyPath<Middle, Value> & Sendable
    ) -> any WritableKeyPath<Root, Value> & Sendable {
        // What two Sendable paths are put together of is Sendable; the library's type forgets it.
        unsafeBitCast(
            first.appending(path: second),
            to: (any WritableKeyPath<Root, Value> & Sendable).self
        )
    }

    /// The path through a property to another whose type is not known.
    static func joining<Middle>(
        _ first: any WritableKeyPath<Root, Middle> & Sendable,
        _ second: any PartialKeyPath<Middle> & Sendable
    ) -> any PartialKeyPath<Root> & Sendable {
        let path = (first as PartialKeyPath<Root>).appending(path: second) ?? first
        return unsafeBitCast(path, to: (any PartialKeyPath<Root> & Sendable).self)
    }
}
