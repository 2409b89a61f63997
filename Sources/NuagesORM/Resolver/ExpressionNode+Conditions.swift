extension ExpressionNode {
    var containsAggregate: Bool {
        switch self {
        case .aggregate: true
        case .list(let nodes), .all(let nodes), .any(let nodes), .oddCount(let nodes):
            nodes.contains(where: \.containsAggregate)
        case .lookup(_, let left, let right), .combined(_, let left, let right):
            left.containsAggregate || right.containsAggregate
        case .transform(_, let node), .not(let node), .typed(let node, _), .condition(_, let node):
            node.containsAggregate
        case .call(let call): call.arguments.contains(where: \.containsAggregate)
        case .branches(let branches, let otherwise, _):
            branches.contains { $0.condition.containsAggregate || $0.result.containsAggregate }
                || otherwise?.containsAggregate == true
        default: false
        }
    }

    /// The names in its conditions.
    var conditionNames: [[String]] {
        switch self {
        case .condition(let names, _): [names]
        case .all(let nodes), .any(let nodes), .oddCount(let nodes), .list(let nodes):
            nodes.flatMap(\.conditionNames)
        case .not(let node): node.conditionNames
        default: []
        }
    }

    /// The conditions with a path at their start replaced by a name.
    func replacingPrefix(_ path: [String], by name: String) -> ExpressionNode {
        func changed(_ names: [String]) -> [String] {
            names.starts(with: path) ? [name] + names.dropFirst(path.count) : names
        }
        switch self {
        case .condition(let names, let value):
            return .condition(changed(names), value.replacingPrefix(path, by: name))
        case .reference(let names): return .reference(changed(names))
        case .all(let nodes): return .all(nodes.map { $0.replacingPrefix(path, by: name) })
        case .any(let nodes): return .any(nodes.map { $0.replacingPrefix(path, by: name) })
        case .oddCount(let nodes):
            return .oddCount(nodes.map { $0.replacingPrefix(path, by: name) })
        case .list(let nodes): return .list(nodes.map { $0.replacingPrefix(path, by: name) })
        case .not(let node): return .not(node.replacingPrefix(path, by: name))
        case .lookup(let lookup, let left, let right):
            return .lookup(
                lookup,
                left.replacingPrefix(path, by: name),
                right.replacingPrefix(path, by: name)
            )
        case .combined(let operation, let left, let right):
            return .combined(
                operation,
                left.replacingPrefix(path, by: name),
                right.replacingPrefix(path, by: name)
            )
        case .transform(let transform, let node):
            return .transform(transform, node.replacingPrefix(path, by: name))
        case .call(var call):
            call.arguments = call.arguments.map { $0.replacingPrefix(path, by: name) }
            return .call(call)
        default: return self
        }
    }
}
