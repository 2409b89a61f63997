import NuagesCore
import NuagesORM
import Synchronization

/// Prints the progress of `migrate`, operation by operation.
///
///     Applying polls.0002_question_author...
///       Add field author to question... OK
///       Swift operation: sign... OK
final class MigrationReporter: Sendable {
    private struct State {
        var isInOperation = false
        var start = ContinuousClock.now
    }

    private let verbosity: Int
    private let state = Mutex(State())

    init(verbosity: Int) { self.verbosity = verbosity }

    func report(_ progress: MigrationProgress) {
        guard verbosity > 0 else { return }
        switch progress {
        case .started(let key, let isBackwards):
            printNow("  \(isBackwards ? "Unapplying" : "Applying") \(key)...", terminator: "")
            state.withLock { $0 = State() }
        case .operation(_, let description):
            printNow("\(ended(with: "OK"))\n    \(description)...", terminator: "")
            state.withLock { $0 = State(isInOperation: true) }
        case .slowTable(_, let table, let rows):
            printNow(
                "\n      goes through all of \(table) (about \(rows) rows): this may take long, and "
                    + "others wait meanwhile...",
                terminator: ""
            )
        case .finished(_, _, let isFaked):
            let word = isFaked ? "FAKED" : "OK"
            printNow(state.withLock { $0.isInOperation } ? ended(with: word) : " \(word)")
        }
    }

    /// What ends the line of the operation before; nothing before the first one.
    private func ended(with word: String) -> String {
        let state = state.withLock { $0 }
        guard state.isInOperation else { return "" }
        guard verbosity > 1 else { return " \(word)" }
        let milliseconds = Int(((ContinuousClock.now - state.start) / .milliseconds(1)).rounded())
        let rest = "\(milliseconds % 1000)"
        let zeros = String(repeating: "0", count: 3 - rest.utf8.count)
        return " \(word) (\(milliseconds / 1000).\(zeros)\(rest) s)"
    }
}
