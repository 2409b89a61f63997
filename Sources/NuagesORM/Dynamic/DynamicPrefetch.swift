import NuagesCore

/// Related rows that are fetched together for all rows.
///
///     DynamicPrefetch("book_set", query: DynamicQuery(Book.self).filter(…), attribute: "good")
///
/// Django: `Prefetch`.
public struct DynamicPrefetch: Sendable {
    /// The path of relations, by the names that programs use: `book_set__authors`.
    public var path: String
    /// The rows that are fetched; nil for all.
    public var query: DynamicQuery?
    /// The name under which they are kept, where it is not the relation's.
    public var attribute: String?

    /// A path of relations.
    ///
    /// - Parameters:
    ///   - path: the names of relations, with two underscores between them.
    ///   - query: the rows that are fetched; nil for all.
    ///   - attribute: the name under which they are kept, where it is not the relation's.
    public init(_ path: String, query: DynamicQuery? = nil, attribute: String? = nil) {
        self.path = path
        self.query = query
        self.attribute = attribute
    }
}

extension DynamicQuery {
    /// The rows with those behind relations, in a further query for each relation.
    public func prefetch(_ prefetches: [DynamicPrefetch]) -> Self {
        var copy = self
        copy.prefetches += prefetches
        return copy
    }

    /// The rows without those that were to be prefetched.
    public func prefetchNone() -> Self {
        var copy = self
        copy.prefetches = []
        return copy
    }
}

extension DynamicPrefetch {
    /// Fetches the rows behind relations of rows that are there already.
    ///
    /// Django: `prefetch_related_objects`.
    ///
    /// - Parameters:
    ///   - prefetches: the relations.
    ///   - rows: the rows, which get the related ones.
    /// - Throws: ``FieldError``, ``UsageError``, ``DatabaseError``.
    public static func load(
        _ prefetches: [DynamicPrefetch],
        into rows: inout [DynamicRow]
    ) async throws {
        try await load(prefetches, into: &rows, try Database.current)
    }

    static func load(
        _ prefetches: [DynamicPrefetch],
        into rows: inout [DynamicRow],
        _ database: Database
    ) async throws {
        let lookups = try prefetches.map { try PrefetchLookup($0) }
        try await PrefetchLoader(database: database).load(lookups, into: &rows, depth: 0)
    }
}

/// What is left of a path whose rows are to be fetched.
struct PrefetchLookup {
    var names: ArraySlice<String>
    let query: DynamicQuery?
    let attribute: String?

    init(_ prefetch: DynamicPrefetch) throws {
        names = try NameParts.split(prefetch.path)[...]
        query = prefetch.query
        attribute = prefetch.attribute
    }

    /// The name under which the next rows are kept.
    var place: String {
        names.count == 1 ? attribute ?? names[names.startIndex] : names[names.startIndex]
    }
}

/// Fetches related rows, one relation after the other.
private struct PrefetchLoader {
    /// The lookups that begin with the same relation.
    private struct Group {
        let name: String
        let place: String
        var query: DynamicQuery?
        var isNamed = false
        var rest: [PrefetchLookup] = []
    }

    let database: Database

    func load(
        _ lookups: [PrefetchLookup],
        into rows: inout [DynamicRow],
        depth: Int
    ) async throws {
        guard !rows.isEmpty, !lookups.isEmpty else { return }
        guard depth < 64 else {
            throw UsageError.notAllowed("Related rows are prefetched more than 64 deep.")
        }
        for group in try Self.grouped(lookups) { try await load(group, into: &rows, depth) }
    }

