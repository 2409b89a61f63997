public import NuagesORM

/// Why a piece of a test made other queries than it was expected to.
public enum QueryExpectationError: Error, Sendable, CustomStringConvertible {
    /// Another number of queries.
    case count(expected: Int, texts: [String])
    /// Queries of one shape again and again.
    case repeated([RepeatedQuery])

    /// What was expected, and the statements.
    public var description: String {
        switch self {
        case .count(let expected, let texts):
            let list = texts.enumerated().map { "\n  \($0 + 1). \($1)" }.joined()
            return "\(expected) queries were expected, and \(texts.count) were made"
                + (texts.isEmpty ? "." : ":" + list)
        case .repeated(let queries):
            let list = queries.map { "\n  \($0.count) times: \($0.text)\n  \($0.remedy)" }
            return "Queries of the same shape were made again and again:" + list.joined()
        }
    }
}

/// Runs `body` and fails unless it makes a number of queries.
///
///     try await expectQueries(2) {
///         _ = try await client.get("/polls/1/")
///     }
///     // 2 queries were expected, and 3 were made:
///     //   1. SELECT …
///
/// Statements that start and end transactions do not count.
///
/// Django: `assertNumQueries`.
///
/// - Parameters:
///   - count: the number of queries.
///   - body: what is run.
/// - Returns: what `body` returns.
/// - Throws: ``QueryExpectationError`` with all statements for another number, and what `body` throws.
@discardableResult
public func expectQueries<Result>(
    _ count: Int,
    _ body: () async throws -> Result
) async throws -> Result {
    let (result, log) = try await Database.capturingQueries(body)
    guard log.count == count else {
        throw QueryExpectationError.count(expected: count, texts: log.texts)
    }
    return result
}

/// Runs `body` and fails if it makes queries of one shape again and again, as a loop does that
/// queries for each row.
///
/// - Parameters:
///   - limit: how many of one shape are too many.
///   - body: what is run.
/// - Returns: what `body` returns.
/// - Throws: ``QueryExpectationError`` with the statements and what to do, and what `body` throws.
@discardableResult
public func expectNoRepeatedQueries<Result>(
    limit: Int = 3,
    _ body: () async throws -> Result
) async throws -> Result {
    let (result, log) = try await Database.capturingQueries(body)
    let repeated = log.repeatedQueries(atLeast: limit)
    guard repeated.isEmpty else { throw QueryExpectationError.repeated(repeated) }
    return result
}
