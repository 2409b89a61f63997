import Foundation
import Nuages

/// Measures whether filters take linear time: each with hostile texts of n and 4n units.
///
///     TemplateBench linear [UNITS]
///
/// Prints `METRIC linear.filter ratio` for the worst text of each filter. Linear work has a ratio of
/// about 4, quadratic work of 16; from 8 on, or beyond a second, the filter is named as slow, with the
/// text and its times.
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
                var worst = 0.0
                var slowTexts: [String] = []
                for unit in Self.texts {
                    let few = try await seconds(template, unit, units)
                    let many = try await seconds(template, unit, 4 * units)
                    let ratio = many / max(few, 1e-4)
                    worst = max(worst, ratio)
                    if ratio >= 8 || many >= 1 {
                        slowTexts.append("\(unit.debugDescription): \(few) s, \(many) s")
                    }
                }
                print("METRIC linear.\(name) \((worst * 10).rounded() / 10)")
                fflush(nil)
                if !slowTexts.isEmpty {
                    slow.append("\(name) (\(slowTexts.joined(separator: "; ")))")
                }
            }
        }
        print(slow.isEmpty ? "All are linear." : "Slow:\n\(slow.joined(separator: "\n"))")
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