    private static func grouped(_ lookups: [PrefetchLookup]) throws -> [Group] {
        var groups: [Group] = []
        for lookup in lookups {
            guard let name = lookup.names.first else { continue }
            let isLeaf = lookup.names.count == 1
            let place = lookup.place
            var index = groups.firstIndex { $0.place.equalsBytes(place) }
            if index == nil {
                index = groups.count
                groups.append(Group(name: name, place: place))
                if isLeaf {
                    groups[groups.count - 1].query = lookup.query
                    groups[groups.count - 1].isNamed = lookup.attribute != nil
                }
            } else if isLeaf, lookup.query != nil {
                throw UsageError.notAllowed(
                    "'\(place)' is prefetched already with other rows; change the order of the paths."
                )
            }
            guard !isLeaf, let index else { continue }
            var rest = lookup
            rest.names = lookup.names.dropFirst()
            groups[index].rest.append(rest)
        }
        return groups
    }

    private func load(_ group: Group, into rows: inout [DynamicRow], _ depth: Int) async throws {
        guard let first = rows.first, let model = first.model else { return }
        guard let found = model.members.relation(accessor: group.name) else {
            if rows.contains(where: { $0.related[group.name] != nil }) {
                return try await follow(group, in: &rows, depth)
            }
            throw UsageError.notAllowed(
                "'\(FieldError.shown(group.name))' of \(model.schema.name) cannot be prefetched."
            )
        }
        if group.isNamed, model.members.fieldNames.contains(group.place) {
            throw UsageError.conflictingName(group.place)
        }
        let places = rows.indices.filter { rows[$0].related[group.place] == nil }
        guard !places.isEmpty else { return try await follow(group, in: &rows, depth) }
        var level = PrefetchLevel(found.0, isReverse: found.isReverse, group.query)
        let additional = try level.takeLookups()
        var related = try await level.rows(for: places.map { rows[$0] }, database)
        try await load(additional + group.rest, into: &related, depth: depth + 1)
        level.attach(related, to: &rows, places, as: group.place)
    }

    /// Goes on with rows that were fetched before.
    private func follow(_ group: Group, in rows: inout [DynamicRow], _ depth: Int) async throws {
        guard !group.rest.isEmpty else { return }
        var related: [DynamicRow] = []
        for row in rows {
            switch row.related[group.place] {
            case .one(let other?): related.append(other)
            case .many(let others): related += others
            default: break
            }
        }
        try await load(group.rest, into: &related, depth: depth + 1)
        var next = 0
        for index in rows.indices {
            switch rows[index].related[group.place] {
            case .one(.some):
                rows[index].related[group.place] = .one(related[next])
                next += 1
            case .many(let others):
                rows[index].related[group.place] = .many(
                    Array(related[next..<(next + others.count)])
                )
                next += others.count
            default: break
            }
        }
    }
}

/// The rows at the other end of a relation.
private struct PrefetchLevel {
    let relation: RelationInfo
    let isReverse: Bool
    private var query: DynamicQuery
    private let hidden: [FieldInfo]

    init(_ relation: RelationInfo, isReverse: Bool, _ query: DynamicQuery?) {
        self.relation = relation
        self.isReverse = isReverse
        let isMany = relation.leadsToMany(isReverse: isReverse)
        self.query =
            query
            ?? DynamicQuery(
                isReverse ? relation.source : relation.target,
                isMany ? .default : .base
            )
        let key = isReverse ? relation.throughTarget : relation.throughSource
        hidden = (key?.pairs ?? []).map(\.from)
    }

    private var isMany: Bool { relation.leadsToMany(isReverse: isReverse) }

    /// The paths that the query itself was told to prefetch.
    mutating func takeLookups() throws -> [PrefetchLookup] {
        let lookups = try query.prefetches.map { try PrefetchLookup($0) }
        query.prefetches = []
        return lookups
    }

