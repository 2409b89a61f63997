import NuagesCore
import NuagesForms
import NuagesTemplates
import Synchronization
import Testing

private struct Calendar: Widget {
    var options = WidgetOptions()
    var media: Media

    init(_ media: Media) { self.media = media }

    func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {}
}

@Suite struct MediaTests {
    private func form() -> BoundForm {
        var form = DynamicForm()
        let first = Media(
            css: ["all": ["a.css"], "print": ["/p.css"]],
            js: [
                "a.js", "https://x/b.js",
                .script("m.js", attributes: ["type": "module", "defer": true]),
            ]
        )
        let second = Media(css: ["all": ["0.css", "a.css"]], js: ["z.js", "a.js"])
        form.add("a", CharField().widget(.custom(Calendar(first))))
        form.add("b", CharField().widget(.custom(Calendar(second))))
        return form.unbound()
    }

    // What Django 6.1.3 writes for the same widgets.
    @Test func mergesTheMediaOfWidgets() throws {
        #expect(
            try form().media.html().html == """
                <link href="/static/0.css" media="all" rel="stylesheet">
                <link href="/static/a.css" media="all" rel="stylesheet">
                <link href="/p.css" media="print" rel="stylesheet">
                <script src="/static/z.js"></script>
                <script src="/static/a.js"></script>
                <script src="https://x/b.js"></script>
                <script src="/static/m.js" type="module" defer></script>
                """
        )
    }

    @Test func bearsTheNonceOfThePage() throws {
        #expect(
            try form().media.js.html(nonce: "N\"").html == """
                <script src="/static/z.js" nonce="N&quot;"></script>
                <script src="/static/a.js" nonce="N&quot;"></script>
                <script src="https://x/b.js" nonce="N&quot;"></script>
                <script src="/static/m.js" nonce="N&quot;" type="module" defer></script>
                """
        )
        let own = Media(js: [.script("a.js", attributes: ["nonce": "mine"])])
        #expect(throws: MediaError.conflictingNonce("a.js")) { try own.html(nonce: "N") }
        #expect(try own.html().html == "<script src=\"/static/a.js\" nonce=\"mine\"></script>")
    }

    // The cases of Django's `test_merge` and `test_merge_css_three_way`.
    @Test(
        arguments: [
            ([["1", "2"], ["3", "4"]], ["1", "3", "2", "4"]),
            ([["1", "2"], ["2", "3"]], ["1", "2", "3"]),
            ([["2", "3"], ["1", "2"]], ["1", "2", "3"]),
            ([["1", "3"], ["2", "3"]], ["1", "2", "3"]),
            ([["1", "2"], ["1", "3"]], ["1", "2", "3"]),
            ([["1", "2"], ["3", "2"]], ["1", "3", "2"]), ([["1", "2"], ["1", "2"]], ["1", "2"]),
            (
                [["1", "2"], ["1", "3"], ["4", "2"], ["5", "3"], ["1", "2", "4", "5"]],
                ["1", "2", "3", "4", "5"]
            ), ([["1", "1"]], ["1"]),
        ] as [([[String]], [String])]
    )
    func ordersScripts(_ lists: [[String]], expected: [String]) throws {
        let media = lists.reduce(Media()) { $0 + Media(js: $1.map { MediaAsset($0) }) }
        let lines = try media.html().html.split(separator: "\n")
        let paths = lines.map { $0.dropFirst("<script src=\"/static/".count).prefix { $0 != "\"" } }
        #expect(paths.map(String.init) == expected)
    }

    @Test func warnsOfContradictingOrders() throws {
        let warnings = Mutex<[String]>([])
        var environment = FormEnvironment()
        environment.warn = { message in warnings.withLock { $0.append(message) } }
        try FormEnvironment.$current.withValue(environment) {
            let media = Media(js: ["1", "2"]) + Media(js: ["2", "1"])
            let html = try media.html().html
            #expect(
                html == """
                    <script src="/static/1"></script>
                    <script src="/static/2"></script>
                    """
            )
        }
        #expect(
            warnings.withLock { $0 } == [
                "Detected duplicate Media files in an opposite order: ['1', '2'], ['2', '1']"
            ]
        )
    }

    @Test func writesElementsOfOtherKinds() throws {
        let preload = MediaAsset.element(
            "<link href=\"",
            "f.woff2",
            attributes: ["rel": "preload", "as": "font"],
            "\">"
        )
        let media = Media(css: ["all": [preload]], js: [.html(SafeString(unsafe: "<b></b>"))])
        #expect(
            try media.html().html
                == "<link href=\"/static/f.woff2\" as=\"font\" rel=\"preload\">\n<b></b>"
        )
    }

    @Test func templatesWriteMedia() async throws {
        let engine = TemplateEngine(
            directories: [],
            templates: [
                "all.html": "{{ form.media.css }}|{{ form.media.js }}",
                "nonce.html": "{% csp_nonce_attr form.media.css %}",
            ],
            isDebug: false
        )
        var environment = TemplateEnvironment()
        environment.cspNonce = { "N" }
        var form = DynamicForm()
        form.media = Media(css: ["all": ["a.css"]], js: ["a.js"])
        let context: ContextDictionary = ["form": form.unbound()]
        let page = try await engine.render("all.html", context)
        #expect(
            String(decoding: page, as: UTF8.self)
                == "<link href=\"/static/a.css\" media=\"all\" rel=\"stylesheet\">|"
                + "<script src=\"/static/a.js\"></script>"
        )
        let nonced = try await engine.render("nonce.html", context, environment: environment)
        #expect(
            String(decoding: nonced, as: UTF8.self)
                == "<link href=\"/static/a.css\" media=\"all\" nonce=\"N\" rel=\"stylesheet\">"
        )
        // A form without scripts and style sheets writes nothing, and not the attribute alone.
        let empty: ContextDictionary = ["form": DynamicForm().unbound()]
        let nothing = try await engine.render("nonce.html", empty, environment: environment)
        #expect(nothing.isEmpty)
    }

    @Test func aMissingFileFailsThePage() async throws {
        struct Missing: Error {}
        let engine = TemplateEngine(
            directories: [],
            templates: ["all.html": "{{ form.media }}"],
            isDebug: false
        )
        var form = DynamicForm()
        form.media = Media(js: ["lost.js"])
        let context: ContextDictionary = ["form": form.unbound()]
        var environment = FormEnvironment()
        environment.staticURL = { _ in throw Missing() }
        await FormEnvironment.$current.withValue(environment) {
            await #expect(throws: TemplateError.self) {
                try await engine.render("all.html", context)
            }
        }
    }
}
