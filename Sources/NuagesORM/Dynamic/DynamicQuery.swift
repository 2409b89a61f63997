/// A query by names: of a model that is known only while the program runs.
///
///     let rows = try await DynamicQuery(Book.self)
///         .filter(.condition("publisher__name", "Apress"))
///         .annotate("writers", .aggregate("Count", [.field("authors")]))
///         .order(by: "-writers", "name")
///         .rows()
///     rows[0]["writers"]      // .int(3)
///
/// It is the dynamic form of ``QuerySet``, over the same ``Query``, for the admin, for APIs that
/// let clients choose what they filter and order by, and for tools. Rows are ``DynamicRow``s. What
/// is wrong in it is an error when it is evaluated, before a statement is sent.
///
/// Django: `QuerySet` with the strings that it takes.
public struct DynamicQuery: Sendable {
    var query: Query
    var prefetches: [DynamicPrefetch] = []
    var database: Database?
    /// The rows that the rows found are known to refer to.
    var known: [KnownRow] = []
    /// What happens when a related row or a field is asked for that was not fetched.
    var fetchMode = FetchMode.one
    /// How rows are shaped: the rows of models, or values.
    var shape = Shape.models

    /// A row that rows refer to by a relation, with the values of the columns that do.
    struct KnownRow: Sendable {
        let relation: RelationInfo
        let row: DynamicRow
    }

    enum Shape: Sendable, Hashable {
        case models
        case values
    }

    init(_ model: ModelInfo) { query = Query(model) }

    /// The rows that a model shows.
    ///
    /// What the model's manager prefetches is left out, as it has types.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - manager: which of its rows the query begins with.
    public init(_ model: any Model.Type, manager: ModelManager = .default) {
        self.init(model.info, manager)
    }

    /// The rows that a model shows, by its label, `polls.question`.
    ///
    /// - Parameters:
    ///   - label: the label, in lower case.
    ///   - manager: which of its rows the query begins with.
    /// - Throws: ``UsageError`` where no model that is registered has it.
    public init(
        named label: String,
        manager: ModelManager = .default
    ) throws(UsageError) {
        guard let model = ModelRegistry.graph.model(labeled: label) else {
            throw .invalidValue(
                "No model '\(FieldError.shown(label))' is registered; labels are like 'app.model'."
            )
        }
        self.init(model, manager)
    }

    /// The rows of a query set, with its conditions and order.
    public init<M: Model>(_ set: QuerySet<M>) {
        query = set.query
        database = set.database
        fetchMode = set.fetchMode
    }

    func adding(_ step: Query.Step) -> Self {
        var copy = self
        copy.query.add(step)
        return copy
    }

    /// The database that is asked; the one that is written to, where rows are locked.
    func resolvedDatabase(_ mode: TransactionMode = .read) throws(DatabaseError) -> Database {
        if let database { return database }
        return try Database.routed(query.locksRows ? .write : mode, query.model)
    }

    /// The same rows from the database that is written to.
    func forWriting() throws(DatabaseError) -> Self { using(try resolvedDatabase(.write)) }

    /// The label of the model.
    public var modelLabel: String { query.model.label }

    /// The same rows from another database.
    public func using(_ database: Database) -> Self {
        var copy = self
        copy.database = database
        return copy
    }
}

// MARK: Conditions

extension DynamicQuery {
    /// The rows for which all of the conditions hold.
    ///
    /// Conditions of one call are about the same related row, those of two calls may be about two.
    public func filter(_ conditions: DynamicExpression...) -> Self { filter(conditions) }

    /// The rows for which all of the conditions hold.
    public func filter(_ conditions: [DynamicExpression]) -> Self {
        adding(.filter(.all(conditions.map(\.condition)), isNegated: false))
    }

    /// The rows for which a condition holds.
    public func filter(_ condition: Q) -> Self {
        adding(.filter(condition.node, isNegated: false))
    }

    /// The rows for which a condition in either form holds; all rows for nil.
    public func complexFilter(_ condition: (any FilterConvertible)?) -> Self {
        condition.map { filter($0.condition) } ?? self
    }

    /// The rows for which not all of the conditions hold.
    public func exclude(_ conditions: DynamicExpression...) -> Self { exclude(conditions) }

    /// The rows for which not all of the conditions hold.
    public func exclude(_ conditions: [DynamicExpression]) -> Self {
        adding(.filter(.all(conditions.map(\.condition)), isNegated: true))
    }

    /// The rows for which a condition does not hold.
    public func exclude(_ condition: Q) -> Self {
        adding(.filter(condition.node, isNegated: true))
    }

    /// No rows.
    public func none() -> Self { adding(.empty) }
}

// MARK: Columns

