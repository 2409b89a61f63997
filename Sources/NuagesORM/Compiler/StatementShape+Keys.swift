extension Query {
    /// Whether a statement may be kept by the query: whoever sends requests decides neither how
    /// much is kept nor, by names that `==` takes for others, which statement is found.
    ///
    /// Text is compared by canonical equivalence, so only names in ASCII are told apart.
    var canBeKey: Bool { canBeKey(at: 0) }

    fileprivate func canBeKey(at depth: Int) -> Bool { steps.allSatisfy { $0.canBeKey(at: depth) } }
}

extension StatementCache.Purpose {
    /// Whether a statement may be kept for it, as for a query.
    var canBeKey: Bool {
        switch self {
        case .rows, .existence: true
        case .aggregates(let names, let nodes):
            names.allSatisfy(\.isShortASCII) && nodes.allSatisfy { $0.canBeKey(at: 0) }
        }
    }
}

extension Query.Step {
    fileprivate func canBeKey(at depth: Int) -> Bool {
        switch self {
        case .filter(let node, _): node.canBeKey(at: depth)
        case .annotate(let nodes, _):
            nodes.allSatisfy {
                $0.name.isShortASCII && $0.relation?.isShortASCII != false
                    && $0.node.canBeKey(at: depth)
            }
        case .values(let values):
            values.allSatisfy { value in
                switch value {
                case .field(let name): name.isShortASCII
                case .expression(let name, let node):
                    name.isShortASCII && node.canBeKey(at: depth)
                }
            }
        case .order(let orderings): orderings.canBeKey(at: depth)
        case .distinct(let names), .deferring(let names), .only(let names):
            names.allSatisfy(\.isShortASCII)
        case .combine(_, _, let others): others.allSatisfy { $0.canBeKey(at: depth + 1) }
        case .merge(_, let other): other.canBeKey(at: depth + 1)
        case .sticky, .reverse, .slice, .related, .loadAll, .lock, .empty: true
        // Rows that are told by their keys are others each time.
        case .prefetch, .explain, .invalid: false
        }
    }
}

extension [Ordering] {
    fileprivate func canBeKey(at depth: Int) -> Bool {
        allSatisfy { ordering in
            switch ordering.term {
            case .expression(let node): node.canBeKey(at: depth)
            case .name(let name): name.isShortASCII
            case .random: true
            }
        }
    }
}

extension ExpressionNode {
    fileprivate func canBeKey(at outer: Int) -> Bool {
        guard outer < 32 else { return false }
        let depth = outer + 1
        switch self {
        case .star: return true
        case .reference(let names): return names.allSatisfy(\.isShortASCII)
        case .value(let value, _), .instance(let value, _): return value.canBeKey
        case .outer(let node), .typed(let node, _), .not(let node):
            return node.canBeKey(at: depth)
        case .transform(let name, let node): return name.isShortASCII && node.canBeKey(at: depth)
        case .list(let nodes), .all(let nodes), .any(let nodes), .oddCount(let nodes):
            return nodes.allSatisfy { $0.canBeKey(at: depth) }
        case .condition(let names, let operand):
            return names.allSatisfy(\.isShortASCII) && operand.canBeKey(at: depth)
        case .lookup(let lookup, let left, let right):
            return lookup.rawValue.isShortASCII && left.canBeKey(at: depth)
                && right.canBeKey(at: depth)
        case .combined(_, let left, let right):
            return left.canBeKey(at: depth) && right.canBeKey(at: depth)
        case .call(let call):
            // Each text that a visitor searches for would be a shape of its own.
            if call.function.takesSearchedText, call.arguments.contains(where: \.isText) {
                return false
            }
            return call.arguments.allSatisfy { $0.canBeKey(at: depth) }
                && call.options.values.allSatisfy(\.canBeKey)
        case .aggregate(let aggregate): return aggregate.canBeKey(at: depth)
        case .window(let window):
            return ([window.expression] + window.partition).allSatisfy { $0.canBeKey(at: depth) }
                && window.ordering.canBeKey(at: depth)
        case .branches(let branches, let otherwise, _):
            return otherwise?.canBeKey(at: depth) != false
                && branches.allSatisfy {
                    $0.condition.canBeKey(at: depth) && $0.result.canBeKey(at: depth)
                }
        case .subquery(let query, _), .exists(let query): return query.canBeKey(at: depth)
        case .raw, .row, .invalid: return false
        }
    }
}

extension ExpressionNode {
    fileprivate var isText: Bool {
        if case .value(.text, _) = self { return true }
        return false
    }
}

extension Aggregate {
    fileprivate func canBeKey(at depth: Int) -> Bool {
        arguments.allSatisfy { $0.canBeKey(at: depth) } && filter?.canBeKey(at: depth) != false
            && defaultValue?.canBeKey(at: depth) != false && ordering.canBeKey(at: depth)
    }
}

extension SQLValue {
    fileprivate var canBeKey: Bool {
        switch self {
        case .text(let text): text.isShortASCII
        case .blob, .json, .array, .range: false
        case .null, .bool, .int, .double, .decimal, .date, .time, .dateTime, .duration, .uuid: true
        }
    }
}

extension String {
    /// Whether it is as names are that programs choose.
    var isShortASCII: Bool { utf8.count <= 100 && utf8.allSatisfy { $0 < 0x80 } }
}
