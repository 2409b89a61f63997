import NuagesCore

/// What is asked of a model: steps in the order in which they were taken.
///
/// A query is a value: it is made without a database and looked at only when it is evaluated, so
/// mistakes in it are reported then.
public struct Query: Sendable, Hashable {
    /// How results of several queries are put together.
    public enum Combination: String, Sendable, Hashable {
        case union = "UNION"
        case intersection = "INTERSECT"
        case difference = "EXCEPT"
    }

    /// A column of `values()`: a field or annotation by name, or an expression that gets a name.
    enum Value: Sendable, Hashable {
        case field(String)
        case expression(String, ExpressionNode)

        var name: String {
            switch self {
            case .field(let name), .expression(let name, _): name
            }
        }
    }

    struct Named: Sendable, Hashable {
        var name: String
        var node: ExpressionNode
        /// The path of a filtered relation, of which the node is the condition.
        var relation: String?
    }

    enum Step: Sendable, Hashable {
        case filter(ExpressionNode, isNegated: Bool)
        /// Lets the next `filter` share the joins of the one before.
        case sticky
        case annotate([Named], isSelected: Bool)
        case values([Value])
        case order([Ordering])
        case reverse
        case distinct([String])
        case slice(Int?, Int?)
        case combine(Combination, isAll: Bool, [Query])
        case merge(WhereGroup.Connector, Query)
        case related(RelatedSelection)
        case deferring([String])
        case only([String])
        case loadAll
        case lock(RowLock)
        case explain(Explanation)
        /// Only rows that are related to some others.
        case prefetch(PrefetchCondition)
        case empty
        case invalid(FieldError)
    }

    let model: ModelInfo
    private(set) var steps: [Step] = []

    init(_ model: ModelInfo) { self.model = model }

    /// The steps of a query of a parent, taken by another model.
    init(_ model: ModelInfo, _ other: Query) {
        self.model = model
        steps = other.steps
    }

    mutating func add(_ step: Step) { steps.append(step) }

    func adding(_ step: Step) -> Query {
        var copy = self
        copy.steps.append(step)
        return copy
    }

    /// Whether one row of each group is kept, which the order decides on.
    var isDistinctOnFields: Bool {
        steps.contains { step in
            if case .distinct(let names) = step { !names.isEmpty } else { false }
        }
    }

    /// Whether rows are left out by their position.
    var isSliced: Bool {
        steps.reversed().contains { step in
            if case .slice(let start, let end) = step {
                start ?? 0 != 0 || end != nil
            } else {
                false
            }
        }
    }

    /// Whether the rows are locked.
    var isLocking: Bool { steps.contains { if case .lock = $0 { true } else { false } } }

    /// Whether it was said to find nothing.
    var isEmpty: Bool { steps.contains(.empty) }
}

/// The relations whose rows are fetched together with those of the model.
struct RelatedSelection: Sendable, Hashable {
    /// Whether all relations that cannot be NULL are followed, five models deep.
    var followsAll = false
    /// The relations by name, each with those behind it.
    var tree = RelatedTree()

    static let none = RelatedSelection()
    static let all = RelatedSelection(followsAll: true)

    var isEmpty: Bool { !followsAll && tree.isEmpty }
}

/// Names of relations, each with the names behind it, in order.
struct RelatedTree: Sendable, Hashable {
    private(set) var names: [String] = []
    private(set) var trees: [RelatedTree] = []

    var isEmpty: Bool { names.isEmpty }

    subscript(_ name: String) -> RelatedTree? {
        names.firstIndex { $0.equalsBytes(name) }.map { trees[$0] }
    }

    /// Adds a path; longer ones than 32 names are cut off.
    mutating func add(_ path: ArraySlice<String>, depth: Int = 0) {
        guard let name = path.first, depth < 32 else { return }
        if let index = names.firstIndex(where: { $0.equalsBytes(name) }) {
            trees[index].add(path.dropFirst(), depth: depth + 1)
        } else {
            var tree = RelatedTree()
            tree.add(path.dropFirst(), depth: depth + 1)
            names.append(name)
            trees.append(tree)
        }
    }

