import NuagesCore

/// A query whose names have been found: its joins, conditions and columns.
///
/// It is made by taking the steps of a ``Query`` one after the other, since what a step means
/// depends on those before it. Source: Django's `sql.Query`.
struct ResolvedQuery: Sendable, Hashable {
    /// What rows are grouped by.
    enum Grouping: Sendable, Hashable {
        case none
        /// All columns of the model.
        case model
        case by([Resolved])

        var isList: Bool {
            if case .by = self { true } else { false }
        }
    }

    /// A selected column by its place in ``selection``, or an annotation by its name.
    enum Selected: Sendable, Hashable {
        case column(Int)
        case annotation(String)
    }

    struct Output: Sendable, Hashable {
        var name: String
        var selected: Selected
    }

    let model: ModelInfo
    var joins: [Join] = []
    var prefix = "T"
    var prefixes: Set<String> = ["T"]
    /// Aliases of the queries further out, and whether they are no names of tables.
    var externalAliases: [String: Bool] = [:]
    /// The aliases that conditions of one call share.
    var usedAliases: Set<String> = []
    var isSticky = false
    var condition = WhereGroup()
    var annotations = NamedNodes()
    /// The annotations that are selected; nil for all.
    var mask: Set<String>?
    var filteredRelations: [String: FilteredRelation] = [:]

    var hasDefaultColumns = true
    var selection: [Resolved] = []
    var selectedNames: [String] = []
    /// The columns that `values()` named, in order.
    var outputs: [Output]?
    /// Whether rows are values and not whole models.
    var isValues = false
    var grouping = Grouping.none
    var orderings: [Ordering] = []
    var usesDefaultOrdering = true
    var isReversed = false
    var start = 0
    var end: Int?
    var isDistinct = false
    var distinctFields: [String] = []
    var combination: Query.Combination?
    var combinesAll = false
    var parts: [ResolvedQuery] = []
    var isSubquery = false
    var containsSubquery = false
    var related = RelatedSelection.none
    var deferral = Deferral()
    var lock: RowLock?
    var explanation: Explanation?
    /// Results of aggregates in the making: no aggregate may be made of them.
    var summaries: Set<String> = []
    var nesting = Nesting()

    /// How deep the query stands in others; no part of what it asks, so all are equal.
    struct Nesting: Sendable, Hashable {
        /// The deepest expressions and conditions: the stack of a task is not endless.
        static let limit = 200
        /// A query inside another takes as much of the stack as some expressions do.
        static let query = 4

        var depth = 0

        static func == (_: Self, _: Self) -> Bool { true }
        func hash(into _: inout Hasher) {}
    }

    /// Tells whether something that stands at a depth in the query is too deep.
    func checkDepth(_ depth: Int, _ kind: String) throws(FieldError) {
        guard nesting.depth + depth < Nesting.limit else {
            throw .invalidQuery("\(kind) is nested more than \(Nesting.limit) deep.")
        }
    }

    /// A query that stands at a depth in this one, with its names found.
    func inner(_ query: Query, at depth: Int = 0) throws -> ResolvedQuery {
        let depth = nesting.depth + depth + Nesting.query
        guard depth < Nesting.limit else {
            throw FieldError.invalidQuery(
                "Queries are nested more than \(Nesting.limit / Nesting.query) deep."
            )
        }
        return try query.resolved(at: depth)
    }

    init(_ model: ModelInfo) { self.model = model }

    var isSliced: Bool { start != 0 || end != nil }
    var takesOne: Bool { end.map { $0 - start == 1 } ?? false }

    /// The annotations that are selected.
    var selectedAnnotations: NamedNodes {
        guard let mask else { return annotations }
        return annotations.filtered { mask.contains($0) }
    }

    /// The type of what a query gives that stands for a value.
    var outputType: ValueType? {
        if selection.count == 1 { return selection[0].type }
        let selected = selectedAnnotations
        return selected.count == 1 ? selected.first?.node.type : nil
    }

    /// How many columns a query in `in` or `exact` gives.
    var columnCount: Int {
        guard outputs != nil, !selection.isEmpty else { return model.members.primaryKey.count }
        return selection.reduce(0) { count, node in
            if case .columns(let columns) = node { count + columns.count } else { count + 1 }
        }
    }

