extension SchemaEditor {
    /// The statements that make all indexes of a model.
    func indexStatements(of model: TableModel) throws -> [Deferred] {
        var statements: [Deferred] = []
        for group in model.schema.uniqueTogether {
            statements.append(try uniqueTogetherStatement(group, of: model))
        }
        for field in model.columns {
            if let statement = try foreignKeyStatement(field, of: model) {
                statements.append(statement)
            }
        }
        for constraint in model.schema.constraints where !isInline(constraint) {
            if let statement = try uniqueIndexStatement(constraint, of: model) {
                statements.append(statement)
            }
        }
        for field in model.columns {
            statements += try fieldIndexStatements(field, of: model)
        }
        for index in model.schema.indexes {
            if let statement = try statement(index, of: model) { statements.append(statement) }
        }
        return statements
    }

    /// The statement that makes the index of a field, if it has one.
    func fieldIndexStatement(_ field: FieldSchema, of model: TableModel) -> Deferred? {
        guard field.hasIndex, !field.isUniqueColumn, field.hasColumn,
            let type = try? columnType(of: field, in: model),
            dialect.hasOwnIndex(field, type: type)
        else { return nil }
        return indexStatement(of: field, in: model)
    }

    private func indexStatement(
        of field: FieldSchema,
        in model: TableModel,
        suffix: String = "",
        operatorClass: String? = nil
    ) -> Deferred {
        let name = dialect.names.index(
            table: model.table,
            columns: [field.column],
            suffix: suffix
        )
        let part = quote(field.column) + (operatorClass.map { " \($0)" } ?? "")
        return Deferred(
            table: model.table,
            columns: [field.column],
            text: "CREATE INDEX \(quote(name)) ON \(quote(model.table)) (\(part))"
                + tablespaceText(tablespace(of: [field], in: model))
        )
    }

    /// The indexes of a field: its own, and the one that patterns need.
    package func fieldIndexStatements(
        _ field: FieldSchema,
        of model: TableModel
    ) throws(MigrationError) -> [Deferred] {
        var statements: [Deferred] = []
        if let statement = fieldIndexStatement(field, of: model) { statements.append(statement) }
        if let statement = try patternIndexStatement(field, of: model) {
            statements.append(statement)
        }
        return statements
    }

    /// The second index of a text column, which patterns can use in any collation.
    package func patternIndexStatement(
        _ field: FieldSchema,
        of model: TableModel
    ) throws(MigrationError) -> Deferred? {
        guard field.hasColumn, field.hasIndex || field.isUniqueColumn,
            try typeField(of: field, in: model).databaseCollation == nil,
            field.databaseCollation == nil
        else { return nil }
        let type = try columnType(of: field, in: model)
        return dialect.patternOperatorClass(ofType: type).map {
            indexStatement(of: field, in: model, suffix: "_like", operatorClass: $0)
        }
    }

    /// The statement that makes a field's foreign key, on databases that add it to a table.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - model: the model.
    ///   - isRebuilt: whether the key was dropped for a change of what it refers to, after which
    ///     Django gives it a shorter name.
    /// - Returns: the statement; nil where the table's own statement makes the key, or where the
    ///   field has none.
    /// - Throws: ``MigrationError`` where what the key refers to is not known.
    package func foreignKeyStatement(
        _ field: FieldSchema,
        of model: TableModel,
        isRebuilt: Bool = false
    ) throws(MigrationError) -> Deferred? {
        guard dialect.features.supportsAddingForeignKeys, field.hasColumn,
            let relation = field.relation, relation.isEnforced
        else { return nil }
        let name = quote(
            isRebuilt
                ? dialect.names.index(table: model.table, columns: [field.column], suffix: "_fk")
                : try foreignKeyName(field, of: model)
        )
        let reference = try referenceText(field, relation, in: model)
        return Deferred(
            table: model.table,
            columns: [field.column],
            text: "ALTER TABLE \(quote(model.table)) ADD CONSTRAINT \(name) "
                + "FOREIGN KEY (\(quote(field.column))) \(reference)"
        )
    }

    /// The name of a field's foreign key.
    package func foreignKeyName(
        _ field: FieldSchema,
        of model: TableModel
    ) throws(MigrationError) -> String {
        let target = try model.target(of: field)
        return dialect.names.foreignKey(
            table: model.table,
            column: field.column,
            target: target.model.table,
            targetColumn: target.field.column
        )
    }

    private func uniqueTogetherStatement(
        _ group: [String],
        of model: TableModel
    ) throws(MigrationError) -> Deferred {
        var columns: [String] = []
        for name in group { columns.append(try model.field(name).column) }
        let name = dialect.names.unique(table: model.table, columns: columns)
        let list = columns.map(quote).joined(separator: ", ")
        let table = quote(model.table)
        return Deferred(
            table: model.table,
            columns: columns,
            text: dialect.features.supportsAlteringColumns
                ? "ALTER TABLE \(table) ADD CONSTRAINT \(quote(name)) UNIQUE (\(list))"
                : "CREATE UNIQUE INDEX \(quote(name)) ON \(table) (\(list))"
        )
    }