    func rows(for owners: [DynamicRow], _ database: Database) async throws -> [DynamicRow] {
        var copy = query
        if copy.database == nil { copy.database = database }
        let references = owners.compactMap { owner in
            owner.model.map { ExpressionNode.row(owner.reference($0)) }
        }
        if relation.kind == .manyToMany {
            copy.query.add(
                .prefetch(
                    PrefetchCondition(
                        path: [isReverse ? relation.name : relation.queryName],
                        rows: .list(references),
                        columns: hidden
                    )
                )
            )
        } else if isReverse {
            let condition = PrefetchCondition(
                path: [relation.name],
                rows: .list(references),
                columns: []
            )
            copy.query.add(.prefetch(condition))
            if !isMany, try !copy.query.resolved().isSliced { copy.query.add(.order([])) }
        } else {
            guard let condition = forwardCondition(owners) else { return [] }
            copy.query.add(.filter(condition, isNegated: false))
            if try !copy.query.resolved().isSliced { copy.query.add(.order([])) }
        }
        var rows = try await copy.rows()
        if isReverse, relation.kind != .manyToMany { try await complete(&rows, copy.database) }
        return rows
    }

    /// Fetches the foreign key where the query left it out.
    private func complete(_ rows: inout [DynamicRow], _ database: Database?) async throws {
        let names = relation.pairs.map(\.from.attributeName)
        let missing = rows.filter { row in names.contains { row[$0] == nil } }
        guard !missing.isEmpty else { return }
        var query = DynamicQuery(relation.source, .base)
            .filter(.condition("pk__in", .list(missing.map { .row($0) }))).only(names)
        query.database = database
        var found: [[SQLValue]: DynamicRow] = [:]
        for row in try await query.rows() { found[row.key] = row }
        for index in rows.indices {
            guard let row = found[rows[index].key] else { continue }
            for name in names { rows[index].set(name, to: row[name] ?? .null) }
        }
    }

    /// The rows that foreign keys refer to.
    private func forwardCondition(_ owners: [DynamicRow]) -> ExpressionNode? {
        var seen: Set<[SQLValue]> = []
        let keys = owners.compactMap { owner -> [SQLValue]? in
            let key = relation.pairs.map { owner.value(of: $0.from) ?? .null }
            return key.contains(.null) || !seen.insert(key).inserted ? nil : key
        }
        guard !keys.isEmpty else { return nil }
        let names = relation.pairs.map(\.to.attributeName)
        if names.count == 1 {
            return .condition([names[0], "in"], .list(keys.map { .value($0[0]) }))
        }
        return .any(
            keys.map { key in
                .all(zip(names, key).map { .condition([$0, "exact"], .value($1)) })
            }
        )
    }

    /// Gives each row those that are related to it.
    func attach(
        _ related: [DynamicRow],
        to rows: inout [DynamicRow],
        _ places: [Int],
        as name: String
    ) {
        var byKey: [[SQLValue]: [DynamicRow]] = [:]
        for row in related {
            byKey[key(of: row), default: []].append(
                hidden.reduce(row) {
                    $0.without(PrefetchCondition.name($1))
                }
            )
        }
        for place in places {
            let owner = rows[place]
            let found = byKey[ownKey(of: owner)] ?? []
            let settled = found.map { settle($0, owner) }
            rows[place].related[name] = isMany ? .many(settled) : .one(settled.first)
        }
    }

    /// The value by which a row that was found belongs to others.
    private func key(of row: DynamicRow) -> [SQLValue] {
        if relation.kind == .manyToMany {
            return hidden.map { row[PrefetchCondition.name($0)] ?? .null }
        }
        return relation.pairs.map { row.value(of: isReverse ? $0.from : $0.to) ?? .null }
    }

    private func ownKey(of row: DynamicRow) -> [SQLValue] {
        if relation.kind == .manyToMany {
            let end = isReverse ? relation.throughTarget : relation.throughSource
            return (end?.pairs ?? []).map { row.value(of: $0.to) ?? .null }
        }
        return relation.pairs.map { row.value(of: isReverse ? $0.to : $0.from) ?? .null }
    }

    /// Sets the way back, where a row belongs to one only.
    private func settle(_ row: DynamicRow, _ owner: DynamicRow) -> DynamicRow {
        guard relation.kind != .manyToMany else { return row }
        var row = row
        if isReverse {
            if row.related[relation.name] == nil { row.related[relation.name] = .one(owner) }
        } else if relation.isUnique, !relation.isHidden {
            row.related[relation.accessor] = .one(owner)
        }
        return row
    }
}
