/// An expression or condition by names, for queries that are put together while the program runs.
///
///     .field("pages") + .value(1)
///     .function("Lower", [.field("name")])
///     .aggregate("Count", [.field("book")], distinct: true)
///     .condition("author__name__icontains", .value("ann"))
///
/// It makes the same expressions as the typed form, so it becomes the same SQL. Names are looked up
/// when the query is evaluated; what cannot be is an error then. Text from outside may be a value,
/// and never a name unless a list of allowed names was asked first.
///
/// Django: `F`, `Value`, `Func`, `Q` and the other expressions.
public struct DynamicExpression: Sendable, Hashable {
    /// The expression as the compiler reads it.
    public let node: ExpressionNode

    init(_ node: ExpressionNode) { self.node = node }

    /// An expression of the typed form, where one by names is asked for.
    ///
    /// - Parameter expression: the expression.
    public init(_ expression: some QueryExpression) { node = expression.node }
}

extension DynamicExpression {
    /// A field, a path along relations, a transform, or an annotation: `F("publisher__name")`.
    public static func field(_ path: String) -> Self { named(path) { .reference($0) } }

    /// What the query outside calls so: `OuterRef("pk")`.
    public static func outer(_ path: String) -> Self { Self(.outer(field(path).node)) }

    /// A value, with its type where it does not tell it: `Value(5)`.
    public static func value(_ value: SQLValue, as type: ValueType? = nil) -> Self {
        Self(.value(value, type))
    }

    /// A value of a Swift type that a column can hold.
    ///
    /// - Parameter value: such as `["a", "b"]` for an array.
    /// - Returns: the value.
    public static func value(_ value: some FieldValue) -> Self { Self(.value(value.sqlValue)) }

    /// Several values, for `in` and `range`.
    public static func list(_ values: [DynamicExpression]) -> Self {
        Self(.list(values.map(\.node)))
    }

    /// The key of a row, so that the query checks of which model it is.
    public static func row(_ row: DynamicRow) -> Self {
        guard let model = row.model else {
            return Self(.invalid(.unsavedValue(model: "row")))
        }
        return Self(.row(row.reference(model)))
    }

    /// All rows, as in `COUNT(*)`.
    public static let all = Self(.star)

    /// A field with a lookup at the end of its path, and what it is compared with: a keyword of
    /// Django's `filter()`.
    public static func condition(_ path: String, _ operand: DynamicExpression) -> Self {
        named(path) { .condition($0, operand.node) }
    }

    /// A condition in the form that constraints have.
    public static func condition(_ condition: Q) -> Self { Self(condition.node) }

    /// A lookup of an expression: `GreaterThan(F("year"), 1910)`.
    public static func lookup(
        _ name: String,
        _ left: DynamicExpression,
        _ right: DynamicExpression
    ) -> Self {
        Self(.lookup(Lookup(rawValue: name), left.node, right.node))
    }

    /// Conditions that must all hold; none always holds.
    public static func allOf(_ conditions: [DynamicExpression]) -> Self {
        Self(.all(conditions.map(\.node)))
    }

    /// Conditions of which one must hold.
    public static func anyOf(_ conditions: [DynamicExpression]) -> Self {
        Self(.any(conditions.map(\.node)))
    }

    /// Conditions of which an odd number must hold.
    public static func oddCountOf(_ conditions: [DynamicExpression]) -> Self {
        Self(.oddCount(conditions.map(\.node)))
    }

    /// The opposite of a condition.
    public static func not(_ condition: DynamicExpression) -> Self { Self(.not(condition.node)) }

    /// Two expressions and the operator between them: `F("a") + F("b")`.
    public static func combined(
        _ left: DynamicExpression,
        _ operation: ArithmeticOperator,
        _ right: DynamicExpression
    ) -> Self {
        Self(.combined(operation, left.node, right.node))
    }

    /// The branches of a `CASE`: the result of the first condition that holds.
    public static func cases(
        _ branches: [(condition: DynamicExpression, result: DynamicExpression)],
        default fallback: DynamicExpression? = nil,
        as type: ValueType? = nil
    ) -> Self {
        Self(
            .branches(
                branches.map { .init($0.condition.node, then: $0.result.node) },
                default: fallback?.node,
                type
            )
        )
    }

    /// The one value that a query finds: `Subquery(…)`.
    public static func subquery(_ query: DynamicQuery, as type: ValueType? = nil) -> Self {
        Self(.subquery(query.query, type))
    }

