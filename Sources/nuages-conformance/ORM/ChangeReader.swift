import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Compares all tables with those of the fixtures.
struct ChangeReader: Sendable {
    /// A table with the kinds of its columns.
    struct Table: Sendable {
        let name: String
        let columns: [(name: String, type: String)]
        /// The places of the primary key among the columns.
        let key: [Int]
    }

    typealias Rows = [String: [[SQLValue]: [SQLValue]]]

    let tables: [Table]

    init(_ models: JSONValue) {
        var tables: [Table] = []
        var keys: [String: String] = [:]
        for model in models["models"]?.elements ?? [] {
            let name = model["pk"]?.elements?.first?.text ?? ""
            let key = model["fields"]?.elements?.first { $0["attname"]?.text == name }
            keys[model["name"]?.text ?? ""] = key?["type"]?.text
        }
        for model in models["models"]?.elements ?? [] where model["kind"]?.text == "concrete" {
            var columns: [(name: String, type: String)] = []
            var places: [String: Int] = [:]
            for field in model["fields"]?.elements ?? [] {
                guard let column = field["column"]?.text else {
                    if let table = field["m2m_table"]?.text, field["options"]?["through"] == nil,
                        let ends = field["m2m_columns"]?.elements?.compactMap(\.text)
                    {
                        let names = ["id"] + ends
                        tables.append(
                            Table(name: table, columns: names.map { ($0, "Integer") }, key: [0])
                        )
                    }
                    continue
                }
                places[field["attname"]?.text ?? ""] = columns.count
                columns.append((column, Self.type(field, of: model, keys)))
            }
            if model["meta"]?["order_with_respect_to"] != nil {
                columns.append(("_order", "Integer"))
            }
            let names = model["pk"]?.elements?.compactMap(\.text) ?? [model["pk"]?.text ?? ""]
            tables.append(
                Table(
                    name: model["db_table"]?.text ?? "",
                    columns: columns,
                    key: names.compactMap { places[$0] }
                )
            )
        }
        self.tables = tables
    }

    /// The kind of a column; that of a foreign key is the kind of the key it holds.
    private static func type(
        _ field: JSONValue,
        of model: JSONValue,
        _ keys: [String: String]
    ) -> String {
        let type = field["type"]?.text ?? ""
        if let target = field["options"]?["to"]?.text, field["options"]?["to_field"] == nil {
            return keys[target == "self" ? model["name"]?.text ?? "" : target] ?? type
        }
        guard type == "GeneratedField" else { return type }
        return field["options"]?["output_field"]?["type"]?.text ?? ""
    }

    /// The rows of all tables.
    func rows(_ database: Database) async throws -> Rows {
        var result: Rows = [:]
        for table in tables {
            let columns = SQL.joined(table.columns.map { "\(identifier: $0.name)" })
            let found = try await database.rows(
                "SELECT \(sql: columns) FROM \(identifier: table.name)"
            )
            var rows: [[SQLValue]: [SQLValue]] = [:]
            for row in found { rows[table.key.map { row[$0] }] = row }
            result[table.name] = rows
        }
        return result
    }

    /// What is different, as the corpus writes it.
    func changes(from old: Rows, to new: Rows) -> JSONValue {
        var members: [JSONValue.Member] = []
        for table in tables {
            let (before, after) = (old[table.name] ?? [:], new[table.name] ?? [:])
            guard before != after else { continue }
            var parts: [JSONValue.Member] = []
            let added = sorted(after.keys.filter { before[$0] == nil })
            if !added.isEmpty {
                parts.append(
                    JSONValue.Member("added", .array(added.map { object(after[$0] ?? [], table) }))
                )
            }
            let removed = sorted(before.keys.filter { after[$0] == nil })
            if !removed.isEmpty {
                parts.append(JSONValue.Member("removed", .array(removed.map { key($0, table) })))
            }
            let updated = sorted(
                after.keys.filter { before[$0] != nil && before[$0] != after[$0] }
            )
            if !updated.isEmpty {
                parts.append(
                    JSONValue.Member(
                        "updated",
                        .array(updated.map { update($0, before[$0] ?? [], after[$0] ?? [], table) })
                    )
                )
            }
            members.append(JSONValue.Member(table.name, .object(parts)))
        }
        return .object(members)
    }

    private func sorted(_ keys: [[SQLValue]]) -> [[SQLValue]] {
        keys.sorted { left, right in
            for (first, second) in zip(left, right) where first != second {
                if case .int(let one) = first, case .int(let other) = second { return one < other }
                return "\(first)" < "\(second)"
            }
            return false
        }
    }

    private func key(_ key: [SQLValue], _ table: Table) -> JSONValue {
        let values = zip(key, table.key).map { value($0, table.columns[$1].type) }
        return values.count == 1 ? values[0] : .array(values)
    }

    private func object(_ row: [SQLValue], _ table: Table) -> JSONValue {
        .object(
            zip(table.columns, row).map { column, cell in
                JSONValue.Member(column.name, value(cell, column.type))
            }
        )
    }

    private func update(
        _ key: [SQLValue],
        _ before: [SQLValue],
        _ after: [SQLValue],
        _ table: Table
    ) -> JSONValue {
        var members = [JSONValue.Member("pk", self.key(key, table))]
        for (index, column) in table.columns.enumerated() where before[index] != after[index] {
            members.append(JSONValue.Member(column.name, value(after[index], column.type)))
        }
        return .object(members)
    }

    /// A stored value as the corpus writes it.
    private func value(_ cell: SQLValue, _ type: String) -> JSONValue {
        switch (type, cell) {
        case (_, .null): return .null
        case ("BooleanField", .int(let number)): return .bool(number != 0)
        case ("FloatField", .int(let number)): return .double(Double(number))
        case ("DecimalField", .int(let number)):
            return ORMValue.tagged("decimal", .string("\(number)"))
        case ("DecimalField", .double(let number)):
            return ORMValue.tagged("decimal", .string("\(number)"))
        case ("DateField", .text(let text)): return ORMValue.tagged("date", .string(text))
        case ("TimeField", .text(let text)): return ORMValue.tagged("time", .string(text))
        case ("DateTimeField", .text(let text)):
            return ORMValue.tagged(
                "datetime",
                .string(text.replacing(" ", with: "T") + "+00:00")
            )
        case ("DurationField", .int(let number)): return ORMValue.tagged("duration", .int(number))
        case ("UUIDField", .text(let text)):
            var parts: [Substring] = []
            var rest = text[...]
            for length in [8, 4, 4, 4, 12] {
                parts.append(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
            return ORMValue.tagged("uuid", .string(parts.joined(separator: "-")))
        case ("JSONField", .text(let text)):
            var parser = JSONTextParser(bytes: Array(text.utf8))
            return (try? parser.parse()) ?? .string(text)
        case ("JSONField", .int), ("JSONField", .double): return ORMValue.encode(cell)
        default: return ORMValue.encode(cell)
        }
    }
}
