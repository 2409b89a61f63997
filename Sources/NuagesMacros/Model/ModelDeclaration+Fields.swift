import SwiftSyntax

extension ModelDeclaration {
    /// The fields as queries name them.
    var fieldsType: String {
        let key = primaryKey?.name ?? parent?.name ?? (compositeKey.isEmpty ? "id" : "pk")
        var lines = [
            "\(access)typealias Root = \(type)",
            "\(access)let _path: RelationPath",
            "\(access)init(path: RelationPath) { _path = path }",
            """
            \(access)var id: FieldExpression<PrimaryKey<\(type)>> { \
            FieldExpression(_path, \((isProxy ? "pk" : key).quoted)) }
            """,
        ]
        return structure("ModelFields", lines + fieldLines + relatedLines)
    }

    /// The fields of an abstract model as queries name them.
    var abstractFieldsType: String {
        structure(
            "AbstractFields",
            [
                "\(access)let _path: RelationPath",
                "\(access)init(path: RelationPath) { _path = path }",
            ] + fieldLines + relatedLines
        )
    }

    private var fieldLines: [String] {
        fields.map { "\(access)var \($0.property): \($0.expression)" }
            + bases.map { base in
                """
                \(access)subscript<Value>(dynamicMember member: KeyPath<\(base.type).Fields, Value>) -> Value \
                { \(base.type).Fields(path: _path)[keyPath: member] }
                """
            }
    }

    /// The relations, and the position among the rows of the same foreign key.
    private var relatedLines: [String] {
        var lines = related.compactMap(\.expression).map { "\(access)\($0)" }
        if keepsOrder {
            lines.append(
                #"\#(access)var _order: FieldExpression<Int> { FieldExpression(_path, "_order") }"#
            )
        }
        return lines
    }

    private func structure(_ conformance: String, _ lines: [String]) -> String {
        """
            \(bases.isEmpty ? "" : "@dynamicMemberLookup\n    ")\(access)struct Fields: \(conformance) {
                \(lines.joined(separator: "\n        "))
            }
        """
    }
}

extension FieldDeclaration {
    /// The parameter of the initialiser.
    var parameter: String {
        let value: String? =
            initialValue?.trimmedDescription
            ?? (type.hasSuffix("?") ? "nil" : nil)
            ?? (isSetBySaving && type == "Date" ? ".now" : nil)
        guard let relation, !relation.isOptional, !relation.isByField else {
            return "\(property): \(type)" + (value.map { " = \($0)" } ?? "")
        }
        return keyParameter
    }

    /// The parameter of the initialiser of a composite key.
    var keyParameter: String {
        guard let relation, !relation.isOptional, !relation.isByField else {
            return "\(property): \(type)"
        }
        return "\(property): some ModelReferenceConvertible<\(relation.target)>"
    }

    var assignment: String {
        guard let relation, !relation.isOptional, !relation.isByField else {
            return "self.\(property) = \(property)"
        }
        return "self.\(property) = \(property).asReference"
    }

    /// The statement that declares it.
    var statement: String {
        let path = "\(name.quoted), \\.\(property)"
        var line: String
        switch role {
        case .inherited: return "model.inherit(\\.\(property))"
        case .parent: line = "model.parent(\(path))"
        case .relation(let relation):
            let function = relation.isSingle ? "oneToOne" : "foreignKey"
            line = "model.\(function)(\(path), onDelete: \(relation.onDelete))"
        case .field:
            let value =
                makesDefault
                ? ", default: (\(initialValue?.trimmedDescription ?? "nil") as \(type)).sqlValue"
                : ""
            line = "model.\(isPrimaryKey ? "primaryKey" : "field")(\(path)\(value))"
        }
        if !options.isEmpty { line += " {\n\(options.joined(separator: "\n"))\n}" }
        return line
    }

    /// The statement that reads it from a row.
    var readStatement: String {
        switch role {
        case .inherited: "self.\(property) = try \(type)(row: &row)"
        case .parent: "row.skip(1)"
        case .relation(let relation) where relation.targetField != nil:
            "self.\(property) = try row.read(pointingAt: \((relation.targetField ?? "").quoted))"
        case .field where storage != nil:
            "self.\(property) = try row.read(fromStorage: \(storage ?? ""))"
        case .relation, .field: "self.\(property) = try row.read()"
        }
    }

    /// The statement that writes it.
    var writeStatement: String {
        switch role {
        case .inherited: "try self.\(property).encode(to: &values)"
        case .parent: "values.append(self.\(property).id)"
        case .relation(let relation) where relation.isSwappable: "values.append(self.\(property))"
        case .relation: "try values.append(reference: self.\(property))"
        case .field: "values.append(self.\(property))"
        }
    }

    /// The property of the fields as queries name them.
    var expression: String {
        switch role {
        case .inherited, .parent:
            return "\(type).Fields { \(type).Fields(path: _path) }"
        case .field:
            return "FieldExpression<\(type)> { FieldExpression(_path, \(name.quoted)) }"
        case .relation(let relation) where relation.isSwappable:
            return "FieldExpression<\(type)> { FieldExpression(_path, \(name.quoted)) }"
        case .relation(let relation):
            let fields =
                relation.isOptional
                ? "OptionalFields<\(relation.target).Fields>" : "\(relation.target).Fields"
            let initializer = relation.isOptional ? "OptionalFields" : fields
            return "\(fields) { \(initializer)(path: _path.following(\(name.quoted))) }"
        }
    }

    /// What a template sees of it.
    var contextCases: [String] {
        let names = ModelDeclaration.names([name, property])
        switch role {
        case .inherited: return []
        case .field: return ["case \(names): ContextValue(field: self.\(property))"]
        case .parent:
            return [
                "case \(names): .object(self.\(property))",
                "case \("\(name)_id".quoted): ContextValue(field: self.\(property).id)",
            ]
        case .relation(let relation):
            let keys = ModelDeclaration.names(["\(name)_id", "\(property)ID"])
            let key = relation.isByField ? "" : ".key"
            return [
                "case \(names): ContextValue(field: self.\(property))",
                "case \(keys): ContextValue(\(key.isEmpty ? "self.\(property).sqlValue" : "field: self.\(property).key"))",
            ]
        }
    }
}
