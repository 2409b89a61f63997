import NuagesCore
import NuagesORM

/// Runs the query of a case and shows what came of it.
struct CaseRunner {
    let state: CaseState

    private var decoder: QueryDecoder { QueryDecoder(state: state) }
    private var reader: ShowReader { ShowReader(state: state) }

    func run(_ json: JSONValue) async throws -> JSONValue {
        guard let terminal = json["terminal"]?.members?.first else {
            throw UnsupportedCase("a query without an end")
        }
        let decoded = try await decoder.query(json)
        return try await end(terminal.name, terminal.value, of: decoded, in: json)
    }

    private func end(
        _ name: String,
        _ parameters: JSONValue,
        of decoded: DecodedQuery,
        in json: JSONValue
    ) async throws -> JSONValue {
        let query = decoded.query
        let show = parameters["show"]
        if CaseWriter.names.contains(name) {
            let result = try await CaseWriter(state: state).end(name, parameters, of: json, decoded)
            return value(result)
        }
        switch name {
        case "list", "iterator":
            var rows = try await query.rows()
            if let step = decoded.step {
                rows = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
            }
            return object("rows", try await shown(rows, decoded.mode, show))
        case "count": return value(.int(try await query.count()))
        case "exists": return value(.bool(try await query.exists()))
        case "bool": return value(.bool(try await !query.rows().isEmpty))
        case "len": return value(.int(try await query.rows().count))
        case "ordered": return value(.bool(try query.isOrdered))
        case "reuse":
            let rows = try await query.rows()
            let list = try await shown(rows, decoded.mode, show)
            return value(
                .object([
                    JSONValue.Member("len", .int(rows.count)),
                    JSONValue.Member("bool", .bool(!rows.isEmpty)),
                    JSONValue.Member("count", .int(rows.count)),
                    JSONValue.Member("exists", .bool(!rows.isEmpty)),
                    JSONValue.Member("first", list.elements?.first ?? .null),
                ])
            )
        case "contains":
            let row = try await state.instance(parameters["obj"] ?? .null).row
            return value(.bool(try await query.contains(row)))
        case "aggregate": return try await aggregate(query, parameters)
        case "in_bulk": return try await inBulk(decoded, parameters)
        default: return try await one(name, parameters, of: decoded)
        }
    }

    private func one(
        _ name: String,
        _ parameters: JSONValue,
        of decoded: DecodedQuery
    ) async throws -> JSONValue {
        let query = decoded.query
        let names = (parameters["fields"]?.elements ?? []).compactMap(\.text)
        let row: DynamicRow?
        switch name {
        case "get":
            let conditions = try await decoder.conditions(parameters["q"] ?? .array([]))
            row = try await (conditions.isEmpty ? query : query.filter(conditions)).get()
        case "first": row = try await query.first()
        case "last": row = try await query.last()
        case "earliest": row = try await query.earliest(names)
        case "latest": row = try await query.latest(names)
        case "item": row = try await query.row(at: parameters["index"]?.number ?? 0)
        default: throw UnsupportedCase("the end '\(name)'")
        }
        guard let row else { return value(.null) }
        let rows = try await shown([row], decoded.mode, parameters["show"])
        return value(rows.elements?.first ?? .null)
    }

    private func aggregate(_ query: DynamicQuery, _ parameters: JSONValue) async throws -> JSONValue
    {
        var aggregates: [(name: String, expression: DynamicExpression)] = []
        for pair in parameters["exprs"]?.elements ?? [] {
            let parts = pair.elements ?? []
            guard parts.count == 2, let name = parts[0].text else {
                throw UnsupportedCase("an aggregate")
            }
            aggregates.append((name, try await decoder.expression(parts[1])))
        }
        let row = try await query.aggregate(aggregates)
        return value(plain(row))
    }

    private func inBulk(_ decoded: DecodedQuery, _ parameters: JSONValue) async throws -> JSONValue
    {
        let keys = try parameters["ids"]?.elements?.map { key in
            try (key.elements ?? [key]).map(ORMValue.decode)
        }
        let field = parameters["field_name"]?.text ?? "pk"
        let found = try await decoded.query.inBulk(keys, by: field)
        let rows = try await shown(found.map(\.row), decoded.mode, parameters["show"])
        var pairs: [(text: String, pair: JSONValue)] = []
        for (entry, row) in zip(found, rows.elements ?? []) {
            let key = entry.key.map(ORMValue.encode)
            let shown: JSONValue = key.count == 1 ? key[0] : .array(key)
            pairs.append((JSONText.sortKey(shown), .array([shown, row])))
        }
        pairs.sort { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        return value(.array(pairs.map(\.pair)))
    }

    private func shown(
        _ rows: [DynamicRow],
        _ mode: RowMode,
        _ show: JSONValue?
    ) async throws -> JSONValue {
        switch mode {
        case .models: try await reader.rows(rows.map { Instance($0) }, show)
        case .values: .array(rows.map(plain))
        case .list: .array(rows.map { .array(cells($0)) })
        case .flat: .array(rows.map { cells($0).first ?? .null })
        }
    }

    private func cells(_ row: DynamicRow) -> [JSONValue] {
        row.names.map { name in
            let parts = (row.parts(name) ?? []).map(ORMValue.encode)
            return parts.count == 1 ? parts[0] : .array(parts)
        }
    }

    private func plain(_ row: DynamicRow) -> JSONValue {
        .object(zip(row.names, cells(row)).map { JSONValue.Member($0, $1) })
    }

    private func value(_ json: JSONValue) -> JSONValue { object("value", json) }

    private func object(_ name: String, _ json: JSONValue) -> JSONValue {
        .object([JSONValue.Member(name, json)])
    }
}
