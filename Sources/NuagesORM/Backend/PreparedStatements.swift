public import NuagesCore

/// A statement that a connection keeps prepared.
package protocol PreparedStatement: AnyObject {
    /// When it ran last, as a count of the connection's statements.
    var lastUse: Int { get set }
}

/// The text of a statement as a key: two are one only if all of their bytes are.
///
/// `String` compares what is shown, so that `'é'` in its two forms would be one statement.
package struct StatementText: Hashable, Sendable {
    private let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: Self, right: Self) -> Bool { left.text.equalsBytes(right.text) }

    package func hash(into hasher: inout Hasher) {
        let isHashed: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
    }

    /// How many bytes it has.
    var count: Int { text.utf8.count }
}

/// The statements that a connection keeps prepared, by the bytes of their texts.
///
/// They are bounded in number and in size, in this process as in the server: the shapes of queries,
/// and the lengths of lists in them, are often what a visitor makes them.
package struct PreparedStatements<Statement: PreparedStatement> {
    /// More texts than a site has; servers also count those of all connections.
    private static var maxCount: Int { 400 }
    /// How long the texts are together at most.
    private static var maxSize: Int { 1 << 20 }
    /// A longer text, such as that of many rows or of a long list, is prepared each time.
    private static var maxTextSize: Int { 1 << 16 }
    /// How many statements of one text there are.
    private static var maxPerText: Int { 8 }

    @usableFromInline var lists: [StatementText: [Statement]] = [:]
    @usableFromInline var useCount = 0
    /// What was found last: the same statement often runs again at once.
    @usableFromInline var last: (text: String, statement: Statement)?
    private var size = 0
    /// How many there are.
    package private(set) var count = 0

    package init() {}

    /// Whether a statement of a text is kept; it is not where the text is long.
    package static func keeps(_ text: String) -> Bool { text.utf8.count <= maxTextSize }

    /// The statement for a text that can be used.
    @inlinable
    package mutating func find(
        _ text: String,
        where isUsable: (Statement) -> Bool = { _ in true }
    ) -> Statement? {
        useCount &+= 1
        if let last, last.text.equalsBytes(text), isUsable(last.statement) {
            last.statement.lastUse = useCount
            return last.statement
        }
        guard let list = lists[StatementText(text)] else { return nil }
        for statement in list where isUsable(statement) {
            statement.lastUse = useCount
            last = (text, statement)
            return statement
        }
        return nil
    }

    /// Keeps a statement.
    ///
    /// - Parameters:
    ///   - statement: the statement.
    ///   - text: its text, which must be one that is kept.
    /// - Returns: those that went for it, which were not used for longest.
    package mutating func keep(_ statement: Statement, _ text: String) -> [Statement] {
        let key = StatementText(text)
        statement.lastUse = useCount
        var dropped: [Statement] = []
        while count > 0, count >= Self.maxCount || size + key.count > Self.maxSize {
            dropped += dropOldHalf()
        }
        if let oldest = lists[key]?.first, lists[key]?.count ?? 0 >= Self.maxPerText {
            forget(oldest, text)
            dropped.append(oldest)
        }
        lists[key, default: []].append(statement)
        size += key.count
        count += 1
        return dropped
    }

    /// Forgets a statement, such as one that the server does not know any more.
    package mutating func forget(_ statement: Statement, _ text: String) {
        last = nil
        let key = StatementText(text)
        guard var list = lists[key], let index = list.firstIndex(where: { $0 === statement }) else {
            return
        }
        list.remove(at: index)
        lists[key] = list.isEmpty ? nil : list
        size -= key.count
        count -= 1
    }

    /// Forgets all.
    ///
    /// - Returns: what was kept.
    @discardableResult
    package mutating func forgetAll() -> [Statement] {
        defer { (lists, size, count, last) = ([:], 0, 0, nil) }
        return Array(lists.values.joined())
    }

    /// Takes out the half that was not used for longest.
    private mutating func dropOldHalf() -> [Statement] {
        last = nil
        let uses = lists.values.joined().map(\.lastUse).sorted()
        let middle = uses[uses.count / 2]
        var dropped: [Statement] = []
        for (key, list) in lists {
            let kept = list.filter { $0.lastUse > middle }
            guard kept.count < list.count else { continue }
            dropped += list.filter { $0.lastUse <= middle }
            lists[key] = kept.isEmpty ? nil : kept
            size -= key.count * (list.count - kept.count)
        }
        count -= dropped.count
        return dropped
    }
}
