extension SQLFunction {
    /// The number of the row in its window.
    static let prefetchNumber = SQLFunction(
        "RowNumber",
        arguments: 0...0,
        gives: .fixed(.integer),
        isWindowOnly: true
    ) { _ in "ROW_NUMBER()" }
}

extension ResolvedQuery {
    /// Adds the condition that rows are related to others; a slice is one for each of the others.
    ///
    /// Source: Django's `_filter_prefetch_queryset`.
    mutating func addCondition(of prefetch: PrefetchCondition) throws {
        var parts: [ExpressionNode] = [.condition(prefetch.path + ["in"], prefetch.rows)]
        if isSliced {
            var window = Window(.call(FunctionCall(.prefetchNumber, [])))
            window.partition = [.reference(prefetch.path)]
            window.ordering = try currentOrderings()
            parts.append(.lookup(.gt, .window(window), .value(.int(start))))
            if let end { parts.append(.lookup(.lte, .window(window), .value(.int(end)))) }
            clearLimits()
        }
        try filter(.all(parts), reusesAll: true)
        for field in prefetch.columns {
            annotate(
                PrefetchCondition.name(field),
                .column(ColumnReference(field.model.concrete.table, field))
            )
        }
    }

    /// The order of the rows as expressions.
    private func currentOrderings() throws -> [Ordering] {
        let given = orderings.isEmpty && usesDefaultOrdering ? model.defaultOrdering : orderings
        return try given.compactMap { ordering in
            var result = isReversed ? ordering.reversed : ordering
            switch ordering.term {
            case .random: return nil
            case .expression: return result
            case .name(let name):
                result.term = .expression(.reference(try NameParts.split(name)))
                return result
            }
        }
    }
}
