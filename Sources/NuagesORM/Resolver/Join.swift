/// A table of a query: the one it starts with, or one that is joined to another.
struct Join: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case base, inner, outer
    }

    var alias: String
    let model: ModelInfo
    var parent: String?
    var step: PathStep?
    var isNullable = false
    var kind = Kind.base
    var filtered: FilteredRelation?
    var useCount = 1

    var table: String { model.concrete.table }

    /// Whether it joins the same table in the same way.
    func isSame(as other: Join) -> Bool {
        guard kind != .base, other.kind != .base else {
            return kind == .base && other.kind == .base && alias == other.alias
                && model.concrete === other.model.concrete
        }
        return model.concrete === other.model.concrete && parent == other.parent
            && step?.relation == other.step?.relation && step?.isReverse == other.step?.isReverse
            && filtered == other.filtered
    }

    func relabeled(_ aliases: [String: String]) -> Join {
        var copy = self
        copy.alias = aliases[alias] ?? alias
        copy.parent = parent.map { aliases[$0] ?? $0 }
        copy.filtered = filtered?.relabeled(aliases)
        return copy
    }
}

/// A relation with conditions of its own, which stand in its join.
struct FilteredRelation: Sendable, Hashable {
    let name: String
    /// The way to the related model.
    let path: [String]
    /// The conditions by names that start with the name of this relation.
    let condition: ExpressionNode
    var resolved: Resolved?

    func relabeled(_ aliases: [String: String]) -> FilteredRelation {
        var copy = self
        copy.resolved = resolved?.relabeled(aliases)
        return copy
    }

    static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.path == right.path && left.condition == right.condition
    }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ResolvedQuery {
    func index(of alias: String) -> Int? { joins.firstIndex { $0.alias == alias } }

    func join(_ alias: String) -> Join? { joins.first { $0.alias == alias } }

    private func isOuter(_ alias: String?) -> Bool {
        alias.flatMap { join($0) }?.kind == .outer
    }

    /// The alias of the first table, which it starts with where there is none.
    mutating func initialAlias() -> String {
        if let first = joins.first {
            joins[0].useCount += 1
            return first.alias
        }
        return add(Join(alias: "", model: model.concrete))
    }

    /// Adds a join, or finds the same one among those that may be used again.
    mutating func add(_ new: Join, reuse: Set<String>? = nil) -> String {
        let same = joins.filter { join in
            (reuse?.contains(join.alias) ?? true) && join.isSame(as: new)
        }
        if let last = same.last {
            let alias = same.first { $0.alias == new.alias }?.alias ?? last.alias
            if let index = index(of: alias) { joins[index].useCount += 1 }
            return alias
        }
        var join = new
        join.alias = newAlias(new)
        join.useCount = 1
        if join.kind != .base {
            join.kind = isOuter(join.parent) || join.isNullable ? .outer : .inner
        }
        joins.append(join)
        return join.alias
    }

    private func newAlias(_ join: Join) -> String {
        guard joins.contains(where: { $0.table == join.table }) else {
            return join.filtered?.name ?? join.table
        }
        return "\(prefix)\(joins.count + 1)"
    }

    mutating func release(_ alias: String) {
        if let index = index(of: alias) { joins[index].useCount -= 1 }
    }

    mutating func promote(_ aliases: some Sequence<String>) {
        var pending = Array(aliases)
        var position = 0
        while position < pending.count {
            let alias = pending[position]
            position += 1
            guard let index = index(of: alias), joins[index].kind != .base else { continue }
            let parentIsOuter = isOuter(joins[index].parent)
            guard joins[index].isNullable || parentIsOuter, joins[index].kind != .outer else {
                continue
            }
            joins[index].kind = .outer
            let children = joins.filter {
                $0.parent == alias && !pending[position...].contains($0.alias)
            }
            pending += children.map(\.alias)
        }
    }

    mutating func demote(_ aliases: some Sequence<String>) {
        var pending = Array(aliases)
        var position = 0
        while position < pending.count {
            let alias = pending[position]
            position += 1
            guard let index = index(of: alias), joins[index].kind == .outer else { continue }
            joins[index].kind = .inner
            if let parent = joins[index].parent, join(parent)?.kind == .inner {
                pending.append(parent)
            }
        }
    }

    var useCounts: [String: Int] {
        Dictionary(joins.map { ($0.alias, $0.useCount) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func resetUseCounts(_ counts: [String: Int]) {
        for index in joins.indices { joins[index].useCount = counts[joins[index].alias] ?? 0 }
    }

    /// Gives tables other aliases, in all expressions.
    mutating func relabel(_ aliases: [String: String]) {
        guard !aliases.isEmpty else { return }
        condition = condition.relabeled(aliases)
        if case .by(let nodes) = grouping { grouping = .by(nodes.map { $0.relabeled(aliases) }) }
        selection = selection.map { $0.relabeled(aliases) }
        annotations.mapNodes { $0.relabeled(aliases) }
        // As in Django a table that gets another alias goes behind those that keep theirs.
        let kept = joins.filter { aliases[$0.alias] == nil }.map { $0.relabeled(aliases) }
        let renamed = joins.filter { aliases[$0.alias] != nil }.map { $0.relabeled(aliases) }
        joins = kept + renamed
        externalAliases = Dictionary(
            externalAliases.map { alias, isAliased in
                (aliases[alias] ?? alias, isAliased || aliases[alias] != nil)
            },
            uniquingKeysWith: { $0 || $1 }
        )
        usedAliases = Set(usedAliases.map { aliases[$0] ?? $0 })
        for index in parts.indices {
            let known = parts[index].externalAliases
            parts[index].relabel(aliases.filter { known[$0.key] != nil })
        }
    }

    /// Gives the tables aliases with a letter that no query around has.
    mutating func bumpPrefix(inside other: inout ResolvedQuery, except: Set<String> = []) throws {
        guard prefix == other.prefix else { return }
        var letters = PrefixLetters(after: prefix)
        var isFound = false
        for _ in 0..<600 {
            let letter = letters.next()
            guard !prefixes.contains(letter) else { continue }
            prefix = letter
            isFound = true
            break
        }
        guard isFound else { throw FieldError.invalidQuery("Too many queries are nested.") }
        prefixes.insert(prefix)
        other.prefixes.formUnion(prefixes)
        var aliases: [String: String] = [:]
        for (index, join) in joins.enumerated() where !except.contains(join.alias) {
            aliases[join.alias] = "\(prefix)\(index)"
        }
        relabel(aliases)
    }
}

/// U, V … Z, then AA, AB and so on.
private struct PrefixLetters {
    private var next1: UInt8
    private var pair = 0

    init(after prefix: String) {
        let letter = prefix.utf8.count == 1 ? prefix.utf8.first ?? 0x54 : 0x5A
        next1 = letter &+ 1
    }

    mutating func next() -> String {
        if next1 <= 0x5A {
            defer { next1 &+= 1 }
            return String(UnicodeScalar(next1))
        }
        let first = UInt8(pair / 26 % 26) + 0x41
        let second = UInt8(pair % 26) + 0x41
        pair += 1
        return String(UnicodeScalar(first)) + String(UnicodeScalar(second))
    }
}

extension WhereGroup {
    func relabeled(_ aliases: [String: String]) -> WhereGroup {
        var copy = self
        copy.children = children.map { $0.relabeled(aliases) }
        return copy
    }
}
