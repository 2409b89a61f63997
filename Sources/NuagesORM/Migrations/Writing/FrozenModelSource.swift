import NuagesCore

/// Writes structs for models as they are at a point in the history.
///
///     @Model(app: "polls", name: "Question", isFrozen: true)
///     private struct OldQuestion {
///         @Field(maxLength: 200) var questionText: String
///     }
///
/// Relations between the models are references; of others the key is a field. What the database
/// computes is a value that it sets. Kinds of one's own have a comment in their place, as the history
/// knows their columns and not their types in Swift.
package struct FrozenModelSource: Sendable {
    private let state: MigrationState
    private let models: [ModelSchema]
    /// The names of the structs by the labels of the models.
    private var types: [String: String] = [:]

    /// Structs for some models.
    ///
    /// - Parameters:
    ///   - labels: the labels of the models, `polls.Question`.
    ///   - state: the models of the point in history.
    /// - Throws: `MigrationError.unknownModel` where there is no such model.
    package init(_ labels: [String], in state: MigrationState) throws(MigrationError) {
        self.state = state
        var models: [ModelSchema] = []
        for label in labels {
            // A proxy shows the rows of its base.
            let model = try state.model(state.concreteLabel(try state.model(label).label))
            if !models.contains(model) { models.append(model) }
        }
        self.models = models
        var taken: Set<String> = []
        for model in models {
            var name = "Old" + MigrationWriter.identifier(model.name)
            if taken.contains(name) {
                let app = InspectedNames.property(MigrationWriter.identifier(model.app))
                name =
                    "Old\(app.prefix(1).uppercased())\(app.dropFirst())"
                    + MigrationWriter.identifier(model.name)
            }
            taken.insert(name)
            types[model.label] = name
        }
    }

    /// The declarations, with an empty line before each.
    var lines: [String] { models.flatMap { [""] + lines(of: $0) } }

    /// Whether the declarations name types of Foundation.
    var needsFoundation: Bool {
        let foreign = ["Date", "Decimal", "UUID"]
        return models.contains { model in
            model.fields.contains { field in
                let name = type(of: field)?.swiftType.filter { !"[]?".contains($0) } ?? ""
                return foreign.contains(name)
            }
        }
    }

    // MARK: Models

    private func lines(of model: ModelSchema) -> [String] {
        let name = types[model.label] ?? model.name
        var arguments = ["app: \(literal(model.app))", "name: \(literal(model.name))"]
        if let table = model.databaseTable { arguments.append("table: \(literal(table))") }
        var body: [String] = []
        var taken: Set<String> = []
        var properties: Set<String> = []
        for field in model.fields {
            if field.type == .compositePrimaryKey {
                let names = field.compositeFields.map(literal).joined(separator: ", ")
                arguments.append("compositeKey: [\(names)]")
            } else if let key = implicitKey(field) {
                arguments += key
            } else if field.type == .manyToManyField {
                body += manyToMany(field)
            } else {
                body += property(field, model, &taken, &properties)
            }
        }
        if let field = model.orderWithRespectTo {
            arguments.append("orderWithRespectTo: \(literal(field))")
        }
        arguments.append("isFrozen: true")
        return [
            "/// The model `\(MigrationWriter.line(model.label))` as it was."
        ]
            + ModelInspection.declaration(
                "Model",
                arguments,
                "private struct \(name) {",
                indentation: 0
            ) + body.map { $0.isEmpty ? "" : "    \($0)" } + ["}"]
    }

    /// The arguments of a key that needs no property; nil for other fields.
    private func implicitKey(_ field: FieldSchema) -> [String]? {
        guard field.isPrimaryKey, field.name.equalsBytes("id"), field.databaseColumn == nil
        else { return nil }
        switch field.type {
        case .bigAutoField: return []
        case .autoField: return ["keyKind: .autoField"]
        case .smallAutoField: return ["keyKind: .smallAutoField"]
        case .uuidField: return ["key: UUID.self"]
        default: return nil
        }
    }

    // MARK: Fields

    private func property(
        _ field: FieldSchema,
        _ model: ModelSchema,
        _ taken: inout Set<String>,
        _ properties: inout Set<String>
    ) -> [String] {
        let target = reference(of: field)
        let fieldName = target == nil ? field.attributeName : field.name
        let property = InspectedNames.field(
            fieldName,
            isRelation: false,
            taken: &taken,
            properties: &properties
        ).property
        var arguments: [String] = []
        if !InspectedNames.snakeCase(property).equalsBytes(fieldName) {
            arguments.append("name: \(literal(fieldName))")
        }
        let end = field.isNullable && !field.isPrimaryKey ? "?" : ""
        if let target {
            let rule = field.relation?.onDelete ?? .doNothing
            arguments.append("onDelete: \(Self.rule(rule))")
            if let column = field.databaseColumn { arguments.append("column: \(literal(column))") }
            return ModelInspection.declaration(
                field.type == .oneToOneField ? "OneToOne" : "ForeignKey",
                arguments,
                "var \(property): \(target).Reference\(end)",
                indentation: 4
            )
        }
        guard let type = type(of: field) else {
            let kind = MigrationWriter.line("\(field.type)")
            return [
                "// \(MigrationWriter.line(field.name)), a \(kind), is left out: declare it with its "
                    + "type where the code needs it."
            ]
        }
        if let generated = field.generated {
            arguments.append("generated: " + Self.argument(generated.source, of: "generated"))
            if let column = field.databaseColumn { arguments.append("column: \(literal(column))") }
            return ModelInspection.declaration(
                "Field",
                arguments,
                "var \(property): DatabaseValue<\(type.swiftType)\(end)> = .unset",
                indentation: 4
            ).flatMap {
                $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            }
        }
        arguments += type.arguments
        if field.isPrimaryKey { arguments.append("primaryKey: true") }
        if field.isSetOnSave { arguments.append("autoNow: true") }
        if field.isSetOnCreate { arguments.append("autoNowAdd: true") }
        if let column = field.databaseColumn { arguments.append("column: \(literal(column))") }
        let variable =
            "var \(property): \(type.swiftType)\(end)\(defaultValue(of: field, type.swiftType))"
        return arguments.isEmpty
            ? [variable]
            : ModelInspection.declaration("Field", arguments, variable, indentation: 4)
    }

    /// An expression as an argument of an attribute inside a struct, whose further lines are indented
    /// from there.
    private static func argument(_ source: SwiftExpression, of label: String) -> String {
        source.text(indent: 8, lead: label.utf8.count + 2, tail: 1).replacing("\n    ", with: "\n")
    }

    /// The struct that a foreign key leads to, where it is among those written.
    private func reference(of field: FieldSchema) -> String? {
        guard let relation = field.relation, field.hasColumn, !field.isPrimaryKey,
            relation.targetField == nil
        else { return nil }
        return types[state.concreteLabel(MigrationState.canonical(relation.target))]
    }

    /// What happens to rows in code of the migration when the row that they refer to is deleted.
    private static func rule(_ rule: DeleteRule) -> String {
        // The value of `SET(…)` is the program's.
        rule == .setValue ? ".doNothing" : ".\(rule)"
    }

    private func manyToMany(_ field: FieldSchema) -> [String] {
        let name = MigrationWriter.line(field.name)
        guard let relation = field.relation,
            let target = types[state.concreteLabel(MigrationState.canonical(relation.target))],
            relation.through == nil
        else {
            let ends = [field.relation?.target, field.relation?.through].compactMap(\.self)
            return [
                "// \(name) is left out: write \(MigrationWriter.line(ends.joined(separator: " and "))) "
                    + "too where the code needs it."
            ]
        }
        let property = InspectedNames.property(field.name)
        var arguments: [String] = []
        if !InspectedNames.snakeCase(property).equalsBytes(field.name) {
            arguments.append("name: \(literal(field.name))")
        }
        if let table = relation.databaseTable { arguments.append("table: \(literal(table))") }
        if let isSymmetrical = relation.isSymmetrical {
            arguments.append("symmetrical: \(isSymmetrical)")
        }
        let variable = "var \(property): RelatedSet<\(target)>"
        return arguments.isEmpty
            ? ["@ManyToMany \(variable)"]
            : ModelInspection.declaration("ManyToMany", arguments, variable, indentation: 4)
    }

    /// The initial value of a property, where the default is a plain one.
    private func defaultValue(of field: FieldSchema, _ type: String) -> String {
        switch (field.defaultValue, type) {
        case (.value(.int(let number)), "Int"), (.value(.int(let number)), "Int16"),
            (.value(.int(let number)), "Int64"):
            " = \(number)"
        case (.value(.bool(let flag)), "Bool"): " = \(flag)"
        case (.value(.text(let text)), "String"): " = \(literal(text))"
        case (.function("Date.now"), "Date"): " = .now"
        case (.value(.array(let values)), _) where values.isEmpty: " = []"
        default: ""
        }
    }

    // MARK: Types

    private struct PropertyType {
        var swiftType: String
        var arguments: [String] = []

        init(_ swiftType: String, _ arguments: String...) {
            self.swiftType = swiftType
            self.arguments = arguments
        }
    }

    /// The type of a field's property; nil where none is sure to fit.
    private func type(of field: FieldSchema) -> PropertyType? {
        if field.isRelation {
            guard field.hasColumn else { return nil }
            guard let key = key(of: field), let type = type(of: key) else { return nil }
            // The kind of a key that is counted up is that of its references' column no more.
            return key.isAutoKey ? PropertyType("Int") : type
        }
        let kind = "kind: .\(Self.caseName(of: field.type))"
        let length = field.maxLength.map { "maxLength: \($0)" }
        switch field.type {
        case .integerField:
            return field.isPrimaryKey ? PropertyType("Int", kind) : PropertyType("Int")
        case .smallIntegerField where !field.isPrimaryKey: return PropertyType("Int16")
        case .bigIntegerField where !field.isPrimaryKey: return PropertyType("Int64")
        case .charField:
            return length.map { PropertyType("String", $0) } ?? PropertyType("String", kind)
        case .textField: return PropertyType("String")
        case .emailField, .urlField, .slugField, .fileField, .imageField, .filePathField:
            var type = PropertyType("String", kind)
            if let length { type.arguments.append(length) }
            return type
        case .genericIPAddressField: return PropertyType("String", kind)
        case .decimalField:
            guard let digits = field.maxDigits, let places = field.decimalPlaces else {
                return PropertyType("Decimal")
            }
            return PropertyType("Decimal", "maxDigits: \(digits)", "decimalPlaces: \(places)")
        case .arrayField: return array(of: field)
        case .generatedField: return field.generated.flatMap { type(of: $0.output) }
        default: break
        }
        if field.type.family == .integer { return PropertyType("Int", kind) }
        let types: [FieldType: String] = [
            .floatField: "Double", .booleanField: "Bool", .uuidField: "UUID",
            .dateField: "CalendarDate", .timeField: "TimeOfDay", .dateTimeField: "Date",
            .durationField: "Duration", .jsonField: "JSONValue", .binaryField: "[UInt8]",
        ]
        return types[field.type].map { PropertyType($0) }
    }

    /// The type of an array, with the field of its elements where their type does not say all.
    private func array(of field: FieldSchema) -> PropertyType? {
        guard let base = field.baseField, let element = type(of: base) else { return nil }
        var type = PropertyType("[\(element.swiftType)\(base.isNullable ? "?" : "")]")
        if !element.arguments.isEmpty {
            type.arguments.append("base: " + Self.argument(base.source, of: "base"))
        }
        if case .int(let size)? = field.customOptions["size"] {
            type.arguments.append("size: \(size)")
        }
        return type
    }

    /// The field whose values a foreign key holds.
    private func key(of field: FieldSchema) -> FieldSchema? {
        var field = field
        for _ in 0..<32 {
            guard let relation = field.relation else { return field }
            let label = state.concreteLabel(MigrationState.canonical(relation.target))
            let target = try? state.model(label)
            let end = target?.fields.first { other in
                relation.targetField.map { $0.equalsBytes(other.name) }
                    ?? (other.isPrimaryKey && other.hasColumn)
            }
            guard let end else { return nil }
            field = end
        }
        return nil
    }

    /// `bigIntegerField` for `BigIntegerField`.
    private static func caseName(of type: FieldType) -> String {
        type == .urlField
            ? "urlField" : type.rawValue.prefix(1).lowercased() + type.rawValue.dropFirst()
    }

    private func literal(_ text: String) -> String { ModelInspection.literal(text) }
}
