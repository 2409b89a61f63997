/// What the URLs of databases say of sessions, whatever the driver.
package enum SessionOption {
    /// How far transactions are kept apart: `serializable`, `read committed`, with blanks, hyphens
    /// or underscores between the words.
    package static func isolation(_ text: String) -> IsolationLevel? {
        let words = text.utf8.map { [0x2D, 0x5F].contains($0) ? 0x20 : $0 }
        let name = String(decoding: words, as: UTF8.self).uppercased()
        return IsolationLevel.allCases.first { $0.rawValue == name }
    }

    /// The choices for ``isolation(_:)`` as messages name them.
    package static let isolationChoices = IsolationLevel.allCases.map { $0.rawValue.lowercased() }
        .joined(separator: ", ")

    /// Seconds such as `30` and `0.5`; 0 is no limit.
    package static func timeout(_ text: String) -> Duration? {
        guard let seconds = Double(text), seconds.isFinite, (0...86_400).contains(seconds) else {
            return nil
        }
        return .milliseconds(Int((seconds * 1000).rounded(.up)))
    }

    /// Whole milliseconds, at least one: to servers none is no limit.
    package static func milliseconds(_ timeout: Duration) -> Int {
        max(1, Int(clamping: Int64(timeout / .milliseconds(1))))
    }
}
