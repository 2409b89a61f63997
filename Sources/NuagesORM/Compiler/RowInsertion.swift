import NuagesCore

/// Inserts rows of one table, of which the columns are values or expressions.
///
/// Source: Django's `SQLInsertCompiler`.
struct RowInsertion {
    /// What is done where a constraint refuses a row.
    enum Conflict {
        case fails
        case ignores
        case updates([FieldInfo], unique: [FieldInfo])
    }

    let model: ModelInfo
    let database: Database
    var conflict = Conflict.fails

    /// Inserts rows, with as few statements as the database takes.
    ///
    /// - Returns: the columns asked for of each row; none where the database does not tell them.
    func insert(
        _ rows: [[FieldInfo: ExpressionNode]],
        returning: [FieldInfo],
        batchSize: Int? = nil
    ) async throws -> [[SQLValue]] {
        let fields = model.fields.filter { field in rows.contains { $0[field] != nil } }
        let limit = max(1, database.features.maxBindings / max(1, fields.count))
        // A row without any column takes a statement of its own.
        let size = fields.isEmpty ? 1 : min(batchSize ?? limit, limit)
        var results: [[SQLValue]] = []
        for group in rows.batches(of: size).grouped(binding: fields.count) {
            let statements = try group.map { try statement($0, fields, returning) }
            results += try await read(statements, returning)
        }
        return results
    }

    /// Runs a statement that changes the rows of a query, and reads some of their columns: by the
    /// statement itself where the database can do that, else afterwards.
    func update(
        _ statement: SQLStatement,
        of query: Query,
        returning: [FieldInfo]
    ) async throws -> [[SQLValue]] {
        let columns = SQL.joined(
            returning.map { "\(identifier: model.table).\(identifier: $0.column)" }
        )
        if database.features.supportsReturningFromUpdate {
            let sql: SQL = " RETURNING \(sql: columns)"
            let suffix = sql.statement(database.dialect).text
            return try await read(
                [SQLStatement(statement.text + suffix, statement.bindings)],
                returning
            )
        }
        let count = try await database.write(statement)
        guard count > 0 else { return [] }
        var rows = try query.resolved()
        _ = rows.initialAlias()
        var select: SQL = "SELECT \(sql: columns) FROM \(identifier: model.table)"
        if let condition = try UpdateCompiler.condition(rows, query, database.writer) {
            select.append(" WHERE \(sql: condition)")
        }
        return try await read([select.statement(database.dialect)], returning)
    }

    private func read(
        _ statements: [SQLStatement],
        _ returning: [FieldInfo]
    ) async throws -> [[SQLValue]] {
        let types = returning.map { ValueType($0) }
        let take: @Sendable (inout [[SQLValue]], inout Row) throws -> Void = { found, row in
            var values: [SQLValue] = []
            for (place, type) in types.enumerated() {
                let column = row.source.column(place)
                do throws(DecodingFailure) {
                    values.append(try type.value(of: column))
                } catch {
                    throw Row.mismatch(place, type.field.rawValue, column)
                }
            }
            found.append(values)
        }
        if statements.count == 1 {
            return try await database.write(statements[0], into: [], take).value
        }
        return try await database.performMany(statements, mode: .write) { connection, statements in
            var found: [[SQLValue]] = []
            _ = try connection.runMany(statements) { try take(&found, &$1) }
            return found
        }
    }

    private func statement(
        _ rows: [[FieldInfo: ExpressionNode]],
        _ fields: [FieldInfo],
        _ returning: [FieldInfo]
    ) throws -> SQLStatement {
        var (start, end) = ("INSERT INTO", "")
        if case .ignores = conflict { (start, end) = database.dialect.ignoringInsert }
        var sql: SQL = "\(sql: SQL(unsafe: start)) \(identifier: model.table)"
        if fields.isEmpty {
            sql.append(database.dialect.emptyInsert)
        } else {
            sql.append(" (\(identifiers: fields.map(\.column))) VALUES ")
            let tuples = try rows.map { row -> SQL in
                let values = try fields.map { field in
                    try self.sql(row[field] ?? .value(field.schema.databaseMadeValue), field)
                }
                return "(\(sql: SQL.joined(values)))"
            }
            sql.append(SQL.joined(tuples))
        }
        if case .updates(let updated, let unique) = conflict {
            sql.append(
                database.dialect.upsert(
                    updating: updated.map(\.column),
                    unique: unique.map(\.column)
                )
            )
        }
        sql.append(SQL(unsafe: end))
        if !returning.isEmpty {
            let columns = SQL.joined(
                returning.map { "\(identifier: model.table).\(identifier: $0.column)" }
            )
            sql.append(" RETURNING \(sql: columns)")
        }
        return sql.statement(database.dialect)
    }

    private func sql(_ node: ExpressionNode, _ field: FieldInfo) throws -> SQL {
        if case .value(let value, nil) = node {
            let type = ValueType(field)
            return database.dialect.bind(try value.stored(in: field), type)
        }
        var rows = ResolvedQuery(model)
        var context = ResolutionContext()
        context.allowsJoins = false
        context.isForWriting = true
        var reuse: Set<String>?
        let resolved = try rows.resolve(node, context, reuse: &reuse)
        if !resolved.columns(withExternal: false).isEmpty {
            throw UsageError.invalidValue(
                "A new row has no columns yet that '\(field.name)' could be computed from."
            )
        }
        if resolved.containsAggregate || resolved.containsWindow {
            throw FieldError.invalidQuery(
                "'\(field.name)' cannot be set to an aggregate or window."
            )
        }
        return try database.writer.argument(resolved)
    }
}

extension FieldSchema {
    /// The constant that the database takes for rows that give no value.
    var databaseMadeValue: SQLValue { databaseDefault ?? .null }
}

extension SQLValue {
    /// The value as a column holds it.
    ///
    /// Django: `get_db_prep_save`.
    func stored(in field: FieldInfo) throws -> SQLValue {
        if self == .null { return .null }
        let type = ValueType(field)
        if type.family == .json {
            return .json(asDocument ?? .null)
        }
        do {
            return try prepared(as: type).unpacked(in: field.schema)
        } catch {
            throw FieldError.invalidValue(field: field.name, expected: type.field.rawValue)
        }
    }

    /// The value as a JSON document.
    private var asDocument: JSONValue? {
        switch self {
        case .json(let document): document
        case .text(let text): .string(text)
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .bool(let flag): .bool(flag)
        default: asText.map { .string($0) }
        }
    }
}
