/// An expression of a query, before its names are looked up.
///
/// The typed forms (`{ $0.pages > 100 }`) and the forms by name (`["pages__gt": 100]`) make the same
/// nodes, so both become the same SQL. Source: Django's expressions and `Q`.
public indirect enum ExpressionNode: Sendable, Hashable {
    /// A field, a path along relations, a transform of one, or an annotation: `F("author__name")`.
    case reference([String])
    /// What the outer query calls so: `OuterRef("pk")`.
    case outer(ExpressionNode)
    /// A value, bound and never written into the statement: `Value(1)`.
    case value(SQLValue, ValueType? = nil)
    /// Several values: what `in` and `range` compare with.
    case list([ExpressionNode])
    /// The rows themselves, as `COUNT(*)` counts them.
    case star
    /// A path with its lookup and what it is compared with: a keyword of `filter()`.
    case condition([String], ExpressionNode)
    /// A lookup of an expression.
    case lookup(Lookup, ExpressionNode, ExpressionNode)
    /// What a transform makes of an expression, as `lower` of `title__lower`.
    case transform(String, ExpressionNode)
    /// An operator between two expressions: `F("pages") + 1`.
    case combined(ArithmeticOperator, ExpressionNode, ExpressionNode)
    /// A function of the database: `Lower("title")`.
    case call(FunctionCall)
    /// An aggregate: `Count("book")`.
    case aggregate(Aggregate)
    /// An expression over the rows around the row.
    case window(Window)
    /// The first branch whose condition is true: `Case(When(…), default=…)`.
    case branches([Branch], default: ExpressionNode?, ValueType?)
    /// The one value that a query gives: `Subquery(…)`.
    case subquery(Query, ValueType?)
    /// Whether a query finds a row: `Exists(…)`.
    case exists(Query)
    /// The expression as another type: `ExpressionWrapper`.
    case typed(ExpressionNode, ValueType)
    /// A piece of SQL of the site's own.
    case raw(SQL, ValueType?)
    /// The key of a row of a model, so that its model can be checked.
    case instance(SQLValue, model: String)
    /// A row, of which a relation takes the columns that it refers to.
    case row(RowReference)
    /// Whether all conditions are true: `Q(…) & Q(…)`.
    case all([ExpressionNode])
    /// Whether one condition is true: `Q(…) | Q(…)`.
    case any([ExpressionNode])
    /// Whether an odd number of conditions is true: `Q(…) ^ Q(…)`.
    case oddCount([ExpressionNode])
    /// Whether a condition is not true: `~Q(…)`.
    case not(ExpressionNode)
    /// A mistake found while the expression was made; thrown where the query is resolved.
    case invalid(FieldError)

    /// A branch of `CASE`: a condition and what it gives.
    public struct Branch: Sendable, Hashable {
        /// When the branch is taken.
        public var condition: ExpressionNode
        /// What it gives.
        public var result: ExpressionNode

        /// A branch: `WHEN condition THEN result`.
        public init(_ condition: ExpressionNode, then result: ExpressionNode) {
            self.condition = condition
            self.result = result
        }
    }
}

/// A row in a query: its key and the values that relations may refer to.
public struct RowReference: Sendable, Hashable {
    /// The label of the model.
    let model: String
    let key: [SQLValue]
    /// The values of the columns, by their names.
    let values: [String: SQLValue]

    /// The values of some columns of the row; its key where it does not have them.
    func values(of targets: [FieldInfo]) -> [SQLValue] {
        let found = targets.map { target -> SQLValue? in
            var field = target
            // The key of a child is that of its parent.
            for _ in 0..<16 {
                if let value = values[field.attributeName] { return value }
                guard let next = field.targetColumn else { break }
                field = next
            }
            return nil
        }
        return found.contains(nil) ? key : found.map { $0 ?? .null }
    }

    /// The key of a row that was saved.
    var savedKey: [SQLValue] {
        get throws(FieldError) {
            if key.contains(.null) { throw .unsavedValue(model: model) }
            return key
        }
    }
}

/// A call of a function of the database.
public struct FunctionCall: Sendable, Hashable {
    /// What is called.
    public var function: SQLFunction
    /// The expressions between its brackets.
    public var arguments: [ExpressionNode]
    /// What is not an expression: a number of digits, a time zone, the keys of a JSON object.
    public var options: [String: SQLValue]
    /// The type that the caller asked for.
    public var type: ValueType?