    /// Whether a query finds a row: `Exists(…)`.
    public static func exists(_ query: DynamicQuery) -> Self { Self(.exists(query.query)) }

    /// An expression or condition as a type: `ExpressionWrapper`.
    public func typed(_ type: ValueType) -> Self { Self(.typed(node, type)) }

    /// A function of the database by its Django name.
    ///
    /// - Parameters:
    ///   - name: such as `Lower` or `TruncMonth`.
    ///   - arguments: the arguments.
    ///   - options: what is no expression, such as `["zone": .text("Europe/Paris")]`.
    ///   - type: the type of the result where it is not the function's own.
    /// - Returns: the call.
    public static func function(
        _ name: String,
        _ arguments: [DynamicExpression] = [],
        options: [String: SQLValue] = [:],
        as type: ValueType? = nil
    ) -> Self {
        FunctionNames.call(name, arguments.map(\.node), options: options, type: type)
    }

    /// What stands under keys of a JSON document: `KeyTransform`, or as text `KT`.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - keys: names and positions.
    ///   - asText: whether the value is text and not JSON.
    /// - Returns: the expression.
    public static func key(
        of document: DynamicExpression,
        _ keys: [String],
        asText: Bool = false
    ) -> Self {
        Self(
            asText
                ? FunctionCall.jsonText(document.node, keys)
                : FunctionCall.jsonValue(document.node, keys)
        )
    }

    /// A function of the site's own.
    public static func function(
        _ function: SQLFunction,
        _ arguments: [DynamicExpression] = [],
        options: [String: SQLValue] = [:],
        as type: ValueType? = nil
    ) -> Self {
        Self(.call(FunctionCall(function, arguments.map(\.node), options: options, type: type)))
    }

    /// An aggregate by its Django name.
    ///
    ///     .aggregate("Sum", [.field("pages")], filter: .condition("rating__gt", .value(3)))
    ///
    /// - Parameters:
    ///   - name: such as `Count`.
    ///   - arguments: what is aggregated; ``all`` for `COUNT(*)`.
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count.
    ///   - defaultValue: what stands for the result where there are no rows.
    ///   - ordering: the order in which values are put together.
    ///   - isSample: whether `StdDev` and `Variance` are of a sample.
    ///   - type: the type of the result where it is not the aggregate's own.
    /// - Returns: the aggregate.
    public static func aggregate(
        _ name: String,
        _ arguments: [DynamicExpression],
        distinct: Bool = false,
        filter: DynamicExpression? = nil,
        default defaultValue: DynamicExpression? = nil,
        ordering: [Ordering] = [],
        isSample: Bool = false,
        as type: ValueType? = nil
    ) -> Self {
        guard let function = FunctionNames.aggregate(name, isSample: isSample) else {
            return FunctionNames.unknown(name, FunctionNames.aggregateNames)
        }
        var aggregate = Aggregate(function, arguments.map(\.node))
        aggregate.isDistinct = distinct
        aggregate.filter = filter?.node
        aggregate.defaultValue = defaultValue?.node
        aggregate.ordering = ordering
        aggregate.type = type
        return Self(.aggregate(aggregate))
    }

    /// An aggregate or window function over the rows around the row.
    public static func window(
        _ expression: DynamicExpression,
        partition: [DynamicExpression] = [],
        ordering: [Ordering] = [],
        frame: WindowFrame? = nil,
        as type: ValueType? = nil
    ) -> Self {
        var window = Window(expression.node)
        window.partition = partition.map(\.node)
        window.ordering = ordering
        window.frame = frame
        window.type = type
        return Self(.window(window))
    }

    /// Rows in the order of the expression.
    public func ordered(descending: Bool = false, nulls: Ordering.Nulls? = nil) -> Ordering {
        Ordering(node, isDescending: descending, nulls: nulls)
    }

    private static func named(_ path: String, _ make: ([String]) -> ExpressionNode) -> Self {
        do throws(FieldError) {
            return Self(make(try NameParts.split(path)))
        } catch {
            return Self(.invalid(error))
        }
    }
}

extension DynamicExpression: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    /// A whole number.
    public init(integerLiteral value: Int) { self = .value(.int(value)) }
    /// A number.
    public init(floatLiteral value: Double) { self = .value(.double(value)) }
    /// Text.
    public init(stringLiteral value: String) { self = .value(.text(value)) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .value(.bool(value)) }
    /// `NULL`.
    public init(nilLiteral: ()) { self = .value(.null) }
}