    mutating func merge(_ other: RelatedTree) {
        for (name, tree) in zip(other.names, other.trees) {
            if let index = names.firstIndex(where: { $0.equalsBytes(name) }) {
                trees[index].merge(tree)
            } else {
                names.append(name)
                trees.append(tree)
            }
        }
    }
}

/// Which columns are left out of the rows: all but some, or none but some.
struct Deferral: Sendable, Hashable {
    var names: Set<String> = []
    var isDeferring = true

    var isEmpty: Bool { names.isEmpty }

    mutating func deferAlso(_ others: [String]) {
        guard !isDeferring else { return names.formUnion(others) }
        let rest = names.subtracting(others)
        if !rest.isEmpty {
            names = rest
            return
        }
        let new = Set(others).subtracting(names)
        self = Deferral()
        if !new.isEmpty { self = Deferral(names: new, isDeferring: false) }
    }

    mutating func loadOnly(_ others: [String]) {
        self = Deferral(
            names: isDeferring ? Set(others).subtracting(names) : Set(others),
            isDeferring: false
        )
    }
}

/// The rows that are related to others, with the columns that tell to which.
struct PrefetchCondition: Sendable, Hashable {
    /// The way to the others.
    let path: [String]
    let rows: ExpressionNode
    /// The columns of the table in between.
    let columns: [FieldInfo]

    /// The name under which a column is selected.
    static func name(_ field: FieldInfo) -> String {
        "_prefetch_related_val_\(field.attributeName)"
    }
}

/// How the rows that are found are locked until the transaction ends.
///
/// Source: Django's `select_for_update`.
public struct RowLock: Sendable, Hashable {
    /// What the query does about rows that another transaction has locked.
    public enum Waiting: Sendable, Hashable {
        /// It waits for the other transaction to end.
        case waits
        /// It fails at once: `NOWAIT`.
        case fails
        /// It leaves these rows out: `SKIP LOCKED`.
        case skipsLocked
    }

    /// What the query does about rows that are locked already.
    public var waiting = Waiting.waits
    /// The relations whose rows are locked, `self` for the model's own; none stands for all.
    public var relations: [String] = []
    /// Whether other transactions may still refer to the rows: `FOR NO KEY UPDATE`.
    public var allowsReferences = false
    /// Whether other transactions may still change the rows, but neither delete them nor change
    /// their keys: `FOR KEY SHARE`, which PostgreSQL has.
    package var keepsKeys = false

    /// A lock of all rows that the query reads, which waits.
    public init() {}
}

/// How the database is to explain a query.
public struct Explanation: Sendable, Hashable {
    /// The form of the answer, such as `JSON`; nil for the database's own.
    public var format: String?
    /// What the database is to do besides, such as `ANALYZE`, by names.
    public var options: [String: String] = [:]

    /// An explanation in a format, with options.
    ///
    /// A name that the database does not know fails when the query is written, before it is sent.
    ///
    /// - Parameters:
    ///   - format: the form of the answer; nil for the database's own.
    ///   - options: what the database is to do besides.
    public init(format: String? = nil, options: [String: String] = [:]) {
        self.format = format
        self.options = options
    }
}

extension Query {
    mutating func slice(offset: Int, count: Int?) {
        let start = max(0, offset)
        let end = count.map { count -> Int in
            let (sum, overflows) = start.addingReportingOverflow(max(0, count))
            return overflows ? Int.max : sum
        }
        add(.slice(start, end))
    }

    /// Whether rows have an order, by the query or by the model.
    var isOrdered: Bool {
        for step in steps.reversed() {
            if case .order(let orderings) = step { return !orderings.isEmpty }
        }
        return !model.defaultOrdering.isEmpty
    }

    /// The statement with what its columns are; nil where no row can be found.
    func selected(for database: Database) throws -> (SQLStatement, SelectedRows?)? {
        try database.checkLock(of: self)
        return try database.core.statements.statement(self, .rows) { query in
            let resolved = try query.resolved()
            var compiler = SelectCompiler(resolved, database.writer)
            do {
                let selected = try compiler.select()
                return Compiled(
                    statement: selected.sql.statement(database.dialect),
                    columns: selected.rows,
                    comparisons: resolved.plainComparisons
                )
            } catch ConstantCondition.nothing {
                return nil
            }
        }
    }

