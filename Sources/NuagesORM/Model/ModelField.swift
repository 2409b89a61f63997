/// A field of a model: its schema, and how the property is read and set.
public struct ModelField<M: Model>: Sendable {
    /// The name, kind and options.
    public var schema: FieldSchema
    /// The property.
    public let keyPath: any PartialKeyPath<M> & Sendable
    /// The model that a relation leads to.
    let target: (any Model.Type)?
    private let read: @Sendable (M) -> SQLValue
    private let write: @Sendable (inout M, ColumnValue) throws(DecodingFailure) -> Void
    /// Reads the row that the relation leads to, behind the model's own columns.
    let readTarget: (@Sendable (inout M, inout Row, RelatedRows) throws -> Void)?

    init<Value: FieldValue>(
        _ schema: FieldSchema,
        _ keyPath: any WritableKeyPath<M, Value> & Sendable,
        target: (any Model.Type)? = nil,
        readTarget: (@Sendable (inout M, inout Row, RelatedRows) throws -> Void)? = nil
    ) {
        self.schema = schema
        self.keyPath = keyPath
        self.target = target
        self.readTarget = readTarget
        read = { $0[keyPath: keyPath].sqlValue }
        write = { model, column throws(DecodingFailure) in
            model[keyPath: keyPath] = try Value(column: column)
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

extension ModelField {
    /// The primary key that the framework adds, or one of the model's own.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - configure: sets options of the schema.
    /// - Returns: the field.
    public static func primaryKey<Value: FieldValue>(
        _ name: String,
        _ keyPath: any WritableKeyPath<M, Value> & Sendable,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) -> Self {
        var schema = FieldSchema(name, Value.fieldType)
        schema.isPrimaryKey = true
        if schema.type == .bigAutoField {
            schema.isAutoCreated = true
            schema.verboseName = "ID"
        }
        configure(&schema)
        return Self(schema, keyPath)
    }

    /// A field whose kind follows from the property's type.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - configure: sets options of the schema.
    /// - Returns: the field.
    public static func field<Value: FieldValue>(
        _ name: String,
        _ keyPath: any WritableKeyPath<M, Value> & Sendable,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) -> Self {
        var schema = FieldSchema(name, Value.fieldType)
        schema.isNullable = Value.isNullable
        schema.choices = Value.fieldChoices
        configure(&schema)
        schema.completeOptions()
        return Self(schema, keyPath)
    }

    /// A foreign key.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - configure: sets options of the schema.
    /// - Returns: the field.
    public static func foreignKey<Target: Model>(
        _ name: String,
        _ keyPath: any WritableKeyPath<M, ModelReference<Target>> & Sendable,
        onDelete: DeleteRule,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) -> Self {
        var schema = FieldSchema(name, .foreignKey)
        schema.relation = Relation(to: Target.label, onDelete: onDelete)
        configure(&schema)
        return Self(schema, keyPath, target: Target.self) { model, row, related in
            if let target = try related.read(Target.self, from: &row) {
                model[keyPath: keyPath] = ModelReference(target)
            }
        }
    }

    /// A foreign key that may be empty.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - configure: sets options of the schema.
    /// - Returns: the field.
    public static func foreignKey<Target: Model>(
        _ name: String,
        _ keyPath: any WritableKeyPath<M, ModelReference<Target>?> & Sendable,
        onDelete: DeleteRule,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) -> Self {
        var schema = FieldSchema(name, .foreignKey)
        schema.isNullable = true
        schema.relation = Relation(to: Target.label, onDelete: onDelete)
        configure(&schema)
        return Self(schema, keyPath, target: Target.self) { model, row, related in
            if let target = try related.read(Target.self, from: &row) {
                model[keyPath: keyPath] = ModelReference(target)
            }
        }
    }
}

extension FieldSchema {
    /// Sets what follows from other options.
    fileprivate mutating func completeOptions() {
        if type == .textField && maxLength != nil { type = .charField }
        if maxLength == nil { maxLength = type.defaultMaxLength }
        if type == .binaryField { isEditable = false }
        if isSetOnSave || isSetOnCreate {
            isEditable = false
            allowsBlank = true
        }
    }
}
