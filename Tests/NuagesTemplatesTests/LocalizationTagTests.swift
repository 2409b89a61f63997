import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct LocalizationTagTests {
    private static let german: [String: String] = [
        "Hello": "Hallo", "It is 100%%": "Es sind 100%%", "female\u{4}Hello": "Hallo, Frau",
        "%(n)s apple": "%(n)s Apfel", "%(n)s apples\u{0}": "%(n)s Äpfel", "broken": "%(x",
        "Dear %(name)s": "Liebe %(name)s", "German": "Deutsch", "a b": "ab",
    ]

    private var environment: TemplateEnvironment {
        var environment = TemplateEnvironment()
        environment.localization.catalogs = { language in
            guard language == "de" else { return nil }
            return { context, message, plural in
                if let (many, count) = plural, count != 1 { return Self.german["\(many)\u{0}"] }
                return Self.german[context.map { "\($0)\u{4}\(message)" } ?? message]
            }
        }
        return environment
    }

    private func page(_ source: String, _ context: ContextDictionary = [:]) async throws -> String {
        try await render("{% load i18n l10n tz %}\(source)", context, environment: environment)
    }

    @Test(arguments: [
        ("{% translate 'Hello' %}", "Hallo"), ("{% trans \"Hello\"|upper %}", "HALLO"),
        ("{% translate 'It is 100%' %}", "Es sind 100%"), ("{% translate word %}", "Hallo"),
        ("{% translate 'Hello' context 'female' %}", "Hallo, Frau"),
        ("{% translate 'Hello' noop %}", "Hello"),
        ("{% translate 'Hello' as x %}[{{ x }}]", "[Hallo]"),
        ("{% translate hostile %}", "&lt;b&gt;"),
        ("{% blocktranslate %}It is 100%{% endblocktranslate %}", "Es sind 100%"),
        (
            "{% blocktranslate with name=hostile %}Dear {{ name }}{% endblocktranslate %}",
            "Liebe &lt;b&gt;"
        ),
        (
            "{% blocktranslate count n=one %}{{ n }} apple{% plural %}{{ n }} apples"
                + "{% endblocktranslate %}", "1 Apfel"
        ),
        (
            "{% blocktranslate count n=two %}{{ n }} apple{% plural %}{{ n }} apples"
                + "{% endblocktranslate %}", "2 Äpfel"
        ),
        ("{% blocktranslate trimmed %}\n a\n  b\n{% endblocktranslate %}", "ab"),
        ("{% blocktranslate %}broken{% endblocktranslate %}", "broken"),
        ("{% blocktranslate asvar x %}Hello{% endblocktranslate %}[{{ x }}]", "[Hallo]"),
        ("{% get_current_language as c %}{{ c }}", "de"),
        ("{% get_current_language_bidi as b %}{{ b }}", "False"),
        (
            "{% get_language_info for 'de' as l %}{{ l.name_local }} {{ l.name_translated }}",
            "Deutsch Deutsch"
        ),
        (
            "{% get_language_info_list for codes as l %}{% for x in l %}{{ x.code }};{% endfor %}",
            "fr;ar;"
        ),
        ("{{ 'he'|language_bidi }} {{ 'pt-br'|language_name }}", "True Brazilian Portuguese"),
        ("{{ number }}", "1,5"), ("{% localize off %}{{ number }}{% endlocalize %}", "1.5"),
        ("{{ number|unlocalize }}", "1.5"),
    ])
    func speaksTheLanguage(_ source: String, _ output: String) async throws {
        let context: ContextDictionary = [
            "word": "Hello", "hostile": "<b>", "one": 1, "two": 2, "number": 1.5,
            "codes": ContextValue.array([.string("fr"), .array([.string("ar"), .string("x")])]),
        ]
        #expect(
            try await page("{% language 'de' %}\(source){% endlanguage %}", context) == output
        )
    }

    @Test func aLanguageEndsWithItsBlock() async throws {
        let source = "{% language 'de' %}{% translate 'Hello' %}{% endlanguage %}"
        #expect(try await page("\(source) {% translate 'Hello' %} {{ 1.5 }}") == "Hallo Hello 1.5")
    }

    @Test(arguments: [
        ("{{ t|date:'H:i' }}", "12:00"),
        ("{% timezone 'Europe/Paris' %}{{ t|date:'H:i T' }}{% endtimezone %}", "13:00 CET"),
        (
            "{% timezone 'Europe/Paris' %}{% get_current_timezone as z %}{{ z }}{% endtimezone %}",
            "Europe/Paris"
        ),
        ("{% timezone 'Asia/Tokyo' %}{{ t|utc|date:'H:i' }}{% endtimezone %}", "12:00"),
        ("{{ t|timezone:'Asia/Tokyo'|date:'H:i' }}", "21:00"),
        ("{{ t|timezone:'Nowhere/Land' }}|{{ 'x'|localtime }}", "|"),
        (
            "{% timezone 'Asia/Tokyo' %}{% localtime off %}{{ t|date:'H' }}{% endlocaltime %}"
                + "{{ t|localtime|date:'H' }}{% endtimezone %}", "1221"
        ),
    ])
    func showsOtherClocks(_ source: String, _ output: String) async throws {
        let noon = Date(timeIntervalSince1970: 1_767_268_800)
        #expect(try await page(source, ["t": noon]) == output)
    }

    @Test(arguments: [
        ("{% translate %}", "'translate' takes at least one argument"),
        (
            "{% translate 'x' nope %}",
            "Unknown argument for 'translate' tag: 'nope'. The only options available are 'noop', "
                + "'context' \"xxx\", and 'as VAR'."
        ),
        (
            "{% blocktranslate with %}{% endblocktranslate %}",
            "\"with\" in 'blocktranslate' tag needs at least one keyword argument."
        ),
        (
            "{% blocktranslate %}{% if x %}{% endblocktranslate %}",
            "'blocktranslate' doesn't allow other block tags (seen 'if x') inside it"
        ),
        ("{% localize maybe %}{% endlocalize %}", "'localize' argument should be 'on' or 'off'"),
        ("{% timezone %}{% endtimezone %}", "'timezone' takes one argument (timezone)"),
    ])
    func explainsMistakes(_ source: String, _ message: String) async {
        #expect(await failure("{% load i18n l10n tz %}\(source)").contains(message))
    }

    @Test func anUnknownLanguageIsNamed() async {
        let text = await failure("{% load i18n %}{{ 'dee'|language_name }}")
        #expect(text.contains("Unknown language code dee."))
    }
}
