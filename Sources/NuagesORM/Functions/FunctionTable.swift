extension SQLFunction {
    /// The functions by Django's names.
    private static let table: [String: SQLFunction] = {
        let lists = [comparisons, texts, maths, windows, dates, jsons, uuids]
        var table = Dictionary(
            lists.joined().map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        table["ConcatPair"] = concat
        table.merge(extractions) { first, _ in first }
        table.merge(truncations) { first, _ in first }
        return table
    }()

    /// The names of all functions, as Django calls them.
    public static var names: [String] {
        Set(table.keys).union(CustomLookups.functionNames).sorted()
    }

    /// A function by the name that Django gives it.
    ///
    ///     SQLFunction.named("Lower")          // LOWER(…)
    ///     SQLFunction.named("TruncMonth")     // Trunc with the period month
    ///
    /// - Parameter name: the name, such as `Lower`.
    /// - Returns: the function; nil where there is none.
    public static func named(_ name: String) -> SQLFunction? {
        table[name] ?? CustomLookups.function(name)
    }

    /// A function that is called by its name in capitals.
    static func plain(_ name: String) -> SQLFunction {
        SQLFunction(name, arguments: 0...1000, gives: .first) { $0.call(name.uppercased()) }
    }
}

extension FunctionCall {
    /// A call as Django writes it: the function by name, the arguments, the keywords.
    ///
    /// Keywords that are arguments of the function in SQL become such: `precision`, `offset`,
    /// `default`, `nth`, `num_buckets`. A time zone is the keyword `tzinfo`, the period or part of
    /// `Trunc` and `Extract` and the collation of `Collate` may be a second argument.
    ///
    ///     FunctionCall(named: "Lag", [.reference(["salary"])], keywords: ["offset": .int(2)])
    ///
    /// - Parameters:
    ///   - name: the name, such as `Lower`.
    ///   - arguments: the arguments.
    ///   - keywords: what is given by name.
    ///   - type: the type of the result where it is not the function's own.
    ///
    /// Fails, giving nil, where there is no such function.
    public init?(
        named name: String,
        _ arguments: [ExpressionNode],
        keywords: [String: SQLValue] = [:],
        type: ValueType? = nil
    ) {
        guard let function = SQLFunction.named(name) else { return nil }
        var arguments = arguments
        var options = keywords
        if let zone = options.removeValue(forKey: "tzinfo") { options["zone"] = zone }
        let second: String? =
            switch name {
            case "Extract": "part"
            case "Trunc": "period"
            case "Collate": "collation"
            default: nil
            }
        if let second {
            for keyword in ["kind", "lookup_name"] {
                if let value = options.removeValue(forKey: keyword) { options[second] = value }
            }
            if arguments.count == 2, case .value(let value, _) = arguments[1] {
                options[second] = value
                arguments.removeLast()
            }
        }
        // The default of `Lag` stands behind its offset, whether that is given or not.
        if name == "Lag" || name == "Lead", options["default"] != nil, arguments.count == 1,
            options["offset"] == nil
        {
            options["offset"] = .int(1)
        }
        for keyword in ["precision", "offset", "default", "nth", "num_buckets"] {
            guard let value = options.removeValue(forKey: keyword) else { continue }
            arguments.append(.value(value))
        }
        self.init(function, arguments, options: options, type: type)
    }
}
