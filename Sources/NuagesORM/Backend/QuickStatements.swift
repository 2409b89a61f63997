import Synchronization

/// The statements that have been seen to be quick, by their texts.
///
/// Nobody should wait behind a report, and least of all the event loop that answers all others:
/// a statement is first run on a connection of its own, and again once it was slow.
final class QuickStatements: Sendable {
    /// A statement that takes less is quick.
    private static let quickness = Duration.microseconds(500)
    /// A quick statement that takes more is no longer one.
    private static let slowness = Duration.milliseconds(1)
    /// More texts than a site has.
    private static let maxTexts = 1000

    private let texts = Mutex<Set<String>>([])

    func contains(_ text: String) -> Bool { texts.withLock { $0.contains(text) } }

    /// Notes how long a statement kept its connection's thread.
    func note(_ text: String, took time: Duration) {
        guard time < Self.quickness || time > Self.slowness else { return }
        texts.withLock { texts in
            guard time < Self.quickness else {
                texts.remove(text)
                return
            }
            if texts.count >= Self.maxTexts { texts = [] }
            texts.insert(text)
        }
    }
}