    /// The columns of queries further out that stand in it.
    var externalColumns: [ColumnReference] {
        (annotations.nodes + condition.children)
            .flatMap { $0.columns(withExternal: true) }
            .compactMap { node in
                guard case .column(let column) = node, externalAliases[column.alias] != nil else {
                    return nil
                }
                return column
            }
    }

    // MARK: Selecting

    mutating func setMask(_ names: Set<String>?) {
        mask = names
        guard let names, var outputs else { return }
        outputs.removeAll { output in
            if case .annotation(let name) = output.selected { !names.contains(name) } else { false }
        }
        for name in annotations.names where names.contains(name) {
            guard !outputs.contains(where: { $0.name.equalsBytes(name) }) else { continue }
            outputs.append(Output(name: name, selected: .annotation(name)))
        }
        self.outputs = outputs
    }

    mutating func addToMask(_ names: [String]) {
        if let mask { setMask(mask.union(names)) }
    }

    mutating func clearSelection() {
        selection = []
        hasDefaultColumns = false
        related = .none
        setMask([])
        outputs = nil
    }

    mutating func clearOutputs() {
        selection = []
        selectedNames = []
        outputs = nil
    }

    mutating func setSelection(_ nodes: [Resolved]) {
        hasDefaultColumns = false
        selection = nodes
    }

    mutating func clearOrdering(force: Bool = false, clearsDefault: Bool = true) {
        guard force || !(isSliced || !distinctFields.isEmpty || lock != nil) else { return }
        orderings = []
        if clearsDefault { usesDefaultOrdering = false }
        for index in parts.indices { parts[index].clearOrdering(clearsDefault: clearsDefault) }
    }

    // MARK: Slicing

    mutating func setEmpty() {
        condition.add(.nothing, .and)
        for index in parts.indices { parts[index].setEmpty() }
    }

    var isEmpty: Bool { condition.children.contains(.nothing) }

    mutating func slice(from low: Int?, to high: Int?) {
        if let high {
            let (sum, overflows) = start.addingReportingOverflow(max(0, high))
            let bound = overflows ? Int.max : sum
            end = end.map { min($0, bound) } ?? bound
        }
        if let low {
            let (sum, overflows) = start.addingReportingOverflow(max(0, low))
            let bound = overflows ? Int.max : sum
            start = end.map { min($0, bound) } ?? bound
        }
        if start == end { setEmpty() }
    }

    mutating func clearLimits() {
        start = 0
        end = nil
    }
}

/// Expressions with names, in the order in which they were given.
struct NamedNodes: Sendable, Hashable {
    typealias Element = (name: String, node: Resolved)

    private(set) var names: [String] = []
    private(set) var nodes: [Resolved] = []

    var isEmpty: Bool { names.isEmpty }
    var count: Int { names.count }
    var first: Element? { names.first.map { ($0, nodes[0]) } }
    var elements: [Element] { zip(names, nodes).map { ($0, $1) } }

    private func index(of name: String) -> Int? { names.firstIndex { $0.equalsBytes(name) } }

    subscript(_ name: String) -> Resolved? {
        get { index(of: name).map { nodes[$0] } }
        set {
            switch (index(of: name), newValue) {
            case (let index?, let node?): nodes[index] = node
            case (let index?, nil):
                names.remove(at: index)
                nodes.remove(at: index)
            case (nil, let node?):
                names.append(name)
                nodes.append(node)
            case (nil, nil): break
            }
        }
    }

    func filtered(_ isIncluded: (String) -> Bool) -> NamedNodes {
        var result = NamedNodes()
        for (name, node) in elements where isIncluded(name) {
            result.names.append(name)
            result.nodes.append(node)
        }
        return result
    }

    mutating func mapNodes(_ change: (Resolved) throws -> Resolved) rethrows {
        nodes = try nodes.map(change)
    }

    /// Puts others in front.
    mutating func prepend(_ others: NamedNodes) {
        var result = others
        for (name, node) in elements { result[name] = node }
        self = result
    }
}