    /// The unique index of a constraint that is not a part of the table's definition; nil on a
    /// database that cannot keep it.
    private func uniqueIndexStatement(
        _ constraint: ConstraintSchema,
        of model: TableModel
    ) throws -> Deferred? {
        let features = dialect.features
        let canKeep =
            constraint.kind == .unique && constraint.deferrable == nil
            && (constraint.include.isEmpty || features.supportsIncludedColumns)
            && (constraint.treatsNullsAsDistinct == nil || features.supportsNullsDistinct)
            && (constraint.condition == nil || features.supportsPartialIndexes)
            && (constraint.expressions.isEmpty || features.supportsExpressionIndexes)
        guard canKeep else { return nil }
        return try indexStatement(
            "CREATE UNIQUE INDEX",
            constraint.name,
            IndexParts(
                fields: constraint.fields,
                expressions: constraint.expressions,
                include: constraint.include,
                operatorClasses: constraint.operatorClasses,
                nulls: Self.nullsText(constraint.treatsNullsAsDistinct),
                condition: constraint.condition
            ),
            of: model
        )
    }

    /// The statement that makes an index; nil on a database that cannot keep it.
    private func statement(
        _ index: IndexSchema,
        of model: TableModel,
        concurrently: Bool = false
    ) throws -> Deferred? {
        guard index.expressions.isEmpty || dialect.features.supportsExpressionIndexes else {
            return nil
        }
        let condition = dialect.features.supportsPartialIndexes ? index.condition : nil
        let fields = try index.fields.map { try model.field($0) }
        return try indexStatement(
            concurrently ? "CREATE INDEX CONCURRENTLY" : "CREATE INDEX",
            index.name,
            IndexParts(
                fields: index.fields,
                expressions: index.expressions,
                include: index.include,
                operatorClasses: index.operatorClasses,
                tablespace: index.databaseTablespace ?? tablespace(of: fields, in: model),
                condition: condition,
                method: dialect.features.supportsIndexMethods ? try index.methodText : "",
                parameters: dialect.features.supportsIndexMethods ? try index.parameterText : ""
            ),
            of: model
        )
    }

    /// What an index is made of.
    private struct IndexParts {
        var fields: [String]
        var expressions: [SchemaExpression]
        var include: [String]
        var operatorClasses: [String]
        var nulls = ""
        var tablespace: String?
        var condition: Q?
        var method = ""
        var parameters = ""
    }

    private func indexStatement(
        _ verb: String,
        _ name: String,
        _ index: IndexParts,
        of model: TableModel
    ) throws -> Deferred {
        var columns: [String] = []
        var parts: [String] = []
        let classes = dialect.features.supportsOperatorClasses ? index.operatorClasses : []
        for (position, field) in index.fields.enumerated() {
            let column = try model.field(field).column
            columns.append(column)
            var part = quote(column)
            if position < classes.count { part += " \(classes[position])" }
            parts.append(field.hasPrefix("-") ? "\(part) DESC" : part)
        }
        for expression in index.expressions {
            columns += expression.fieldNames.compactMap { try? model.field($0).column }
            parts.append(try indexedText(expression, of: model))
        }
        var text =
            "\(verb) \(quote(name)) ON \(quote(model.table))\(index.method) "
            + "(\(parts.joined(separator: ", ")))"
        if dialect.features.supportsIncludedColumns, !index.include.isEmpty {
            let included = try index.include.map { quote(try model.field($0).column) }
            text += " INCLUDE (\(included.joined(separator: ", ")))"
        }
        text += index.nulls + index.parameters
        text += tablespaceText(index.tablespace)
        if let condition = index.condition {
            text += " WHERE \(try conditionText(condition, in: model))"
        }
        return Deferred(table: model.table, columns: columns, text: text)
    }

    /// An expression of an index; all but plain columns are in parentheses.
    func indexedText(_ expression: SchemaExpression, of model: TableModel) throws -> String {
        switch expression {
        case .ordered(let inner, let isDescending):
            return "\(try indexedText(inner, of: model)) \(isDescending ? "DESC" : "ASC")"
        case .function("OpClass", let arguments):
            guard let inner = arguments.first, case .raw(let name)? = arguments.last else {
                return ""
            }
            let text = try indexedText(inner, of: model)
            return dialect.features.supportsOperatorClasses ? "\(text) \(name)" : text
        case .field: return try dialect.text(of: expression, in: model)
        case .collated(let inner, let collation):
            return "\(try indexedText(inner, of: model)) COLLATE \(quote(collation))"
        default: return "(\(try dialect.text(of: expression, in: model)))"
        }
    }

    /// Makes an index.
    ///
    /// - Parameters:
    ///   - index: the index.
    ///   - model: the model.
    ///   - concurrently: whether others may write meanwhile; not inside a transaction.
    /// - Throws: ``MigrationError`` for an unknown field, and the database's error.
    public mutating func add(
        _ index: IndexSchema,
        to model: TableModel,
        concurrently: Bool = false
    ) async throws {
        guard migrates(model) else { return }
        let isConcurrent = concurrently && dialect.features.supportsIndexMethods
        if let statement = try statement(index, of: model, concurrently: isConcurrent) {
            try await execute(statement.text)
        }
    }

