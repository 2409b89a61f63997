import SwiftSyntax
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import SwiftSyntaxMacrosGenericTestSupport
import Testing

@Suite struct PathMacroTests {
    static func expect(
        _ source: String,
        expandsTo expected: String,
        diagnostics: [DiagnosticSpec] = []
    ) {
        assertMacroExpansion(
            source,
            expandedSource: expected,
            diagnostics: diagnostics,
            macroSpecs: [
                "path": MacroSpec(type: PathMacro.self),
                "rePath": MacroSpec(type: RegexPathMacro.self),
            ],
            failureHandler: { failure in
                Issue.record("\(failure.message)")
            }
        )
    }

    @Test func expandsAView() {
        Self.expect(
            #"#path("<int:id>/<slug>/<uuid:key>/<path:rest>", detail, name: "detail")"#,
            expandsTo: """
                NuagesHTTP.Route("<int:id>/<slug>/<uuid:key>/<path:rest>", \
                (NuagesHTTP.IntConverter.self, NuagesHTTP.StringConverter.self, \
                NuagesHTTP.UUIDConverter.self, NuagesHTTP.RestConverter.self), view: detail, \
                name: "detail").viewed(as: "detail")
                """
        )
        Self.expect(
            #"#path("", index)"#,
            expandsTo: #"NuagesHTTP.Route("", (), view: index).viewed(as: "index")"#
        )
    }

    @Test func expandsConvertersOfOnesOwn() {
        Self.expect(
            #"#path("<FourDigitYear:year>/<Blog.Tag:tag>/", page, methods: [.get])"#,
            expandsTo: """
                NuagesHTTP.Route("<FourDigitYear:year>/<Blog.Tag:tag>/", \
                (FourDigitYear.self, Blog.Tag.self), view: page, methods: [.get])\
                .viewed(as: "page")
                """
        )
    }

    @Test func expandsRegisteredConverters() {
        Self.expect(
            #"#path("<yyyy:year>/<publicid:id>/", page)"#,
            expandsTo: """
                NuagesHTTP.Route("<yyyy:year>/<publicid:id>/", (NuagesHTTP.PathConverters.yyyy.self, \
                NuagesHTTP.PathConverters.publicid.self), view: page).viewed(as: "page")
                """
        )
    }

    @Test func expandsRegularExpressions() {
        Self.expect(
            ##"#rePath(#"^(?P<year>\d{4})/(x)/(?:page-(?P<page>\d+)/)?$"#, list, name: "list")"##,
            expandsTo: "NuagesHTTP.Route(regex: "
                + ##"#"^(?P<year>\d{4})/(x)/(?:page-(?P<page>\d+)/)?$"#, "##
                + "(NuagesHTTP.RegexGroup.required(), NuagesHTTP.RegexGroup.optional()), "
                + #"view: list, name: "list").viewed(as: "list")"#
        )
        Self.expect(
            #"#rePath("^(a)|(b)$", list)"#,
            expandsTo: """
                NuagesHTTP.Route(regex: "^(a)|(b)$", (NuagesHTTP.RegexGroup.optional(), \
                NuagesHTTP.RegexGroup.optional()), view: list).viewed(as: "list")
                """
        )
        Self.expect(
            #"#rePath("^outer/([0-9]+)/", include: inner, namespace: "o")"#,
            expandsTo:
                #"NuagesHTTP.Route(regex: "^outer/([0-9]+)/", include: inner, namespace: "o")"#
        )
    }