    /// A call.
    ///
    ///     FunctionCall(.lower, [.reference(["title"])])      // LOWER("book"."title")
    ///
    /// How many arguments it takes is checked where the query is resolved.
    ///
    /// - Parameters:
    ///   - function: what is called.
    ///   - arguments: the expressions between its brackets.
    ///   - options: what is not an expression, by names.
    ///   - type: the type of the result where it is not the function's own.
    public init(
        _ function: SQLFunction,
        _ arguments: [ExpressionNode],
        options: [String: SQLValue] = [:],
        type: ValueType? = nil
    ) {
        self.function = function
        self.arguments = arguments
        self.options = options
        self.type = type
    }
}

/// An aggregate of the rows of a group.
public struct Aggregate: Sendable, Hashable {
    /// What is computed.
    public var function: AggregateFunction
    /// What it is computed of, then what the function takes besides.
    public var arguments: [ExpressionNode]
    /// Whether equal values count once: `COUNT(DISTINCT …)`.
    public var isDistinct = false
    /// Which rows of the group count: `FILTER (WHERE …)`; nil for all.
    public var filter: ExpressionNode?
    /// What stands for the result where there are no rows.
    public var defaultValue: ExpressionNode?
    /// The order in which values are put together, as by `StringAgg`.
    public var ordering: [Ordering] = []
    /// The type of the result where it is not the function's own.
    public var type: ValueType?

    /// An aggregate of all rows of the group.
    ///
    ///     Aggregate(.sum, [.reference(["pages"])])      // SUM("book"."pages")
    public init(_ function: AggregateFunction, _ arguments: [ExpressionNode]) {
        self.function = function
        self.arguments = arguments
    }
}

/// An expression over the rows around the row: `… OVER (PARTITION BY … ORDER BY …)`.
public struct Window: Sendable, Hashable {
    /// What is computed: an aggregate or a function for windows, such as `Rank`.
    public var expression: ExpressionNode
    /// What rows have to have in common with the row: `PARTITION BY`; all rows where it is empty.
    public var partition: [ExpressionNode] = []
    /// The order of these rows.
    public var ordering: [Ordering] = []
    /// Which of them are looked at; nil for the database's own choice.
    public var frame: WindowFrame?
    /// The type of the result where it is not the expression's own.
    public var type: ValueType?

    /// A window over all rows: `expression OVER ()`.
    public init(_ expression: ExpressionNode) { self.expression = expression }
}

/// Which rows around the row a window looks at.
public struct WindowFrame: Sendable, Hashable {
    /// What the bounds count.
    public enum Unit: String, Sendable, Hashable {
        /// Rows: Django's `RowRange`.
        case rows = "ROWS"
        /// Values of the ordering: Django's `ValueRange`.
        case range = "RANGE"
    }

    /// Which rows inside the bounds are left out all the same.
    public enum Exclusion: String, Sendable, Hashable {
        /// The row itself.
        case currentRow = "CURRENT ROW"
        /// The row, and those that the ordering does not tell from it.
        case group = "GROUP"
        /// Those that the ordering does not tell from the row, but not the row itself.
        case ties = "TIES"
        /// None.
        case noOthers = "NO OTHERS"
    }

    /// What the bounds count.
    public var unit: Unit
    /// The first: rows before (negative) or behind the row, 0 for the row itself, nil for no bound.
    public var start: Int?
    /// The last, counted in the same way.
    public var end: Int?
    /// Which rows between them are left out; nil for none.
    public var exclusion: Exclusion?

    /// A frame.
    ///
    ///     WindowFrame(.rows, from: -2, to: 0)      // ROWS BETWEEN 2 PRECEDING AND CURRENT ROW
    ///
    /// - Parameters:
    ///   - unit: what the bounds count.
    ///   - start: the first; nil for no bound.
    ///   - end: the last; nil for no bound.
    ///   - exclusion: which rows between them are left out; nil for none.
    public init(_ unit: Unit, from start: Int?, to end: Int?, excluding exclusion: Exclusion? = nil)
    {
        self.unit = unit
        self.start = start
        self.end = end
        self.exclusion = exclusion
    }
}

/// The way to a field along relations.
public struct RelationPath: Sendable, Hashable {
    /// The names of the relations.
    public var names: [String] = []

    /// The way from a model to its own fields.
    public init() {}

    init(names: [String]) { self.names = names }

