import NuagesCore
import NuagesORM

/// A row that a case looks at and changes, with the related rows that it has fetched.
///
/// Two names of a case may mean the same row, so it is a reference.
final class Instance {
    enum Related {
        case one(Instance?)
        case many([Instance])
    }

    var row: DynamicRow
    var related: [String: Related] = [:]

    init(_ row: DynamicRow) {
        self.row = row
        for name in row.relatedNames {
            if let rows = row.rows(name) {
                related[name] = .many(rows.map { Instance($0) })
            } else if let found = row.row(name) {
                settle(name, found.map { Instance($0) })
            }
        }
    }

    /// Takes the columns and related rows of a row.
    func take(_ row: DynamicRow) {
        let other = Instance(row)
        self.row = row
        for (name, related) in other.related where self.related[name] == nil {
            self.related[name] = related
        }
    }

    /// Keeps the row behind a relation, and the way back where there is one row only.
    func settle(_ name: String, _ other: Instance?) {
        related[name] = .one(other)
        if let other, let back = row.backName(name), other.related[back] == nil {
            other.related[back] = .one(self)
        }
    }
}

/// What the steps of a case know of each other.
// @unchecked: a case is run by one task, one step after the other.
final class CaseState: @unchecked Sendable {
    let database: Database
    var objects: [String: Instance] = [:]
    var queries: [String: DecodedQuery] = [:]
    /// What the steps gave so far.
    var entries: [JSONValue] = []
    var savepoints: [String: Savepoint] = [:]
    private var fixtures: [String: Instance] = [:]

    init(database: Database) { self.database = database }

    /// The row that a value of the case names.
    func instance(_ json: JSONValue) async throws -> Instance {
        if json.tag == "ref" {
            guard let name = json["v"]?.text, let object = objects[name] else {
                throw UnsupportedCase("an object")
            }
            return object
        }
        if let name = json["ref"]?.text ?? json.text, let object = objects[name] { return object }
        guard json.tag == "obj", let parts = json["v"]?.elements, parts.count == 2,
            let model = parts[0].text
        else { throw UnsupportedCase("an object") }
        return try await fixture(model, parts[1])
    }

    /// The row of the fixtures with a key; the statement that fetches it does not count.
    func fixture(_ model: String, _ key: JSONValue) async throws -> Instance {
        let name = "\(model) \(key)"
        if let known = fixtures[name] { return known }
        let instance = try await loaded(model, key)
        fixtures[name] = instance
        return instance
    }

    /// The row with a key; the statement that fetches it does not count.
    func loaded(_ model: String, _ key: JSONValue) async throws -> Instance {
        let values = try (key.elements ?? [key]).map(ORMValue.decode)
        let operand: DynamicExpression =
            values.count == 1 ? .value(values[0]) : .list(values.map { .value($0) })
        let query = try DynamicQuery(named: ORMModels.label(model))
            .filter(.condition("pk", operand))
        let row = try await CaseLog.uncounted {
            try await query.get()
        }
        return Instance(row)
    }

    /// Saves a row with the keys of the rows that it was given.
    func save(_ instance: Instance, _ options: DynamicRow.SaveOptions) async throws {
        for (name, related) in instance.related {
            guard case .one(let other?) = related, !instance.row.isWayBack(name) else { continue }
            try instance.row.settle(name, other.row)
        }
        try await instance.row.save(options)
    }
}
