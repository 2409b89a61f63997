import NuagesHTTP

extension DebugReport {
    /// The report as plain text, for clients that do not ask for HTML.
    var text: String {
        var lines = ["\(status): \(title)", message, ""]
        lines += facts.map { "\($0.name): \($0.value)" }
        lines += hints.map { "* \($0)" }
        for section in sections {
            lines += ["", section.title, String(repeating: "-", count: section.title.utf8.count)]
            lines += Self.lines(section.body)
        }
        lines += [
            "",
            "You see this because DEBUG is on and your client runs on this machine.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ body: Body) -> [String] {
        switch body {
        case .table(let rows, let text):
            rows.isEmpty ? [text] : rows.map { "\($0.name) = \($0.value)" }
        case .list(let items, let introduction):
            [introduction] + items.map { "  \($0.text)" + ($0.note.map { " [\($0)]" } ?? "") }
        case .source(let lines, let place):
            [place] + lines.map { "\($0.isMarked ? ">" : " ") \($0.number)  \($0.text)" }
        case .queries(let queries):
            queries.isEmpty ? ["No queries."] : queries.map { "\($0.time ?? "-")  \($0.sql)" }
        }
    }
}
