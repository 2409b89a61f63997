extension QueryScope {
    /// What a part of a condition says: its SQL, and the joins without whose rows it is false.
    typealias Part = (node: WhereNode, needed: Set<Int>)

    /// Where a part of a condition stands.
    struct Position {
        /// Whether there is a negation around it.
        var isInNegation = false
        /// Whether the number of negations around it is odd.
        var isNegated = false
        var depth = 0
    }

    /// Adds the arguments of one `filter` or `exclude`.
    mutating func add(_ call: Query.FilterCall) throws(FieldError) {
        let inner = joins.innerJoins
        var reuse: Set<Int> = []
        // A condition that stands alone is a group of one: groups decide how tables are joined.
        let condition: ExpressionNode =
            switch call.condition {
            case .all: call.isNegated ? .not(call.condition) : call.condition
            default: call.isNegated ? .not(.all([call.condition])) : .all([call.condition])
            }
        let part = try build(condition, Position(), &reuse)
        if call.condition.containsAggregate {
            groupConditions.append(part.node)
        } else {
            conditions.append(part.node)
        }
        joins.demote(inner)
    }

    /// The condition in SQL.
    mutating func build(
        _ node: ExpressionNode,
        _ position: Position,
        _ reuse: inout Set<Int>
    ) throws(FieldError) -> Part {
        guard position.depth < 200 else {
            throw .invalidQuery("A condition is nested more than 200 deep.")
        }
        switch node {
        case .all(let nodes):
            return try group(nodes, isAny: false, isNegated: false, position, &reuse)
        case .any(let nodes):
            return try group(nodes, isAny: true, isNegated: false, position, &reuse)
        case .not(.all(let nodes)):
            return try group(nodes, isAny: false, isNegated: true, position, &reuse)
        case .not(.any(let nodes)):
            return try group(nodes, isAny: true, isNegated: true, position, &reuse)
        case .not(let inner):
            return try group([inner], isAny: false, isNegated: true, position, &reuse)
        case .oddCount(let nodes): return try oddCount(nodes, position, &reuse)
        case .lookup(let lookup, let left, let right):
            return try comparison(lookup, left, right, position, &reuse)
        case .field, .transform:
            return try comparison(.exact, node, .value(.bool(true)), position, &reuse)
        case .value(.bool(let flag)): return (flag ? .everything : .nothing, [])
        case .invalid(let error): throw error
        case .value, .values, .arithmetic, .function, .truncation, .aggregate, .query:
            return (.condition(try resolve(node, reuse: reuse).sql), [])
        }
    }

    private mutating func group(
        _ nodes: [ExpressionNode],
        isAny: Bool,
        isNegated: Bool,
        _ position: Position,
        _ reuse: inout Set<Int>
    ) throws(FieldError) -> Part {
        let inner = Position(
            isInNegation: position.isInNegation || isNegated,
            isNegated: position.isNegated != isNegated,
            depth: position.depth + 1
        )
        var parts: [WhereNode] = []
        var votes: [Int: Int] = [:]
        for node in nodes {
            let part = try build(node, inner, &reuse)
            parts.append(part.node)
            for join in part.needed { votes[join, default: 0] += 1 }
        }
        // NOT (a AND b) needs its joins as `any` does, and NOT (a OR b) as `all` does.
        let actsAsAny = isAny != inner.isNegated
        let needed = Set(votes.filter { !actsAsAny || $0.value == nodes.count }.keys)
        if actsAsAny { joins.promote(votes.filter { $0.value < nodes.count }.keys) }
        joins.demote(needed)
        return (.group(isAny: isAny, isNegated: isNegated, parts), needed)
    }

    /// Counts the conditions that hold; databases have no word for it.
    private mutating func oddCount(
        _ nodes: [ExpressionNode],
        _ position: Position,
        _ reuse: inout Set<Int>
    ) throws(FieldError) -> Part {
        var inner = position
        inner.depth += 1
        var terms: [SQL] = []
        for node in nodes {
            let part = try build(node, inner, &reuse)
            joins.promote(part.needed)
            terms.append("CASE WHEN \(sql: part.node.expression) THEN 1 ELSE 0 END")
        }
        guard !terms.isEmpty else { return (.everything, []) }
        return (.condition("(\(sql: SQL.joined(terms, separator: " + "))) % 2 = 1"), [])
    }

    private mutating func comparison(
        _ lookup: Lookup,
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        _ position: Position,
        _ reuse: inout Set<Int>
    ) throws(FieldError) -> Part {
        guard let (path, name, transforms) = left.fieldPath else {
            let value = try resolve(left, reuse: reuse)
            let operand = try self.operand(right, reuse: reuse)
            return (try condition(lookup, value, operand), [])
        }
        let counts = joins.useCounts
        let operand = try self.operand(right, reuse: reuse)
        var used = joins.used(since: counts)
        let (steps, field) = try steps(path, name)
        if position.isInNegation, let many = steps.firstIndex(where: \.leadsToMany) {
            return try exclusion(
                Exclusion(
                    lookup: lookup,
                    path: path,
                    name: name,
                    transforms: transforms,
                    operand: operand,
                    steps: steps,
                    many: many
                ),
                &reuse
            )
        }
        var indices = join(steps, reuse: reuse)
        used.formUnion(indices)
        let column = trimmedColumn(field, steps: steps, indices: &indices)
        reuse.formUnion(indices)
        var value = Resolved(
            column.sql,
            type: column.field.schema.type,
            isNullable: column.field.schema.isNullable
        )
        for transform in transforms { value = try apply(transform, to: value) }
        let lookup = lookup == .exact && operand.isNull ? Lookup.isnull : lookup
        let test = try condition(lookup, value, operand)
        return negationSafe(test, lookup, operand, column, position, used)
    }

    /// Adds what makes `NOT` treat `NULL` as a value like others.
    private func negationSafe(
        _ test: WhereNode,
        _ lookup: Lookup,
        _ operand: Operand,
        _ column: Column,
        _ position: Position,
        _ used: Set<Int>
    ) -> Part {
        let asksForNull = lookup == .isnull && operand.isTrueOrNull
        if asksForNull && !position.isNegated { return (test, []) }
        guard position.isNegated, !asksForNull else { return (test, used) }
        guard lookup != .isnull else { return (test, []) }
        var parts = [test]
        if column.field.schema.isNullable || joins[column.join].isOuter {
            parts.append(.condition("\(sql: column.sql) IS NOT NULL"))
        }
        if case .expression(let other) = operand, other.isColumn, other.isNullable {
            parts.append(.condition("\(sql: other.sql) IS NOT NULL"))
        }
        return (.all(parts), [])
    }
}

extension ExpressionNode {
    /// The field that the node is made of, with the transforms around it; nil for other nodes.
    var fieldPath: (RelationPath, String, [Transform])? {
        switch self {
        case .field(let path, let name): (path, name, [])
        case .transform(let transform, let node):
            node.fieldPath.map { ($0.0, $0.1, $0.2 + [transform]) }
        default: nil
        }
    }
}
