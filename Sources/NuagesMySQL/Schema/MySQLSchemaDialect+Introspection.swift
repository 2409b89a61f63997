import NuagesORM

extension MySQLSchemaDialect {
    func tableNames(in database: Database) async throws -> [String] {
        let rows = try await database.rows(
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name
            """
        )
        return rows.compactMap { $0.first?.asText }
    }

    func table(_ name: String, in database: Database) async throws -> IntrospectedTable? {
        let found = try await database.rows(
            """
            SELECT table_comment, table_collation, table_type FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_name = \(name)
            """
        )
        guard let row = found.first, row.count == 3 else { return nil }
        let checks = try await checks(of: name, in: database)
        var table = IntrospectedTable(
            name: name,
            columns: try await columns(of: name, row[1].asText, checks, in: database),
            indexes: try await indexes(of: name, in: database),
            foreignKeys: try await foreignKeys(of: name, in: database),
            triggers: try await triggers(of: name, in: database),
            definition: ""
        )
        table.checks = checks.filter { $0.json == nil }.map(\.check)
        table.comment = row[0].asText.flatMap { $0.isEmpty || $0 == "VIEW" ? nil : $0 }
        return table
    }

    private func columns(
        of table: String,
        _ collation: String?,
        _ checks: [FoundCheck],
        in database: Database
    ) async throws -> [IntrospectedTable.Column] {
        let rows = try await database.rows(
            """
            SELECT c.column_name, c.column_type, c.is_nullable, c.column_default, c.extra,
                c.collation_name, c.column_comment, c.is_generated,
                (SELECT MAX(k.ordinal_position) FROM information_schema.key_column_usage k
                    WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name
                    AND k.constraint_name = 'PRIMARY' AND k.column_name = c.column_name)
            FROM information_schema.columns c
            WHERE c.table_schema = DATABASE() AND c.table_name = \(table)
            ORDER BY c.ordinal_position
            """
        )
        return rows.compactMap { row in
            guard row.count == 9, let name = row[0].asText else { return nil }
            let isJSON = checks.contains { $0.json == name }
            let isGenerated = row[7].asText == "ALWAYS"
            var column = IntrospectedTable.Column(
                name: name,
                type: isJSON ? "json" : MySQLTypeName.short(row[1].asText ?? ""),
                isNullable: row[2].asText == "YES",
                defaultText: isGenerated ? nil : row[3].asText.flatMap { $0 == "NULL" ? nil : $0 },
                primaryKeyPosition: row[8].asInt ?? 0,
                isGenerated: isGenerated
            )
            column.isIdentity = row[4].asText == "auto_increment"
            column.collation = row[5].asText.flatMap { $0 == collation || isJSON ? nil : $0 }
            column.comment = row[6].asText.flatMap { $0.isEmpty ? nil : $0 }
            return column
        }
    }

    private func indexes(
        of table: String,
        in database: Database
    ) async throws -> [IntrospectedTable.Index] {
        let rows = try await database.rows(
            """
            SELECT index_name, non_unique, column_name, collation, index_type
            FROM information_schema.statistics
            WHERE table_schema = DATABASE() AND table_name = \(table)
            ORDER BY index_name, seq_in_index
            """
        )
        var indexes: [IntrospectedTable.Index] = []
        for row in rows {
            guard row.count == 5, let name = row[0].asText else { continue }
            if indexes.last?.name != name {
                let isUnique = row[1].asInt == 0
                var index = IntrospectedTable.Index(
                    name: name,
                    columns: [],
                    isDescending: [],
                    isUnique: isUnique,
                    isPartial: false,
                    belongsToConstraint: isUnique,
                    isPrimaryKey: name == "PRIMARY",
                    definition: nil
                )
                index.method = row[4].asText?.lowercased()
                indexes.append(index)
            }
            indexes[indexes.count - 1].columns.append(row[2].asText)
            indexes[indexes.count - 1].isDescending.append(row[3].asText == "D")
            indexes[indexes.count - 1].operatorClasses.append(nil)
        }
        return indexes
    }

    private func foreignKeys(
        of table: String,
        in database: Database
    ) async throws -> [IntrospectedTable.ForeignKey] {
        let rows = try await database.rows(
            """
            SELECT k.constraint_name, k.column_name, k.referenced_table_name,
                k.referenced_column_name, r.delete_rule
            FROM information_schema.key_column_usage k
            JOIN information_schema.referential_constraints r
                ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name
                AND r.constraint_name = k.constraint_name
            WHERE k.table_schema = DATABASE() AND k.table_name = \(table)
                AND k.referenced_table_schema = DATABASE()
            ORDER BY k.constraint_name, k.ordinal_position
            """
        )
        var keys: [IntrospectedTable.ForeignKey] = []
        for row in rows {
            guard row.count == 5, let name = row[0].asText, let column = row[1].asText else {
                continue
            }
            if keys.last?.name != name {
                let rule = row[4].asText ?? "NO ACTION"
                var key = IntrospectedTable.ForeignKey(
                    columns: [],
                    table: row[2].asText ?? "",
                    targetColumns: [],
                    // They are one and the same here.
                    onDelete: rule == "RESTRICT" ? "NO ACTION" : rule
                )
                key.name = name
                key.isDeferrable = false
                keys.append(key)
            }
            keys[keys.count - 1].columns.append(column)
            keys[keys.count - 1].targetColumns.append(row[3].asText ?? "")
        }
        return keys
    }

    private func triggers(of table: String, in database: Database) async throws -> [String] {
        let rows = try await database.rows(
            """
            SELECT CONCAT('CREATE TRIGGER ', trigger_name, ' ', action_timing, ' ',
                event_manipulation, ' ON ', event_object_table, ' FOR EACH ROW ',
                action_statement)
            FROM information_schema.triggers
            WHERE trigger_schema = DATABASE() AND event_object_table = \(table)
            ORDER BY trigger_name
            """
        )
        return rows.compactMap { $0.first?.asText }
    }

    /// A check, and the column of which it says that it holds JSON.
    struct FoundCheck {
        var check: IntrospectedTable.Check
        var json: String?
    }

    private func checks(of table: String, in database: Database) async throws -> [FoundCheck] {
        let rows = try await database.rows(
            """
            SELECT constraint_name, check_clause FROM information_schema.check_constraints
            WHERE constraint_schema = DATABASE() AND table_name = \(table)
            ORDER BY constraint_name
            """
        )
        return rows.compactMap { row in
            guard row.count == 2, let name = row[0].asText, let clause = row[1].asText else {
                return nil
            }
            var columns: [String] = []
            for word in MySQLError.quoted(clause, by: UInt8(ascii: "`"))
            where !columns.contains(word) { columns.append(word) }
            let json = columns.first.flatMap {
                clause.lowercased() == "json_valid(`\($0.lowercased())`)" ? $0 : nil
            }
            let check = IntrospectedTable.Check(
                name: name,
                columns: columns,
                definition: "CHECK (\(clause))"
            )
            return FoundCheck(check: check, json: json)
        }
    }
}

/// Names of types as tables are made with them.
enum MySQLTypeName {
    /// `bigint` for `bigint(20)`, `bool` for `tinyint(1)`, and the like.
    static func short(_ name: String) -> String {
        let unsigned = " unsigned"
        if name.hasSuffix(unsigned) {
            return short(String(name.dropLast(unsigned.count))) + " UNSIGNED"
        }
        if name == "tinyint(1)" { return "bool" }
        if name == "double" { return "double precision" }
        let base = name.prefix { $0 != "(" }
        switch base {
        case "bigint", "smallint", "tinyint": return String(base)
        case "int": return "integer"
        case "decimal":
            return
                "numeric\(name.dropFirst(base.count).split(separator: ",").joined(separator: ", "))"
        default: return name
        }
    }
}

extension SQLValue {
    fileprivate var asText: String? {
        if case .text(let text) = self { text } else { nil }
    }

    fileprivate var asInt: Int? {
        switch self {
        case .int(let number): number
        default: nil
        }
    }
}