/// A column that `values` selects: a field or annotation by its name, or an expression with one.
public enum DynamicColumn: Sendable, Hashable, ExpressibleByStringLiteral {
    /// A field, a path or an annotation.
    case field(String)
    /// An expression and the name that it gets.
    case expression(String, DynamicExpression)

    /// A field, a path or an annotation.
    public init(stringLiteral value: String) { self = .field(value) }

    /// The name of the column.
    public var name: String {
        switch self {
        case .field(let name), .expression(let name, _): name
        }
    }
}

extension DynamicQuery {
    /// The rows with a value that is computed for each, by a name.
    public func annotate(_ name: String, _ expression: DynamicExpression) -> Self {
        annotate([(name, expression)])
    }

    /// The rows with values that are computed for each.
    public func annotate(_ expressions: [(name: String, expression: DynamicExpression)]) -> Self {
        naming(expressions, isSelected: true)
    }

    /// A name for an expression that filters and orders can use, and that is not selected.
    public func alias(_ name: String, _ expression: DynamicExpression) -> Self {
        alias([(name, expression)])
    }

    /// Names for expressions that are not selected.
    public func alias(_ expressions: [(name: String, expression: DynamicExpression)]) -> Self {
        naming(expressions, isSelected: false)
    }

    private func naming(
        _ expressions: [(name: String, expression: DynamicExpression)],
        isSelected: Bool
    ) -> Self {
        adding(
            .annotate(
                expressions.map { Query.Named(name: $0.name, node: $0.expression.node) },
                isSelected: isSelected
            )
        )
    }

    /// A name for a relation of which only some rows are joined.
    ///
    ///     .filteredRelation("good", of: "book", where: .condition("book__rating__gt", 3))
    ///
    /// Django: `FilteredRelation`.
    public func filteredRelation(
        _ name: String,
        of relation: String,
        where condition: DynamicExpression
    ) -> Self {
        let named = Query.Named(name: name, node: condition.node, relation: relation)
        return adding(.annotate([named], isSelected: true))
    }

    /// Values by name in place of rows; all fields where none is named.
    public func values(_ columns: DynamicColumn...) -> Self { values(columns) }

    /// Values by name in place of rows; all fields where none is named.
    public func values(_ columns: [DynamicColumn]) -> Self {
        var copy = adding(
            .values(
                columns.map { column in
                    switch column {
                    case .field(let name): .field(name)
                    case .expression(let name, let expression): .expression(name, expression.node)
                    }
                }
            )
        )
        copy.shape = .values
        return copy
    }

    /// Values in the order of the columns, in which a column may come twice.
    ///
    /// A column that comes a second time gets a name with a number.
    public func valuesList(_ columns: [DynamicColumn]) -> Self {
        var names = Set(
            columns.compactMap { if case .field(let name) = $0 { name } else { nil } }
        )
        var seen: Set<String> = []
        var counter = 1
        return values(
            columns.map { column in
                guard !seen.insert(column.name).inserted else {
                    names.insert(column.name)
                    return column
                }
                while !names.insert("\(column.name)\(counter)").inserted { counter += 1 }
                let name = "\(column.name)\(counter)"
                switch column {
                case .field(let path): return .expression(name, .field(path))
                case .expression(_, let expression): return .expression(name, expression)
                }
            }
        )
    }

    /// The rows with only some of the fields; the rest is fetched when it is asked for.
    public func only(_ names: [String]) -> Self { adding(.only(names)) }

    /// The rows without some of the fields, which are fetched when they are asked for.
    public func deferring(_ names: [String]) -> Self { adding(.deferring(names)) }

    /// The rows with all fields again.
    public func loadingAll() -> Self { adding(.loadAll) }

    /// The rows with those that foreign keys lead to, in one query.
    public func selectRelated(_ paths: [String]) -> Self {
        var copy = self
        var selection = RelatedSelection()
        for path in paths {
            do throws(FieldError) {
                selection.tree.add(try NameParts.split(path)[...])
            } catch {
                copy.query.add(.invalid(error))
            }
        }
        copy.query.add(.related(selection))
        return copy
    }

    /// The rows with those that foreign keys lead to that cannot be NULL, five models deep.
    public func selectRelatedAll() -> Self { adding(.related(.all)) }

    /// The rows without related ones.
    public func selectRelatedNone() -> Self { adding(.related(.none)) }
}

// MARK: Order and number

extension DynamicQuery {
    /// The rows in the order of fields, paths and annotations; `-` turns an order round.
    public func order(by names: String...) -> Self {
        order(by: names.map { Ordering(name: $0) })
    }

    /// The rows in an order; in none where there are no terms.
    public func order(by orderings: [Ordering]) -> Self { adding(.order(orderings)) }

    /// The rows in their order, and those of the same place in it by their keys.
    package func thenByKey() throws -> Self {
        order(by: try query.resolved().orderWithKey)
    }

