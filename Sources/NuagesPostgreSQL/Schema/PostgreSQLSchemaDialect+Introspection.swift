import NuagesORM

extension PostgreSQLSchemaDialect {
    func tableNames(in database: Database) async throws -> [String] {
        let rows = try await database.rows(
            """
            SELECT c.relname::text FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
            AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY c.relname
            """
        )
        return rows.compactMap { $0.first?.asText }
    }

    func table(_ name: String, in database: Database) async throws -> IntrospectedTable? {
        let found = try await database.rows(
            """
            SELECT c.oid::bigint, obj_description(c.oid, 'pg_class')
            FROM pg_catalog.pg_class c
            WHERE c.relname = \(name) AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
            AND pg_catalog.pg_table_is_visible(c.oid)
            """
        )
        guard let row = found.first, case .int(let id)? = row.first else { return nil }
        let triggers = try await database.rows(
            """
            SELECT pg_get_triggerdef(oid) FROM pg_catalog.pg_trigger
            WHERE tgrelid = \(id) AND NOT tgisinternal ORDER BY tgname
            """
        )
        var table = IntrospectedTable(
            name: name,
            columns: try await columns(of: id, in: database),
            indexes: try await indexes(of: id, in: database),
            foreignKeys: try await foreignKeys(of: id, in: database),
            triggers: triggers.compactMap { $0.first?.asText },
            definition: ""
        )
        table.checks = try await checks(of: id, in: database)
        table.comment = row[1].asText
        return table
    }

    private func columns(
        of table: Int,
        in database: Database
    ) async throws -> [IntrospectedTable.Column] {
        let rows = try await database.rows(
            """
            SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
                a.attnotnull OR (t.typtype = 'd' AND t.typnotnull),
                pg_get_expr(d.adbin, d.adrelid), COALESCE(array_position(i.indkey, a.attnum), -1),
                a.attgenerated <> '', a.attidentity <> '',
                CASE WHEN co.collname = 'default' THEN NULL ELSE co.collname::text END,
                col_description(a.attrelid, a.attnum)
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
            LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
            WHERE a.attrelid = \(table) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """
        )
        return rows.compactMap { row in
            guard row.count == 9, let name = row[0].asText else { return nil }
            var column = IntrospectedTable.Column(
                name: name,
                type: PostgreSQLTypeName.short(row[1].asText ?? ""),
                isNullable: !row[2].asBool,
                defaultText: row[5].asBool ? nil : row[3].asText,
                // `indkey` counts from 0.
                primaryKeyPosition: (row[4].asInt ?? -1) + 1,
                isGenerated: row[5].asBool
            )
            column.isIdentity = row[6].asBool
            column.collation = row[7].asText
            column.comment = row[8].asText
            return column
        }
    }

    private func indexes(
        of table: Int,
        in database: Database
    ) async throws -> [IntrospectedTable.Index] {
        let rows = try await database.rows(
            """
            SELECT c.relname::text, i.indisunique, i.indisprimary, i.indpred IS NOT NULL,
                EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid
                    AND k.contype IN ('p', 'u', 'x')),
                pg_get_indexdef(i.indexrelid), am.amname::text, a.attname::text,
                i.indoption[p.position - 1]::int & 1 = 1,
                CASE WHEN oc.opcdefault THEN NULL ELSE oc.opcname::text END
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            JOIN pg_catalog.pg_am am ON am.oid = c.relam
            CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS p(position)
            LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
                AND a.attnum = i.indkey[p.position - 1] AND a.attnum > 0
            LEFT JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[p.position - 1]
            WHERE i.indrelid = \(table) ORDER BY c.relname, p.position
            """
        )
        var indexes: [IntrospectedTable.Index] = []
        for row in rows {
            guard row.count == 10, let name = row[0].asText else { continue }
            if indexes.last?.name != name {
                var index = IntrospectedTable.Index(
                    name: name,
                    columns: [],
                    isDescending: [],
                    isUnique: row[1].asBool,
                    isPartial: row[3].asBool,
                    belongsToConstraint: row[4].asBool,
                    isPrimaryKey: row[2].asBool,
                    definition: row[5].asText
                )
                index.method = row[6].asText
                indexes.append(index)
            }
            indexes[indexes.count - 1].columns.append(row[7].asText)
            indexes[indexes.count - 1].isDescending.append(row[8].asBool)
            indexes[indexes.count - 1].operatorClasses.append(row[9].asText)
        }
        return indexes
    }

    private func foreignKeys(
        of table: Int,
        in database: Database
    ) async throws -> [IntrospectedTable.ForeignKey] {
        let rows = try await database.rows(
            """
            SELECT k.conname::text, k.condeferrable, k.confdeltype::text, t.relname::text,
                a.attname::text, b.attname::text
            FROM pg_catalog.pg_constraint k
            JOIN pg_catalog.pg_class t ON t.oid = k.confrelid
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY
                AS u(source, target, position)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.source
            JOIN pg_catalog.pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.target
            WHERE k.conrelid = \(table) AND k.contype = 'f' ORDER BY k.conname, u.position
            """
        )
        var keys: [IntrospectedTable.ForeignKey] = []
        for row in rows {
            guard row.count == 6, let name = row[0].asText, let column = row[4].asText else {
                continue
            }
            if keys.last?.name != name {
                var key = IntrospectedTable.ForeignKey(
                    columns: [],
                    table: row[3].asText ?? "",
                    targetColumns: [],
                    onDelete: Self.deleteRules[row[2].asText ?? ""] ?? "NO ACTION"
                )
                key.name = name
                key.isDeferrable = row[1].asBool
                keys.append(key)
            }
            keys[keys.count - 1].columns.append(column)
            keys[keys.count - 1].targetColumns.append(row[5].asText ?? "")
        }
        return keys
    }

    private static let deleteRules = [
        "a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT",
    ]

    private func checks(
        of table: Int,
        in database: Database
    ) async throws -> [IntrospectedTable.Check] {
        let rows = try await database.rows(
            """
            SELECT k.conname::text, pg_get_constraintdef(k.oid), a.attname::text
            FROM pg_catalog.pg_constraint k
            LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid
                AND a.attnum = ANY (k.conkey)
            WHERE k.conrelid = \(table) AND k.contype = 'c' ORDER BY k.conname, a.attnum
            """
        )
        var checks: [IntrospectedTable.Check] = []
        for row in rows {
            guard row.count == 3, let name = row[0].asText else { continue }
            if checks.last?.name != name {
                checks.append(
                    IntrospectedTable.Check(
                        name: name,
                        columns: [],
                        definition: row[1].asText ?? ""
                    )
                )
            }
            if let column = row[2].asText { checks[checks.count - 1].columns.append(column) }
        }
        return checks
    }
}

/// Names of types as tables are made with them.
enum PostgreSQLTypeName {
    /// `varchar(20)` for `character varying(20)`, and the like.
    static func short(_ name: String) -> String {
        for (long, short) in [("character varying", "varchar"), ("time without time zone", "time")]
        where name.hasPrefix(long) {
            return short + name.dropFirst(long.count)
        }
        guard name.hasPrefix("numeric("), let comma = name.firstIndex(of: ",") else { return name }
        return "\(name[...comma]) \(name[name.index(after: comma)...])"
    }
}

extension SQLValue {
    fileprivate var asText: String? {
        if case .text(let text) = self { text } else { nil }
    }

    fileprivate var asInt: Int? {
        if case .int(let number) = self { number } else { nil }
    }

    fileprivate var asBool: Bool { self == .bool(true) }
}
