/// A condition in SQL, with what is known of it before it is sent.
indirect enum WhereNode {
    case condition(SQL)
    /// True for every row.
    case everything
    /// True for no row.
    case nothing
    case group(isAny: Bool, isNegated: Bool, [WhereNode])

    /// All of the conditions.
    static func all(_ nodes: [WhereNode]) -> WhereNode {
        .group(isAny: false, isNegated: false, nodes)
    }

    /// The condition without parts that are always true or false, and without groups that can be
    /// merged into the group around them.
    var simplified: WhereNode {
        guard case .group(let isAny, let isNegated, let nodes) = self else { return self }
        var parts: [WhereNode] = []
        var isDecided = false
        for node in nodes.map(\.simplified) {
            switch node {
            case .everything: isDecided = isDecided || isAny
            case .nothing: isDecided = isDecided || !isAny
            case .condition: parts.append(node)
            case .group(let innerIsAny, false, let inner) where innerIsAny == isAny:
                parts += inner
            case .group(_, false, let inner) where inner.count == 1: parts += inner
            case .group: parts.append(node)
            }
        }
        // `any` of nothing but falsehoods is false, and `all` of nothing but truths is true; an
        // empty `any` is no condition at all.
        let isEmptyAny = isAny && !nodes.isEmpty && parts.isEmpty
        if isDecided || parts.isEmpty {
            let isTrue = isDecided ? isAny : !isEmptyAny
            return isTrue != isNegated ? .everything : .nothing
        }
        if parts.count == 1 && !isNegated { return parts[0] }
        return .group(isAny: isAny, isNegated: isNegated, parts)
    }

    /// The SQL of a simplified condition; nil for one that is true or false for every row.
    var sql: SQL? {
        switch self {
        case .condition(let sql): return sql
        case .everything, .nothing: return nil
        case .group(let isAny, let isNegated, let nodes):
            let parts = nodes.compactMap(\.sql)
            let joined = SQL.joined(parts, separator: isAny ? " OR " : " AND ")
            if isNegated { return "NOT (\(sql: joined))" }
            return parts.count > 1 ? "(\(sql: joined))" : joined
        }
    }

    /// The SQL of any condition, for places that need a value.
    var expression: SQL {
        let node = simplified
        if case .nothing = node { return "1 = 0" }
        return node.sql ?? "1 = 1"
    }
}
