import NuagesCore

/// Writes models for tables that are there, as `inspectdb` prints them.
///
/// Names and types are by the rules of Django's `inspectdb`; what has no counterpart in Swift has a
/// comment that says so, and what is written compiles.
package struct ModelInspection {
    private let tables: [IntrospectedTable]
    private var names: [String: String] = [:]

    /// Models for tables.
    ///
    /// - Parameter tables: the tables.
    package init(_ tables: [IntrospectedTable]) {
        self.tables = tables
        var taken: Set<String> = []
        for table in tables { names[table.name] = InspectedNames.model(table.name, taken: &taken) }
    }

    /// Reads the tables of a database.
    ///
    /// - Parameters:
    ///   - names: the names of the tables; all where there are none.
    ///   - database: the database.
    /// - Returns: what writes the models, and the names that no table has.
    /// - Throws: `MigrationError` for a database that cannot be inspected, and its error.
    package static func reading(
        _ names: [String],
        from database: Database
    ) async throws -> (inspection: ModelInspection, missing: [String]) {
        let schema = try database.schema
        let wanted = names.isEmpty ? try await schema.tableNames(in: database) : names
        var tables: [IntrospectedTable] = []
        var missing: [String] = []
        for name in wanted {
            if let table = try await schema.table(name, in: database) {
                tables.append(table)
            } else {
                missing.append(name)
            }
        }
        return (ModelInspection(tables), missing)
    }

    /// The file.
    package var text: String {
        """
        // Written by inspectdb from the tables of a database. What is left to do by hand:
        //   - Give models and properties the names that you like; tables and columns keep theirs.
        //   - Say in 'onDelete' what is to happen to rows that refer to one that is deleted.
        //   - Leave out 'isManaged: false' where migrations are to look after a table.
        import Foundation
        import Nuages

        \(tables.map(model).joined(separator: "\n\n"))

        """
    }

    // MARK: Models

    private func model(_ table: IntrospectedTable) -> String {
        let key = table.columns.filter { $0.primaryKeyPosition > 0 }
            .sorted { $0.primaryKeyPosition < $1.primaryKeyPosition }
        var fields: [String: String] = [:]
        var lines: [String] = []
        var arguments = ["table: \(Self.literal(table.name))"]
        var taken: Set<String> = []
        var properties: Set<String> = []
        var targets: Set<String> = []
        for column in table.columns {
            if key.count == 1, key[0].name == column.name, let own = Self.implicitKey(column, table)
            {
                arguments += own
                fields[column.name] = "id"
                taken.insert("id")
                continue
            }
            let target = self.target(of: column, in: table)
            let name = InspectedNames.field(
                column.name,
                isRelation: target != nil,
                taken: &taken,
                properties: &properties
            )
            fields[column.name] = name.name
            let isKey = key.count == 1 && key[0].name == column.name
            lines += property(column, name, table, target, isKey: isKey, targets: &targets)
        }
        if key.count > 1 {
            let names = key.map { column -> String in
                let isRelation = target(of: column, in: table) != nil
                return (fields[column.name] ?? column.name) + (isRelation ? "_id" : "")
            }
            arguments.append("compositeKey: \(Self.list(names))")
        }
        let groups = uniqueGroups(table, fields)
        if !groups.isEmpty {
            arguments.append("uniqueTogether: [\(groups.map(Self.list).joined(separator: ", "))]")
        }
        arguments.append("isManaged: false")
        if let comment = table.comment {
            arguments.append("tableComment: \(Self.literal(comment))")
        }
        var notes: [String] = []
        if key.isEmpty {
            notes.append(
                "// The table has no primary key. Make the field that is one 'primaryKey: true'."
            )
        }
        return
            (notes
            + Self.declaration(
                "Model",
                arguments,
                "struct \(names[table.name] ?? "Table") {",
                indentation: 0
            ) + lines.map { "    \($0)" } + ["}"]).joined(separator: "\n")
    }

    /// The arguments of a model whose key needs no property: a number that is counted up, or a UUID.
    private static func implicitKey(
        _ column: IntrospectedTable.Column,
        _ table: IntrospectedTable
    ) -> [String]? {
        guard column.name.equalsBytes("id") else { return nil }
        let type = InspectedType(column, in: table)
        if type.swiftType.equalsBytes("UUID") { return ["key: UUID.self"] }
        guard isCountedUp(column, table) else { return nil }
        switch InspectedType.parts(column.type).name {
        // A number of SQLite has no size.
        case "integer" where column.isIdentity || column.defaultText != nil, "int":
            return ["keyKind: .autoField"]
        case "smallint": return ["keyKind: .smallAutoField"]
        default: return []
        }
    }

    /// Whether the database makes the numbers of a key.
    private static func isCountedUp(
        _ column: IntrospectedTable.Column,
        _ table: IntrospectedTable
    ) -> Bool {
        if column.isIdentity || column.defaultText?.containsBytes("nextval(") == true {
            return true
        }
        // What SQLite tells with the table's own statement.
        let isReference = table.foreignKeys.contains { $0.columns == [column.name] }
        let isNumber = ["integer", "bigint", "smallint"].contains(
            InspectedType.parts(column.type).name
        )
        return isNumber && !isReference && column.defaultText == nil && !table.definition.isEmpty
    }

    /// The groups of fields that are unique together.
    private func uniqueGroups(
        _ table: IntrospectedTable,
        _ fields: [String: String]
    ) -> [[String]] {
        table.indexes.compactMap { index in
            guard index.isUnique, !index.isPrimaryKey, !index.isPartial, index.columns.count > 1
            else { return nil }
            let names = index.columns.compactMap { $0.flatMap { fields[$0] } }
            return names.count == index.columns.count ? names : nil
        }
    }

    // MARK: Fields

    private func property(
        _ column: IntrospectedTable.Column,
        _ name: InspectedNames.Field,
        _ table: IntrospectedTable,
        _ target: Target?,
        isKey: Bool,
        targets: inout Set<String>
    ) -> [String] {
        let isUnique = table.indexes.contains {
            $0.isUnique && !$0.isPartial && $0.columns == [column.name]
        }
        let isNullable = column.isNullable && column.primaryKeyPosition == 0
        var arguments: [String] = []
        if !InspectedNames.snakeCase(name.property).equalsBytes(name.name) {
            arguments.append("name: \(Self.literal(name.name))")
        }
        var notes = name.notes
        if column.isGenerated { notes.append("The database computes it.") }
        let end = isNullable ? "?" : ""
        if let target {
            var own = arguments + ["onDelete: \(target.rule)"]
            if let field = target.field { own.append("to: \(Self.literal(field))") }
            let modelName = names[table.name] ?? ""
            if targets.contains(target.model) {
                own.append("relatedName: \"\(modelName.lowercased())_\(name.name)_set\"")
            }
            targets.insert(target.model)
            if isNullable { own.append("blank: true") }
            if !"\(name.name)_id".equalsBytes(column.name) {
                own.append("column: \(Self.literal(column.name))")
            }
            if let comment = column.comment { own.append("comment: \(Self.literal(comment))") }
            return Self.comments(notes)
                + Self.declaration(
                    isUnique ? "OneToOne" : "ForeignKey",
                    own,
                    "var \(name.property): \(target.type)\(end)",
                    indentation: 4
                )
        }
        var type = InspectedType(column, in: table)
        notes += type.notes
        if isKey, let other = table.foreignKeys.first(where: { $0.columns == [column.name] }),
            let model = names[other.table]
        {
            notes.append("It refers to a row of \(model): '@Parent' makes that a part of this one.")
        }
        if isKey || column.primaryKeyPosition > 0 { notes += Self.makeKey(&type, column, table) }
        arguments += Self.options(type, column, isNullable, isUnique && !isKey)
        if isKey, type.canBeKey { arguments.append("primaryKey: true") }
        if !name.name.equalsBytes(column.name) {
            arguments.append("column: \(Self.literal(column.name))")
        }
        if let comment = column.comment { arguments.append("comment: \(Self.literal(comment))") }
        if let collation = column.collation, type.swiftType.equalsBytes("String") {
            arguments.append("collation: \(Self.literal(collation))")
        }
        let variable = "var \(name.property): \(type.swiftType)\(end)"
        guard !arguments.isEmpty else { return Self.comments(notes) + [variable] }
        return Self.comments(notes)
            + Self.declaration("Field", arguments, variable, indentation: 4)
    }

    /// A macro and what it stands before, in as many lines as the width needs.
    static func declaration(
        _ macro: String,
        _ arguments: [String],
        _ declaration: String,
        indentation: Int
    ) -> [String] {
        let line = "@\(macro)(\(arguments.joined(separator: ", ")))"
        let width = 100 - indentation
        if line.utf8.count + 1 + declaration.utf8.count <= width, indentation > 0 {
            return ["\(line) \(declaration)"]
        }
        if line.utf8.count <= width { return [line, declaration] }
        let list = arguments.enumerated().map { index, argument in
            "    \(argument)\(index + 1 < arguments.count ? "," : "")"
        }
        return ["@\(macro)("] + list + [")", declaration]
    }

    private static func options(
        _ type: InspectedType,
        _ column: IntrospectedTable.Column,
        _ isNullable: Bool,
        _ isUnique: Bool
    ) -> [String] {
        var options: [String] = []
        if let kind = type.kind { options.append("kind: .\(kind)") }
        if let length = type.maxLength { options.append("maxLength: \(length)") }
        if let (digits, places) = type.digits {
            options += ["maxDigits: \(digits)", "decimalPlaces: \(places)"]
        }
        if isUnique { options.append("unique: true") }
        if isNullable { options.append("blank: true") }
        return options
    }

    /// Lets the type be one that a key can have; tells where none can.
    private static func makeKey(
        _ type: inout InspectedType,
        _ column: IntrospectedTable.Column,
        _ table: IntrospectedTable
    ) -> [String] {
        let kinds = [
            "Int16": "smallIntegerField", "Int64": "bigIntegerField", "Int": "integerField",
        ]
        guard let kind = kinds[type.swiftType] else {
            return type.canBeKey
                ? [] : ["It is the primary key, of a type that no key of a model has."]
        }
        if type.kind == nil { type.kind = kind }
        if column.primaryKeyPosition > 0, isCountedUp(column, table),
            table.columns.filter({ $0.primaryKeyPosition > 0 }).count == 1
        {
            type.kind = kind == "bigIntegerField" ? "bigAutoField" : "autoField"
        }
        type.swiftType = "Int"
        return []
    }

    private static func comments(_ notes: [String]) -> [String] { notes.map { "// \($0)" } }

    // MARK: Relations

    /// Where a foreign key leads.
    private struct Target {
        var model: String
        /// The type of the property.
        var type: String
        /// The field that is referred to, where it is not the primary key.
        var field: String?
        var rule: String
    }

    /// Whether the column alone is the primary key, which no relation can be.
    private static func isKey(
        _ column: IntrospectedTable.Column,
        of table: IntrospectedTable
    ) -> Bool {
        column.primaryKeyPosition > 0
            && table.columns.filter { $0.primaryKeyPosition > 0 }.count == 1
    }

    private func target(
        of column: IntrospectedTable.Column,
        in table: IntrospectedTable
    ) -> Target? {
        guard !Self.isKey(column, of: table),
            let key = table.foreignKeys.first(where: { $0.columns == [column.name] }),
            let other = tables.first(where: { $0.name.equalsBytes(key.table) }),
            let model = names[other.name]
        else { return nil }
        let primary = other.columns.filter { $0.primaryKeyPosition > 0 }
        guard primary.count == 1 else { return nil }
        let rule =
            switch key.onDelete.uppercased() {
            case "CASCADE": ".databaseCascade"
            case "SET NULL": ".databaseSetNull"
            case "SET DEFAULT": ".databaseSetDefault"
            default: ".doNothing"
            }
        let end = key.targetColumns.first ?? ""
        guard !end.isEmpty, !primary[0].name.equalsBytes(end) else {
            return Target(model: model, type: "\(model).Reference", field: nil, rule: rule)
        }
        guard let field = other.columns.first(where: { $0.name.equalsBytes(end) }) else {
            return nil
        }
        var type = InspectedType(field, in: other)
        if ["Int16", "Int64"].contains(type.swiftType) { type.swiftType = "Int" }
        return Target(
            model: model,
            type: "FieldReference<\(model), \(type.swiftType)>",
            field: fieldName(of: field, in: other),
            rule: rule
        )
    }

    /// The name that a column's field gets.
    private func fieldName(
        of wanted: IntrospectedTable.Column,
        in table: IntrospectedTable
    ) -> String {
        var taken: Set<String> = []
        var properties: Set<String> = []
        for column in table.columns {
            let isRelation = target(of: column, in: table) != nil
            let name = InspectedNames.field(
                column.name,
                isRelation: isRelation,
                taken: &taken,
                properties: &properties
            )
            if column.name.equalsBytes(wanted.name) { return name.name }
        }
        return wanted.name
    }

    // MARK: Texts

    private static func list(_ names: [String]) -> String {
        "[\(names.map(literal).joined(separator: ", "))]"
    }

    /// A text of the database as a literal of Swift: nothing in it can end the literal.
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _
            where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.properties.generalCategory == .format
                || scalar.properties.generalCategory == .lineSeparator
                || scalar.properties.generalCategory == .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension InspectedType {
    /// Whether the primary key of a model can have the type.
    var canBeKey: Bool { ["Int", "String", "UUID"].contains(swiftType) }
}
