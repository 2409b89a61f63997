import NuagesCore

/// Functions and aggregates by the names that Django gives them.
enum FunctionNames {
    private static let aggregates: [String: AggregateFunction] = [
        "Count": .count, "Sum": .sum, "Avg": .average, "Min": .minimum, "Max": .maximum,
        "StdDev": .standardDeviation, "Variance": .variance, "AnyValue": .anyValue,
        "BitAnd": .bitAnd, "BitOr": .bitOr, "BitXor": .bitXor, "StringAgg": .stringAgg,
    ]

    static var aggregateNames: [String] {
        Set(aggregates.keys).union(CustomLookups.aggregateNames).sorted()
    }

    static func aggregate(_ name: String, isSample: Bool) -> AggregateFunction? {
        switch (name, isSample) {
        case ("StdDev", true): .sampleStandardDeviation
        case ("Variance", true): .sampleVariance
        default: CustomLookups.aggregate(name, isSample: isSample) ?? aggregates[name]
        }
    }

    static func call(
        _ name: String,
        _ arguments: [ExpressionNode],
        options: [String: SQLValue],
        type: ValueType?
    ) -> DynamicExpression {
        guard let call = FunctionCall(named: name, arguments, keywords: options, type: type) else {
            return unknown(name, SQLFunction.names)
        }
        return DynamicExpression(.call(call))
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
