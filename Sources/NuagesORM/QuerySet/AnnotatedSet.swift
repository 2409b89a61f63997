public import NuagesCore

/// Rows of a model, each with values that are computed for it.
///
///     let popular = try await Question.objects
///         .annotate { ($0.choices.count(), $0.choices.votes.sum()) }
///         .filter { $0.values.1 > 3 }
///         .order { $0.values.0.descending }
///         .all()
///     for (question, (count, total)) in popular { … }
///
/// Django: `annotate`. Values that a second `annotate` computes stand behind those of the first:
/// `(question, (first, second))`.
public struct AnnotatedSet<M: Model, References: Sendable, Values: Sendable>: ComputedRows {
    /// The model of the rows.
    public typealias Root = M
    /// A row with its values.
    public typealias Element = (M, Values)

    /// The steps so far.
    public var query: Query
    /// What conditions know the values by.
    public let references: References
    /// The database that is asked; nil for the current one.
    public var database: Database?
    var prefetches: [Prefetch<M>]
    /// The names of the columns of the values.
    let names: [String]
    /// The number of columns of earlier annotations.
    let skippedCount: Int
    let read: @Sendable (inout Row) throws -> Values
    /// The values as a template sees them.
    let contextValues: @Sendable (Values) -> [ContextValue]

    /// The rows without their values, of the same query.
    ///
    ///     Question.objects.annotate { $0.choices.count() }.filter { $0.values == 0 }.rows.delete()
    public var rows: QuerySet<M> {
        var set = plainSet
        set.prefetches = prefetches
        return set
    }
}

extension QuerySet {
    /// The rows with values that are computed for each.
    ///
    ///     try await Question.objects.annotate { $0.choices.votes.sum() }.filter { $0.values > 3 }.all()
    ///     // SELECT …, SUM("polls_choice"."votes") AS "annotation1" FROM "polls_question" …
    ///     // GROUP BY … HAVING SUM("polls_choice"."votes") > 3
    ///
    /// An aggregate is made of the rows that are joined to each row.
    ///
    /// - Parameters:
    ///   - names: the names of the values in SQL and in templates, where they matter.
    ///   - expressions: fields, expressions and aggregates.
    /// - Returns: the rows with their values.
    public func annotate<References: Sendable, Values: Sendable>(
        _ names: String...,
        @ValueSelectionBuilder by expressions: (M.Fields) -> ValueSelection<References, Values>
    ) -> AnnotatedSet<M, References, Values> {
        let selection = expressions(M.queryFields)
        var query = query
        let skipped = query.annotationCount
        let names = query.annotate(selection.nodes, names)
        return AnnotatedSet(
            query: query,
            references: selection.references(names.map { .reference([$0]) }),
            database: database,
            prefetches: prefetches,
            names: names,
            skippedCount: skipped,
            read: selection.read,
            contextValues: selection.contextValues
        )
    }

    /// A name for a value that conditions and orders use and that no row gets.
    ///
    ///     Question.objects.alias { $0.choices.votes.sum() } in: { questions, total in
    ///         questions.filter { _ in total > 3 }.order { _ in total.descending }
    ///     }
    ///
    /// Django: `alias`.
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - body: makes the query with the name.
    /// - Returns: what `body` makes.
    public func alias<Expression: QueryExpression, Result>(
        _ expression: (M.Fields) -> Expression,
        in body: (Self, ComputedExpression<Expression.Value>) -> Result
    ) -> Result {
        var node = ExpressionNode.star
        let set = with { node = $0.name(expression(M.queryFields).node) }
        return body(set, ComputedExpression(node))
    }

    /// A name for a relation of which only some rows are joined.
    ///
    ///     Author.objects.filteredRelation { $0.books } where: { $0.inPrint == true } in: {
    ///         authors, books in authors.annotate { _ in books.count() }
    ///     }
    ///     // … LEFT OUTER JOIN "polls_book" "filtered1" ON (… AND "filtered1"."in_print" = 1)
    ///
    /// Django: `FilteredRelation`.
    ///
    /// - Parameters:
    ///   - relation: the relation.
    ///   - condition: which of its rows are joined.
    ///   - body: makes the query with the relation's fields, each of which may be `NULL`.
    /// - Returns: what `body` makes.
    public func filteredRelation<
        Relation: RelationFields,
        Condition: QueryExpression,
        Result
    >(
        _ relation: (M.Fields) -> Relation,
        where condition: (Relation) -> Condition,
        in body: (Self, OptionalFields<Relation.Root.Fields>) -> Result
    ) -> Result where Condition.Value.Base == Bool {
        let fields = relation(M.queryFields)
        var name = ""
        let set = with {
            name = $0.nameRelation(fields.lookupPath, where: condition(fields).node)
        }
        return body(set, OptionalFields(path: RelationPath(names: [name])))
    }
}