    /// The path one relation further.
    public func following(_ name: String) -> Self { RelationPath(names: names + [name]) }

    /// The path back to the rows that refer to this one by a foreign key.
    public func followingBack<Source: Model, Key: RelationKey>(
        _ foreignKey: any KeyPath<Source, Key> & Sendable
    ) -> Self {
        guard let field = Source.meta.field(foreignKey) else { return self }
        return following(ModelRegistry.queryName(of: field.schema, in: Source.schema))
    }
}

/// A way to compare: the last part of `pages__gt`.
public struct Lookup: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name, such as `gt`.
    public let rawValue: String

    /// The lookup of a name: one of those below, or a ``CustomLookup``.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The name.
    public var description: String { rawValue }

    /// Is equal: `x = ?`; `x IS NULL` for NULL.
    public static let exact = Self(rawValue: "exact")
    /// Is equal, whether letters are capital or small.
    public static let iexact = Self(rawValue: "iexact")
    /// Text that has the other in it; a JSON document that has the other's keys and values.
    public static let contains = Self(rawValue: "contains")
    /// Text that has the other in it, whether letters are capital or small.
    public static let icontains = Self(rawValue: "icontains")
    /// Text that begins with the other.
    public static let startswith = Self(rawValue: "startswith")
    /// Text that begins with the other, whether letters are capital or small.
    public static let istartswith = Self(rawValue: "istartswith")
    /// Text that ends with the other.
    public static let endswith = Self(rawValue: "endswith")
    /// Text that ends with the other, whether letters are capital or small.
    public static let iendswith = Self(rawValue: "iendswith")
    /// Text in which a regular expression of the database finds something.
    public static let regex = Self(rawValue: "regex")
    /// As ``regex``, whether letters are capital or small.
    public static let iregex = Self(rawValue: "iregex")
    /// Is greater: `x > ?`.
    public static let gt = Self(rawValue: "gt")
    /// Is greater or equal: `x >= ?`.
    public static let gte = Self(rawValue: "gte")
    /// Is less: `x < ?`.
    public static let lt = Self(rawValue: "lt")
    /// Is less or equal: `x <= ?`.
    public static let lte = Self(rawValue: "lte")
    /// Is one of several values, or of the rows of a query: `x IN (?, ?)`.
    public static let `in` = Self(rawValue: "in")
    /// Is between two values or equal to one of them: `x BETWEEN ? AND ?`.
    public static let range = Self(rawValue: "range")
    /// Is NULL, or is not: `x IS NULL`, `x IS NOT NULL`.
    public static let isnull = Self(rawValue: "isnull")
    /// A JSON document with a key.
    public static let hasKey = Self(rawValue: "has_key")
    /// A JSON document with all of several keys.
    public static let hasKeys = Self(rawValue: "has_keys")
    /// A JSON document with one of several keys.
    public static let hasAnyKeys = Self(rawValue: "has_any_keys")
    /// A JSON document whose keys and values the other has.
    public static let containedBy = Self(rawValue: "contained_by")
}

/// An operator between two expressions.
public enum ArithmeticOperator: String, Sendable, Hashable {
    /// The sum.
    case add = "+"
    /// The difference; of two moments, the time between them.
    case subtract = "-"
    /// The product.
    case multiply = "*"
    /// The quotient.
    case divide = "/"
    /// The remainder of a division.
    case remainder = "%"
    /// The left raised to the right.
    case power = "^"
    /// The bits that both have.
    case bitAnd = "&"
    /// The bits that one of them has.
    case bitOr = "|"
    /// The bits that just one of them has.
    case bitXor = "#"
    /// The bits moved to the left.
    case shiftLeft = "<<"
    /// The bits moved to the right.
    case shiftRight = ">>"
}

extension ExpressionNode {
    /// A field behind relations.
    static func field(_ path: RelationPath, _ name: String) -> ExpressionNode {
        .reference(path.names + [name])
    }

    /// A comparison: of a field as `filter` makes it, of anything else as an expression.
    static func compared(
        _ lookup: Lookup,
        _ left: ExpressionNode,
        _ right: ExpressionNode
    ) -> ExpressionNode {
        guard case .reference(let names) = left else { return .lookup(lookup, left, right) }
        return .condition(names + [lookup.rawValue], right)
    }

    /// A part of a date or text.
    func part(_ name: String) -> ExpressionNode {
        if case .reference(let names) = self { return .reference(names + [name]) }
        return .transform(name, self)
    }
}
