import NuagesCore

/// A row in the making, by the names of its fields: what forms, fixtures and APIs begin with.
///
///     var draft = ModelDraft<Choice>()
///     try draft.set("question", to: .int(1))
///     try draft.set("choice_text", to: .text("Not much"))
///     let choice = try draft.model()              // votes has its default, 0
///
/// Names that are not set have their defaults, as in a call of Django's model class.
public struct ModelDraft<M: Model>: Sendable {
    /// The values that were set, by the names of the fields.
    public private(set) var values: [String: SQLValue] = [:]

    /// A row without values.
    public init() {}

    /// A row with values.
    ///
    /// - Parameter values: values by the names of fields.
    /// - Throws: as ``set(_:to:)``.
    public init(_ values: [(String, SQLValue)]) throws(FieldError) {
        for (name, value) in values { try set(name, to: value) }
    }

    /// Gives a field a value.
    ///
    /// - Parameters:
    ///   - name: the field's name, that of a reference's value (`question_id`), or `pk`.
    ///   - value: the value; for `pk` of a composite key a list.
    /// - Throws: ``FieldError/unknownField(name:model:choices:)``,
    ///   ``FieldError/invalidValue(field:expected:)`` for a key of another length.
    public mutating func set(_ name: String, to value: SQLValue) throws(FieldError) {
        guard name.utf8.elementsEqual("pk".utf8) else {
            guard let field = M.meta.field(named: name) else {
                throw .unknownField(
                    name: name,
                    model: M.schema.name,
                    choices: M.meta.allFields.map(\.schema.name)
                )
            }
            values[field.schema.name] = value
            return
        }
        let key = M.info.keyFields
        guard key.count > 1 else {
            if let field = key.first { values[field.name] = value }
            return
        }
        guard case .json(.array(let parts)) = value, parts.count == key.count else {
            throw .invalidValue(field: "pk", expected: "a list of \(key.count) values")
        }
        for (field, part) in zip(key, parts) { values[field.name] = SQLValue(document: part) }
    }

    /// The value of a field: what was set, else the default.
    ///
    /// - Parameter field: a field of the model or its parents.
    /// - Returns: the value; nil where there is none, which only the database can make.
    public func value(of field: ModelField<M>) -> SQLValue? {
        if let value = values[field.schema.name] { return value }
        if let value = field.makeDefault() { return value }
        if case .value(let value)? = field.schema.defaultValue { return value }
        if field.unset != nil { return nil }
        if field.schema.relation?.isParentLink == true { return nil }
        if field.schema.isNullable { return .null }
        // What saving sets to now has some moment until then.
        if field.schema.isSetOnSave || field.schema.isSetOnCreate { return field.schema.type.now() }
        guard field.schema.type.allowsEmptyStrings else { return nil }
        return field.schema.type == .binaryField ? .blob([]) : .text("")
    }

    /// The row; it is not saved.
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/missingValue(model:field:)`` where a field has neither value nor
    ///   default, ``FieldError/invalidValue(field:expected:)`` for a value of another type.
    public func model() throws -> M {
        var columns: [SQLValue] = []
        var unset: [ModelField<M>] = []
        for field in M.meta.allFields {
            if let value = try value(of: field).map({ try Self.prepared($0, for: field) }) {
                columns.append(value)
            } else if field.unset != nil {
                unset.append(field)
                columns.append(Self.placeholder(field.schema))
            } else if field.schema.relation?.isParentLink == true {
                columns.append(.null)
            } else {
                throw ModelError.missingValue(model: M.schema.name, field: field.schema.name)
            }
        }
        var row = Row(try ValueRow(columns))
        var model: M
        do {
            model = try M(row: &row)
        } catch .decoding(let column, _, _) {
            let field = M.meta.allFields[column].schema
            throw FieldError.invalidValue(field: field.name, expected: field.type.rawValue)
        }
        for field in unset { field.unset?(&model) }
        if let link = M.info.keyFields.first, let key = values[link.name] {
            try M.meta.field(named: link.name)?.set(key, of: &model)
        }
        return model
    }

    /// The value as the column holds it, whatever type the program or a visitor gave it.
    private static func prepared(
        _ value: SQLValue,
        for field: ModelField<M>
    ) throws(FieldError) -> SQLValue {
        guard value != .null, !field.schema.isRelation else { return value }
        let type = ValueType(field.schema)
        guard let converted = type.converted(value) else {
            throw .invalidValue(field: field.schema.name, expected: type.field.rawValue)
        }
        return converted
    }

    /// A value that can be read where the real one is unset afterwards.
    private static func placeholder(_ schema: FieldSchema) -> SQLValue {
        let type = schema.generated?.output.type ?? schema.type
        return switch type {
        case .charField, .textField, .emailField, .urlField, .slugField, .fileField, .imageField,
            .filePathField, .genericIPAddressField:
            .text("")
        case .uuidField: .text("00000000000000000000000000000000")
        case .dateField: .text("1970-01-01")
        case .timeField: .text("00:00:00")
        case .dateTimeField: .text("1970-01-01 00:00:00")
        case .jsonField: .json(.null)
        case .binaryField: .blob([])
        case .arrayField: .array([])
        default: .int(0)
        }
    }
}

/// A type of property that can be without a value, though its column cannot.
protocol UnsettableValue {
    /// No value yet.
    static var unsetValue: Self { get }
}

extension DatabaseValue: UnsettableValue {
    static var unsetValue: Self { .unset }
}

extension PrimaryKey: UnsettableValue {
    static var unsetValue: Self { .unsaved }
}
