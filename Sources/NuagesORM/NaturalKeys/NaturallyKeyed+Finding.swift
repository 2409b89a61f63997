import NuagesCore

extension NaturallyKeyed {
    /// The row with some values in the fields of its natural key.
    ///
    ///     try await Person.byNaturalKey("Douglas", "Adams")
    ///     // … WHERE ("first_name" = ? AND "last_name" = ?) LIMIT 21
    ///     try await Book.byNaturalKey("Mostly Harmless", Person.naturalKey("Douglas", "Adams"))
    ///     // … INNER JOIN "library_person" … LIMIT 21
    ///
    /// Django: `get_by_natural_key`.
    ///
    /// - Parameter values: the values of the fields, in their order.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``, ``DatabaseError``.
    public static func byNaturalKey<each Value: Sendable>(
        _ values: repeat each Value
    ) async throws -> Self where Natural == NaturalKey<Self, repeat each Value> {
        try await defaultManager.get(naturalKey(repeat each values))
    }

    /// The natural key of the row; rows that its foreign keys lead to are fetched unless they are
    /// loaded.
    ///
    ///     for book in try await Book.objects.selectRelatedNaturalKey().all() {
    ///         try await book.naturalKey()             // no query
    ///     }
    ///
    /// Django: `natural_key()`.
    ///
    /// - Returns: the key.
    /// - Throws: ``ModelError/doesNotExist(model:)`` for a foreign key to a row that is gone,
    ///   ``UsageError`` for a key that leads back to itself, ``DatabaseError``.
    public func naturalKey() async throws -> NaturalKeyValue<Self> {
        try await Self.naturalKey.parts.key(of: self)
    }

    /// Gives a value without a primary key that of the row which has the same natural key, so that
    /// saving it updates the row.
    ///
    ///     var person = Person(firstName: "Douglas", lastName: "Adams", born: 1952)
    ///     try await person.adoptKey()
    ///     try await person.save()
    ///
    /// - Parameter database: the database; nil for the one that is written to.
    /// - Returns: whether there is such a row; false where the value has a key already.
    /// - Throws: ``ModelError/multipleObjectsReturned(model:count:)``, ``DatabaseError``.
    @discardableResult
    public mutating func adoptKey(using database: Database? = nil) async throws -> Bool {
        guard !id.isSaved else { return false }
        let database = try database ?? Database.routed(.write, Self.info)
        let row = self
        let key = try await database.use { try await row.naturalKey() }
        do {
            id = try await Self.defaultManager.using(database).get(key).id
            return true
        } catch ModelError.doesNotExist {
            return false
        }
    }

    /// The models whose natural keys are parts of this one: their rows have to be there before.
    ///
    /// Django: `natural_key.dependencies`.
    public static var naturalKeyDependencies: [any NaturallyKeyed.Type] {
        naturalKey.parts.list.compactMap(\.target)
    }
}

extension QuerySet where M: NaturallyKeyed {
    /// The row with some values in the fields of its natural key.
    ///
    /// - Parameter values: the values of the fields, in their order.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``, ``DatabaseError``.
    public func byNaturalKey<each Value: Sendable>(
        _ values: repeat each Value
    ) async throws -> M where M.Natural == NaturalKey<M, repeat each Value> {
        try await get(M.naturalKey(repeat each values))
    }

    /// The row with a natural key.
    ///
    /// - Parameter key: the key.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``, ``DatabaseError``.
    public func get(_ key: NaturalKeyValue<M>) async throws -> M {
        let nodes = try M.naturalKey.parts.nodes()
        return try await filtered(try Self.condition(key, nodes), isNegated: false).get()
    }

    /// The rows with some natural keys, by their keys; one query for up to 200.
    ///
    ///     let people = try await Person.objects.inBulk([adams, verne])
    ///     people[adams]?.id
    ///
    /// - Parameter keys: the keys.
    /// - Returns: the rows that were found.
    /// - Throws: ``UsageError`` behind a slice, ``FieldError``, ``DatabaseError``.
    public func inBulk(
        _ keys: some Sequence<NaturalKeyValue<M>>
    ) async throws -> [NaturalKeyValue<M>: M] {
        guard !query.isSliced else {
            throw UsageError.notAllowed("Rows cannot be fetched by key once the query is sliced.")
        }
        let nodes = try M.naturalKey.parts.nodes()
        let conditions = try Set(keys).map { try Self.condition($0, nodes) }
        let most = try resolvedDatabase().features.maxBindings / max(1, nodes.width)
        var found: [NaturalKeyValue<M>: M] = [:]
        // Databases nest conditions some hundred deep, and a list of them is nested.
        for batch in conditions.batches(of: max(1, min(200, most))) {
            let set = try filtered(.any(batch), isNegated: false).selectRelatedNaturalKey()
            for row in try await set.all() { found[try await row.naturalKey()] = row }
        }
        return found
    }

    /// The natural keys of the rows, by their primary keys, with one query.
    ///
    ///     let authors = books.map(\.author.id)
    ///     try await Person.objects.filter { $0.id.isIn(authors) }.naturalKeys()
    ///
    /// - Returns: the keys.
    /// - Throws: ``UsageError`` for a key that leads back to itself, ``FieldError``,
    ///   ``DatabaseError``.
    public func naturalKeys() async throws -> [PrimaryKey<M>: NaturalKeyValue<M>] {
        var found: [PrimaryKey<M>: NaturalKeyValue<M>] = [:]
        for row in try await selectRelatedNaturalKey().all() {
            found[row.id] = try await row.naturalKey()
        }
        return found
    }

    /// The rows with what their natural keys need, in the same query.
    ///
    /// - Returns: the rows.
    /// - Throws: ``UsageError`` for a key that leads back to itself.
    public func selectRelatedNaturalKey() throws -> Self {
        let paths = try M.naturalKey.parts.nodes().relatedPaths()
        return paths.isEmpty ? self : selecting(related: paths)
    }

    private static func condition(
        _ key: NaturalKeyValue<M>,
        _ nodes: [NaturalKeyNode]
    ) throws(FieldError) -> ExpressionNode {
        if let failure = key.failure { throw failure }
        return .all(nodes.condition(key.values[...]))
    }
}
