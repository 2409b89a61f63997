import Synchronization

/// The statements that have been seen to be quick, by their texts.
///
/// Nobody should wait behind a report, and least of all the event loop that answers all others:
/// a statement is first run on a connection of its own, and again once it was slow.
final class QuickStatements: Sendable {
    /// A statement that takes less is quick.
    private let quickness: Duration
    /// A quick statement that takes more is no longer one, if it does so again and again: on a
    /// busy machine a thread may be kept waiting in the middle of any statement.
    private var slowness: Duration { quickness * 2 }
    private static let maxStrikes = 3
    /// More texts than a site has.
    private static let maxTexts = 1000

    /// The texts, with how often in a row they were slow.
    private let texts = Mutex<[StatementText: Int]>([:])

    /// A longer text is that of many rows, or of a long list.
    private static let maxTextSize = 16_384

    init(quickness: Duration = .microseconds(500)) { self.quickness = quickness }

    func contains(_ text: String) -> Bool {
        let text = StatementText(text)
        return texts.withLock { $0[text] != nil }
    }

    /// Takes a statement for one that was never seen.
    func forget(_ text: String) {
        let text = StatementText(text)
        texts.withLock { $0[text] = nil }
    }

    /// Notes how long a statement kept its connection's thread.
    func note(_ text: String, took time: Duration) {
        guard time < quickness || time > slowness, text.utf8.count <= Self.maxTextSize
        else { return }
        let text = StatementText(text)
        texts.withLock { texts in
            guard time < quickness else {
                guard let strikes = texts[text] else { return }
                texts[text] = strikes + 1 < Self.maxStrikes ? strikes + 1 : nil
                return
            }
            if texts.count >= Self.maxTexts { texts = [:] }
            texts[text] = 0
        }
    }
}