    @Test(
        arguments: [
            ("Detail()", #""Detail()""#), ("Year.init", #""Year.init""#),
            ("pages.index", #""pages.index""#), ("etag(version, page)", #""etag(version, page)""#),
            (#"greeting("a")"#, ##"#"greeting("a")"#"##), ("isNew ? a : b", nil),
            ("condition(etag: versionOfTheQuestionAndItsChoices, resultsOfTheQuestion)", nil),
        ] as [(String, String?)]
    )
    func namesTheView(_ view: String, literal: String?) {
        let note = literal.map { ".viewed(as: \($0))" } ?? ""
        Self.expect(
            "#path(\"\", \(view))",
            expandsTo: "NuagesHTTP.Route(\"\", (), view: \(view))\(note)"
        )
    }

    @Test func aViewThatIsWrittenOutHasNoName() {
        Self.expect(
            #"#path("", { _ in .empty() })"#,
            expandsTo: """
                NuagesHTTP.Route("", (), view: { _ in
                        .empty()
                    })
                """
        )
    }

    @Test func expandsAnInclude() {
        Self.expect(
            #"#path("polls/", include: polls, namespace: "p")"#,
            expandsTo: #"NuagesHTTP.Route("polls/", (), include: polls, namespace: "p")"#
        )
    }

    static let mistakes: [(source: String, column: Int, messages: [String])] = [
        (
            #"#path("/polls/", index)"#, 7,
            [
                "The pattern '/polls/' begins with a slash. Remove it: the slash in front of a path "
                    + "belongs to no pattern."
            ]
        ),
        (#"#path("<int:id/", index)"#, 7, ["The pattern '<int:id/' has an unmatched '<' bracket."]),
        (#"#path("int:id>/", index)"#, 7, ["The pattern 'int:id>/' has an unmatched '>' bracket."]),
        (
            #"#path("<int: id>/", index)"#, 7,
            [
                "'<int: id>' in the pattern '<int: id>/' contains whitespace. Remove it."
            ]
        ),
        (
            #"#path("<int:1id>/", index)"#, 7,
            [
                "'1id' in the pattern '<int:1id>/' is not a name. Names consist of letters, digits and "
                    + "'_', and do not begin with a digit."
            ]
        ),
        (
            #"#path("<int:id>/<slug:id>/", index)"#, 7,
            [
                "The pattern '<int:id>/<slug:id>/' has the name 'id' twice. Give each part a name of "
                    + "its own."
            ]
        ),
        (
            #"#path("<integer:id>/", index)"#, 7,
            [
                "The pattern '<integer:id>/' has an unknown converter 'integer'. Choices are: int, "
                    + "path, slug, str, uuid, or the name of a type that conforms to PathConverter."
            ]
        ),
        (
            #"#path("\(prefix)/", index)"#, 7,
            [
                "The pattern of #path must be a string literal without interpolation: it is read at "
                    + "compile time."
            ]
        ),
        (#"#path("polls/")"#, 1, ["#path needs a view, or 'include:' with further routes."]),
        (#"#path()"#, 1, ["#path needs a pattern, such as \"<int:id>/\"."]),
        (#"#rePath()"#, 1, ["#rePath needs a pattern, such as \"^([0-9]+)/$\"."]),
        (
            #"#rePath("^(\(x))$", index)"#, 9,
            [
                "The pattern of #rePath must be a string literal without interpolation: it is read at "
                    + "compile time."
            ]
        ),
        (#"#rePath("^a$")"#, 1, ["#rePath needs a view, or 'include:' with further routes."]),
        (
            #"#rePath("^(a$", index)"#, 9,
            [
                "'^(a$' is no regular expression: missing ), unterminated subpattern at position 1."
            ]
        ),
        (
            #"#rePath("^(?P<a>x)-(?P=a)$", index)"#, 9,
            [
                "'^(?P<a>x)-(?P=a)$' uses a back-reference to 'a' at position 10, which no linear-time "
                    + "matcher can follow. Capture both parts under names of their own and compare "
                    + "them in the view or validator."
            ]
        ),
        (
            #"#rePath("^polls/$", include: polls)"#, 9,
            [
                "The pattern '^polls/$' has routes behind it and ends with '$', so that none of them "
                    + "can match. Remove the '$'."
            ]
        ),
    ]

    @Test(arguments: mistakes.indices)
    func reports(_ index: Int) {
        let mistake = Self.mistakes[index]
        Self.expect(
            mistake.source,
            expandsTo: mistake.source,
            diagnostics: mistake.messages.map {
                DiagnosticSpec(message: $0, line: 1, column: mistake.column)
            }
        )
    }
}
