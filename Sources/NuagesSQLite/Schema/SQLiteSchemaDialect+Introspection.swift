import NuagesORM

extension SQLiteSchemaDialect {
    func tableNames(in database: Database) async throws -> [String] {
        let rows = try await database.rows(
            """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
            """
        )
        return rows.compactMap { $0.first?.asText }
    }

    func table(_ name: String, in database: Database) async throws -> IntrospectedTable? {
        let found = try await database.rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name = \(name)"
        )
        guard let row = found.first, let definition = row.last?.asText else { return nil }
        let triggers = try await database.rows(
            """
            SELECT sql FROM sqlite_master
            WHERE type = 'trigger' AND tbl_name = \(name) AND sql IS NOT NULL ORDER BY name
            """
        )
        return IntrospectedTable(
            name: name,
            columns: try await columns(of: name, in: database),
            indexes: try await indexes(of: name, in: database),
            foreignKeys: try await foreignKeys(of: name, in: database),
            triggers: triggers.compactMap { $0.first?.asText },
            definition: definition
        )
    }

    private func columns(
        of table: String,
        in database: Database
    ) async throws -> [IntrospectedTable.Column] {
        let rows = try await database.rows(
            """
            SELECT name, type, "notnull", dflt_value, pk, hidden
            FROM pragma_table_xinfo(\(table)) ORDER BY cid
            """
        )
        return rows.compactMap { row in
            guard row.count == 6, let name = row[0].asText else { return nil }
            return IntrospectedTable.Column(
                name: name,
                type: row[1].asText ?? "",
                isNullable: row[2].asInt == 0,
                defaultText: row[3].asText,
                primaryKeyPosition: row[4].asInt ?? 0,
                isGenerated: (row[5].asInt ?? 0) > 1
            )
        }
    }

    private func indexes(
        of table: String,
        in database: Database
    ) async throws -> [IntrospectedTable.Index] {
        let rows = try await database.rows(
            """
            SELECT l.name, l."unique", l.origin, l.partial, m.sql
            FROM pragma_index_list(\(table)) AS l
            LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = l.name ORDER BY l.seq DESC
            """
        )
        var indexes: [IntrospectedTable.Index] = []
        for row in rows {
            guard row.count == 5, let name = row[0].asText else { continue }
            let parts = try await database.rows(
                """
                SELECT name, "desc" FROM pragma_index_xinfo(\(name)) WHERE "key" = 1 ORDER BY seqno
                """
            )
            indexes.append(
                IntrospectedTable.Index(
                    name: name,
                    columns: parts.map { $0.first?.asText },
                    isDescending: parts.map { $0.last?.asInt == 1 },
                    isUnique: row[1].asInt == 1,
                    isPartial: row[3].asInt == 1,
                    belongsToConstraint: row[2].asText != "c",
                    isPrimaryKey: row[2].asText == "pk",
                    definition: row[4].asText
                )
            )
        }
        return indexes
    }

    private func foreignKeys(
        of table: String,
        in database: Database
    ) async throws -> [IntrospectedTable.ForeignKey] {
        let rows = try await database.rows(
            """
            SELECT id, "from", "table", "to", on_delete
            FROM pragma_foreign_key_list(\(table)) ORDER BY id DESC, seq
            """
        )
        var keys: [IntrospectedTable.ForeignKey] = []
        var lastID: Int?
        for row in rows {
            guard row.count == 5, let column = row[1].asText, let target = row[2].asText else {
                continue
            }
            if row[0].asInt == lastID, !keys.isEmpty {
                keys[keys.count - 1].columns.append(column)
                keys[keys.count - 1].targetColumns.append(row[3].asText ?? "")
            } else {
                keys.append(
                    IntrospectedTable.ForeignKey(
                        columns: [column],
                        table: target,
                        targetColumns: row[3].asText.map { [$0] } ?? [],
                        onDelete: row[4].asText ?? "NO ACTION"
                    )
                )
            }
            lastID = row[0].asInt
        }
        return keys
    }
}

extension SQLValue {
    fileprivate var asText: String? {
        if case .text(let text) = self { text } else { nil }
    }

    fileprivate var asInt: Int? {
        if case .int(let number) = self { number } else { nil }
    }
}
