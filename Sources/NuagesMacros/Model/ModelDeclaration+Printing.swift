import SwiftSyntax
import SwiftSyntaxBuilder

extension ModelDeclaration {
    /// The key: stored, or made of the fields that are the key.
    var idProperty: DeclSyntax {
        if let key = primaryKey {
            return """
                \(raw: access)var id: PrimaryKey<\(raw: type)> {
                    get { PrimaryKey(self.\(raw: key.property)) }
                    set { if let value = newValue.value { self.\(raw: key.property) = value } }
                }
                """
        }
        if let parent {
            return """
                \(raw: access)var id: PrimaryKey<\(raw: type)> {
                    get { PrimaryKey(of: self.\(raw: parent.property).id) }
                    set { self.\(raw: parent.property).id = PrimaryKey(of: newValue) }
                }
                """
        }
        guard compositeKey.isEmpty else {
            let arguments = keyFields.map { "\($0.property): self.\($0.property)" }
            let assignments = keyFields.map { "self.\($0.property) = value.\($0.property)" }
            return """
                \(raw: access)var id: PrimaryKey<\(raw: type)> {
                    get { PrimaryKey(Key(\(raw: arguments.joined(separator: ", ")))) }
                    set {
                        guard let value = newValue.value else { return }
                        \(raw: assignments.joined(separator: "\n        "))
                    }
                }
                """
        }
        return "\(raw: access)var id: PrimaryKey<\(raw: type)> = .unsaved"
    }

    /// The position among the rows of the same foreign key.
    var orderProperty: DeclSyntax { "\(raw: access)var _order: DatabaseValue<Int> = .unset" }

