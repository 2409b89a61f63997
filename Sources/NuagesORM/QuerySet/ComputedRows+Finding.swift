import NuagesCore

extension ComputedRows {
    /// The rows that satisfy all lookups, in the dynamic form; values have the names that they were
    /// given.
    ///
    ///     Question.objects.annotate("total") { $0.choices.votes.sum() }
    ///         .filter(lookups: ["total__gt": 3])
    ///
    /// - Parameter lookups: paths with lookups, and what they compare with.
    /// - Returns: the rows for which they hold.
    public func filter(lookups: Lookups) -> Self { filter(lookups.condition) }

    /// The rows that do not satisfy all lookups, in the dynamic form.
    ///
    /// - Parameter lookups: paths with lookups, and what they compare with.
    /// - Returns: the rows for which they do not all hold.
    public func exclude(lookups: Lookups) -> Self { exclude(lookups.condition) }

    /// The rows that satisfy a condition in the dynamic form.
    ///
    /// - Parameter condition: the condition.
    /// - Returns: the rows for which it holds.
    public func filter(_ condition: Q) -> Self {
        adding(.filter(condition.node, isNegated: false))
    }

    /// The rows that do not satisfy a condition in the dynamic form.
    ///
    /// - Parameter condition: the condition.
    /// - Returns: the rows for which it does not hold.
    public func exclude(_ condition: Q) -> Self {
        adding(.filter(condition.node, isNegated: true))
    }

    /// The query for its last row, by the primary key where there is no order.
    fileprivate func lastAlone() throws -> Self {
        guard !query.isSliced else {
            throw FieldError.invalidQuery(
                "Rows that were limited cannot be reversed; order them the other way round."
            )
        }
        let resolved = try query.resolved()
        var copy = self
        if resolved.isOrdered || !resolved.usesDefaultOrdering {
            copy.query.add(.reverse)
        } else {
            try resolved.checkOrderOfGroups("last")
            copy.query.add(.order([Ordering(name: "-pk")]))
        }
        return copy.limit(1)
    }
}

extension AnnotatedSet {
    /// The last row with its values; by the primary key where there is no order.
    ///
    /// - Returns: the row; nil if there is none.
    /// - Throws: ``FieldError`` behind a slice, ``DatabaseError``.
    public func last() async throws -> Element? { try await lastAlone().all().first }
}

extension ValueSet {
    /// The values of the only row or group.
    ///
    ///     try await Book.objects.filter { $0.isbn == isbn }.selecting { $0.title }.get()
    ///
    /// - Returns: the values.
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``, ``DatabaseError``.
    public func get() async throws -> Values {
        var copy = self
        if !query.isSliced, !query.isDistinctOnFields { copy.query.add(.order([])) }
        copy.query.slice(offset: 0, count: QueryLimits.get)
        return try M.only(try await copy.all())
    }

    /// The values of the last row; by the primary key where there is no order.
    ///
    /// - Returns: the values; nil if there is no row.
    /// - Throws: ``FieldError`` behind a slice, ``UsageError`` for groups without an order,
    ///   ``DatabaseError``.
    public func last() async throws -> Values? { try await lastAlone().all().first }
}
