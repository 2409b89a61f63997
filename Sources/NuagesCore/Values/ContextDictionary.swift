/// Values by name, in the order in which they were added.
///
///     var context: ContextDictionary = ["question": question, "total": 3]
///     context["total"]          // Optional(.int(3))
///
/// Names compare by their bytes.
public struct ContextDictionary: Sendable, ExpressibleByDictionaryLiteral {
    /// The names and values in order.
    public private(set) var entries: [(key: String, value: ContextValue)] = []
    /// Where each name stands; kept only for dictionaries too long to search from the front.
    private var positions: [ByteKey: Int] = [:]

    private static let indexingThreshold = 12

    /// An empty dictionary.
    public init() {}

    /// A dictionary from a literal such as `["question": question]`.
    ///
    /// - Parameter elements: names and values; a name given twice keeps its last value.
    public init(dictionaryLiteral elements: (String, any ContextConvertible)...) {
        entries.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value.contextValue }
    }

    /// A dictionary of names and values.
    ///
    /// - Parameter pairs: names and values; a name given twice keeps its last value.
    public init(_ pairs: some Sequence<(String, ContextValue)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// The number of names.
    public var count: Int { entries.count }

    /// Whether there are no names.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value called `key`; setting nil removes it.
    ///
    /// - Parameter key: the name, compared by its bytes.
    public subscript(_ key: String) -> ContextValue? {
        get { position(of: key).map { entries[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil):
                entries.remove(at: index)
                reindex()
            case (nil, let value?):
                entries.append((key, value))
                if positions.isEmpty { reindex() } else { positions[ByteKey(key)] = count - 1 }
            case (nil, nil): break
            }
        }
    }

    /// The dictionary with the values of another one added, which win.
    ///
    /// - Parameter other: names and values.
    /// - Returns: both dictionaries in one.
    public func merging(_ other: ContextDictionary) -> ContextDictionary {
        var merged = self
        for (key, value) in other.entries { merged[key] = value }
        return merged
    }

    private func position(of key: String) -> Int? {
        guard positions.isEmpty else { return positions[ByteKey(key)] }
        return entries.firstIndex { $0.key.equalsBytes(key) }
    }

    private mutating func reindex() {
        positions.removeAll()
        guard entries.count > Self.indexingThreshold else { return }
        for (index, entry) in entries.enumerated() { positions[ByteKey(entry.key)] = index }
    }
}
