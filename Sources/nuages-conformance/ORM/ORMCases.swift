import NuagesCore
import NuagesORM

/// The cases of the ORM: queries and scripts over one set of models and rows.
struct ORMCases: ConformanceKind {
    func accepts(_ item: JSONCase) -> Bool {
        item["query"] != nil && item["expect"]?["sqlite"] != nil
    }

    /// What is expected of a database; of one that the corpus does not know, that in which the two
    /// agree that it knows.
    private static func expectation(_ item: JSONCase, _ vendor: String) -> JSONValue? {
        guard let expected = item["expect"] else { return nil }
        if let own = expected[vendor] { return own }
        return expected["sqlite"] == expected["postgresql"] ? expected["sqlite"] : nil
    }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        let corpus = try await CaseDatabases.shared.corpus(item.directory)
        guard let expected = Self.expectation(item, corpus.vendor) else {
            return .skipped(reason: "no expectation for \(corpus.vendor)")
        }
        if let reason = expected["skip"]?.text { return .skipped(reason: reason) }
        let query = item["query"] ?? .null
        let writes = query["steps"] != nil || expected["changes"] != nil
        let (got, log) = try await corpus.run(query, writes: writes)
        let comparison = ORMComparison(
            isUnordered: query["unordered"]?.flag == true,
            isNestedUnordered: query["unordered_nested"]?.flag == true
        )
        let statements = log.texts.joined(separator: "\n    ")
        guard comparison.equal(expected, got) else {
            return .failed(
                expected: JSONText.text(expected),
                got: "\(JSONText.text(got)) [\(statements)]"
            )
        }
        let limit =
            item["expect"]?["queries"]?.number
            ?? item["expect"]?["queries"]?[corpus.vendor]?.number
        if let limit, log.count > limit {
            return .failed(
                expected: "\(limit) statements",
                got: "\(log.count) statements [\(statements)]"
            )
        }
        return .passed
    }
}
