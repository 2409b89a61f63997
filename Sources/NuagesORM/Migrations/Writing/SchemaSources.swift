/// The expressions that make schema values again, in the files of migrations.

extension FieldSchema {
    var source: SwiftExpression {
        var list = ArgumentList()
        list.add(.string(name))
        list.add(.member(type.rawValue, ofType: "FieldType", known: FieldType.sourceNames[type]))
        list.add("maxLength", maxLength)
        list.add("maxDigits", maxDigits)
        list.add("decimalPlaces", decimalPlaces)
        list.add("isNullable", isNullable, default: false)
        list.add("allowsBlank", allowsBlank, default: false)
        list.add("isPrimaryKey", isPrimaryKey, default: false)
        list.add("isUnique", isUnique, default: false)
        if let isIndexed { list.add("isIndexed", .atom("\(isIndexed)")) }
        list.add("databaseColumn", databaseColumn)
        if let defaultValue { list.add("defaultValue", defaultValue.source) }
        if let databaseDefault { list.add("databaseDefault", databaseDefault.source) }
        if let databaseDefaultExpression {
            list.add("databaseDefaultExpression", databaseDefaultExpression.source)
        }
        list.add("verboseName", verboseName)
        list.add("helpText", helpText.isEmpty ? nil : helpText)
        list.add("isEditable", isEditable, default: true)
        if !choices.isEmpty { list.add("choices", .array(choices.map(\.source))) }
        list.add("isSetOnSave", isSetOnSave, default: false)
        list.add("isSetOnCreate", isSetOnCreate, default: false)
        list.add("databaseComment", databaseComment)
        list.add("databaseCollation", databaseCollation)
        list.add("isAutoCreated", isAutoCreated, default: false)
        list.add("isSerialized", isSerialized, default: true)
        addRest(to: &list)
        return .call("FieldSchema", list.arguments)
    }

    private func addRest(to list: inout ArgumentList) {
        if let relation { list.add("relation", relation.source) }
        if let generated { list.add("generated", generated.source) }
        list.add("compositeFields", compositeFields)
        list.add("uniqueForDate", uniqueForDate)
        list.add("uniqueForMonth", uniqueForMonth)
        list.add("uniqueForYear", uniqueForYear)
        list.add("errorMessages", errorMessages)
        if !validators.isEmpty { list.add("validators", .array(validators.map(\.source))) }
        list.add("databaseTablespace", databaseTablespace)
        list.add("customColumnType", customColumnType)
        if !customOptions.isEmpty { list.add("customOptions", .values(customOptions)) }
        if let baseField { list.add("baseField", baseField.source) }
    }
}

extension FieldType {
    /// The kinds that have a name in Swift.
    static let sourceNames: [FieldType: String] = {
        let known: [FieldType] = [
            .autoField, .bigAutoField, .smallAutoField, .integerField, .smallIntegerField,
            .bigIntegerField, .positiveIntegerField, .positiveSmallIntegerField,
            .positiveBigIntegerField, .floatField, .decimalField, .booleanField, .charField,
            .textField, .emailField, .slugField, .dateField, .timeField, .dateTimeField,
            .durationField, .binaryField, .foreignKey, .oneToOneField, .manyToManyField,
            .foreignObject, .compositePrimaryKey, .generatedField, .fileField, .imageField,
            .filePathField,
        ]
        var names: [FieldType: String] = [
            .urlField: "urlField", .uuidField: "uuidField", .jsonField: "jsonField",
            .genericIPAddressField: "genericIPAddressField", .orderWrt: "orderWrt",
            .arrayField: "arrayField",
        ]
        for type in known {
            names[type] = type.rawValue.prefix(1).lowercased() + type.rawValue.dropFirst()
        }
        return names
    }()
}

extension FieldDefault {
    var source: SwiftExpression {
        switch self {
        case .value(let value): .call(".value", [.init(value.source)])
        case .function(let name): .call(".function", [.init(.string(name))])
        }
    }
}

extension FieldChoice {
    var source: SwiftExpression {
        var list = ArgumentList()
        list.add(value.source)
        list.add(.string(label))
        list.add("group", group)
        return .call("FieldChoice", list.arguments)
    }
}

extension ValidatorSchema {
    var source: SwiftExpression {
        var list = ArgumentList()
        list.add(.string(name))
        if !arguments.isEmpty { list.add(.values(arguments)) }
        return .call("ValidatorSchema", list.arguments)
    }
}

extension Relation {
    var source: SwiftExpression {
        var list = ArgumentList()
        list.add("to", target)
        list.add("onDelete", .atom(".\(onDelete)"))
        if let deleteValue { list.add("deleteValue", deleteValue.source) }
        list.add("relatedName", relatedName)
        list.add("relatedQueryName", relatedQueryName)
        list.add("targetField", targetField)
        list.add("isEnforced", isEnforced, default: true)
        list.add("through", through)
        list.add("throughFields", throughFields)
        if let isSymmetrical { list.add("isSymmetrical", .atom("\(isSymmetrical)")) }
        list.add("databaseTable", databaseTable)
        if let choicesCondition { list.add("choicesCondition", choicesCondition.source) }
        list.add("isParentLink", isParentLink, default: false)
        list.add("swappableSetting", swappableSetting)
        list.add("fromFields", fromFields)
        list.add("toFields", toFields)
        return .call("Relation", list.arguments)
    }
}

