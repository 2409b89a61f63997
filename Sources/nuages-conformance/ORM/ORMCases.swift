import NuagesCore
import NuagesORM

/// The cases of the ORM: queries and scripts over one set of models and rows.
struct ORMCases: ConformanceKind {
    func accepts(_ item: JSONCase) -> Bool {
        item["query"] != nil && item["expect"]?["sqlite"] != nil
    }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        let corpus = try await CaseDatabases.shared.corpus(item.directory)
        guard let expected = item["expect"]?[corpus.vendor] else {
            throw UnsupportedCase("no expectation for \(corpus.vendor)")
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
