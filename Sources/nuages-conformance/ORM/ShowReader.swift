import NuagesCore
import NuagesORM

/// Shows rows with the attributes that a case asks for.
struct ShowReader {
    let state: CaseState

    func row(_ instance: Instance, _ show: JSONValue?) async throws -> JSONValue {
        let key = instance.row.key.map(ORMValue.encode)
        var members = [JSONValue.Member("pk", key.count == 1 ? key[0] : .array(key))]
        for item in show?.elements ?? [] {
            if let name = item.text, name != "pk" {
                members.append(JSONValue.Member(name, try await attribute(name, nil, of: instance)))
            }
            for member in item.members ?? [] {
                members.append(
                    JSONValue.Member(
                        member.name,
                        try await attribute(member.name, member.value, of: instance)
                    )
                )
            }
        }
        return .object(members)
    }

    func rows(_ instances: [Instance], _ show: JSONValue?) async throws -> JSONValue {
        var rows: [JSONValue] = []
        for instance in instances { rows.append(try await row(instance, show)) }
        return .array(rows)
    }

    private func attribute(
        _ name: String,
        _ show: JSONValue?,
        of instance: Instance
    ) async throws -> JSONValue {
        switch instance.related[name] {
        case .one(let other)?:
            guard let other else {
                return instance.row.isWayBack(name) ? Self.missing : .null
            }
            return try await row(other, show)
        case .many(let others)?: return try await rows(others, show)
        case nil: break
        }
        switch instance.row.relationship(name) {
        case .one?: return try await related(name, show, of: instance)
        case .many?:
            let query = try instance.row.related(name)
            let found = try await query?.rows() ?? []
            return try await rows(found.map { Instance($0) }, show)
        case nil: return try await value(name, of: instance)
        }
    }

    private static let missing = JSONValue.object([
        JSONValue.Member("error", .string("DoesNotExist"))
    ])

    private func related(
        _ name: String,
        _ show: JSONValue?,
        of instance: Instance
    ) async throws -> JSONValue {
        try await load(name, of: instance)
        if case .one(let other)? = instance.related[name], let other {
            return try await row(other, show)
        }
        return instance.row.isWayBack(name) ? Self.missing : .null
    }

    /// Fetches the row behind a relation.
    func load(_ name: String, of instance: Instance) async throws {
        for key in instance.row.keyNames(name) where instance.row[key] == nil {
            _ = try await value(key, of: instance)
        }
        if let parent = instance.row.parentRow(name) {
            instance.settle(name, Instance(parent))
            return
        }
        guard let query = try instance.row.related(name) else {
            instance.related[name] = .one(nil)
            return
        }
        do {
            instance.settle(name, Instance(try await query.get()))
        } catch ModelError.doesNotExist {
            instance.related[name] = .one(nil)
        }
    }

    /// The value of a column, which is fetched where it was left out.
    func value(_ name: String, of instance: Instance) async throws -> JSONValue {
        if let parts = instance.row.parts(name) {
            let values = parts.map(ORMValue.encode)
            return values.count > 1 ? .array(values) : values.first ?? .null
        }
        guard instance.row.deferredNames.contains(name), let label = instance.row.modelLabel else {
            throw NamedError(name: "AttributeError")
        }
        let row = try await DynamicQuery(named: label)
            .filter(.condition("pk", .row(instance.row))).only([name]).get()
        instance.row.set(name, to: row[name] ?? .null)
        return ORMValue.encode(row[name] ?? .null)
    }
}
