import Nuages

/// Measures whether filters take linear time: each with hostile texts of n and 4n units.
///
///     TemplateBench linear [UNITS]
///
/// Prints `METRIC linear.filter ratio` for the worst text of each filter. Linear work has a ratio of
/// about 4, quadratic work of 16; from 8 on, or beyond a second, the filter is named as slow.
struct LinearTime {
    let units: Int
    private let engine = TemplateEngine(
        directories: [],
        isDebug: false,
        libraries: HumanizeApp().libraries
    )

    private static let loads = "{% load humanize i18n l10n tz %}"
    private static let texts = [
        "<a ", "&amp", "((", "a@b.c ", "\u{301}", "9", "\r\n", "%s", "www.a.b/)", "<!--", "Σ ",
        "'\\",
    ]
    private static let arguments: [String: [String]] = [
        "": [
            "addslashes", "capfirst", "escape", "escapejs", "escapeseq", "filesizeformat", "first",
            "floatformat", "force_escape", "iriencode", "json_script", "last", "length",
            "linebreaks", "linebreaksbr", "linenumbers", "lower", "make_list", "phone2numeric",
            "pluralize", "pprint", "random", "safe", "safe_url", "safeseq", "slugify", "striptags",
            "title", "unordered_list", "upper", "urlencode", "urlize", "wordcount", "yesno",
            "apnumber", "intcomma", "intword", "naturalday", "naturaltime", "ordinal", "localize",
            "unlocalize", "localtime", "utc", "language_bidi", "language_name",
            "language_name_local", "language_name_translated",
        ],
        ":7": [
            "add", "center", "cut", "date", "default", "default_if_none", "dictsort",
            "dictsortreversed", "divisibleby", "get_digit", "join", "ljust", "rjust", "slice",
            "stringformat", "time", "timesince", "timeuntil", "truncatechars",
            "truncatechars_html", "truncatewords", "truncatewords_html", "urlizetrunc", "wordwrap",
        ],
        ":'UTC'": ["timezone"],
    ]

    /// Measures all filters and returns the names of those that are slow.
    func run() async throws {
        var slow: [String] = []
        for (argument, names) in Self.arguments.sorted(by: { $0.key < $1.key }) {
            for name in names {
                let template = try engine.template(
                    source: "\(Self.loads){{ x|\(name)\(argument) }}"
                )
                var worst = (ratio: 0.0, seconds: 0.0)
                for unit in Self.texts {
                    let few = try await seconds(template, unit, units)
                    let many = try await seconds(template, unit, 4 * units)
                    worst.ratio = max(worst.ratio, many / max(few, 1e-4))
                    worst.seconds = max(worst.seconds, many)
                }
                print("METRIC linear.\(name) \((worst.ratio * 10).rounded() / 10)")
                if worst.ratio >= 8 || worst.seconds >= 1 { slow.append(name) }
            }
        }
        print(slow.isEmpty ? "All are linear." : "Slow: \(slow.joined(separator: ", "))")
    }

    /// The best of three; what a filter refuses counts as any other end.
    private func seconds(_ template: Template, _ unit: String, _ count: Int) async throws -> Double
    {
        let context: ContextDictionary = ["x": String(repeating: unit, count: count)]
        var best = Double.infinity
        for _ in 0..<3 {
            let start = ContinuousClock.now
            _ = try? await engine.render(template, context)
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return best
    }
}
