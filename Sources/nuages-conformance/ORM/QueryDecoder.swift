import NuagesCore
import NuagesORM

/// How the rows of a query are shown.
enum RowMode: Sendable {
    case models, values, list, flat
}

/// A query of a case.
struct DecodedQuery: Sendable {
    var query: DynamicQuery
    var mode = RowMode.models
    /// Every how many rows one is taken, of a slice with a step.
    var step: Int?
}

/// Builds queries from JSON.
struct QueryDecoder {
    let state: CaseState

    func query(_ json: JSONValue) async throws -> DecodedQuery {
        var decoded: DecodedQuery
        if let name = json["model"]?.text {
            decoded = DecodedQuery(query: try DynamicQuery(named: ORMModels.label(name)))
        } else if let manager = json["from"] {
            let owner = try await state.instance(manager["obj"] ?? .null)
            let name = manager["attr"]?.text ?? ""
            guard let query = try owner.row.related(name) else {
                throw UnsupportedCase("a manager '\(name)'")
            }
            decoded = DecodedQuery(query: query)
        } else if let name = json["ref_query"]?.text, let kept = state.queries[name] {
            decoded = kept
        } else {
            throw UnsupportedCase("a query")
        }
        for operation in json["ops"]?.elements ?? [] {
            guard let member = operation.members?.first else { continue }
            try await apply(member, to: &decoded)
        }
        return decoded
    }

    private func apply(_ operation: JSONValue.Member, to decoded: inout DecodedQuery) async throws {
        let value = operation.value
        let query = decoded.query
        switch operation.name {
        case "filter": decoded.query = query.filter(try await conditions(value))
        case "exclude": decoded.query = query.exclude(try await conditions(value))
        case "annotate", "alias": try await name(operation.name, value, &decoded)
        case "values":
            decoded.query = query.values(try await columns(value))
            decoded.mode = .values
        case "values_list":
            let columns = try await columns(value["fields"] ?? .array([]))
            let isFlat = value["flat"]?.flag == true
            if isFlat, columns.count > 1 { throw NamedError(name: "TypeError") }
            decoded.query = query.valuesList(columns)
            decoded.mode = isFlat ? .flat : .list
        case "order_by": decoded.query = query.order(by: try await orderings(value))
        case "reverse": decoded.query = query.reversed()
        case "none": decoded.query = query.none()
        case "all": break
        case "distinct": decoded.query = query.distinct(texts(value))
        case "only":
            if value.elements == [.null] { throw NamedError(name: "TypeError") }
            decoded.query = query.only(texts(value))
        case "defer":
            decoded.query =
                value.elements == [.null] ? query.loadingAll() : query.deferring(texts(value))
        case "select_related":
            decoded.query =
                value == .null
                ? query.selectRelatedNone()
                : value == .bool(true)
                    ? query.selectRelatedAll() : query.selectRelated(texts(value))
        case "prefetch_related":
            decoded.query =
                value == .null ? query.prefetchNone() : query.prefetch(try await prefetches(value))
        case "slice":
            let bounds = value.elements ?? []
            decoded.query = try query.slice(
                bounds.first?.number,
                bounds.count > 1 ? bounds[1].number : nil
            )
            if bounds.count > 2 { decoded.step = bounds[2].number }
        default: try await combine(operation, &decoded)
        }
    }

