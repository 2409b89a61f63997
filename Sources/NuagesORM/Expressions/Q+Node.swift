extension Q {
    /// The condition as an expression.
    var node: ExpressionNode { node(depth: 0) }

    private func node(depth: Int) -> ExpressionNode {
        guard depth < 200 else {
            return .invalid(.invalidQuery("A condition is nested more than 200 deep."))
        }
        switch self {
        case .all(let conditions): return .all(conditions.map { $0.node(depth: depth + 1) })
        case .any(let conditions): return .any(conditions.map { $0.node(depth: depth + 1) })
        case .oddCount(let conditions):
            return .oddCount(conditions.map { $0.node(depth: depth + 1) })
        case .not(let condition): return .not(condition.node(depth: depth + 1))
        case .lookup(let path, let operand):
            do throws(FieldError) {
                return .condition(try NameParts.split(path), try operand.node)
            } catch {
                return .invalid(error)
            }
        }
    }

    /// The condition of a constraint or an index, with columns of the table alone.
    ///
    ///     try Q("votes__gte", 0).sql(for: schema, dialect: dialect)    // "votes" >= 0
    ///
    /// - Parameters:
    ///   - schema: the model whose fields it is about.
    ///   - dialect: how the database writes SQL.
    /// - Returns: the condition as SQL.
    /// - Throws: ``FieldError`` for a field or lookup that does not exist.
    public func sql(for schema: ModelSchema, dialect: any SQLDialect) throws -> SQL {
        let info = ModelInfo(schema: schema, type: nil, targets: [])
        var query = ResolvedQuery(info)
        var reuse: Set<String>?
        var context = FilterContext()
        context.allowsJoins = false
        let (group, _) = try query.conditions(.all([node]), reuse: &reuse, context)
        var writer = NodeWriter(dialect: dialect, features: DatabaseFeatures())
        writer.qualifiesColumns = false
        do {
            return try writer.sql(group)
        } catch ConstantCondition.nothing {
            return "1 = 0"
        } catch ConstantCondition.everything {
            return "1 = 1"
        }
    }
}

extension LookupOperand {
    var node: ExpressionNode {
        get throws(FieldError) {
            switch self {
            case .value(let value): .value(value)
            case .values(let values): .list(values.map { .value($0) })
            case .field(let path): .reference(try NameParts.split(path))
            }
        }
    }
}
