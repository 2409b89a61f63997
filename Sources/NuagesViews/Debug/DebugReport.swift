import NuagesCore
import NuagesHTTP

/// What a developer is told about an error, before it becomes HTML or plain text.
///
/// Every text in it is as it came; whoever writes it escapes it.
struct DebugReport {
    /// What went wrong, in a few words: the type of the error.
    var title: String
    var status: HTTPStatus
    /// The error's own text.
    var message: String
    /// Where it happened, line by line: name and value.
    var facts: [(name: String, value: String)] = []
    /// What to do about it.
    var hints: [String] = []
    var sections: [Section] = []

    struct Section {
        var title: String
        var body: Body
        /// Whether it is shown without a click.
        var isOpen = false
    }

    enum Body {
        /// Names and values; the text stands where there are none.
        case table([(name: String, value: String)], whenEmpty: String)
        /// Lines of source with their numbers.
        case source([SourceLine], place: String)
        /// Entries in order, each with a note.
        case list([(text: String, note: String?)], introduction: String)
        /// Statements with the time that each took.
        case queries([(sql: String, time: String?)])
    }

    struct SourceLine {
        var number: Int
        var text: String
        var isMarked: Bool
    }
}
