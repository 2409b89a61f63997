import NuagesCore

extension ResolvedQuery {
    private var terms: [Ordering] {
        orderings.isEmpty && usesDefaultOrdering ? model.defaultOrdering : orderings
    }

    /// The order with the key behind it, so that it leaves no two rows in any order.
    var orderWithKey: [Ordering] { terms + [Ordering(name: "pk")] }

    /// Whether the order leaves no two rows in any order: it has columns that no two rows share.
    ///
    /// Source: Django's `QuerySet.totally_ordered`.
    var isTotallyOrdered: Bool {
        guard isOrdered else { return false }
        let terms = terms
        var columns: Set<FieldInfo> = []
        for term in terms {
            guard let name = term.plainName else { continue }
            if name.equalsBytes("pk") { return true }
            // By the name of a relation rows are in the order of its model.
            guard let field = model.members.columnNamed(name),
                !field.schema.isRelation || !name.equalsBytes(field.name)
            else { continue }
            if field.schema.isUniqueColumn, !field.schema.isNullable { return true }
            columns.insert(field)
        }
        let key = model.members.primaryKey
        if !key.isEmpty, columns.isSuperset(of: key) { return true }
        return model.schema.totallyUniqueFields.contains { names in
            let fields = names.map { model.members.columnNamed($0) }
            return fields.allSatisfy { field in
                field.map { columns.contains($0) && !$0.schema.isNullable } ?? false
            }
        }
    }
}

extension Ordering {
    /// The field that rows are ordered by, where it is one of the model's own.
    fileprivate var plainName: String? {
        switch term {
        case .name(let name): name
        case .expression(.reference(let names)) where names.count == 1: names[0]
        case .expression, .random: nil
        }
    }
}

extension ModelSchema {
    /// The groups of fields of which no two rows have the same values.
    fileprivate var totallyUniqueFields: [[String]] {
        let constraints = constraints.filter {
            $0.kind == .unique && $0.condition == nil && $0.expressions.isEmpty
        }
        return (uniqueTogether + constraints.map(\.fields)).filter { !$0.isEmpty }
    }
}
