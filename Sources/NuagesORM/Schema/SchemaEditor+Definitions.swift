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
    }

    /// What follows a column's name: type, default, `NOT NULL`, keys and checks.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - model: the model.
    /// - Returns: the definition.
    /// - Throws: ``MigrationError``.
    package func columnDefinition(_ field: FieldSchema, in model: TableModel) throws -> String {
        let typed = try typeField(of: field, in: model)
        var parts = [try columnType(of: field, in: model)]
        if let collation = field.databaseCollation
            ?? (field.isRelation ? typed.databaseCollation : nil)
        {
            parts.append("COLLATE \(quote(collation))")
        }
        if let value = field.databaseDefault {
            parts.append("DEFAULT \(try dialect.literal(value, for: typed))")
        } else if let expression = field.databaseDefaultExpression {
            parts.append("DEFAULT (\(try dialect.text(of: expression, in: model)))")
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
        if !field.isRelation, let check = dialect.check(of: typed, column: quote(field.column)) {
            parts.append("CHECK (\(check))")
        }
        if !field.isRelation, let suffix = dialect.typeSuffix(of: field) { parts.append(suffix) }
        if let reference = try inlineReference(field, in: model) { parts.append(reference) }
        return parts.joined(separator: " ")
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
        let target = try model.target(of: field)
        let action =
            switch relation.onDelete {
            case .databaseCascade: " ON DELETE CASCADE"
            case .databaseSetNull: " ON DELETE SET NULL"
            case .databaseSetDefault: " ON DELETE SET DEFAULT"
            default: ""
            }
        return "REFERENCES \(quote(target.model.table)) (\(quote(target.field.column)))\(action)"
            + " DEFERRABLE INITIALLY DEFERRED"
    }

    /// Whether a constraint is a part of the table's definition rather than an index.
    package func isInline(_ constraint: ConstraintSchema) -> Bool {
        constraint.kind == .check
            || (constraint.condition == nil && constraint.expressions.isEmpty
                && constraint.include.isEmpty && constraint.deferrable == nil
                && constraint.operatorClasses.isEmpty && constraint.treatsNullsAsDistinct == nil)
    }

    private func inlineDefinition(
        _ constraint: ConstraintSchema,
        in model: TableModel
    ) throws -> String {
        let name = "CONSTRAINT \(quote(constraint.name))"
        if constraint.kind == .check {
            return
                "\(name) CHECK (\(try conditionText(constraint.condition ?? .all([]), in: model)))"
        }
        let columns = try constraint.fields.map { quote(try model.field($0).column) }
        return "\(name) UNIQUE (\(columns.joined(separator: ", ")))"
    }

    /// A condition on the columns of a table as text.
    package func conditionText(_ condition: Q, in model: TableModel) throws -> String {
        let sql = try condition.sql(for: model.schema, dialect: dialect.sql)
        return try sql.literalText(dialect.sql)
    }
}
