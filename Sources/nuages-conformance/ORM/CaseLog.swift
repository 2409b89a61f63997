import NuagesORM

/// The statements that a case sends, without those by which the runner prepares it.
struct CaseLog {
    @TaskLocal private static var prepared = QueryLog()

    private let all = QueryLog()
    private let prepared = QueryLog()

    /// How many statements the case sent.
    var count: Int { all.count - prepared.count }
    /// Their text, in order.
    var texts: [String] {
        var left = prepared.texts[...]
        return all.texts.filter { text in
            guard left.first == text else { return true }
            left.removeFirst()
            return false
        }
    }

    /// Runs a case, and records what it sends.
    func counting<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        try await Self.$prepared.withValue(prepared) {
            try await Database.logging(to: all, body)
        }
    }

    /// Runs what only prepares a case, or looks at what came of it.
    static func uncounted<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        try await Database.logging(to: prepared, body)
    }
}