extension GeneratedColumn {
    var source: SwiftExpression {
        .call(
            ".expression",
            [
                .init(expression.source), .init("output", output.source),
                .init("isStored", .atom("\(isStored)")),
            ]
        )
    }
}

extension IndexSchema {
    /// The expression that makes the index, for a migration's file.
    public var source: SwiftExpression {
        var list = ArgumentList()
        if expressions.isEmpty {
            list.add(.strings(fields))
        } else {
            list.add("expressions", .array(expressions.map(\.source)))
        }
        list.add("name", name)
        if let condition { list.add("condition", condition.source) }
        list.add("include", include)
        list.add("operatorClasses", operatorClasses)
        list.add("databaseTablespace", databaseTablespace)
        if let method { list.add("method", method.source) }
        if !parameters.isEmpty { list.add("parameters", .values(parameters)) }
        return .call("IndexSchema", list.arguments)
    }
}

extension IndexMethod {
    var source: SwiftExpression {
        .call("IndexMethod", [.init("rawValue", .string(rawValue))])
    }
}

extension ExclusionPart {
    var source: SwiftExpression {
        .call("ExclusionPart", [.init(expression.source), .init(.string(operation))])
    }
}

extension ConstraintSchema {
    /// The expression that makes the constraint, for a migration's file.
    public var source: SwiftExpression {
        var list = ArgumentList()
        list.add("name", name)
        if kind == .unique {
            if expressions.isEmpty {
                list.add("fields", .strings(fields))
            } else {
                list.add("expressions", .array(expressions.map(\.source)))
            }
        }
        if kind == .exclusion {
            list.add("parts", .array(exclusions.map(\.source)))
            if let indexMethod { list.add("method", indexMethod.source) }
        }
        if let condition { list.add("condition", condition.source) }
        if let deferrable { list.add("deferrable", .atom(".\(deferrable)")) }
        list.add("include", include)
        list.add("operatorClasses", operatorClasses)
        if let treatsNullsAsDistinct {
            list.add("treatsNullsAsDistinct", .atom("\(treatsNullsAsDistinct)"))
        }
        list.add("violationErrorCode", violationErrorCode)
        list.add("violationErrorMessage", violationErrorMessage)
        return .call("ConstraintSchema.\(kind)", list.arguments)
    }
}

extension ModelOptions {
    var source: SwiftExpression {
        var list = ArgumentList()
        list.add("verboseName", verboseName)
        list.add("verboseNamePlural", verboseNamePlural)
        list.add("ordering", ordering)
        list.add("isManaged", isManaged, default: true)
        list.add("latestBy", latestBy)
        list.add("defaultRelatedName", defaultRelatedName)
        if !permissions.isEmpty { list.add("permissions", .array(permissions.map(\.source))) }
        if let defaultPermissions { list.add("defaultPermissions", .strings(defaultPermissions)) }
        list.add("baseManagerName", baseManagerName)
        list.add("defaultManagerName", defaultManagerName)
        list.add("selectsOnSave", selectsOnSave, default: false)
        return .call("ModelOptions", list.arguments)
    }
}

extension PermissionSchema {
    var source: SwiftExpression {
        .call("PermissionSchema", [.init(.string(codename)), .init(.string(name))])
    }
}

/// The arguments of a call, without those that have their default.
struct ArgumentList {
    private(set) var arguments: [SwiftExpression.Argument] = []

    mutating func add(_ value: SwiftExpression) { arguments.append(.init(value)) }

    mutating func add(_ label: String, _ value: SwiftExpression) {
        arguments.append(.init(label, value))
    }

    mutating func add(_ label: String, _ value: Int?) {
        if let value { add(label, .atom("\(value)")) }
    }

    mutating func add(_ label: String, _ value: String?) {
        if let value { add(label, .string(value)) }
    }

    mutating func add(_ label: String, _ value: Bool, default standard: Bool) {
        if value != standard { add(label, .atom("\(value)")) }
    }

    mutating func add(_ label: String, _ values: [String]) {
        if !values.isEmpty { add(label, .strings(values)) }
    }

    mutating func add(_ label: String, _ values: [String: String]) {
        guard !values.isEmpty else { return }
        let pairs = values.sorted { $0.key < $1.key }
            .map { SwiftExpression.Pair(key: .string($0.key), value: .string($0.value)) }
        add(label, .dictionary(pairs))
    }
}

extension SwiftExpression {
    /// A static member, or the value made from its raw value.
    static func member(_ raw: String, ofType type: String, known: String?) -> Self {
        if let known { return .atom(".\(known)") }
        return .call(type, [.init("rawValue", .string(raw))])
    }

    /// A dictionary of values in the order of its keys.
    static func values(_ values: [String: SQLValue]) -> Self {
        .dictionary(
            values.sorted { $0.key < $1.key }.map {
                Pair(key: .string($0.key), value: $0.value.source)
            }
        )
    }
}
