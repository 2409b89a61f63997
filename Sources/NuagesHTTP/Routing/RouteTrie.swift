internal import NuagesCore

/// All routes of a site, folded by their common beginnings.
///
/// The trie answers which route is the first that matches, in the order in which the routes
/// stand; a look-up costs about the length of the path, whatever the number of routes.
struct RouteTrie: Sendable {
    private struct Node: Sendable {
        var literals: Range<Int32> = 0..<0
        var captures: Range<Int32> = 0..<0
        var terminals: Range<Int32> = 0..<0
        var tails: Range<Int32> = 0..<0
        /// The first and the last route below, to leave out what cannot win.
        var first: Int32 = .max
        var last: Int32 = -1
    }

    private struct LiteralEdge: Sendable {
        var firstByte: UInt8
        var label: Range<Int32>
        var node: Int32
    }

    private struct CaptureEdge: Sendable {
        var characters: PathCharacters
        var node: Int32
    }

    private var nodes: [Node] = []
    private var literals: [LiteralEdge] = []
    private var captures: [CaptureEdge] = []
    private var labels: [UInt8] = []
    /// Routes that end at a node, in order; then routes that need ``LevelMatcher``.
    private var orders: [Int32] = []
    private let routes: [CompiledRoute]

    init(_ routes: [CompiledRoute]) {
        self.routes = routes
        let root = RouteTrieBuilder()
        for route in routes { root.insert(route) }
        _ = flatten(root)
    }

    /// One search for the first route after `floor` that matches.
    private struct Search {
        let path: UnsafeBufferPointer<UInt8>
        let floor: Int32
        var best = Int32.max
        /// The arguments of the best route, where finding it out found them as well.
        var arguments: [PathArgument?]?
        var matcher: LevelMatcher
    }

