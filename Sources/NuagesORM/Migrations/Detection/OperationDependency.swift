/// An operation that another one needs to come first.
struct OperationDependency: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case create, remove, alter, rename, removeOrder, alterTogether, removeIndexOrConstraint
    }

    var model: StateKey
    var field: String?
    var kind: Kind
    /// The setting that names the model, in whose place `model` is empty until it is resolved.
    var setting: String?

    init(_ kind: Kind, _ model: StateKey, field: String? = nil) {
        self.kind = kind
        self.model = model
        self.field = field
    }

    /// The need for the model that a setting names.
    init(creationOfSetting setting: String) {
        self.init(.create, StateKey("", ""))
        self.setting = setting
    }

    /// Whether an operation of the model's app is what is needed.
    func isMet(by operation: any MigrationOperation) -> Bool {
        switch (kind, field) {
        case (.create, nil): (operation as? CreateModel)?.key == model.name
        case (.create, let field?): creates(field, operation)
        case (.remove, nil): (operation as? DeleteModel)?.name.lowercased() == model.name
        case (.remove, let field?): isField(operation as? RemoveField, field)
        case (.alter, let field?): isField(operation as? AlterField, field)
        case (.alter, nil): false
        case (.rename, _): (operation as? RenameModel)?.newName.lowercased() == model.name
        case (.removeOrder, let field):
            if let order = operation as? AlterOrderWithRespectTo, order.modelKey == model.name {
                (order.field ?? "").lowercased() != (field ?? "").lowercased()
            } else {
                false
            }
        case (.alterTogether, _):
            (operation as? AlterUniqueTogether)?.modelKey == model.name
        case (.removeIndexOrConstraint, _):
            (operation as? RemoveIndex)?.modelKey == model.name
                || (operation as? RemoveConstraint)?.modelKey == model.name
        }
    }

    private func creates(_ field: String, _ operation: any MigrationOperation) -> Bool {
        if let create = operation as? CreateModel {
            return create.key == model.name && create.model.fields.contains { $0.name == field }
        }
        return isField(operation as? AddField, field)
    }

    private func isField(_ operation: (some FieldOperation)?, _ field: String) -> Bool {
        guard let operation else { return false }
        return operation.modelKey == model.name
            && operation.fieldName.lowercased() == field.lowercased()
    }
}

/// A model by its app and its name in lower case.
struct StateKey: Hashable, Comparable, Sendable {
    var app: String
    var name: String

    init(_ app: String, _ name: String) {
        self.app = app
        self.name = name.lowercased()
    }

    /// The key of a label, `polls.question`.
    init(label: String) {
        if let dot = label.utf8.firstIndex(of: UInt8(ascii: ".")) {
            self.init(String(label[..<dot]), String(label[label.index(after: dot)...]))
        } else {
            self.init("", label)
        }
    }

    init(_ model: ModelSchema) { self.init(model.app, model.name) }

    var label: String { "\(app).\(name)" }

    static func < (left: Self, right: Self) -> Bool {
        left.app != right.app ? left.app < right.app : left.name < right.name
    }
}

/// A field by its model and its name.
struct StateFieldKey: Hashable, Comparable, Sendable {
    var model: StateKey
    var field: String

    init(_ model: StateKey, _ field: String) {
        self.model = model
        self.field = field
    }

    static func < (left: Self, right: Self) -> Bool {
        left.model != right.model ? left.model < right.model : left.field < right.field
    }
}