    /// The statement; nil where no row can be found.
    func statement(for database: Database) throws -> SQLStatement? {
        try selected(for: database)?.0
    }

    /// The statement that counts the rows; nil where there are none.
    func countStatement(for database: Database) throws -> SQLStatement? {
        try aggregateStatement(
            [("__count", .aggregate(Aggregate(.count, [.star])))],
            for: database
        ).statement
    }

    /// The statement of aggregates, and what they are where it need not be sent.
    func aggregateStatement(
        _ aggregates: [(name: String, node: ExpressionNode)],
        for database: Database
    ) throws -> (statement: SQLStatement?, aggregate: AggregateQuery) {
        let purpose = StatementCache.Purpose.aggregates(
            aggregates.map(\.name),
            aggregates.map(\.node)
        )
        let found = try database.core.statements.statement(self, purpose) { query in
            let aggregate = try query.resolved().aggregated(aggregates)
            do {
                let sql = try SelectCompiler.aggregate(aggregate, database.writer)
                return Compiled(
                    statement: sql.statement(database.dialect),
                    columns: aggregate,
                    comparisons: aggregate.query.plainComparisons
                        + (aggregate.inner?.plainComparisons ?? 0)
                )
            } catch ConstantCondition.nothing {
                return nil
            }
        }
        if let found { return (found.statement, found.columns) }
        return (nil, try resolved().aggregated(aggregates))
    }

    /// The statement that tells whether there are rows; nil where there are none.
    func existsStatement(for database: Database) throws -> SQLStatement? {
        try database.core.statements.statement(self, .existence) { query in
            let resolved = try query.resolved().asExistence()
            var compiler = SelectCompiler(resolved, database.writer)
            do {
                return Compiled(
                    statement: try compiler.select().sql.statement(database.dialect),
                    columns: (),
                    comparisons: resolved.plainComparisons
                )
            } catch ConstantCondition.nothing {
                return nil
            }
        }?.statement
    }
}

extension Database {
    var writer: NodeWriter { NodeWriter(dialect: dialect, features: features) }

    /// Rows can be locked in a transaction only: the lock ends with it.
    func checkLock(of query: Query) throws(DatabaseError) {
        guard query.isLocking, features.hasRowLocks, !isInTransaction else { return }
        throw .transactionMisused("Rows are locked until a transaction ends: use atomic.")
    }
}

extension ModelInfo {
    /// The order that the model declares.
    var defaultOrdering: [Ordering] {
        if concrete.schema.orderWithRespectTo != nil, schema.orderingTerms == nil {
            return [Ordering(name: "_order")]
        }
        return (schema.orderingTerms ?? []).map { term in
            switch term {
            case .name(let name): Ordering(name: name)
            case .expression(let expression): Ordering(expression)
            }
        }
    }
}

extension Query {
    /// Whether the rows are locked for a change.
    var locksRows: Bool {
        steps.contains { if case .lock = $0 { true } else { false } }
    }

    /// Whether rows were made distinct.
    var isDistinctQuery: Bool {
        steps.contains { if case .distinct = $0 { true } else { false } }
    }
}

extension Ordering {
    /// An ordering that a model declares by an expression.
    init(_ expression: SchemaExpression) {
        if case .ordered(let inner, let isDescending) = expression {
            self.init(inner.node, isDescending: isDescending)
        } else {
            self.init(expression.node, isDescending: false)
        }
    }
}

extension SchemaExpression {
    /// The expression as queries have it.
    var node: ExpressionNode {
        switch self {
        case .field(let name):
            do throws(FieldError) {
                return .reference(try NameParts.split(name))
            } catch {
                return .invalid(error)
            }
        case .value(let value): return .value(value)
        case .function(let name, let arguments):
            return .call(FunctionCall(.plain(name), arguments.map(\.node)))
        case .operation(let left, let sign, let right):
            guard let operation = ArithmeticOperator(rawValue: sign) else {
                return .invalid(.invalidQuery("'\(sign)' is no operator."))
            }
            return .combined(operation, left.node, right.node)
        case .ordered(let inner, _), .collated(let inner, _): return inner.node
        case .raw(let text): return .raw(SQL(unsafe: text), nil)
        }
    }
}
