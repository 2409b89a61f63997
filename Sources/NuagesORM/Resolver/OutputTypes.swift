/// Which type an expression of others has.
enum OutputTypes {
    /// The type that all have, as for the results of `CASE`.
    static func common(_ types: [ValueType?]) throws -> ValueType? {
        let known = types.compactMap { $0 }
        guard let first = known.first else { return nil }
        for type in known.dropFirst() where !first.isKind(of: type) {
            throw FieldError.mixedTypes(first.field.rawValue, type.field.rawValue)
        }
        return first
    }

    /// The type of an average or a spread: decimals stay, whole numbers become floats.
    static func numeric(_ types: [ValueType?]) throws -> ValueType? {
        let known = types.compactMap { $0 }
        if known.contains(where: { $0.family == .decimal }) { return .decimal() }
        if known.contains(where: { $0.family == .integer }) { return .float }
        return known.isEmpty ? .float : try common(types)
    }

    /// The type of `left operation right`, or nil where nothing is known of it.
    static func combined(
        _ operation: ArithmeticOperator,
        _ left: ValueType?,
        _ right: ValueType?
    ) -> ValueType? {
        switch operation {
        case .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight:
            return left?.family == .integer && right?.family == .integer
                ? .integer : number(left, right)
        default: break
        }
        if let type = moment(operation, left, right) { return type }
        guard operation != .power || left?.family == right?.family || left == nil || right == nil
        else { return nil }
        return number(left, right)
    }

    private static func number(_ left: ValueType?, _ right: ValueType?) -> ValueType? {
        switch (left?.family, right?.family) {
        case (.integer, .integer):
            let isPositive = { (type: ValueType?) in
                type?.field.rawValue.utf8.starts(with: "Positive".utf8) ?? false
            }
            return isPositive(left) && isPositive(right)
                ? ValueType(.positiveIntegerField) : .integer
        case (.float, .float), (.integer, .float), (.float, .integer): return .float
        case (.decimal, .decimal), (.integer, .decimal), (.decimal, .integer): return .decimal()
        case (.integer, nil), (nil, .integer): return .integer
        case (.decimal, nil), (nil, .decimal): return .decimal()
        case (.float, nil), (nil, .float): return .float
        default: return nil
        }
    }

    private static func moment(
        _ operation: ArithmeticOperator,
        _ left: ValueType?,
        _ right: ValueType?
    ) -> ValueType? {
        let days: Set<ValueType.Family> = [.date, .dateTime]
        guard let first = left?.family, let second = right?.family else { return nil }
        switch operation {
        case .add:
            if days.contains(first), second == .duration { return .dateTime }
            if first == .duration, days.contains(second) { return .dateTime }
            if first == .duration, second == .duration { return .duration }
            if first == .time, second == .duration { return .time }
            if first == .duration, second == .time { return .time }
        case .subtract:
            if days.contains(first), second == .duration { return .dateTime }
            if days.contains(first), days.contains(second) { return .duration }
            if first == .duration, second == .duration { return .duration }
            if first == .time, second == .duration { return .time }
            if first == .time, second == .time { return .duration }
        default: break
        }
        return nil
    }
}

extension ResolvedQuery {
    /// `left operation right`; moments and durations are computed in ways of their own.
    func combined(
        _ operation: ArithmeticOperator,
        _ left: Resolved,
        _ right: Resolved
    ) throws -> Resolved {
        for side in [left, right] {
            if case .columns = side {
                throw UsageError.invalidValue(
                    "A composite primary key cannot stand in an expression."
                )
            }
        }
        let (first, second) = (left.type?.family, right.type?.family)
        var kind = CombinedNode.Kind.plain
        if (first == .duration) != (second == .duration) {
            kind = .duration
        } else if operation == .subtract, let first, first == second,
            [.date, .dateTime, .time].contains(first)
        {
            kind = .temporalSubtraction
        }
        let type: ValueType? =
            kind == .temporalSubtraction
            ? .duration : OutputTypes.combined(operation, left.type, right.type)
        return .combined(
            CombinedNode(kind: kind, operation: operation, left: left, right: right, type: type)
        )
    }

    /// A call whose arguments have been looked up.
    func function(
        _ function: SQLFunction,
        _ arguments: [Resolved],
        options: [String: SQLValue] = [:],
        type: ValueType? = nil
    ) throws -> Resolved {
        guard function.arity.contains(arguments.count) else {
            throw UsageError.invalidValue(
                "\(function.name) takes \(Self.range(function.arity)), not \(arguments.count)."
            )
        }
        var node = FunctionNode(
            function: function,
            arguments: arguments,
            options: options.merging(function.presets) { _, preset in preset },
            type: type
        )
        node = try function.prepare(node)
        if node.type == nil { node.type = try function.output.type(node.arguments.map(\.type)) }
        return .function(node)
    }