    /// The initialiser that Swift would write, with references that take rows and keys.
    var memberwiseInitializer: DeclSyntax {
        var parameters: [String] = []
        var assignments: [String] = []
        if addsKey {
            parameters.append("id: PrimaryKey<\(type)> = .unsaved")
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

    /// What the key's column holds, where it is not a number.
    var keyAlias: String? {
        let key =
            keyType ?? primaryKey?.type ?? parent.map { "\($0.type).KeyValue" }
            ?? (compositeKey.isEmpty ? nil : "Key")
        return key.map { "    \(access)typealias KeyValue = \($0)" }
    }

    var metaProperty: String {
        var lines: [String] = []
        if isProxy, let parent {
            lines.append("model.proxy(of: \\.\(parent.property))")
        } else {
            if addsKey {
                let kind = keyKind.map { " {\n$0.type = \($0)\n}" } ?? ""
                lines.append(#"model.primaryKey("id", \.id)"# + kind)
            }
            lines += fields.map(\.statement)
        }
        lines += related.map(\.statement)
        if keepsOrder { lines.append(#"model.rowOrder(\._order)"#) }
        if !compositeKey.isEmpty {
            lines.append(
                "model.compositeKey([\(compositeKey.map(\.quoted).joined(separator: ", "))])"
            )
        }
        lines += options
        return """
                \(access)static let meta = ModelMeta<\(type)>(\(name.quoted)) { model in
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    /// The declaration of an abstract model for a model that has its fields.
    var declareFunction: String {
        var lines = fields.map(\.statement) + related.map(\.statement)
        if keepsOrder { lines.append(#"model.rowOrder(\._order)"#) }
        lines += options
        return """
                \(access)static func declare<M: Model>(in model: inout ModelDeclaration<M, \(type)>) {
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    /// The members of the parents and abstract models, as members of the model's own.
    var forwardingSubscripts: String? {
        let subscripts = bases.map { base in
            """
                \(access)subscript<Value>(dynamicMember member: WritableKeyPath<\(base.type), Value>) -> Value {
                    get { self.\(base.property)[keyPath: member] }
                    set { self.\(base.property)[keyPath: member] = newValue }
                }

                \(access)subscript<Value>(dynamicMember member: KeyPath<\(base.type), Value>) -> Value {
                    self.\(base.property)[keyPath: member]
                }
            """
        }
        return subscripts.isEmpty ? nil : subscripts.joined(separator: "\n\n")
    }

    /// The key of several columns.
    var keyStruct: String? {
        guard !compositeKey.isEmpty else { return nil }
        let parts = keyFields
        let values = parts.map { "self.\($0.property).sqlValue" }
        let reads = parts.enumerated().map {
            "self.\($1.property) = try columnValues[\($0)].read()"
        }
        return """
                \(access)struct Key: CompositeKey {
                    \(parts.map { "\(access)var \($0.property): \($0.type)" }
                        .joined(separator: "\n        "))

                    \(access)init(\(parts.map(\.keyParameter).joined(separator: ", "))) {
                        \(parts.map(\.assignment).joined(separator: "\n            "))
                    }

                    \(access)init(columnValues: [SQLValue]) throws(DecodingFailure) {
                        guard columnValues.count == \(parts.count) else { throw DecodingFailure() }
                        \(reads.joined(separator: "\n            "))
                    }

                    \(access)var columnValues: [SQLValue] { [\(values.joined(separator: ", "))] }
                }
            """
    }

    /// The managers that options name.
    var managerProperties: String? {
        let properties = managers.map { requirement, property in
            "    \(access)static var \(requirement): QuerySet<\(type)> { \(property) }"
        }
        return properties.isEmpty ? nil : properties.joined(separator: "\n\n")
    }

    var rowInitializer: String {
        // The columns of parents come before the model's own.
        var lines = fields.filter(\.isParent).map {
            "self.\($0.property) = try \($0.type)(row: &row)"
        }
        if !isProxy {
            if addsKey { lines.append("self.id = try row.read()") }
            lines += fields.map(\.readStatement)
        }
        if !isAbstract { lines += orderStatements }
        return """
                \(access)init(row: inout Row) throws(DatabaseError) {
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    /// What reads the position of the row: the last column of all.
    private var orderStatements: [String] {
        keepsOrder
            ? ["self._order = try row.read()"]
            : parts.map { "try self.\($0.property).readOrder(row: &row)" }
    }

    /// What reads and writes the position, behind the columns of the whole model.
    var orderFunctions: String? {
        guard keepsOrder || !parts.isEmpty else { return nil }
        let writes =
            keepsOrder
            ? ["values.append(self._order)"]
            : parts.map { "self.\($0.property).encodeOrder(to: &values)" }
        return """
                \(access)mutating func readOrder(row: inout Row) throws(DatabaseError) {
                    \(orderStatements.joined(separator: "\n        "))
                }

                \(access)func encodeOrder(to values: inout FieldValues) {
                    \(writes.joined(separator: "\n        "))
                }
            """
    }

    var encodeFunction: String {
        var lines = addsKey ? ["values.append(self.id)"] : []
        if isProxy, let parent {
            lines = ["try self.\(parent.property).encode(to: &values)"]
        } else {
            lines += fields.map(\.writeStatement)
        }
        if !isAbstract {
            lines +=
                keepsOrder
                ? ["values.append(self._order)"]
                : parts.map { "self.\($0.property).encodeOrder(to: &values)" }
        }
        return """
                \(access)func encode(to values: inout FieldValues) throws(ModelError) {
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    var contextFunction: String {
        var cases: [String] = []
        if !isAbstract {
            let names =
                fields.contains { $0.name == "id" && $0.property != "id" } ? ["pk"] : ["id", "pk"]
            cases.append("case \(Self.names(names)): ContextValue(field: self.id)")
        }
        for field in fields where field.property != "id" && !(isProxy && field.isParent) {
            cases += field.contextCases
        }
        for property in related where !property.isInherited {
            let names = Self.names([property.name, property.property])
            cases.append("case \(names): self.\(property.property).contextValue")
        }
        var last = isAbstract ? [] : ["Self.meta.contextMember(name, of: self)"]
        last += bases.map { "self.\($0.property).contextMember(name)" }
        cases.append("default: \(last.isEmpty ? "nil" : last.joined(separator: " ?? "))")
        return """
                \(access)func contextMember(_ name: String) -> ContextValue? {
                    switch name {
                    \(cases.joined(separator: "\n        "))
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
