import NuagesCore

/// Functions and aggregates by the names that Django gives them.
enum FunctionNames {
    private static let aggregates: [String: AggregateFunction] = [
        "Count": .count, "Sum": .sum, "Avg": .average, "Min": .minimum, "Max": .maximum,
        "StdDev": .standardDeviation, "Variance": .variance, "AnyValue": .anyValue,
        "BitAnd": .bitAnd, "BitOr": .bitOr, "BitXor": .bitXor, "StringAgg": .stringAgg,
    ]

    static var aggregateNames: [String] { aggregates.keys.sorted() }

    static func aggregate(_ name: String, isSample: Bool) -> AggregateFunction? {
        switch (name, isSample) {
        case ("StdDev", true): .sampleStandardDeviation
        case ("Variance", true): .sampleVariance
        default: aggregates[name]
        }
    }

    private static let functions: [String: SQLFunction] = [
        "Coalesce": .coalesce, "Cast": .cast, "Random": .random, "Extract": .extract,
        "TruncDate": .date, "TruncTime": .time, "Trunc": .truncate, "Lower": .lower,
        "Upper": .upper, "Length": .length,
    ]

    private static let parts: [String: String] = [
        "ExtractYear": "year", "ExtractIsoYear": "iso_year", "ExtractQuarter": "quarter",
        "ExtractMonth": "month", "ExtractWeek": "week", "ExtractDay": "day",
        "ExtractWeekDay": "week_day", "ExtractIsoWeekDay": "iso_week_day",
        "ExtractHour": "hour", "ExtractMinute": "minute", "ExtractSecond": "second",
    ]

    private static let periods: [String: String] = [
        "TruncYear": "year", "TruncQuarter": "quarter", "TruncMonth": "month",
        "TruncWeek": "week", "TruncDay": "day", "TruncHour": "hour", "TruncMinute": "minute",
        "TruncSecond": "second",
    ]

    static func call(
        _ name: String,
        _ arguments: [ExpressionNode],
        options: [String: SQLValue],
        type: ValueType?
    ) -> DynamicExpression {
        var options = options
        let function: SQLFunction
        if let part = parts[name] {
            options["part"] = .text(part)
            function = .extract
        } else if let period = periods[name] {
            options["period"] = .text(period)
            function = .truncate
        } else if let known = functions[name] {
            function = known
        } else {
            let choices = [String](functions.keys) + parts.keys + periods.keys
            return unknown(name, choices)
        }
        return DynamicExpression(
            .call(FunctionCall(function, arguments, options: options, type: type))
        )
    }

    static func unknown(_ name: String, _ choices: [String]) -> DynamicExpression {
        DynamicExpression(
            .invalid(
                .invalidQuery(
                    """
                    There is no function '\(FieldError.shown(name))'.\
                    \(NearestName.hint(name, in: choices)) \
                    Choices are: \(choices.sorted().joined(separator: ", ")).
                    """
                )
            )
        )
    }
}
