import NuagesCore

extension ContextValue {
    /// Deeper than this nothing is shown either.
    static let settlingDepthLimit = 32

    /// Whether the value itself has to be computed.
    var isPending: Bool {
        switch self {
        case .lazy, .deferred: true
        default: false
        }
    }

    /// Whether the value is HTML made in Swift whose templates are not rendered yet.
    var isFragment: Bool { fragment != nil }

    /// The value as HTML made in Swift whose templates are not rendered yet.
    var fragment: HTMLFragment? {
        guard case .object(let object) = self, type(of: object) == HTMLFragment.self else {
            return nil
        }
        return object as? HTMLFragment
    }

    /// Whether the value, or one in it, may have to be computed.
    var mayHoldPending: Bool {
        switch self {
        case .array, .dictionary, .lazy, .deferred: true
        case .object: isFragment
        default: false
        }
    }

    /// Adds the values in this one that have to be computed, itself included, in order.
    ///
    /// Those that have to be waited for count only where `waits` says so.
    func addPending(to found: inout [ContextValue], waits: Bool, depth: Int = 0) {
        guard depth < Self.settlingDepthLimit else { return }
        switch self {
        case .lazy: found.append(self)
        case .deferred: if waits { found.append(self) }
        case .object: if waits, isFragment { found.append(self) }
        case .array(let elements):
            for element in elements {
                element.addPending(to: &found, waits: waits, depth: depth + 1)
            }
        case .dictionary(let dictionary):
            for entry in dictionary.entries {
                entry.value.addPending(to: &found, waits: waits, depth: depth + 1)
            }
        default: break
        }
    }

    /// The value with others in place of those that ``addPending(to:waits:depth:)`` finds.
    func replacingPending(
        _ settled: inout ArraySlice<ContextValue>,
        waits: Bool,
        depth: Int = 0
    ) -> ContextValue {
        guard depth < Self.settlingDepthLimit else { return self }
        switch self {
        case .lazy: return settled.popFirst() ?? self
        case .deferred: return waits ? settled.popFirst() ?? self : self
        case .object: return waits && isFragment ? settled.popFirst() ?? self : self
        case .array(let elements):
            return .array(
                elements.map { $0.replacingPending(&settled, waits: waits, depth: depth + 1) }
            )
        case .dictionary(let dictionary):
            var replaced = ContextDictionary()
            for (key, value) in dictionary.entries {
                replaced[key] = value.replacingPending(&settled, waits: waits, depth: depth + 1)
            }
            return .dictionary(replaced)
        default: return self
        }
    }
}

/// Computes values that are not there yet.
///
/// Values of a page that have to be waited for are fetched all together, and the node that asks
/// starts over once: a node that asked for each by itself would start over as often.
struct Settler {
    /// The page; nil where there is none, and so nothing that could wait.
    let renderer: Renderer?

    private var waits: Bool { renderer != nil }

    /// The value itself computed.
    func callAsFunction(_ value: ContextValue) throws -> ContextValue {
        guard value.isPending else { return value }
        return try together([value])[0]
    }

    /// The values themselves computed.
    func together(_ values: [ContextValue]) throws -> [ContextValue] {
        guard values.contains(where: { $0.isPending || $0.isFragment }) else { return values }
        var values = values
        for _ in 0..<16 {
            var waiting: [Int] = []
            var sources: [Deferral.Source] = []
            for index in values.indices {
                while case .lazy(let compute) = values[index] {
                    values[index] = try compute()
                    if case .lazy = values[index] { break }
                }
                guard waits, let source = Deferral.Source(values[index]) else { continue }
                waiting.append(index)
                sources.append(source)
            }
            let isDone = !values.contains { if case .lazy = $0 { true } else { false } }
            guard let renderer, !sources.isEmpty else {
                if isDone { return values }
                continue
            }
            for (index, value) in zip(waiting, try renderer.take(sources)) { values[index] = value }
        }
        throw TemplateError.rendering("A lazy value keeps giving lazy values.")
    }

    /// The value with all that is in it computed; itself where nothing in it has to be.
    ///
    /// With `walksObject`, an object is replaced by its elements where some are pending.
    func throughout(_ value: ContextValue, walksObject: Bool = false) throws -> ContextValue {
        var value = value
        if walksObject, !value.isFragment, case .object(let object) = value,
            let elements = object.contextElements
        {
            var pending: [ContextValue] = []
            let list = ContextValue.array(elements)
            list.addPending(to: &pending, waits: waits)
            if pending.isEmpty { return value }
            value = list
        }
        guard value.mayHoldPending else { return value }
        for _ in 0..<ContextValue.settlingDepthLimit {
            var pending: [ContextValue] = []
            value.addPending(to: &pending, waits: waits)
            guard !pending.isEmpty else { return value }
            var settled = try together(pending)[...]
            value = value.replacingPending(&settled, waits: waits)
        }
        return value
    }
}
