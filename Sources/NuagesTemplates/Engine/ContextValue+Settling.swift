import NuagesCore

extension ContextValue {
    /// Deeper than this nothing is shown either.
    private static let settlingDepthLimit = 32

    /// Whether the value itself has to be computed.
    var isPending: Bool {
        switch self {
        case .lazy, .deferred: true
        default: false
        }
    }

    /// Whether the value, or one in it, may have to be computed.
    var mayHoldPending: Bool {
        switch self {
        case .array, .dictionary, .lazy, .deferred: true
        default: false
        }
    }

    /// The value with all that is in it computed; itself where nothing in it has to be.
    ///
    /// - Parameters:
    ///   - walksObject: whether an object is replaced by its elements where some are pending.
    ///   - settle: computes one value, or throws where it has to be waited for.
    /// - Returns: a value in which nothing is left to compute.
    /// - Throws: what `settle` throws.
    func settledThroughout(
        walksObject: Bool = false,
        _ settle: (ContextValue) throws -> ContextValue
    ) throws -> ContextValue {
        switch self {
        case .array, .dictionary, .lazy, .deferred:
            return holdsPending(depth: 0) ? try settled(depth: 0, settle) : self
        case .object(let object):
            guard walksObject, let elements = object.contextElements else { return self }
            let list = ContextValue.array(elements)
            return list.holdsPending(depth: 0) ? try list.settled(depth: 0, settle) : self
        default: return self
        }
    }

    private func holdsPending(depth: Int) -> Bool {
        guard depth < Self.settlingDepthLimit else { return false }
        switch self {
        case .lazy, .deferred: return true
        case .array(let elements): return elements.contains { $0.holdsPending(depth: depth + 1) }
        case .dictionary(let dictionary):
            return dictionary.entries.contains { $0.value.holdsPending(depth: depth + 1) }
        default: return false
        }
    }

    private func settled(
        depth: Int,
        _ settle: (ContextValue) throws -> ContextValue
    ) throws -> ContextValue {
        guard depth < Self.settlingDepthLimit else { return self }
        switch self {
        case .lazy, .deferred: return try settle(self).settled(depth: depth + 1, settle)
        case .array(let elements):
            return .array(try elements.map { try $0.settled(depth: depth + 1, settle) })
        case .dictionary(let dictionary):
            var settled = ContextDictionary()
            for (key, value) in dictionary.entries {
                settled[key] = try value.settled(depth: depth + 1, settle)
            }
            return .dictionary(settled)
        default: return self
        }
    }
}
