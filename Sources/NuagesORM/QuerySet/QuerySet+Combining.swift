extension QuerySet {
    /// The rows of this and other query sets, each once or as often as they are found.
    ///
    ///     Book.objects.filter { $0.inPrint == true }.union(Book.objects.filter { $0.price > 20 })
    ///     // SELECT … UNION SELECT …
    ///
    /// What is found can be ordered and limited, not filtered.
    ///
    /// - Parameters:
    ///   - others: the other query sets.
    ///   - all: whether rows that are found twice come twice, `UNION ALL`.
    /// - Returns: a query set.
    public func union(_ others: QuerySet..., all: Bool = false) -> Self {
        with { $0.add(.combine(.union, isAll: all, others.map(\.query))) }
    }

    /// The rows that all query sets find.
    ///
    ///     a.intersection(b)       // SELECT … INTERSECT SELECT …
    ///
    /// - Parameter others: the other query sets.
    /// - Returns: a query set.
    public func intersection(_ others: QuerySet...) -> Self {
        with { $0.add(.combine(.intersection, isAll: false, others.map(\.query))) }
    }

    /// The rows that the other query sets do not find.
    ///
    ///     a.difference(b)         // SELECT … EXCEPT SELECT …
    ///
    /// - Parameter others: the other query sets.
    /// - Returns: a query set.
    public func difference(_ others: QuerySet...) -> Self {
        with { $0.add(.combine(.difference, isAll: false, others.map(\.query))) }
    }

    /// The rows that both query sets find, by one condition.
    ///
    ///     Book.objects.filter { $0.price > 5 } & Book.objects.filter { $0.inPrint == true }
    ///     // SELECT … WHERE ("price" > 5 AND "in_print" = 1)
    public static func & (left: Self, right: Self) -> Self { left.merging(.and, right) }

    /// The rows that one of the query sets finds, or both, by one condition.
    public static func | (left: Self, right: Self) -> Self { left.merging(.or, right) }

    /// The rows that one of the query sets finds and not both, by one condition.
    public static func ^ (left: Self, right: Self) -> Self { left.merging(.xor, right) }

    private func merging(_ connector: WhereGroup.Connector, _ other: Self) -> Self {
        let isAnd = connector == .and
        if other.query.isEmpty { return isAnd ? other : self }
        if query.isEmpty { return isAnd ? self : other }
        return with { $0.add(.merge(connector, other.query)) }
    }

    /// Of the rows that have some fields in common the first one in the order.
    ///
    ///     Choice.objects.order { [$0.question.ascending, $0.votes.descending] }
    ///         .distinct { $0.question.id }
    ///     // SELECT DISTINCT ON ("polls_choice"."question_id") …
    ///
    /// PostgreSQL has it; the order begins with the same fields.
    ///
    /// - Parameter fields: the fields.
    /// - Returns: a query set; ``DatabaseError/notSupported(_:)`` where the database cannot.
    public func distinct(
        @FieldListBuilder on fields: (M.Fields) -> FieldList
    ) -> Self {
        let paths = fields(M.queryFields).paths
        return with { $0.add(.distinct(paths)) }
    }

    /// The rows with a lock on each until the transaction ends, so that nobody else changes them.
    ///
    ///     try await database.atomic {
    ///         var choice = try await Choice.objects.selectForUpdate().get(1)
    ///         // … WHERE "polls_choice"."id" = 1 LIMIT 21 FOR UPDATE
    ///         …
    ///     }
    ///
    /// SQLite has no locks on rows and one transaction that writes at a time: it is asked as
    /// without. Outside of a transaction it is a ``DatabaseError/transactionMisused(_:)``.
    ///
    /// - Parameters:
    ///   - waiting: what happens where another transaction has a lock: `.waits`, `.fails`
    ///     (`NOWAIT`) or `.skipsLocked`.
    ///   - allowingReferences: whether other transactions may still refer to the rows,
    ///     `FOR NO KEY UPDATE`.
    /// - Returns: a query set.
    public func selectForUpdate(
        _ waiting: RowLock.Waiting = .waits,
        allowingReferences: Bool = false
    ) -> Self { locked(waiting, allowingReferences, []) }

    /// The rows with a lock on each of some tables until the transaction ends.
    ///
    ///     Choice.objects.selectRelated { $0.question }.selectForUpdate(of: { $0 })
    ///     // … FOR UPDATE OF "polls_choice"
    ///
    /// - Parameters:
    ///   - waiting: what happens where another transaction has a lock.
    ///   - allowingReferences: whether other transactions may still refer to the rows.
    ///   - tables: relations that `selectRelated` follows, and `$0` for the rows themselves.
    /// - Returns: a query set.
    public func selectForUpdate(
        _ waiting: RowLock.Waiting = .waits,
        allowingReferences: Bool = false,
        @RelationListBuilder of tables: (M.Fields) -> FieldList
    ) -> Self {
        locked(
            waiting,
            allowingReferences,
            tables(M.queryFields).paths.map { $0.isEmpty ? "self" : $0 }
        )
    }

    private func locked(
        _ waiting: RowLock.Waiting,
        _ allowsReferences: Bool,
        _ relations: [String]
    ) -> Self {
        var lock = RowLock()
        lock.waiting = waiting
        lock.allowsReferences = allowsReferences
        lock.relations = relations
        return with { $0.add(.lock(lock)) }
    }

    /// How the database goes about the query.
    ///
    ///     try await Book.objects.filter { $0.id == 1 }.explain()
    ///     // "2 0 0 SEARCH polls_book USING INTEGER PRIMARY KEY (rowid=?)"
    ///
    /// - Parameters:
    ///   - format: such as `json`, where the database has several.
    ///   - options: further options, such as `["analyze": "true"]`.
    /// - Returns: what the database says, a line for each row; nothing where the query is known to
    ///   find nothing.
    /// - Throws: ``UsageError`` for an option that the database does not have, ``DatabaseError``.
    public func explain(
        format: String? = nil,
        options: [String: String] = [:]
    ) async throws -> String {
        let explanation = Explanation(format: format, options: options)
        return try await query.explained(explanation, by: try resolvedDatabase())
    }
}

extension Query {
    /// What the database says of how it goes about the query.
    func explained(_ explanation: Explanation, by database: Database) async throws -> String {
        guard let statement = try adding(.explain(explanation)).statement(for: database) else {
            return ""
        }
        let rows = try await database.perform(statement, mode: .read) { connection in
            var rows: [[SQLValue]] = []
            _ = try connection.run(statement) { row in rows.append(row.values) }
            return rows
        }
        return rows.map { $0.map(\.explanationText).joined(separator: " ") }
            .joined(separator: "\n")
    }
}

extension SQLValue {
    /// A column of what a database says of a query.
    fileprivate var explanationText: String {
        switch self {
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .text(let text): text
        case .json(let document): StoredText.format(document) ?? ""
        default: ""
        }
    }
}