extension AnnotatedSet {
    /// The rows with further values, which may be made of those before.
    ///
    /// - Parameters:
    ///   - names: the names of the values in SQL and in templates, where they matter.
    ///   - expressions: fields, expressions and aggregates.
    /// - Returns: the rows; the new values stand behind those before.
    public func annotate<More: Sendable, MoreValues: Sendable>(
        _ names: String...,
        @ValueSelectionBuilder by expressions: (ComputedFields<M.Fields, References>) ->
            ValueSelection<
                More, MoreValues
            >
    ) -> AnnotatedSet<M, (References, More), (Values, MoreValues)> {
        let selection = expressions(computedFields)
        var query = query
        let new = query.annotate(selection.nodes, names)
        let (first, second) = (read, selection.read)
        let (firstValues, secondValues) = (contextValues, selection.contextValues)
        return AnnotatedSet<M, (References, More), (Values, MoreValues)>(
            query: query,
            references: (references, selection.references(new.map { .reference([$0]) })),
            database: database,
            prefetches: prefetches,
            names: self.names + new,
            skippedCount: skippedCount,
            read: { row in
                let values = try first(&row)
                return (values, try second(&row))
            },
            contextValues: { firstValues($0) + secondValues($1) }
        )
    }

    /// The rows with the rows that relations lead to, in the same query.
    ///
    /// - Parameter relations: the relations.
    /// - Returns: the rows.
    public func selectRelated(
        @RelationListBuilder _ relations: (M.Fields) -> FieldList
    ) -> Self {
        var copy = self
        copy.query = rows.selectRelated(relations).query
        return copy
    }

    /// The rows with a lock on each until the transaction ends.
    ///
    /// - Parameters:
    ///   - waiting: what happens where another transaction has a lock.
    ///   - allowingReferences: whether other transactions may still refer to the rows.
    /// - Returns: the rows.
    public func selectForUpdate(
        _ waiting: RowLock.Waiting = .waits,
        allowingReferences: Bool = false
    ) -> Self {
        var copy = self
        copy.query =
            rows.selectForUpdate(waiting, allowingReferences: allowingReferences).query
        return copy
    }

    /// The rows with their values.
    ///
    /// - Returns: the rows in their order.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func all() async throws -> [Element] {
        let database = try plainSet.resolvedDatabase()
        guard let (statement, rows) = try query.selected(for: database) else { return [] }
        let related = try RelatedRows(rows)
        let reader = reader(related)
        let found = try await database.perform(statement, mode: .read) { connection in
            var found: [Element] = []
            _ = try connection.run(statement) { row in
                if let element = try reader(&row) { found.append(element) }
            }
            return found
        }
        return try await completed(found, database)
    }

    private func reader(
        _ related: RelatedRows
    ) -> @Sendable (inout Row) throws -> Element? {
        let (skipped, read) = (skippedCount, read)
        let reader = RelatedReader<M>(related)
        return { row in
            var model = try M(row: &row)
            row.skip(skipped)
            let values = try read(&row)
            try reader.complete(&model, &row)
            return (model, values)
        }
    }

    private func completed(
        _ elements: [Element],
        _ database: Database
    ) async throws -> [Element] {
        guard !prefetches.isEmpty else { return elements }
        var models = elements.map(\.0)
        try await models.load(prefetches, database)
        return zip(models, elements).map { ($0, $1.1) }
    }

    /// The rows one after the other, with only a few of them in memory at a time.
    ///
    /// - Parameter chunkSize: how many rows are fetched at once.
    /// - Returns: the rows with their values, in their order.
    /// - Throws: ``FieldError`` for a mistake in the query or a `chunkSize` below 1.
    public func iterator(chunkSize: Int = 2000) throws -> RowSequence<Element> {
        let set = self
        return try plainSet.rows(
            chunkSize: chunkSize,
            complete: { elements, database in
                elements = try await set.completed(elements, database)
            },
            read: { reader($0) }
        )
    }

    /// The only row that matches.
    ///
    /// - Returns: the row with its values.
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``, ``DatabaseError``.
    public func get() async throws -> Element {
        var copy = self
        if !query.isSliced { copy.query.add(.order([])) }
        copy.query.slice(offset: 0, count: QueryLimits.get)
        return try M.only(try await copy.all())
    }

    /// The first row; by the primary key where there is no order.
    ///
    /// - Returns: the row with its values; nil if there is none.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func first() async throws -> Element? {
        var copy = self
        if !query.isOrdered { copy.query.add(.order([Ordering(name: "pk")])) }
        copy.query.slice(offset: 0, count: 1)
        return try await copy.all().first
    }
}

extension AnnotatedSet: ContextConvertible {
    /// The rows, each with its values by their names, queried when a template first needs them.
    ///
    ///     "questions": Question.objects.annotate("total") { $0.choices.votes.sum() }
    ///     // {% for question in questions %}{{ question.total }}{% endfor %}
    public var contextValue: ContextValue {
        .deferred {
            .array(
                try await self.all().map { model, values in
                    let named = zip(self.names, self.contextValues(values))
                    return .object(
                        AnnotatedContext(
                            model: model,
                            values: Dictionary(named) { first, _ in first }
                        )
                    )
                }
            )
        }
    }
}

/// A row with its values, as a template sees it.
private struct AnnotatedContext: ContextObject {
    let model: any ContextObject
    let values: [String: ContextValue]

    func contextMember(_ name: String) -> ContextValue? {
        values[name] ?? model.contextMember(name)
    }

    var contextDescription: ContextValue { model.contextDescription }
    var contextIdentity: String? { model.contextIdentity }
}
