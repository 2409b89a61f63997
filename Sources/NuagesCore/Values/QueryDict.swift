/// Names with one or more values each, in order: a query string or a posted form.
///
/// Names compare by their bytes. Reading a name gives its last value, as Django's does.
///
///     let query: QueryDict = ["a": ["1", "2"]]
///     query["a"]          // Optional("2")
///     query.list("a")     // ["1", "2"]
///
/// Django: `django.http.QueryDict`.
public struct QueryDict: Sendable, ExpressibleByDictionaryLiteral {
    /// The names with their values, in the order in which the names first came.
    public private(set) var entries: [(name: String, values: [String])] = []
    /// How percent-encoded bytes are read and written: UTF-8 unless an old client needs another.
    public var charset = Charset.utf8
    // Only made for more names than a scan is good for; a form seldom has so many.
    private var index: [ByteKey: Int]?

    private static let scanLimit = 16

    /// No names.
    public init() {}

    /// Names with their values.
    ///
    /// - Parameter elements: the names and their values.
    public init(dictionaryLiteral elements: (String, [String])...) {
        for (name, values) in elements {
            for value in values { append(name, value) }
        }
    }

    /// Whether there is no name.
    public var isEmpty: Bool { entries.isEmpty }

    /// The names, in the order in which they first came.
    public var names: [String] { entries.map(\.name) }

    /// The last value of `name`; nil where it has none.
    ///
    /// Setting replaces all values.
    ///
    /// - Parameter name: compared by its bytes.
    public subscript(_ name: String) -> String? {
        get { position(of: name).flatMap { entries[$0].values.last } }
        set {
            if let newValue { setList(name, [newValue]) } else { remove(name) }
        }
    }

    /// All values of `name`.
    ///
    /// - Parameter name: compared by its bytes.
    /// - Returns: the values in order; empty where the name is absent.
    public func list(_ name: String) -> [String] {
        position(of: name).map { entries[$0].values } ?? []
    }

    /// Whether `name` is there, with or without values.
    ///
    /// - Parameter name: compared by its bytes.
    /// - Returns: true where it is.
    public func contains(_ name: String) -> Bool { position(of: name) != nil }

    /// Adds a value behind those that `name` has.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the value.
    public mutating func append(_ name: String, _ value: String) {
        if let position = position(of: name) {
            entries[position].values.append(value)
        } else {
            insert(name, [value])
        }
    }

    /// Gives `name` these values, in place of those it has.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - values: the values in order.
    public mutating func setList(_ name: String, _ values: [String]) {
        if let position = position(of: name) {
            entries[position].values = values
        } else {
            insert(name, values)
        }
    }

    /// Removes `name` with all its values.
    ///
    /// - Parameter name: compared by its bytes.
    public mutating func remove(_ name: String) {
        guard let position = position(of: name) else { return }
        entries.remove(at: position)
        if index != nil { rebuildIndex() }
    }

    mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(min(count, 64)) }

    private mutating func insert(_ name: String, _ values: [String]) {
        entries.append((name, values))
        if index != nil {
            index?[ByteKey(name)] = entries.count - 1
        } else if entries.count > Self.scanLimit {
            rebuildIndex()
        }
    }

    private mutating func rebuildIndex() {
        var index: [ByteKey: Int] = [:]
        index.reserveCapacity(entries.count * 2)
        for (position, entry) in entries.enumerated() { index[ByteKey(entry.name)] = position }
        self.index = index
    }

    private func position(of name: String) -> Int? {
        if let index { return index[ByteKey(name)] }
        return entries.firstIndex { $0.name.equalsBytes(name) }
    }
}

/// A name that hashes and compares by its bytes.
///
/// `String` normalises both; on long runs of combining marks that is quadratic.
package struct ByteKey: Hashable, Sendable {
    package let name: String

    package init(_ name: String) { self.name = name }

    package static func == (left: Self, right: Self) -> Bool { left.name.equalsBytes(right.name) }

    package func hash(into hasher: inout Hasher) {
        name.withUTF8Bytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
