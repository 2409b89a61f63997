import SwiftSyntax
import SwiftSyntaxBuilder

extension ModelDeclaration {
    /// The key: stored, or the field that is the key.
    var idProperty: DeclSyntax {
        if let key = primaryKey {
            return """
                \(raw: access)var id: PrimaryKey<\(raw: name)> {
                    get { PrimaryKey(self.\(raw: key.property)) }
                    set { if let value = newValue.value { self.\(raw: key.property) = value } }
                }
                """
        }
        return "\(raw: access)var id: PrimaryKey<\(raw: name)> = .unsaved"
    }

    /// The initialiser that Swift would write, with references that take rows and keys.
    var memberwiseInitializer: DeclSyntax {
        var parameters: [String] = []
        var assignments: [String] = []
        if primaryKey == nil {
            parameters.append("id: PrimaryKey<\(name)> = .unsaved")
            assignments.append("self.id = id")
        }
        for field in fields {
            parameters.append(field.parameter)
            assignments.append(field.assignment)
        }
        return """
            \(raw: access)init(
                \(raw: parameters.joined(separator: ",\n    "))
            ) {
                \(raw: assignments.joined(separator: "\n    "))
            }
            """
    }

    var labelProperty: String {
        "    \(access)static var label: String { \("\(app).\(name.lowercased())".quoted) }"
    }

    func keyAlias(_ type: String) -> String { "    \(access)typealias KeyValue = \(type)" }

    var metaProperty: String {
        var lines = primaryKey == nil ? [#".primaryKey("id", \.id)"#] : []
        lines += fields.map(\.schemaLine)
        var text = """
                \(access)static let meta = ModelMeta<\(name)>(
                    \(name.quoted),
                    [
                        \(lines.joined(separator: ",\n            "))
                    ]
            """
        if !reverses.isEmpty {
            let lines = reverses.map {
                ".of(\(FieldName.snakeCase($0.name).quoted), \\.\($0.name), "
                    + "storage: \\._\($0.name), \($0.foreignKey))"
            }
            text += """
                ,
                        reverses: [
                            \(lines.joined(separator: ",\n            "))
                        ]
                """
        }
        text += "\n    )"
        if !options.isEmpty {
            text += " {\n        \(options.joined(separator: "\n        "))\n    }"
        }
        if let key = primaryKey, keyType == nil {
            text += "\n\n    \(access)typealias KeyValue = \(key.type)"
        }
        return text
    }

    var fieldsType: String {
        var lines = [
            "\(access)let _path: RelationPath",
            "\(access)init(path: RelationPath) { _path = path }",
            """
            \(access)var id: FieldExpression<PrimaryKey<\(name)>> { \
            FieldExpression(_path, \((primaryKey?.name ?? "id").quoted)) }
            """,
        ]
        lines += fields.map { "\(access)var \($0.property): \($0.expression)" }
        lines += reverses.map {
            "\(access)var \($0.name): OptionalFields<\($0.source).Fields> "
                + "{ OptionalFields(path: _path.followingBack(\($0.foreignKey))) }"
        }
        return """
                \(access)struct Fields: ModelFields {
                    \(access)typealias Root = \(name)
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    var rowInitializer: String {
        var lines = primaryKey == nil ? ["self.id = try row.read()"] : []
        lines += fields.map { "self.\($0.property) = try row.read()" }
        return """
                \(access)init(row: inout Row) throws(DatabaseError) {
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    var encodeFunction: String {
        var lines = primaryKey == nil ? ["values.append(self.id)"] : []
        lines += fields.map { field in
            "\(field.relation == nil ? "" : "try ")values.append(self.\(field.property))"
        }
        return """
                \(access)func encode(to values: inout FieldValues) throws(ModelError) {
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    var contextFunction: String {
        var cases = [#"case "id", "pk": ContextValue(field: self.id)"#]
        for field in fields where field.property != "id" { cases += field.contextCases }
        for reverse in reverses {
            let names = Self.names([FieldName.snakeCase(reverse.name), reverse.name])
            cases.append("case \(names): self.\(reverse.name).contextValue")
        }
        return """
                \(access)func contextMember(_ name: String) -> ContextValue? {
                    switch name {
                    \(cases.joined(separator: "\n        "))
                    default: Self.meta.contextMember(name, of: self)
                    }
                }
            """
    }

    /// String literals for a `case`, each once.
    static func names(_ names: [String]) -> String {
        var unique: [String] = []
        for name in names where !unique.contains(name) { unique.append(name) }
        return unique.map(\.quoted).joined(separator: ", ")
    }
}

extension FieldDeclaration {
    fileprivate var parameter: String {
        let value: String? =
            initialValue?.trimmedDescription
            ?? (type.hasSuffix("?") ? "nil" : nil)
            ?? (isSetBySaving && type == "Date" ? ".now" : nil)
        guard let relation, !relation.isOptional else {
            return "\(property): \(type)" + (value.map { " = \($0)" } ?? "")
        }
        return "\(property): some ReferenceConvertible<\(relation.target)>"
    }

    fileprivate var assignment: String {
        guard let relation, !relation.isOptional else { return "self.\(property) = \(property)" }
        return "self.\(property) = \(property).asReference"
    }

    fileprivate var schemaLine: String {
        let function = relation != nil ? "foreignKey" : isPrimaryKey ? "primaryKey" : "field"
        var line = ".\(function)(\(name.quoted), \\.\(property)"
        if let relation { line += ", onDelete: \(relation.onDelete)" }
        line += ")"
        return options.isEmpty ? line : "\(line) { \(options.joined(separator: "\n")) }"
    }

    fileprivate var expression: String {
        guard let relation else {
            return "FieldExpression<\(type)> { FieldExpression(_path, \(name.quoted)) }"
        }
        let fields =
            relation.isOptional
            ? "OptionalFields<\(relation.target).Fields>" : "\(relation.target).Fields"
        let initializer = relation.isOptional ? "OptionalFields" : fields
        return "\(fields) { \(initializer)(path: _path.following(\(name.quoted))) }"
    }

    fileprivate var contextCases: [String] {
        guard relation != nil else {
            return [
                "case \(ModelDeclaration.names([name, property])): ContextValue(field: self.\(property))"
            ]
        }
        return [
            "case \(ModelDeclaration.names([name, property])): ContextValue(field: self.\(property))",
            "case \(ModelDeclaration.names(["\(name)_id", "\(property)ID"])): ContextValue(field: self.\(property).key)",
        ]
    }
}