    /// The rows in the opposite order.
    public func reversed() -> Self { adding(.reverse) }

    /// Whether the rows have an order.
    public var isOrdered: Bool {
        get throws { try query.resolved().isOrdered }
    }

    /// Whether the order is the same each time, by fields of which no two rows have the same values.
    public var isTotallyOrdered: Bool {
        get throws { try query.resolved().isTotallyOrdered }
    }

    /// Whether conditions can be added: not to a slice, nor to several queries together.
    package var canBeFiltered: Bool {
        get throws {
            let resolved = try query.resolved()
            return !resolved.isSliced && resolved.combination == nil
        }
    }

    /// Each row once; by some fields only, where the database can.
    public func distinct(_ names: [String] = []) -> Self { adding(.distinct(names)) }

    /// The rows from a position up to, and without, another.
    ///
    /// - Throws: ``UsageError`` for negative positions.
    public func slice(_ start: Int?, _ end: Int?) throws(UsageError) -> Self {
        guard start ?? 0 >= 0, end ?? 0 >= 0 else {
            throw .notAllowed(
                "Positions of rows are counted from the start: they are not negative."
            )
        }
        return adding(.slice(start, end))
    }

    /// The rows with a lock on each until the transaction ends.
    public func locked(_ lock: RowLock = RowLock()) -> Self { adding(.lock(lock)) }
}

// MARK: Other queries

extension DynamicQuery {
    /// The rows of several queries, each once, or as often as they are found.
    public func union(_ others: [DynamicQuery], all: Bool = false) -> Self {
        adding(.combine(.union, isAll: all, others.map(\.query)))
    }

    /// The rows that all queries find.
    public func intersection(_ others: [DynamicQuery]) -> Self {
        adding(.combine(.intersection, isAll: false, others.map(\.query)))
    }

    /// The rows that the others do not find.
    public func difference(_ others: [DynamicQuery]) -> Self {
        adding(.combine(.difference, isAll: false, others.map(\.query)))
    }

    /// The rows that this and the other query find, by one condition: `a & b`.
    public func and(_ other: DynamicQuery) -> Self { merging(.and, other) }

    /// The rows that this or the other query finds, by one condition: `a | b`.
    public func or(_ other: DynamicQuery) -> Self { merging(.or, other) }

    /// The rows that one of the queries finds and not both, by one condition: `a ^ b`.
    public func xor(_ other: DynamicQuery) -> Self { merging(.xor, other) }

    private func merging(_ connector: WhereGroup.Connector, _ other: DynamicQuery) -> Self {
        if connector == .and {
            if other.query.isEmpty { return other }
            if query.isEmpty { return self }
        } else {
            if query.isEmpty { return other }
            if other.query.isEmpty { return self }
        }
        var copy = adding(.merge(connector, other.query))
        copy.known += other.known
        return copy
    }
}

// MARK: Dates

extension DynamicQuery {
    /// The periods that have rows, each by its first day.
    ///
    /// - Throws: ``UsageError`` for a period that is none of year, month, week and day.
    public func dates(
        _ field: String,
        _ period: String,
        descending: Bool = false
    )
        throws(UsageError) -> Self
    {
        guard ["year", "month", "week", "day"].contains(period) else {
            throw .invalidValue("A period is year, month, week or day.")
        }
        return periods(field, period, "datefield", .date, zone: nil, descending)
    }

    /// The periods that have rows, each by the moment at which it begins.
    ///
    /// - Throws: ``UsageError`` for a period that is none of year to second.
    public func datetimes(
        _ field: String,
        _ period: String,
        zone: String? = nil,
        descending: Bool = false
    ) throws(UsageError) -> Self {
        guard ["year", "month", "week", "day", "hour", "minute", "second"].contains(period) else {
            throw .invalidValue("A period is year, month, week, day, hour, minute or second.")
        }
        let zone = zone ?? CurrentZone.name
        return periods(field, period, "datetimefield", .dateTime, zone: zone, descending)
    }

    private func periods(
        _ field: String,
        _ period: String,
        _ name: String,
        _ type: ValueType,
        zone: String?,
        _ descending: Bool
    ) -> Self {
        var options: [String: SQLValue] = ["period": .text(period)]
        options["zone"] = zone.map { .text($0) }
        let source = DynamicExpression.field(field)
        return annotate([
            (name, .function(.truncate, [source], options: options, as: type)),
            ("plain_field", source),
        ])
        .values(.field(name)).distinct()
        .filter(.condition("plain_field__isnull", false))
        .order(by: descending ? "-\(name)" : name)
    }
}

extension DynamicExpression {
    /// The expression where a condition stands; a name alone is none.
    fileprivate var condition: ExpressionNode {
        guard case .reference(let names) = node else { return node }
        return .invalid(.notACondition(names.joined(separator: "__")))
    }
}
