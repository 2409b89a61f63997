/// An expression of a query before its names are resolved: what closures and lookups build.
///
/// The typed and the dynamic form of a query make the same nodes, and one compiler reads them.
public indirect enum ExpressionNode: Sendable, Hashable {
    /// A field, by the names that lead to it.
    case field(RelationPath, String)
    /// A value.
    case value(SQLValue)
    /// Several values, for `in` and `range`.
    case values([ExpressionNode])
    /// A comparison.
    case lookup(Lookup, ExpressionNode, ExpressionNode)
    /// A part of a value, such as the year of a date.
    case transform(Transform, ExpressionNode)
    /// The beginning of a period.
    case truncation(Truncation, ExpressionNode)
    /// A calculation.
    case arithmetic(ArithmeticOperator, ExpressionNode, ExpressionNode)
    /// A function by its name in SQL.
    case function(String, [ExpressionNode])
    /// A value of several rows.
    case aggregate(Aggregate)
    /// All of the conditions; none is always true.
    case all([ExpressionNode])
    /// Any of the conditions.
    case any([ExpressionNode])
    /// An odd number of the conditions.
    case oddCount([ExpressionNode])
    /// Not the condition.
    case not(ExpressionNode)
    /// The keys that a query set selects.
    case query(Query)
    /// A mistake that is reported when the query runs.
    case invalid(FieldError)

    /// Whether it is a value of several rows, or made of one.
    var containsAggregate: Bool {
        switch self {
        case .aggregate: true
        case .field, .value, .query, .invalid: false
        case .values(let nodes), .function(_, let nodes), .all(let nodes), .any(let nodes),
            .oddCount(let nodes):
            nodes.contains(where: \.containsAggregate)
        case .lookup(_, let left, let right), .arithmetic(_, let left, let right):
            left.containsAggregate || right.containsAggregate
        case .transform(_, let node), .truncation(_, let node), .not(let node):
            node.containsAggregate
        }
    }
}

/// The names of the relations that lead from a query's model to a field's.
public struct RelationPath: Sendable, Hashable {
    /// The names, in the spelling of lookups: `choice` for the way back of a foreign key.
    public var names: [String] = []

    /// The query's own model.
    public init() {}

    /// The path that follows one more relation.
    ///
    /// - Parameter name: the relation's name in lookups.
    /// - Returns: the longer path.
    public func following(_ name: String) -> Self {
        var path = self
        path.names.append(name)
        return path
    }

    /// The path that follows a foreign key back to the model that has it.
    ///
    /// - Parameter foreignKey: the foreign key of the other model.
    /// - Returns: the longer path.
    public func followingBack<Source: Model, Key: RelationKey>(
        _ foreignKey: any KeyPath<Source, Key> & Sendable
    ) -> Self {
        guard let field = Source.meta.field(foreignKey) else { return self }
        return following(ModelRegistry.queryName(of: field.schema, in: Source.schema))
    }
}

/// How two values are compared, by Django's names.
public enum Lookup: String, Sendable, Hashable, CaseIterable {
    /// Equal.
    case exact
    /// Equal without regard to case.
    case iexact
    /// Has the text in it.
    case contains
    /// Has the text in it, without regard to case.
    case icontains
    /// Begins with the text.
    case startswith
    /// Begins with the text, without regard to case.
    case istartswith
    /// Ends with the text.
    case endswith
    /// Ends with the text, without regard to case.
    case iendswith
    /// Greater.
    case gt
    /// Greater or equal.
    case gte
    /// Less.
    case lt
    /// Less or equal.
    case lte
    /// One of several values.
    case `in`
    /// Between two values, both included.
    case range
    /// `NULL` or not.
    case isnull
}

/// A part of a value that lookups and closures can ask for, by Django's names.
public enum Transform: String, Sendable, Hashable, CaseIterable {
    /// The year.
    case year
    /// The month, 1 to 12.
    case month
    /// The day of the month.
    case day
    /// The day of the week, 1 for Sunday to 7.
    case weekDay = "week_day"
    /// The hour.
    case hour
    /// The minute.
    case minute
    /// The second.
    case second
    /// The day of a moment.
    case date
    /// The text in lower case.
    case lower
    /// The text in upper case.
    case upper
    /// The number of characters.
    case length
}

/// A calculation with two values.
public enum ArithmeticOperator: String, Sendable, Hashable {
    /// The sum.
    case add = "+"
    /// The difference.
    case subtract = "-"
    /// The product.
    case multiply = "*"
    /// The quotient.
    case divide = "/"
    /// The remainder.
    case remainder = "%%"
}

/// A value of several rows.
public struct Aggregate: Sendable, Hashable {
    /// What is made of the rows.
    public enum Kind: String, Sendable, Hashable {
        /// The number of values that are not `NULL`.
        case count = "COUNT"
        /// The sum.
        case sum = "SUM"
        /// The mean.
        case average = "AVG"
        /// The least.
        case minimum = "MIN"
        /// The greatest.
        case maximum = "MAX"
    }

    /// What is made of the rows.
    public var kind: Kind
    /// The value of each row; nil counts the rows.
    public var argument: ExpressionNode?
    /// Whether equal values count once.
    public var isDistinct = false

    init(_ kind: Kind, _ argument: ExpressionNode?) {
        self.kind = kind
        self.argument = argument
    }
}
