import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DynamicRow {
    /// A row of a model that is not saved yet; fields that are not given have their defaults.
    ///
    ///     var row = try DynamicRow(new: "library.book", [("name", "Django"), ("pages", 300)])
    ///     try await row.save()
    ///
    /// - Parameters:
    ///   - label: the label of the model.
    ///   - values: the fields that are given.
    /// - Throws: ``UsageError`` for names that the model does not have.
    public init(new label: String, _ values: [(name: String, value: DynamicExpression)]) throws {
        guard let model = ModelRegistry.graph.model(labeled: label) else {
            throw UsageError.invalidValue(
                "No model '\(FieldError.shown(label))' is registered; labels are like 'app.model'."
            )
        }
        try self.init(new: model, values)
    }

    init(new model: ModelInfo, _ values: [(name: String, value: DynamicExpression)]) throws {
        var names: [String] = []
        var defaults: [[SQLValue]] = []
        for field in model.members.columns {
            let schema = field.schema
            // What the database makes is absent until it has.
            guard schema.generated == nil, schema.isDatabaseMade == false else { continue }
            names.append(field.attributeName)
            defaults.append([schema.initialValue])
        }
        self.init(model: model, layout: RowLayout(names), values: defaults)
        isNew = true
        for (name, value) in values { try assign(name, value) }
    }

    /// Sets a field to a value, or to what the database computes when the row is saved.
    ///
    /// - Parameters:
    ///   - name: the field, or the name of its value.
    ///   - value: the value or expression; for a relation a row or `NULL`.
    /// - Throws: ``UsageError`` for names that the model does not have, and for rows of others.
    public mutating func assign(_ name: String, _ value: DynamicExpression) throws {
        guard let model else { throw UsageError.notAllowed("Values cannot be set.") }
        if let (relation, isReverse) = model.members.relation(accessor: name) {
            guard !isReverse, relation.kind != .manyToMany else {
                throw UsageError.notAllowed(
                    "'\(name)' is set by the rows at the other end of the relation."
                )
            }
            return try assign(relation, value.node)
        }
        if name.equalsBytes("pk") {
            guard case .list(let parts) = value.node else {
                return try assign(model.primaryKey.attributeName, value)
            }
            for (field, part) in zip(model.members.primaryKey, parts) {
                try assign(field.attributeName, DynamicExpression(part))
            }
            return
        }
        guard let field = model.members.columnNamed(name) else {
            throw UsageError.invalidValue(
                """
                \(model.schema.name) has no field '\(FieldError.shown(name))'.\
                \(NearestName.hint(name, in: model.members.fieldNames))
                """
            )
        }
        switch value.node {
        case .value(let given, _): set(field.attributeName, to: given)
        case .invalid(let error): throw error
        case .row:
            throw UsageError.invalidValue("'\(name)' takes a value and no row.")
        default:
            if layout.place(of: field.attributeName) == nil { set(field.attributeName, to: .null) }
            expressions[field.attributeName] = value.node
        }
    }

    /// Sets a foreign key to a row, which may not be saved yet.
    ///
    /// - Parameters:
    ///   - name: the foreign key.
    ///   - row: the row.
    /// - Throws: ``UsageError`` for rows of another model.
    public mutating func assignRow(_ name: String, _ row: DynamicRow) throws {
        guard let (relation, isReverse) = model?.members.relation(accessor: name), !isReverse,
            let other = row.model
        else { throw UsageError.notAllowed("'\(FieldError.shown(name))' is no foreign key.") }
        try assign(relation, .row(row.reference(other)))
    }

    /// Takes the key of a row that was saved after the foreign key was set to it.
    ///
    /// - Parameters:
    ///   - name: the foreign key.
    ///   - row: the row.
    /// - Throws: ``ModelError/unsaved(model:)`` where the row has no key still.
    public mutating func settle(_ name: String, _ row: DynamicRow) throws {
        guard let (relation, isReverse) = model?.members.relation(accessor: name), !isReverse,
            relation.field != nil
        else { return }
        guard !row.key.contains(.null) else {
            throw ModelError.unsaved(model: row.modelName ?? "row")
        }
        for pair in relation.pairs where value(of: pair.from) ?? .null == .null {
            set(pair.from.attributeName, to: row.value(of: pair.to) ?? .null)
        }
    }

    /// Whether two rows are the same: of one table, with one key.
    ///
    /// Django: `==` of model instances.
    public func isSameRow(as other: DynamicRow) -> Bool {
        guard let model, let otherModel = other.model, model.concrete === otherModel.concrete else {
            return false
        }
        return !key.contains(.null) && key == other.key
    }

    private mutating func assign(_ relation: RelationInfo, _ node: ExpressionNode) throws {
        switch node {
        case .value(.null, _):
            for pair in relation.pairs {
                set(pair.from.attributeName, to: .null)
            }
            related[relation.name] = .one(nil)
        case .row(let row):
            try check(row.model, for: relation)
            let values = row.values(of: relation.pairs.map(\.to))
            for (pair, value) in zip(relation.pairs, values) {
                set(pair.from.attributeName, to: value)
            }
            related[relation.name] = nil
        case .invalid(let error): throw error
        default:
            throw UsageError.invalidValue(
                "'\(relation.name)' takes a row of \(relation.target.schema.name)."
            )
        }
    }

    private func check(_ label: String, for relation: RelationInfo) throws {
        guard let found = relation.target.graph.model(labeled: label),
            found.members.inherits(from: relation.target.concrete)
        else {
            throw UsageError.wrongModel(
                found: label,
                expected: relation.target.schema.name
            )
        }
    }
}

extension FieldSchema {
    /// Whether the database has a value for rows that give none.
    var isDatabaseMade: Bool {
        (databaseDefault != nil || databaseDefaultExpression != nil) && defaultValue == nil
    }

    /// The value of new rows that give none.
    ///
    /// Django: `get_default`.
    var initialValue: SQLValue {
        if let defaultValue {
            switch defaultValue {
            case .value(let value): return value
            case .function: return .null
            }
        }
        if isNullable { return .null }
        switch type.family {
        case .text: return .text("")
        case .binary: return .blob([])
        default: return .null
        }
    }
}