    /// Drops an index.
    ///
    /// - Parameters:
    ///   - index: the index.
    ///   - model: the model.
    ///   - concurrently: whether others may write meanwhile; not inside a transaction.
    /// - Throws: the database's error.
    public mutating func remove(
        _ index: IndexSchema,
        from model: TableModel,
        concurrently: Bool = false
    ) async throws {
        guard migrates(model), let statement = try statement(index, of: model) else { return }
        if concurrently, dialect.features.supportsIndexMethods {
            try await execute("DROP INDEX CONCURRENTLY IF EXISTS \(quote(index.name))")
            return
        }
        try await dialect.prepareToDropIndex(over: statement.columns, of: model, editor: &self)
        try await execute(dialect.dropIndex(quote(index.name), of: quote(model.table)))
    }

    /// Renames an index.
    ///
    /// - Parameters:
    ///   - old: the index before.
    ///   - new: the index after.
    ///   - model: the model.
    /// - Throws: the database's error.
    public mutating func rename(
        _ old: IndexSchema,
        to new: IndexSchema,
        of model: TableModel
    ) async throws {
        guard migrates(model), old.name != new.name else { return }
        if dialect.features.supportsRenamingIndexes {
            if try statement(new, of: model) == nil { return }
            try await execute(
                dialect.renameIndex(quote(old.name), to: quote(new.name), of: quote(model.table))
            )
            return
        }
        try await remove(old, from: model)
        try await add(new, to: model)
    }

    /// Adds a constraint.
    ///
    /// - Parameters:
    ///   - constraint: the constraint.
    ///   - model: the model with it.
    /// - Throws: ``MigrationError`` for an unknown field, and the database's error.
    public mutating func add(_ constraint: ConstraintSchema, to model: TableModel) async throws {
        guard migrates(model) else { return }
        if isInline(constraint) {
            try await dialect.add(constraint, to: model, editor: &self)
        } else if let statement = try uniqueIndexStatement(constraint, of: model) {
            try await execute(statement.text)
        }
    }

    /// Removes a constraint.
    ///
    /// - Parameters:
    ///   - constraint: the constraint.
    ///   - model: the model without it.
    /// - Throws: the database's error.
    public mutating func remove(_ constraint: ConstraintSchema, from model: TableModel) async throws
    {
        guard migrates(model) else { return }
        if isInline(constraint) {
            try await dialect.remove(constraint, from: model, editor: &self)
        } else if let statement = try uniqueIndexStatement(constraint, of: model) {
            try await dialect.prepareToDropIndex(over: statement.columns, of: model, editor: &self)
            try await execute(dialect.dropIndex(quote(constraint.name), of: quote(model.table)))
        }
    }

    /// Makes and drops the unique indexes of groups of fields.
    ///
    /// - Parameters:
    ///   - old: the model before.
    ///   - new: the model after.
    /// - Throws: ``MigrationError/wrongConstraintCount(_:table:columns:)`` when an index to drop is
    ///   not found, and the database's error.
    public mutating func alterUniqueTogether(of old: TableModel, as new: TableModel) async throws {
        guard migrates(new) else { return }
        let (before, after) = (old.schema.uniqueTogether, new.schema.uniqueTogether)
        for group in before where !after.contains(group) {
            try await dropUniqueTogether(group, of: old)
        }
        for group in after where !before.contains(group) {
            try await execute(try uniqueTogetherStatement(group, of: new).text)
        }
    }

    private mutating func dropUniqueTogether(_ group: [String], of model: TableModel) async throws {
        let wanted = try uniqueTogetherStatement(group, of: model)
        if let waiting = deferred.firstIndex(where: { $0.text == wanted.text }) {
            deferred.remove(at: waiting)
            return
        }
        var name = dialect.names.unique(table: model.table, columns: wanted.columns)
        if let table = try await introspect(model.table) {
            let own = Set(model.schema.constraints.map(\.name) + model.schema.indexes.map(\.name))
            let found = table.indexes.filter { index in
                index.isUnique && !index.isPrimaryKey && !own.contains(index.name)
                    && index.columns == wanted.columns.map { $0 }
            }.map(\.name)
            if !found.contains(name) {
                guard let only = found.first, found.count == 1 else {
                    throw MigrationError.wrongConstraintCount(
                        found.count,
                        table: model.table,
                        columns: wanted.columns
                    )
                }
                name = only
            }
        }
        try await dialect.prepareToDropIndex(over: wanted.columns, of: model, editor: &self)
        if dialect.features.supportsAlteringColumns {
            try await execute("ALTER TABLE \(quote(model.table)) DROP CONSTRAINT \(quote(name))")
        } else {
            try await execute(dialect.dropIndex(quote(name), of: quote(model.table)))
        }
    }
}
