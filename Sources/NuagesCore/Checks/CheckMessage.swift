/// Something that the system checks found, with an id and a hint.
///
/// Django: `django.core.checks.CheckMessage`.
public struct CheckMessage: Sendable, Hashable, CustomStringConvertible {
    /// How grave a message is.
    public enum Level: Int, Sendable, Comparable, CaseIterable {
        /// For developers only.
        case debug = 10
        /// Good to know.
        case info = 20
        /// Works, and should be mended.
        case warning = 30
        /// Does not work; `runserver` and `migrate` refuse to start.
        case error = 40
        /// Does not work at all.
        case critical = 50

        /// Whether `left` is less grave.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// How grave it is.
    public var level: Level
    /// A stable id such as `urls.W005`.
    public var id: String
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var hint: String?
    /// What it is about: a model, a pattern, a template.
    public var object: String?

    /// A message of the system checks.
    ///
    /// - Parameters:
    ///   - level: how grave it is.
    ///   - id: a stable id such as `urls.W005`.
    ///   - message: what is wrong.
    ///   - hint: what to do about it.
    ///   - object: what it is about.
    public init(
        _ level: Level,
        id: String,
        _ message: String,
        hint: String? = nil,
        object: String? = nil
    ) {
        self.level = level
        self.id = id
        self.message = message
        self.hint = hint
        self.object = object
    }

    /// `polls.Question: (models.W042) Message.` and the hint on a line of its own.
    public var description: String {
        let hintLine = hint.map { "\n\tHINT: \($0)" } ?? ""
        return "\(object ?? "?"): (\(id)) \(message)\(hintLine)"
    }
}
