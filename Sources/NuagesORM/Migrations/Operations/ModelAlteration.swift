/// An operation on one model that is there before and after it.
public protocol ModelAlteration: MigrationOperation {
    /// The model's name.
    var modelName: String { get }

    /// Changes the model in the state.
    func alter(_ model: inout ModelSchema) throws(MigrationError)

    /// Changes the model that an earlier operation creates, so that this one is not needed; false
    /// when it is needed all the same.
    func fold(into model: inout ModelSchema) -> Bool
}

extension ModelAlteration {
    var modelKey: String { modelName.lowercased() }

    func label(_ app: String) -> String { MigrationState.label(app, modelName) }

    /// Changes the model in the state.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        try state.update(label(app)) { model throws(MigrationError) in try alter(&model) }
    }

    /// Does to the model what the operation does to it in the state.
    public func fold(into model: inout ModelSchema) -> Bool {
        var copy = model
        do { try alter(&copy) } catch { return false }
        model = copy
        return true
    }

    /// Whether another operation is about the same model.
    func isSameModel(_ other: some ModelAlteration) -> Bool { modelKey == other.modelKey }
}

/// An operation that sets an option of a model.
public protocol ModelOptionOperation: ModelAlteration {}

extension ModelOptionOperation {
    /// An alteration.
    public var category: OperationCategory { .alteration }

    /// Whether it is the model, or one that the field leads to.
    public func references(model: String, app: String) -> Bool { model == modelKey }

    /// Gives way to a later operation of the same sort.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        if let later = later as? Self, isSameModel(later) { return .replaced([later]) }
        if let later = later as? DeleteModel, later.name.lowercased() == modelKey {
            return .replaced([later])
        }
        return passing(later, unless: later.references(model: modelKey, app: app))
    }
}

/// An operation on a field of a model.
public protocol FieldOperation: ModelAlteration {
    /// The field's name; the old one when it is renamed.
    var fieldName: String { get }
    /// The field after the operation, if it makes one.
    var newField: FieldSchema? { get }
}

extension FieldOperation {
    func isSameField(_ other: some FieldOperation) -> Bool {
        modelKey == other.modelKey && fieldName.lowercased() == other.fieldName.lowercased()
    }

    /// Whether it is the model, or one that the field leads to.
    public func references(model: String, app: String) -> Bool {
        model == modelKey || newField?.leads(to: MigrationState.label(app, model)) == true
    }

    /// Whether it is the field, or one that the field needs.
    public func references(field: String, of model: String, app: String) -> Bool {
        let model = model.lowercased()
        if model == modelKey {
            if field == fieldName { return true }
            if newField?.relation?.fromFields.contains(field) == true { return true }
            if newField?.generated?.expression.fieldNames.contains(field) == true { return true }
        }
        return newField?.mayReference(field: field, of: MigrationState.label(app, model)) == true
    }

    func passingField(_ later: any MigrationOperation, app: String) -> OperationReduction {
        let isTouched = later.references(field: fieldName, of: modelKey, app: app)
        return passing(later, unless: isTouched)
    }
}

extension FieldSchema {
    /// Whether the field may refer to a field of the model with a label.
    ///
    /// A foreign key without
    /// `to_field` refers to the primary key, whatever its name.
    func mayReference(field: String, of label: String) -> Bool {
        guard let relation else { return false }
        if MigrationState.canonical(relation.target) == label {
            let named = relation.toFields + (relation.targetField.map { [$0] } ?? [])
            if named.isEmpty || named.contains(field) { return true }
        }
        guard let through = relation.through, MigrationState.canonical(through) == label else {
            return false
        }
        return relation.throughFields.isEmpty || relation.throughFields.contains(field)
    }
}

/// An operation on an index or a constraint of a model.
public protocol IndexOperation: ModelAlteration {}
