/// The models of a project at a point in its history, as the migrations up to there leave them.
///
/// A value: an operation changes its own copy.
public struct MigrationState: Sendable, Hashable {
    /// The models by label, `polls.question`.
    public private(set) var models: [String: ModelSchema] = [:]
    /// The labels in the order in which the models came.
    public private(set) var labels: [String] = []

    /// No models.
    public init() {}

    /// The state that has `models`, with names for indexes that have none.
    ///
    /// - Parameter models: the models; of two with one label the later one counts.
    public init(_ models: [ModelSchema]) {
        for model in models { put(model.namingIndexes()) }
    }

    /// The models in the order in which they came.
    public var orderedModels: [ModelSchema] { labels.compactMap { models[$0] } }

    /// The model with a label.
    ///
    /// - Parameter label: the label in any case, `polls.Question`.
    /// - Returns: the model.
    /// - Throws: ``MigrationError/unknownModel(_:choices:)`` when there is none.
    public func model(_ label: String) throws(MigrationError) -> ModelSchema {
        if let model = models[label] { return model }
        guard let model = models[Self.canonical(label)] else {
            throw .unknownModel(label, choices: labels.sorted())
        }
        return model
    }

    /// The label of an app's model: `polls.question`.
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - name: the model's name in any case.
    /// - Returns: the label.
    public static func label(_ app: String, _ name: String) -> String {
        "\(app).\(name.lowercased())"
    }

    /// The label with the model's part in lower case; apps keep their case.
    static func canonical(_ label: String) -> String {
        guard let dot = label.utf8.firstIndex(of: UInt8(ascii: ".")) else {
            return label.lowercased()
        }
        return String(label[...dot]) + label[label.index(after: dot)...].lowercased()
    }

    mutating func put(_ model: ModelSchema) {
        if models.updateValue(model, forKey: model.label) == nil { labels.append(model.label) }
    }

    mutating func add(_ model: ModelSchema) throws(MigrationError) {
        if models[model.label] != nil { throw .duplicateModel(model.label) }
        var names: Set<String> = []
        for field in model.fields where !names.insert(field.name).inserted {
            throw .duplicateField(field.name, model: model.label)
        }
        put(model)
    }

    mutating func remove(_ label: String) throws(MigrationError) {
        guard models.removeValue(forKey: label) != nil else {
            throw .unknownModel(label, choices: labels.sorted())
        }
        labels.removeAll { $0 == label }
    }

    /// Changes a model in place.
    mutating func update(
        _ label: String,
        _ change: (inout ModelSchema) throws(MigrationError) -> Void
    ) throws(MigrationError) {
        guard var model = models.removeValue(forKey: label) else {
            throw .unknownModel(label, choices: labels.sorted())
        }
        defer { models[label] = model }
        try change(&model)
    }

    mutating func rename(_ label: String, to name: String) throws(MigrationError) {
        var model = try model(label)
        let newLabel = Self.label(model.app, name)
        if newLabel != label, models[newLabel] != nil { throw .duplicateModel(newLabel) }
        model.name = name
        models[label] = nil
        models[newLabel] = model
        if let index = labels.firstIndex(of: label) { labels[index] = newLabel }
        guard newLabel != label else { return }
        for other in labels { models[other]?.repoint(from: label, to: newLabel) }
    }

    /// The fields of all models that lead to a model or go through it.
    func references(to label: String) -> [(model: ModelSchema, field: FieldSchema)] {
        orderedModels.flatMap { model in
            model.fields.filter { $0.leads(to: label) }.map { (model, $0) }
        }
    }

    /// The label of the model whose table a model's rows are in: for a proxy, its nearest base
    /// that is not one.
    func concreteLabel(_ label: String) -> String {
        var current = label
        for _ in 0...labels.count {
            guard let model = models[current], model.isProxy, let base = model.bases.first else {
                return current
            }
            current = Self.canonical(base)
        }
        return current
    }
}

extension FieldSchema {
    /// Whether the field leads to a model or goes through it.
    func leads(to label: String) -> Bool {
        guard let relation else { return false }
        return MigrationState.canonical(relation.target) == label
            || relation.through.map(MigrationState.canonical) == label
    }
}

extension ModelSchema {
    /// Makes relations and bases follow a model's new label.
    fileprivate mutating func repoint(from old: String, to new: String) {
        for index in fields.indices {
            guard var relation = fields[index].relation else { continue }
            if MigrationState.canonical(relation.target) == old { relation.target = new }
            if let through = relation.through, MigrationState.canonical(through) == old {
                relation.through = new
            }
            fields[index].relation = relation
        }
        bases = bases.map { MigrationState.canonical($0) == old ? new : $0 }
    }
}
