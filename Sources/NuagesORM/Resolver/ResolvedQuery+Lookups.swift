import NuagesCore

extension ResolvedQuery {
    /// A comparison by names: transforms, then a lookup; without one it is `exact`.
    func lookup(
        _ names: [String],
        _ left: Resolved,
        _ operand: LookupNode.Operand
    ) throws -> Resolved {
        var left = left
        var operand = operand
        var name = names.last ?? "exact"
        for transform in names.dropLast() {
            left = try transformed(left, transform, among: names)
            operand = try transformedToo(operand, left)
        }
        if !LookupTable.knows(name, left.type) {
            left = try transformed(left, name, among: names)
            operand = try transformedToo(operand, left)
            name = "exact"
        }
        let lookup = Lookup(rawValue: name)
        guard operand.isNull, !LookupTable.takesNull(lookup, left) else {
            return .lookup(try LookupTable.prepared(lookup, left, operand))
        }
        guard lookup == .exact || lookup == .iexact else {
            throw FieldError.invalidLookup(
                lookup: name,
                reason: "cannot compare with NULL; use 'isnull'"
            )
        }
        return .lookup(LookupNode(lookup: .isnull, left: left, right: .value(.bool(true))))
    }

    /// The right-hand side, transformed as the left-hand side was where that is asked for.
    private func transformedToo(
        _ operand: LookupNode.Operand,
        _ left: Resolved
    ) throws -> LookupNode.Operand {
        guard case .function(let call) = left, call.function.isBilateral, !operand.isNull else {
            return operand
        }
        func applied(_ node: Resolved) throws -> Resolved {
            try function(call.function, [node], options: call.options, type: call.type)
        }
        func applied(_ value: SQLValue) throws -> Resolved {
            try applied(.value(value, ValueType(of: value)))
        }
        switch operand {
        case .value(let value): return .expression(try applied(value))
        case .values(let values):
            return .expression(.list(try values.map { value in try applied(value) }))
        case .expression(.list(let nodes)):
            return .expression(.list(try nodes.map { node in try applied(node) }))
        case .expression(.subquery):
            throw DatabaseError.notSupported(
                "'\(call.function.name)' is applied to both sides, so it has no query to its right."
            )
        case .expression(let node): return .expression(try applied(node))
        }
    }

    /// The expression behind a transform, such as the year of a date.
    func transformed(
        _ node: Resolved,
        _ name: String,
        among names: [String]
    ) throws -> Resolved {
        if let transform = try TransformTable.transform(name, of: node) { return transform }
        if case .column(let column) = node {
            if let target = column.type.target {
                throw unknown(name, target)
            }
            throw FieldError.unknownLookup(
                name: name,
                field: column.field.name,
                choices: LookupTable.names(node.type) + TransformTable.names(node.type)
            )
        }
        let start = names.firstIndex(of: name) ?? 0
        throw FieldError.unsupportedLookup(
            names: names[start...].joined(separator: "__"),
            kind: node.type?.field.rawValue ?? "expression",
            choices: LookupTable.names(node.type)
        )
    }
}

/// The lookups that each kind of value has, and what they make of the right-hand side.
enum LookupTable {
    private static let common: Set<String> = [
        "exact", "iexact", "gt", "gte", "lt", "lte", "in", "contains", "icontains", "startswith",
        "istartswith", "endswith", "iendswith", "range", "isnull", "regex", "iregex",
    ]

    private static let relation: Set<String> = [
        "exact", "in", "gt", "gte", "lt", "lte", "isnull",
    ]

    private static let json: Set<String> = [
        "contained_by", "has_key", "has_keys", "has_any_keys",
    ]

    static func names(_ type: ValueType?) -> [String] {
        guard let type else { return common.sorted() }
        if type.target != nil { return relation.sorted() }
        if type.field == .compositePrimaryKey { return relation.sorted() }
        return (type.family == .json ? common.union(json) : common)
            .union(CustomLookups.lookupNames(type)).sorted()
    }

    static func knows(_ name: String, _ type: ValueType?) -> Bool {
        guard let type else { return common.contains(name) }
        if type.target != nil || type.field == .compositePrimaryKey {
            return relation.contains(name)
        }
        // A transform may have the name of a lookup, as `startswith` of a range has.
        if type.family == .other, CustomLookups.registeredTransform(name, type) != nil {
            return false
        }
        return common.contains(name) || (type.family == .json && json.contains(name))
            || CustomLookups.lookup(name, type) != nil
    }

