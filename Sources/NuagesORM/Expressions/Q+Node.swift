extension Q {
    /// The condition as the compiler reads it; a mistake becomes a node that reports it.
    func node(for model: ModelInfo) -> ExpressionNode {
        do throws(FieldError) {
            return try resolved(for: model, depth: 0)
        } catch {
            return .invalid(error)
        }
    }

    private func resolved(
        for model: ModelInfo,
        depth: Int
    ) throws(FieldError) -> ExpressionNode {
        guard depth < 200 else {
            throw .invalidQuery("A condition is nested more than 200 deep.")
        }
        func nodes(_ conditions: [Q]) throws(FieldError) -> [ExpressionNode] {
            var nodes: [ExpressionNode] = []
            for condition in conditions {
                nodes.append(try condition.resolved(for: model, depth: depth + 1))
            }
            return nodes
        }
        switch self {
        case .all(let conditions): return .all(try nodes(conditions))
        case .any(let conditions): return .any(try nodes(conditions))
        case .oddCount(let conditions): return .oddCount(try nodes(conditions))
        case .not(let condition): return .not(try condition.resolved(for: model, depth: depth + 1))
        case .lookup(let path, let operand): return try Self.lookup(path, operand, model)
        }
    }

    private static func lookup(
        _ text: String,
        _ operand: LookupOperand,
        _ model: ModelInfo
    ) throws(FieldError) -> ExpressionNode {
        let path = try LookupPath(text, of: model, allowsLookup: true)
        var lookup = path.lookup ?? .exact
        if case .value(.null) = operand, lookup == .exact || lookup == .iexact { lookup = .isnull }
        switch operand {
        case .field(let other):
            let right = try LookupPath(other, of: model, allowsLookup: false)
            return .lookup(lookup, path.node, right.node)
        case .values(let values):
            guard lookup == .in || lookup == .range else {
                throw .invalidLookup(lookup: lookup.rawValue, reason: "takes one value")
            }
            var nodes: [ExpressionNode] = []
            for value in values { nodes.append(.value(try path.prepared(value, for: lookup))) }
            return .lookup(lookup, path.node, .values(nodes))
        case .value(.null) where lookup == .isnull:
            return .lookup(.isnull, path.node, .value(.bool(true)))
        case .value(let value):
            guard lookup != .in, lookup != .range else {
                throw .invalidLookup(lookup: lookup.rawValue, reason: "takes several values")
            }
            return .lookup(lookup, path.node, .value(try path.prepared(value, for: lookup)))
        }
    }

    /// The condition in SQL, on the columns of one table by their names alone.
    ///
    ///     Q("votes__gte", 0).sql(for: Choice.schema, dialect: database.dialect)    // "votes" >= ?
    ///
    /// Constraints and partial indexes are made of it.
    ///
    /// - Parameters:
    ///   - schema: the model of the table.
    ///   - dialect: how the database writes SQL.
    /// - Returns: the condition.
    /// - Throws: ``FieldError`` for a mistake in it, and for a relation that leaves the table.
    public func sql(
        for schema: ModelSchema,
        dialect: any SQLDialect
    ) throws(FieldError) -> SQL {
        let info = ModelInfo(schema: schema, type: nil, targets: [])
        var scope = try QueryScope(info, dialect: dialect)
        scope.qualifiesColumns = false
        var reuse: Set<Int> = []
        let node = try resolved(for: info, depth: 0)
        return try scope.build(node, QueryScope.Position(), &reuse).node.expression
    }
}
