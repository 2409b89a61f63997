public import NuagesORM

extension AggregateFunction {
    /// The values as one array (`ArrayAgg`).
    public static let arrayAgg = AggregateFunction(
        "ArrayAgg",
        "ARRAY_AGG",
        gives: .by { ValueType.array(of: $0.first ?? nil) },
        allowsDistinct: true,
        allowsOrdering: true
    )
    /// The values as one JSON array (`JSONBAgg`).
    public static let jsonbAgg = AggregateFunction(
        "JSONBAgg",
        "JSONB_AGG",
        gives: .fixed(.json),
        allowsDistinct: true,
        allowsOrdering: true
    )
    /// Whether all are true (`BoolAnd`).
    public static let boolAnd = AggregateFunction("BoolAnd", "BOOL_AND", gives: .fixed(.boolean))
    /// Whether one is true (`BoolOr`).
    public static let boolOr = AggregateFunction("BoolOr", "BOOL_OR", gives: .fixed(.boolean))
    /// The correlation of two values (`Corr`).
    public static let correlation = statistic("Corr", "CORR")
    /// The covariance of all (`CovarPop`).
    public static let covariance = statistic("CovarPop", "COVAR_POP")
    /// The covariance of a sample (`CovarPop(sample=True)`).
    public static let sampleCovariance = statistic("CovarPop", "COVAR_SAMP")
    /// The mean of the second value (`RegrAvgX`).
    public static let regressionMeanX = statistic("RegrAvgX", "REGR_AVGX")
    /// The mean of the first value (`RegrAvgY`).
    public static let regressionMeanY = statistic("RegrAvgY", "REGR_AVGY")
    /// How many rows have both values (`RegrCount`).
    public static let regressionCount = AggregateFunction(
        "RegrCount",
        "REGR_COUNT",
        arguments: 2...2,
        gives: .fixed(.integer),
        emptyResult: .int(0)
    )
    /// Where the line of least squares meets the axis (`RegrIntercept`).
    public static let regressionIntercept = statistic("RegrIntercept", "REGR_INTERCEPT")
    /// The square of the correlation (`RegrR2`).
    public static let regressionR2 = statistic("RegrR2", "REGR_R2")
    /// The slope of the line of least squares (`RegrSlope`).
    public static let regressionSlope = statistic("RegrSlope", "REGR_SLOPE")
    /// The sum of squares of the second value (`RegrSXX`).
    public static let regressionSXX = statistic("RegrSXX", "REGR_SXX")
    /// The sum of products of both values (`RegrSXY`).
    public static let regressionSXY = statistic("RegrSXY", "REGR_SXY")
    /// The sum of squares of the first value (`RegrSYY`).
    public static let regressionSYY = statistic("RegrSYY", "REGR_SYY")

    private static func statistic(_ name: String, _ sqlName: String) -> AggregateFunction {
        AggregateFunction(name, sqlName, arguments: 2...2, gives: .fixed(.float))
    }
}

extension ValueType {
    /// The type of arrays of a type.
    static func array(of type: ValueType?) -> ValueType {
        var array = ValueType(.arrayField)
        array.base = type
        return array
    }
}

/// The aggregates and functions that expressions by name know.
enum PostgreSQLAggregates {
    static func register() {
        let aggregates: [AggregateFunction] = [
            .arrayAgg, .jsonbAgg, .boolAnd, .boolOr, .correlation, .regressionMeanX,
            .regressionMeanY, .regressionCount, .regressionIntercept, .regressionR2,
            .regressionSlope, .regressionSXX, .regressionSXY, .regressionSYY,
        ]
        for aggregate in aggregates { CustomLookups.register(aggregate) }
        CustomLookups.register(.covariance, ofSample: .sampleCovariance)
        for function in [randomUUID, transactionNow, arraySubquery] {
            CustomLookups.register(function)
        }
    }

    static let randomUUID = SQLFunction("RandomUUID", arguments: 0, gives: .fixed(.uuid)) { _ in
        "GEN_RANDOM_UUID()"
    }

    static let transactionNow = SQLFunction(
        "TransactionNow",
        arguments: 0,
        gives: .fixed(.dateTime)
    ) { _ in "CURRENT_TIMESTAMP" }

    /// The argument is a query, in its parentheses.
    static let arraySubquery = SQLFunction(
        "ArraySubquery",
        arguments: 1,
        gives: .by { ValueType.array(of: $0.first ?? nil) }
    ) { "ARRAY\(sql: $0.arguments[0])" }
}
