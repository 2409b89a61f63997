/// Something that can run a group of conformance cases.
///
/// A kind knows how to feed a case to the public API and how to compare the result; it never knows
/// a single case.
protocol ConformanceKind: Sendable {
    /// Whether this kind runs the case.
    func accepts(_ item: JSONCase) -> Bool

    /// Runs the case and compares the result with what the case expects.
    func run(_ item: JSONCase) async throws -> CaseOutcome
}

/// What came of one case.
enum CaseOutcome {
    /// The result is the expected one.
    case passed
    /// The result is another one.
    case failed(expected: String, got: String)
    /// The schema marks the case as one that only Python can run.
    case skipped(reason: String)

    /// Passed where two texts have the same bytes.
    static func comparing(expected: String, got: String) -> CaseOutcome {
        expected.utf8.elementsEqual(got.utf8) ? .passed : .failed(expected: expected, got: got)
    }
}

/// A value of a case that the runner cannot build, and so counts as failed.
struct UnsupportedCase: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
