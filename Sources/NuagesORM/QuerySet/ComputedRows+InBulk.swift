import NuagesCore

extension AnnotatedSet {
    /// The rows with some primary keys and their values, by their keys.
    ///
    ///     let found = try await Question.objects.annotate { $0.choices.count() }.inBulk([1, 2])
    ///     found[1]?.1     // the number of choices
    ///
    /// Django: `in_bulk`.
    ///
    /// - Parameter ids: the keys; nil for all rows.
    /// - Returns: the rows that were found.
    /// - Throws: ``UsageError`` behind a slice, ``FieldError``, ``DatabaseError``.
    public func inBulk(_ ids: [PrimaryKey<M>]? = nil) async throws -> [PrimaryKey<M>: Element] {
        try query.refuseSlicedKeys()
        let database = try plainSet.resolvedDatabase()
        var found: [PrimaryKey<M>: Element] = [:]
        for query in ids.map({ query.batches(by: "pk", $0.map(\.operand), in: database) }) ?? [
            query
        ] {
            var set = self
            set.query = query
            for element in try await set.all() { found[element.0.id] = element }
        }
        return found
    }
}

extension ValueSet {
    /// The values of the rows with some primary keys, by the keys.
    ///
    ///     let titles = try await Book.objects.selecting { $0.title }.inBulk([1, 2])
    ///     // SELECT "book"."id" AS "pk", "book"."title" … WHERE "book"."id" IN (?, ?)
    ///
    /// The key need not be among the values. Django: `in_bulk` after `values` and `values_list`.
    ///
    /// - Parameter ids: the keys; nil for all rows.
    /// - Returns: the values that were found.
    /// - Throws: ``UsageError`` behind a slice, ``FieldError``, ``DatabaseError``.
    public func inBulk(_ ids: [PrimaryKey<M>]? = nil) async throws -> [PrimaryKey<M>: Values] {
        try await inBulk("pk", width: M.info.keyFields.count, ids?.map(\.operand)) { columns in
            guard let type = M.KeyValue.self as? any CompositeKey.Type else {
                return try columns[0].read(PrimaryKey<M>.self)
            }
            guard let key = try type.init(columnValues: columns) as? M.KeyValue else {
                throw DecodingFailure()
            }
            return PrimaryKey(key)
        }
    }

    /// The values of the rows with some values of a unique field, by these.
    ///
    ///     let names = try await Person.objects.selecting { $0.name }
    ///         .inBulk(["ada@example.com"], by: \.email)
    ///
    /// - Parameters:
    ///   - keys: the values of the field; nil for all rows.
    ///   - field: a field of which no two rows have the same value.
    /// - Returns: the values that were found.
    /// - Throws: ``UsageError`` behind a slice and for a field that is not unique, ``FieldError``,
    ///   ``DatabaseError``.
    public func inBulk<Key: FieldValue & Hashable>(
        _ keys: [Key]? = nil,
        by field: KeyPath<M.Fields, FieldExpression<Key>>
    ) async throws -> [Key: Values] {
        let name = M.queryFields[keyPath: field].lookupPath
        try query.checkKey(name)
        return try await inBulk(name, width: 1, keys?.map(\.operand)) { try $0[0].read(Key.self) }
    }

    /// The values with a key in front of them, unless it is among them.
    private func inBulk<Key: Hashable & Sendable>(
        _ name: String,
        width: Int,
        _ keys: [ExpressionNode]?,
        _ key: @escaping @Sendable ([SQLValue]) throws -> Key
    ) async throws -> [Key: Values] {
        try query.refuseSlicedKeys()
        let names = DynamicRowReader.names(of: try query.resolved())
        let place = width == 1 ? names.firstIndex { $0.equalsBytes(name) } : nil
        var keyed = query
        if place == nil { keyed.add(.values([.field(name)] + names.map { .field($0) })) }
        let read = read
        let database = try plainSet.resolvedDatabase()
        var found: [Key: Values] = [:]
        for query in keys.map({ keyed.batches(by: name, $0, in: database) }) ?? [keyed] {
            let rows = try await plainSet.fetchValues(query) { row in
                let first = place ?? 0
                let columns = (first..<first + width).map { row.source.column($0).sqlValue }
                if place == nil { row.skip(width) }
                return (try key(columns), try read(&row))
            }
            for (key, values) in rows { found[key] = values }
        }
        return found
    }
}

extension Query {
    /// Refuses to find rows by a field of which several rows may have the same value.
    func checkKey(_ name: String) throws {
        guard try model.isUnique(name) || resolved().distinctFields == [name] else {
            throw UsageError.notAllowed("'\(FieldError.shown(name))' is not unique.")
        }
    }

    /// Refuses to find rows by keys among those that a slice has left.
    func refuseSlicedKeys() throws(UsageError) {
        guard !isSliced else {
            throw .notAllowed("Rows cannot be fetched by key once the query is sliced.")
        }
    }

    /// The query for the rows with some keys, as several where one would bind too many values.
    func batches(by name: String, _ keys: [ExpressionNode], in database: Database) -> [Query] {
        let width = name.equalsBytes("pk") ? model.keyFields.count : 1
        let size = max(1, database.features.maxBindings / max(1, width))
        return keys.batches(of: size).map { batch in
            adding(.filter(.condition([name, "in"], .list(batch)), isNegated: false))
        }
    }
}
