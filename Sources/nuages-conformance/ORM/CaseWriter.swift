import NuagesCore
import NuagesORM

/// Runs the ends of queries that write.
struct CaseWriter {
    let state: CaseState

    private var decoder: QueryDecoder { QueryDecoder(state: state) }
    private var reader: ShowReader { ShowReader(state: state) }

    static let names: Set<String> = [
        "update", "delete", "create", "get_or_create", "update_or_create", "bulk_create",
        "bulk_update", "add", "remove", "set", "clear",
    ]

    /// The value of the end of a query.
    func end(
        _ name: String,
        _ parameters: JSONValue,
        of json: JSONValue,
        _ decoded: DecodedQuery
    ) async throws -> JSONValue {
        let query = decoded.query
        switch name {
        case "update":
            return .int(try await query.update(try await values(parameters["values"])))
        case "delete":
            return Self.deletion(try await query.delete())
        case "create", "get_or_create", "update_or_create":
            return try await create(name, parameters, of: json, query)
        case "bulk_create": return try await bulkCreate(parameters, query)
        case "bulk_update": return try await bulkUpdate(parameters, query)
        default:
            try await change(name, parameters, of: json)
            return .null
        }
    }

    static func deletion(_ deletion: Deletion) -> JSONValue {
        .array([
            .int(deletion.total),
            .object(
                deletion.counts.sorted { $0.key < $1.key }
                    .map { JSONValue.Member($0.key, .int($0.value)) }
            ),
        ])
    }

    /// Fields and what they are set to.
    func values(_ json: JSONValue?) async throws -> [DynamicQuery.Assignment] {
        var values: [DynamicQuery.Assignment] = []
        for pair in json?.elements ?? [] {
            let parts = pair.elements ?? []
            guard parts.count == 2, let name = parts[0].text else {
                throw UnsupportedCase("a value of a field")
            }
            values.append((name, try await decoder.expression(parts[1])))
        }
        return values
    }

    private func relation(_ json: JSONValue) async throws -> DynamicRelation? {
        guard let manager = json["from"], json["ops"]?.elements ?? [] == [] else { return nil }
        let owner = try await state.instance(manager["obj"] ?? .null)
        return try owner.row.relation(manager["attr"]?.text ?? "")
    }

    private func create(
        _ name: String,
        _ parameters: JSONValue,
        of json: JSONValue,
        _ query: DynamicQuery
    ) async throws -> JSONValue {
        let relation = try await relation(json)
        let through = try await values(parameters["through_defaults"])
        let show = parameters["show"]
        if name == "create" {
            let values = try await values(parameters["values"])
            let row =
                if let relation {
                    try await relation.create(values, through: through)
                } else {
                    try await query.create(values)
                }
            return try await shown(row, show, as: json)
        }
        let lookups = try await values(parameters["lookup"])
        let defaults = try await values(parameters["defaults"])
        let found: (row: DynamicRow, isNew: Bool)
        if name == "get_or_create" {
            found =
                if let relation {
                    try await relation.getOrCreate(lookups, defaults: defaults, through: through)
                } else {
                    try await query.getOrCreate(lookups, defaults: defaults)
                }
        } else {
            var createDefaults: [DynamicQuery.Assignment]?
            if let json = parameters["create_defaults"], json != .null {
                createDefaults = try await values(json)
            }
            found =
                if let relation {
                    try await relation.updateOrCreate(
                        lookups,
                        defaults: defaults,
                        createDefaults: createDefaults
                    )
                } else {
                    try await query.updateOrCreate(
                        lookups,
                        defaults: defaults,
                        createDefaults: createDefaults
                    )
                }
        }
        return .array([try await shown(found.row, show, as: json), .bool(found.isNew)])
    }

    private func shown(
        _ row: DynamicRow,
        _ show: JSONValue?,
        as json: JSONValue
    ) async throws -> JSONValue {
        let instance = Instance(row)
        if let name = json["as"]?.text { state.objects[name] = instance }
        return try await reader.row(instance, show)
    }

    private func bulkCreate(
        _ parameters: JSONValue,
        _ query: DynamicQuery
    ) async throws -> JSONValue {
        var rows: [DynamicRow] = []
        for row in parameters["rows"]?.elements ?? [] {
            rows.append(try DynamicRow(new: query.modelLabel, try await values(row)))
        }
        var options = DynamicQuery.BulkOptions()
        options.batchSize = parameters["batch_size"]?.number
        options.ignoresConflicts = parameters["ignore_conflicts"]?.flag == true
        options.updatesConflicts = parameters["update_conflicts"]?.flag == true
        options.updatedFields = texts(parameters["update_fields"])
        options.uniqueFields = texts(parameters["unique_fields"])
        let created = try await query.bulkCreate(rows, options)
        return try await reader.rows(created.map { Instance($0) }, parameters["show"])
    }

    private func bulkUpdate(
        _ parameters: JSONValue,
        _ query: DynamicQuery
    ) async throws -> JSONValue {
        var rows: [DynamicRow] = []
        for pair in parameters["rows"]?.elements ?? [] {
            let parts = pair.elements ?? []
            guard parts.count == 2 else { throw UnsupportedCase("a row") }
            var row: DynamicRow
            if parts[0] == .null {
                row = try DynamicRow(new: query.modelLabel, [])
            } else {
                let key = try (parts[0].elements ?? [parts[0]]).map(ORMValue.decode)
                let operand: DynamicExpression =
                    key.count == 1 ? .value(key[0]) : .list(key.map { .value($0) })
                let found = try DynamicQuery(named: query.modelLabel)
                    .filter(.condition("pk", operand))
                row = try await CaseLog.uncounted {
                    try await found.get()
                }
            }
            for (name, value) in try await values(parts[1]) { try row.assign(name, value) }
            rows.append(row)
        }
        let count = try await query.bulkUpdate(
            rows,
            texts(parameters["fields"]),
            batchSize: parameters["batch_size"]?.number
        )
        return .int(count)
    }

    private func change(_ name: String, _ parameters: JSONValue, of json: JSONValue) async throws {
        guard let relation = try await relation(json) else { throw UnsupportedCase("a manager") }
        let savesEach = parameters["bulk"]?.flag == false
        if name == "clear" { return try await relation.clear(savesEach: savesEach) }
        var instances: [Instance] = []
        var members: [DynamicRelation.Member] = []
        for item in parameters["objs"]?.elements ?? [] {
            if item.tag == "obj" || item.tag == "ref" {
                let instance = try await state.instance(item)
                instances.append(instance)
                members.append(.row(instance.row))
            } else {
                members.append(.key(try ORMValue.decode(item)))
            }
        }
        let through = try await values(parameters["through_defaults"])
        switch name {
        case "add": try await relation.add(members, through: through, savesEach: savesEach)
        case "remove": try await relation.remove(members, savesEach: savesEach)
        default:
            try await relation.set(
                members,
                clears: parameters["clear"]?.flag == true,
                through: through,
                savesEach: savesEach
            )
        }
        guard name != "remove", let manager = json["from"] else { return }
        // The rows that were given know the row that they belong to now.
        let owner = try await state.instance(manager["obj"] ?? .null)
        for instance in instances {
            guard let back = owner.row.backName(manager["attr"]?.text ?? "") else { continue }
            try? instance.row.assign(back, .row(owner.row))
            instance.related[back] = .one(owner)
        }
    }

    private func texts(_ json: JSONValue?) -> [String] { (json?.elements ?? []).compactMap(\.text) }
}