    private static func range(_ range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound {
            return range.lowerBound == 1 ? "one argument" : "\(range.lowerBound) arguments"
        }
        return range.upperBound > 50
            ? "at least \(range.lowerBound) arguments"
            : "\(range.lowerBound) to \(range.upperBound) arguments"
    }

    /// An aggregate; with a default it stands in `COALESCE`.
    mutating func resolve(
        _ aggregate: Aggregate,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        let function = aggregate.function
        try Self.check(aggregate)
        var arguments: [Resolved] = []
        for argument in aggregate.arguments {
            if argument == .star, function.name != "Count" { throw unknown("*", model) }
            var node = try resolve(argument, context, reuse: &reuse)
            if case .columns(let columns) = node {
                guard function.name == "Count", !aggregate.isDistinct, let first = columns.first
                else {
                    throw UsageError.invalidValue(
                        "\(function.name) cannot take a composite primary key."
                    )
                }
                node = .column(first)
            }
            try checkNotAggregate(node, argument, in: function, context)
            arguments.append(node)
        }
        var filter: Resolved?
        if let condition = aggregate.filter {
            filter = try resolve(condition, context, reuse: &reuse)
        }
        let type = try aggregate.type ?? Self.type(of: function, arguments.map(\.type))
        let node = Resolved.aggregate(
            AggregateNode(
                function: function,
                arguments: arguments,
                isDistinct: aggregate.isDistinct,
                filter: filter,
                ordering: try orderings(aggregate.ordering, context, reuse: &reuse),
                type: type
            )
        )
        guard let defaultValue = aggregate.defaultValue else { return node }
        var other = try resolve(defaultValue, context, reuse: &reuse)
        if other.type == nil || isPlainValue(defaultValue), let type { other = other.retyped(type) }
        return try self.function(.coalesce, [node, other], type: type)
    }

    private func isPlainValue(_ node: ExpressionNode) -> Bool {
        if case .value(_, nil) = node { true } else { false }
    }

    private static func check(_ aggregate: Aggregate) throws {
        let function = aggregate.function
        guard function.arity.contains(aggregate.arguments.count) else {
            throw UsageError.invalidValue("\(function.name) takes \(range(function.arity)).")
        }
        if aggregate.isDistinct, !function.allowsDistinct {
            throw UsageError.invalidValue("\(function.name) cannot be distinct.")
        }
        if !aggregate.ordering.isEmpty, !function.allowsOrdering {
            throw UsageError.invalidValue("\(function.name) has no order.")
        }
        if aggregate.defaultValue != nil, function.emptyResult != .null {
            throw UsageError.invalidValue("\(function.name) has no default.")
        }
        if aggregate.filter != nil, aggregate.arguments == [.star] {
            throw UsageError.invalidValue("Count of all rows has no filter; name a field.")
        }
    }

    /// Refuses aggregates of aggregates.
    private func checkNotAggregate(
        _ node: Resolved,
        _ argument: ExpressionNode,
        in function: AggregateFunction,
        _ context: ResolutionContext
    ) throws {
        let name: String =
            if case .reference(let names) = argument { names.joined(separator: "__") } else { "…" }
        if context.isSummary {
            for used in node.names where summaries.contains(used) {
                throw FieldError.aggregateOfAggregate(function: function.name, name: used)
            }
        } else if node.containsAggregate {
            throw FieldError.aggregateOfAggregate(function: function.name, name: name)
        }
    }

    private static func type(
        of function: AggregateFunction,
        _ types: [ValueType?]
    ) throws -> ValueType? {
        if let output = function.output { return try output.type(types) }
        switch function.name {
        case "Count": return .integer
        case "StringAgg": return .text
        case "Avg", "StdDev", "Variance": return try OutputTypes.numeric(types)
        default: return try OutputTypes.common(types)
        }
    }
}

extension Resolved {
    /// A value that takes another type; other expressions stay.
    func retyped(_ type: ValueType) -> Resolved {
        if case .value(let value, _) = self { return .value(value, type) }
        return self
    }
}

extension Resolved {
    /// Refuses operations between values of kinds that have no common result.
    ///
    /// Django finds this out when the type of the result is needed.
    func checkType() throws(FieldError) {
        guard case .combined(let node) = self, node.type == nil else { return }
        try node.left.checkType()
        try node.right.checkType()
        if let left = node.left.type, let right = node.right.type {
            throw .mixedTypes(left.field.rawValue, right.field.rawValue)
        }
    }
}