    /// Whether the lookup compares with NULL itself: JSON has a null of its own.
    static func takesNull(_ lookup: Lookup, _ left: Resolved) -> Bool {
        if JSONPaths.isKey(left) { return lookup == .exact || lookup == .iexact }
        return left.type?.family == .json && lookup == .exact
    }

    /// The comparison with its right-hand side made into what the column holds.
    static func prepared(
        _ lookup: Lookup,
        _ left: Resolved,
        _ operand: LookupNode.Operand
    ) throws -> LookupNode {
        var node = LookupNode(lookup: lookup, left: left, right: operand)
        if case .columns(let columns) = left {
            try TupleLookups.check(operand, lookup, count: columns.count)
            if case .expression(.subquery(let query, let type)) = operand {
                let query = try prepared(query, for: lookup, left)
                node.right = .expression(.subquery(query, type))
            }
            return node
        }
        if operand.expression == nil, let type = left.type,
            let prepare = CustomLookups.lookup(lookup.rawValue, type)?.prepare
        {
            switch operand {
            case .values(let values): node.right = .init(try prepare(.values(values), type))
            case .value(let value): node.right = .init(try prepare(.value(value), type))
            case .expression: break
            }
            return node
        }
        // Where JSON is compared with several values, these are an array.
        if left.type?.family == .json, case .values(let values) = operand,
            [.exact, .contains, .containedBy].contains(lookup)
        {
            node.right = .value(.json(.array(try values.map { try $0.document() })))
            return node
        }
        switch operand {
        case .expression(.subquery(let query, let type)):
            node.right = .expression(
                .subquery(try prepared(query, for: lookup, left), type)
            )
        case .expression: break
        case .value(let value): node.right = .value(try value.prepared(lookup, left))
        case .values(let values):
            guard
                lookup == .in || lookup == .range || lookup == .hasKeys
                    || lookup == .hasAnyKeys
                    || left.type.flatMap({ CustomLookups.lookup(lookup.rawValue, $0) }) != nil
            else {
                if case .column(let column) = left {
                    throw FieldError.invalidValue(
                        field: column.field.name,
                        expected: column.field.schema.type.rawValue
                    )
                }
                throw FieldError.invalidLookup(lookup: lookup.rawValue, reason: "takes one value")
            }
            if lookup == .range, values.count != 2 {
                throw FieldError.invalidLookup(lookup: "range", reason: "takes two values")
            }
            node.right = .values(try values.map { try $0.prepared(lookup, left) })
        }
        if case .value = node.right, lookup == .in || lookup == .range {
            throw FieldError.invalidLookup(lookup: lookup.rawValue, reason: "takes several values")
        }
        return node
    }

    /// A query on the right-hand side: of one row for `exact`; without columns chosen it is that of
    /// the keys.
    private static func prepared(
        _ query: ResolvedQuery,
        for lookup: Lookup,
        _ left: Resolved
    ) throws -> ResolvedQuery {
        guard lookup == .exact || lookup == .in else { return query }
        var query = query
        if lookup == .exact, !query.takesOne { throw UsageError.severalRows }
        let expected: Int = if case .columns(let columns) = left { columns.count } else { 1 }
        if query.outputs == nil, lookup == .in, case .column(let column) = left,
            let target = column.field.targetColumn, !target.schema.isPrimaryKey,
            left.type?.target != nil
        {
            // A foreign key to another column than the primary key.
            query.clearSelection()
            try query.setValues([.field(target.name)])
        }
        guard query.columnCount == expected || query.combination != nil else {
            throw UsageError.columnCount(
                lookup: lookup.rawValue,
                expected: expected,
                found: query.columnCount
            )
        }
        if lookup == .in { query.clearOrdering() }
        if query.outputs == nil {
            if case .columns(let columns) = left, query.model !== columns.first?.field.model,
                query.model.members.primaryKey.count != columns.count
            {
                return query
            }
            query.clearSelection()
            try query.addFields(["pk"])
        }
        return query
    }
}

extension LookupNode.Operand {
    init(_ operand: CustomLookup.Operand) {
        switch operand {
        case .value(let value): self = .value(value)
        case .values(let values): self = .values(values)
        }
    }
}