    private func combine(_ operation: JSONValue.Member, _ decoded: inout DecodedQuery) async throws
    {
        let value = operation.value
        let query = decoded.query
        switch operation.name {
        case "union", "intersection", "difference":
            var others: [DynamicQuery] = []
            for other in value["others"]?.elements ?? [] {
                others.append(try await self.query(other).query)
            }
            switch operation.name {
            case "union":
                decoded.query = query.union(others, all: value["all"]?.flag == true)
            case "intersection": decoded.query = query.intersection(others)
            default: decoded.query = query.difference(others)
            }
        case "and": decoded.query = query.and(try await self.query(value).query)
        case "or": decoded.query = query.or(try await self.query(value).query)
        case "xor": decoded.query = query.xor(try await self.query(value).query)
        case "dates", "datetimes":
            let order = value["order"]?.text ?? "ASC"
            guard order == "ASC" || order == "DESC" else { throw NamedError(name: "ValueError") }
            let field = value["field"]?.text ?? ""
            let kind = value["kind"]?.text ?? ""
            decoded.query =
                operation.name == "dates"
                ? try query.dates(field, kind, descending: order == "DESC")
                : try query.datetimes(
                    field,
                    kind,
                    zone: value["tzinfo"]?.text,
                    descending: order == "DESC"
                )
            decoded.mode = .flat
        case "select_for_update":
            var lock = RowLock()
            if value["nowait"]?.flag == true { lock.waiting = .fails }
            if value["skip_locked"]?.flag == true { lock.waiting = .skipsLocked }
            lock.relations = texts(value["of"] ?? .array([]))
            lock.allowsReferences = value["no_key"]?.flag == true
            decoded.query = query.locked(lock)
        default: throw UnsupportedCase("the operation '\(operation.name)'")
        }
    }

    private func name(
        _ operation: String,
        _ value: JSONValue,
        _ decoded: inout DecodedQuery
    ) async throws {
        var named: [(name: String, expression: DynamicExpression)] = []
        for pair in value.elements ?? [] {
            let parts = pair.elements ?? []
            guard parts.count == 2, let name = parts[0].text else {
                throw UnsupportedCase("an annotation")
            }
            if let relation = parts[1]["filtered_relation"]?.text {
                let condition = try await expression(
                    parts[1]["condition"]
                        ?? .object([
                            JSONValue.Member("and", .array([]))
                        ])
                )
                decoded.query = decoded.query.filteredRelation(name, of: relation, where: condition)
            } else {
                named.append((name, try await expression(parts[1])))
            }
        }
        guard !named.isEmpty else { return }
        decoded.query =
            operation == "alias" ? decoded.query.alias(named) : decoded.query.annotate(named)
    }

    private func columns(_ json: JSONValue) async throws -> [DynamicColumn] {
        var columns: [DynamicColumn] = []
        for item in json.elements ?? [] {
            if let name = item.text {
                columns.append(.field(name))
            } else if let pair = item.elements, pair.count == 2, let name = pair[0].text {
                columns.append(.expression(name, try await expression(pair[1])))
            } else {
                let name = (item["fn"]?.text ?? "expression").lowercased()
                columns.append(.expression("\(name)1", try await expression(item)))
            }
        }
        return columns
    }

    private func prefetches(_ json: JSONValue) async throws -> [DynamicPrefetch] {
        var prefetches: [DynamicPrefetch] = []
        for item in json.elements ?? [] {
            if let path = item.text {
                prefetches.append(DynamicPrefetch(path))
                continue
            }
            var prefetch = DynamicPrefetch(item["prefetch"]?.text ?? "")
            if let query = item["queryset"], query != .null {
                let decoded = try await self.query(query)
                if decoded.mode != .models { throw NamedError(name: "ValueError") }
                prefetch.query = decoded.query
            }
            prefetch.attribute = item["to_attr"]?.text
            prefetches.append(prefetch)
        }
        return prefetches
    }

    func orderings(_ json: JSONValue) async throws -> [Ordering] {
        var orderings: [Ordering] = []
        for item in json.elements ?? [] { orderings.append(try await ordering(item)) }
        return orderings
    }

    private func ordering(_ json: JSONValue) async throws -> Ordering {
        if let name = json.text { return Ordering(name: name) }
        guard let inner = json["order"] else { return try await expression(json).ordered() }
        let nulls: Ordering.Nulls? =
            switch json["nulls"]?.text {
            case "first": .first
            case "last": .last
            default: nil
            }
        return try await expression(inner).ordered(
            descending: json["desc"]?.flag == true,
            nulls: nulls
        )
    }

    func conditions(_ json: JSONValue) async throws -> [DynamicExpression] {
        var conditions: [DynamicExpression] = []
        for item in json.elements ?? [] { conditions.append(try await expression(item)) }
        return conditions
    }

    func expression(_ json: JSONValue) async throws -> DynamicExpression {
        try await ExpressionDecoder(queries: self).expression(json)
    }

    private func texts(_ json: JSONValue) -> [String] { (json.elements ?? []).compactMap(\.text) }
}