    /// The first route after `floor` that matches `path` from `start` on; nil where none does.
    func first(
        after floor: Int32,
        in path: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> (order: Int32, arguments: [PathArgument?]?)? {
        let matcher = LevelMatcher(path: path, start: start)
        var search = Search(path: path, floor: floor, matcher: matcher)
        visit(0, start, &search)
        return search.best == .max ? nil : (search.best, search.arguments)
    }

    // Recursion is as deep as the routes have parts, whatever the path.
    private func visit(_ index: Int32, _ offset: Int, _ search: inout Search) {
        let node = nodes[Int(index)]
        guard node.first < search.best, node.last > search.floor else { return }
        if offset == search.path.count {
            for position in node.terminals where orders[Int(position)] > search.floor {
                if orders[Int(position)] < search.best {
                    search.best = orders[Int(position)]
                    search.arguments = nil
                }
                break
            }
        } else if let edge = literalEdge(node, search.path[offset]),
            matches(edge.label, search.path, offset)
        {
            visit(edge.node, offset + edge.label.count, &search)
        }
        for position in node.captures {
            let edge = captures[Int(position)]
            if let end = edge.characters.end(in: search.path, from: offset) {
                visit(edge.node, end, &search)
            }
        }
        if !node.tails.isEmpty { tryTails(node, &search) }
    }

    private func tryTails(_ node: Node, _ search: inout Search) {
        for position in node.tails {
            let order = orders[Int(position)]
            guard order > search.floor else { continue }
            guard order < search.best else { return }
            if let arguments = search.matcher.arguments(of: routes[Int(order)]) {
                search.best = order
                search.arguments = arguments
                return
            }
        }
    }

    private func literalEdge(_ node: Node, _ byte: UInt8) -> LiteralEdge? {
        var low = Int(node.literals.lowerBound)
        var high = Int(node.literals.upperBound)
        while low < high {
            let middle = (low + high) / 2
            let edge = literals[middle]
            if edge.firstByte == byte { return edge }
            if edge.firstByte < byte { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private func matches(
        _ label: Range<Int32>,
        _ path: UnsafeBufferPointer<UInt8>,
        _ offset: Int
    ) -> Bool {
        guard path.count - offset >= label.count else { return false }
        return labels.withUnsafeBufferPointer { labels in
            UnsafeBufferPointer(rebasing: labels[Int(label.lowerBound)..<Int(label.upperBound)])
                .isEqual(to: UnsafeBufferPointer(rebasing: path[offset..<(offset + label.count)]))
        }
    }

    // MARK: Building

    /// Adds `builder` and what is below it, as deep as routes have parts; returns its number.
    private mutating func flatten(_ builder: RouteTrieBuilder) -> Int32 {
        let index = nodes.count
        nodes.append(Node())
        var node = Node()
        node.terminals = appendOrders(builder.terminals)
        node.tails = appendOrders(builder.tails)
        for order in builder.terminals + builder.tails {
            node.first = min(node.first, order)
            node.last = max(node.last, order)
        }
        let literalEdges = builder.literals.sorted { $0.label[0] < $1.label[0] }.map { edge in
            let start = Int32(labels.count)
            labels += edge.label
            return LiteralEdge(
                firstByte: edge.label[0],
                label: start..<Int32(labels.count),
                node: flatten(edge.node)
            )
        }
        let captureEdges = builder.captures.map { edge in
            CaptureEdge(characters: edge.characters, node: flatten(edge.node))
        }
        for child in literalEdges.map(\.node) + captureEdges.map(\.node) {
            node.first = min(node.first, nodes[Int(child)].first)
            node.last = max(node.last, nodes[Int(child)].last)
        }
        node.literals = Int32(literals.count)..<Int32(literals.count + literalEdges.count)
        literals += literalEdges
        node.captures = Int32(captures.count)..<Int32(captures.count + captureEdges.count)
        captures += captureEdges
        nodes[index] = node
        return Int32(index)
    }

    private mutating func appendOrders(_ new: [Int32]) -> Range<Int32> {
        let start = Int32(orders.count)
        orders += new
        return start..<Int32(orders.count)
    }
}

/// A node while the trie is built.
final class RouteTrieBuilder {
    struct Literal {
        var label: [UInt8]
        var node: RouteTrieBuilder
    }

    struct Capture {
        var characters: PathCharacters
        var node: RouteTrieBuilder
    }

    var literals: [Literal] = []
    var captures: [Capture] = []
    var terminals: [Int32] = []
    var tails: [Int32] = []

    func insert(_ route: CompiledRoute) {
        var node = self
        var pending: [UInt8] = []
        for level in route.levels {
            switch level.matcher {
            case .segments(let segments):
                for segment in segments {
                    switch segment {
                    case .literal(let bytes): pending += bytes
                    case .capture(let converter, let isFinal):
                        node = node.child(literal: pending)
                        pending = []
                        guard isFinal else {
                            node.tails.append(route.order)
                            return
                        }
                        node = node.child(characters: converter.characters)
                    }
                }
            case .regex(let pattern):
                node.child(literal: pending + pattern.literalPrefix).tails.append(route.order)
                return
            case .language:
                node.child(literal: pending).tails.append(route.order)
                return
            }
        }
        node.child(literal: pending).terminals.append(route.order)
    }

    private func child(characters: PathCharacters) -> RouteTrieBuilder {
        if let edge = captures.first(where: { $0.characters == characters }) { return edge.node }
        let node = RouteTrieBuilder()
        captures.append(Capture(characters: characters, node: node))
        return node
    }

    /// The node behind `label`, splitting an edge that shares only its beginning.
    private func child(literal label: [UInt8]) -> RouteTrieBuilder {
        var node = self
        var rest = label[...]
        while let first = rest.first {
            guard let index = node.literals.firstIndex(where: { $0.label[0] == first }) else {
                let new = RouteTrieBuilder()
                node.literals.append(Literal(label: Array(rest), node: new))
                return new
            }
            let edge = node.literals[index]
            let common = zip(edge.label, rest).prefix { $0 == $1 }.count
            if common < edge.label.count {
                let middle = RouteTrieBuilder()
                middle.literals = [Literal(label: Array(edge.label[common...]), node: edge.node)]
                node.literals[index] = Literal(label: Array(edge.label[..<common]), node: middle)
                node = middle
            } else {
                node = edge.node
            }
            rest = rest.dropFirst(common)
        }
        return node
    }
}
