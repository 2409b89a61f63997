import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct EscapingTests {
    @Test(arguments: [
        ("{{ x }}", "&lt;&amp;&gt;&quot;&#x27;"), ("{{ x|safe }}", "<&>\"'"),
        ("{{ x|upper|safe }}", "<&>\"'"), ("{{ x|safe|lower }}", "<&>\"'"),
        ("{{ x|safe|upper }}", "&lt;&amp;&gt;&quot;&#x27;"),
        ("{{ x|escape|escape }}", "&lt;&amp;&gt;&quot;&#x27;"),
        ("{{ s }}", "<b>"), ("{{ s|force_escape }}", "&lt;b&gt;"),
        ("{{ l|join:'<br>' }}", "&lt;a<br>&lt;c"),
        ("{{ x|default:'<' }}", "&lt;&amp;&gt;&quot;&#x27;"),
        ("{{ no|default:'<i>' }}", "<i>"),
    ])
    func escapesAtTheSink(_ source: String, output: String) async throws {
        let context: ContextDictionary = [
            "x": "<&>\"'", "s": SafeString(unsafe: "<b>"), "l": ["<a", "<c"],
        ]
        #expect(try await render(source, context) == output)
    }

    @Test(arguments: ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{338}"])
    func noMarkHidesAQuoteOrBracket(_ mark: String) async throws {
        let hostile = "\"\(mark) onmouseover=alert(1) <\(mark)script>'\(mark)"
        let output = try await render(
            "{{ x }}{{ x|upper }}{{ x|title }}{{ x|linebreaks }}",
            ["x": hostile]
        )
        #expect(!output.utf8.contains(UInt8(ascii: "\"")))
        #expect(!output.utf8.contains(UInt8(ascii: "'")))
        #expect(!output.contains("<\(mark)"))
    }

    @Test func jsonCannotEndItsScript() throws {
        let value: ContextValue = .dictionary(["a": "</script><!--&"])
        #expect(
            try filtered("json_script", value, .string("i\"d"))
                == "<script id=\"i&quot;d\" type=\"application/json\">{\"a\": "
                + "\"\\u003C/script\\u003E\\u003C!--\\u0026\"}</script>"
        )
    }
}
