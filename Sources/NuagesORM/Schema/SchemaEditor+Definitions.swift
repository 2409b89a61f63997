extension SchemaEditor {
    /// The statement that makes a table.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - table: the table's name where it is not the model's own.
    /// - Returns: the statement without `;`.
    /// - Throws: ``MigrationError``.
    package func createTableText(_ model: TableModel, named table: String? = nil) throws -> String {
        var parts: [String] = []
        for field in model.columns {
            parts.append("\(quote(field.column)) \(try columnDefinition(field, in: model))")
        }
        for constraint in model.schema.constraints where isInline(constraint) {
            parts.append(try inlineDefinition(constraint, in: model))
        }
        if model.schema.fields.contains(where: { $0.type == .compositePrimaryKey }) {
            parts.append(
                "PRIMARY KEY (\(model.primaryKey.map { quote($0.column) }.joined(separator: ", ")))"
            )
        }
        return "CREATE TABLE \(quote(table ?? model.table)) (\(parts.joined(separator: ", ")))"
            + tablespaceText(model.schema.databaseTablespace)
    }

    /// What follows a column's name: type, default, `NOT NULL`, keys and checks.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - model: the model.
    ///   - filler: the text of a default that is only for the rows that are there.
    /// - Returns: the definition.
    /// - Throws: ``MigrationError``.
    package func columnDefinition(
        _ field: FieldSchema,
        in model: TableModel,
        filler: String? = nil
    ) throws -> String {
        let typed = try typeField(of: field, in: model)
        var parts = [try columnType(of: field, in: model)]
        if let collation = field.databaseCollation
            ?? (field.isRelation ? typed.databaseCollation : nil)
        {
            parts.append("COLLATE \(quote(collation))")
        }
        if dialect.features.supportsInlineComments, let comment = field.databaseComment {
            parts.append("COMMENT \(try dialect.sql.literal(.text(comment)))")
        }
        if let value = field.databaseDefault {
            parts.append("DEFAULT \(try dialect.literal(value, for: typed))")
        } else if let expression = field.databaseDefaultExpression {
            parts.append("DEFAULT (\(try dialect.text(of: expression, in: model)))")
        } else if let filler {
            parts.append("DEFAULT \(filler)")
        }
        if let generated = field.generated {
            let text = try dialect.text(of: generated.expression, in: model)
            parts.append(
                "GENERATED ALWAYS AS (\(text)) \(generated.isStored ? "STORED" : "VIRTUAL")"
            )
        } else {
            parts.append(field.isNullable ? "NULL" : "NOT NULL")
        }
        if field.isPrimaryKey {
            parts.append("PRIMARY KEY")
        } else if field.isUniqueColumn {
            parts.append("UNIQUE")
        }
        if field.isUniqueColumn || field.isPrimaryKey {
            let tablespace = tablespaceText(tablespace(of: [field], in: model))
            if !tablespace.isEmpty { parts.append("USING INDEX" + tablespace) }
        }
        if !field.isRelation, let check = dialect.check(of: typed, column: quote(field.column)) {
            parts.append("CHECK (\(check))")
        }
        if !field.isRelation, let suffix = dialect.typeSuffix(of: field) { parts.append(suffix) }
        if let reference = try inlineReference(field, in: model) { parts.append(reference) }
        return parts.joined(separator: " ")
    }

    /// ` TABLESPACE` and a name, on databases that have them.
    func tablespaceText(_ name: String?) -> String {
        guard dialect.features.supportsTablespaces, let name, !name.isEmpty else { return "" }
        return " TABLESPACE \(quote(name))"
    }

    /// The tablespace of an index over fields: that of the only one, else that of the model.
    func tablespace(of fields: [FieldSchema], in model: TableModel) -> String? {
        let own = fields.count == 1 ? fields[0].databaseTablespace : nil
        return own ?? model.schema.databaseTablespace
    }

    /// The type of a field's column.
    package func columnType(
        of field: FieldSchema,
        in model: TableModel
    ) throws(MigrationError) -> String {
        dialect.columnType(of: try typeField(of: field, in: model), isReference: field.isRelation)
    }

    /// The field that gives a column its type: the end of a chain of references, and what a
    /// generated column holds.
    package func typeField(
        of field: FieldSchema,
        in model: TableModel
    ) throws(MigrationError) -> FieldSchema {
        let end = try model.typeField(of: field)
        guard var output = end.generated?.output else { return end }
        output.name = field.name
        return output
    }

    private func inlineReference(
        _ field: FieldSchema,
        in model: TableModel
    ) throws(MigrationError) -> String? {
        guard !dialect.features.supportsAddingForeignKeys, let relation = field.relation,
            relation.isEnforced
        else { return nil }
        return try referenceText(field, relation, in: model)
    }

    /// `REFERENCES` and what follows, of a foreign key.
    package func referenceText(
        _ field: FieldSchema,
        _ relation: Relation,
        in model: TableModel,
        separator: String = " "
    ) throws(MigrationError) -> String {
        let target = try model.target(of: field)
        let action =
            switch relation.onDelete {
            case .databaseCascade: " ON DELETE CASCADE"
            case .databaseSetNull: " ON DELETE SET NULL"
            case .databaseSetDefault: " ON DELETE SET DEFAULT"
            default: ""
            }
        let column = "\(separator)(\(quote(target.field.column)))"
        let wait =
            dialect.features.supportsDeferrableConstraints ? " DEFERRABLE INITIALLY DEFERRED" : ""
        return "REFERENCES \(quote(target.model.table))\(column)\(action)\(wait)"
    }

    /// Whether a constraint is a part of the table's definition rather than an index.
    package func isInline(_ constraint: ConstraintSchema) -> Bool {
        let features = dialect.features
        if constraint.kind == .exclusion { return features.supportsExclusionConstraints }
        return constraint.kind == .check
            || (constraint.condition == nil && constraint.expressions.isEmpty
                && constraint.include.isEmpty && constraint.operatorClasses.isEmpty
                && (constraint.deferrable == nil || features.supportsDeferrableUnique)
                && (constraint.treatsNullsAsDistinct == nil || features.supportsNullsDistinct))
    }

    /// Whether NULLs are equal to each other, for a unique constraint that says so.
    static func nullsText(_ areDistinct: Bool?) -> String {
        areDistinct.map { $0 ? " NULLS DISTINCT" : " NULLS NOT DISTINCT" } ?? ""
    }

    /// What a constraint of a table says, with its name.
    ///
    /// - Parameters:
    ///   - constraint: the constraint.
    ///   - model: the model.
    /// - Returns: the definition.
    /// - Throws: ``MigrationError``.
    package func inlineDefinition(
        _ constraint: ConstraintSchema,
        in model: TableModel
    ) throws -> String {
        let name = "CONSTRAINT \(quote(constraint.name))"
        if constraint.kind == .check {
            return
                "\(name) CHECK (\(try conditionText(constraint.condition ?? .all([]), in: model)))"
        }
        if constraint.kind == .exclusion {
            return "\(name) \(try exclusionText(constraint, in: model))"
        }
        let columns = try constraint.fields.map { quote(try model.field($0).column) }
        let nulls = Self.nullsText(constraint.treatsNullsAsDistinct)
        let wait = constraint.deferrable.map { " DEFERRABLE INITIALLY \($0.rawValue)" } ?? ""
        return "\(name) UNIQUE\(nulls) (\(columns.joined(separator: ", ")))\(wait)"
    }

    /// A condition on the columns of a table as text.
    package func conditionText(_ condition: Q, in model: TableModel) throws -> String {
        let sql = try condition.sql(for: model.schema, dialect: dialect.sql)
        return try sql.literalText(dialect.sql)
    }

    /// What an exclusion constraint says.
    private func exclusionText(
        _ constraint: ConstraintSchema,
        in model: TableModel
    ) throws -> String {
        let method = constraint.indexMethod?.rawValue.lowercased() ?? "gist"
        try constraint.checkExclusion(method)
        let parts = try constraint.exclusions.map {
            "\(try indexedText($0.expression, of: model)) WITH \($0.operation)"
        }
        var text = "EXCLUDE USING \(method) (\(parts.joined(separator: ", ")))"
        if !constraint.include.isEmpty {
            let included = try constraint.include.map { quote(try model.field($0).column) }
            text += " INCLUDE (\(included.joined(separator: ", ")))"
        }
        if let condition = constraint.condition {
            text += " WHERE (\(try conditionText(condition, in: model)))"
        }
        let wait = constraint.deferrable.map { " DEFERRABLE INITIALLY \($0.rawValue)" } ?? ""
        return text + wait
    }
}

extension ConstraintSchema {
    private static let signs = Set("+-*/<>=~!@#%^&|`?".utf8)

    /// Whether an operator is made of signs alone, so that it can stand in SQL as it is.
    static func isOperator(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(signs.contains)
    }

    /// Refuses an exclusion constraint that PostgreSQL has no form for.
    fileprivate func checkExclusion(_ method: String) throws(MigrationError) {
        func refuse(_ reason: String) -> MigrationError { .invalidConstraint(name, reason: reason) }
        guard ["gist", "hash", "spgist"].contains(method) else {
            throw refuse("An exclusion constraint has a GiST, hash or SP-GiST index.")
        }
        if exclusions.isEmpty { throw refuse("Say in which ways no two rows are alike.") }
        for part in exclusions where !Self.isOperator(part.operation) {
            throw refuse("'\(part.operation)' is no operator.")
        }
        guard method == "hash" else { return }
        if !include.isEmpty { throw refuse("A hash index includes no other columns.") }
        if exclusions.count > 1 { throw refuse("A hash index has one expression.") }
        if exclusions[0].operation != "=" {
            throw refuse("A hash index knows the operator = alone.")
        }
    }
}
