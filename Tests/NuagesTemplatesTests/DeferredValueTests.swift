import NuagesCore
import Synchronization
import Testing

@testable import NuagesTemplates

private final class Fetches: Sendable {
    private let count = Mutex(0)
    var total: Int { count.withLock { $0 } }

    func add() { count.withLock { $0 += 1 } }

    func value(_ value: ContextValue) -> ContextValue {
        .deferred {
            self.count.withLock { $0 += 1 }
            await Task.yield()
            return value
        }
    }
}

private struct Row: ContextObject {
    let name: String
    let fetches: Fetches
    func contextMember(_ name: String) -> ContextValue? {
        name == "choices" ? fetches.value(.array([.string(self.name)])) : nil
    }
    var contextDescription: ContextValue { .string(name) }
}

private struct Ranked: ContextObject {
    let name: String
    let rank: ContextValue
    func contextMember(_ name: String) -> ContextValue? { name == "rank" ? rank : nil }
    var contextDescription: ContextValue { .string(name) }
}

@Suite struct DeferredValueTests {
    @Test func aVariableIsFetchedOnce() async throws {
        let fetches = Fetches()
        let context: ContextDictionary = ["rows": fetches.value(.array([.int(1), .int(2)]))]
        let source =
            "{{ rows|length }}{% for r in rows %}{{ r }}{% endfor %}{% if rows %}y{% endif %}"
        #expect(try await render(source, context) == "212y")
        #expect(fetches.total == 1)
    }

    @Test func aVariableThatIsNotReadIsNotFetched() async throws {
        let fetches = Fetches()
        #expect(
            try await render("{% if no %}{{ rows }}{% endif %}", ["rows": fetches.value(.none)])
                == ""
        )
        #expect(fetches.total == 0)
    }

    @Test func membersAreFetchedInTurn() async throws {
        let fetches = Fetches()
        let rows = ["a", "b", "c"].map { Row(name: $0, fetches: fetches) }
        let context: ContextDictionary = ["rows": ContextValue.array(rows.map(\.contextValue))]
        let source = "{% for r in rows %}{{ r.choices.0 }}{{ r.choices|join:'' }};{% endfor %}"
        #expect(try await render(source, context) == "aa;bb;cc;")
        #expect(fetches.total == 6)
    }

    @Test func anExpressionMayWaitForSeveralValues() async throws {
        let fetches = Fetches()
        let row = Row(name: "x", fetches: fetches)
        let source = "[{% if r.choices.0 == 'x' and r.choices.0 != 'y' %}yes{% endif %}]"
        #expect(try await render(source, ["r": row]) == "[yes]")
        #expect(fetches.total == 2)
    }

    private static let filters: [(filter: String, expected: String)] = [
        ("first", "a"), ("last", "b"), ("length", "2"), ("join:'-'", "a-b"),
        ("slice:'1:'", "['b']"),
        ("slice:':1'|first", "a"), ("safeseq|join:'+'", "a+b"), ("escapeseq|join:'+'", "a+b"),
        ("unordered_list", "\t<li>a</li>\n\t<li>b</li>"), ("pprint|safe", "['a', 'b']"),
        ("stringformat:'s'|safe", "['a', 'b']"), ("upper|safe", "['A', 'B']"),
        ("pluralize", "s"), ("yesno", "yes"), ("default:'x'|length", "2"),
        ("json_script", "<script type=\"application/json\">[\"a\", \"b\"]</script>"),
        ("add:more|join:''", "abc"), ("random|length", "1"),
    ]

    @Test(arguments: filters)
    func aFilterSeesTheFetchedList(_ filter: String, expected: String) async throws {
        let fetches = Fetches()
        let list = ContextValue.array([fetches.value(.string("a")), fetches.value(.string("b"))])
        let context: ContextDictionary = [
            "rows": fetches.value(list), "more": ContextValue.array([.string("c")]),
        ]
        let output = try await render(
            "{% autoescape off %}{{ rows|\(filter) }}{% endautoescape %}",
            context
        )
        #expect(output == expected)
        #expect(fetches.total <= 3)
    }

    @Test func aListIsPrintedAndSearchedAsFetched() async throws {
        let fetches = Fetches()
        let context: ContextDictionary = ["rows": ContextValue.array([fetches.value(.string("a"))])]
        let source =
            "{{ rows|safe }}{% if 'a' in rows %}y{% endif %}{% if rows == other %}n{% endif %}"
        #expect(try await render("{{ rows }}", context) == "[&#x27;a&#x27;]")
        #expect(try await render(source, context) == "['a']y")
    }

    @Test(arguments: [("dictsort:'rank'", "cba"), ("dictsortreversed:'rank'", "abc")])
    func sortsByAMemberThatIsFetched(_ filter: String, expected: String) async throws {
        let fetches = Fetches()
        let rows = ["a", "b", "c"].enumerated().map { index, name in
            ContextValue.object(Ranked(name: name, rank: fetches.value(.int(-index))))
        }
        let context: ContextDictionary = ["rows": ContextValue.array(rows)]
        #expect(
            try await render("{% for r in rows|\(filter) %}{{ r }}{% endfor %}", context)
                == expected
        )
        #expect(fetches.total == 3)
    }

    @Test func anErrorOfTheFetchNamesThePlace() async {
        struct Down: Error {}
        let context: ContextDictionary = ["rows": ContextValue.deferred { throw Down() }]
        #expect(await failure("x\n{{ rows }}", context) == "line 2, in {{ rows }}: Down() (Down())")
    }

    @Test func blockSuperMayWaitToo() async throws {
        let fetches = Fetches()
        let templates = ["b": "{% block a %}{{ v }}{% endblock %}"]
        let source =
            "{% extends 'b' %}{% block a %}({{ block.super }}{{ block.super|upper }}){% endblock %}"
        #expect(
            try await render(source, ["v": fetches.value(.string("x"))], templates: templates)
                == "(xX)"
        )
        #expect(fetches.total == 1)
    }

    private struct Counted: ContextObject {
        let rank: Int
        let fetches: Fetches
        let reads: Fetches

        func contextMember(_ name: String) -> ContextValue? {
            guard name == "rank" else { return nil }
            reads.add()
            return fetches.value(.int(rank / 10))
        }
        var contextDescription: ContextValue { .string("\(rank)") }
    }

    @Test(arguments: ["rows", "groups"])
    func groupsByAMemberThatIsFetched(_ name: String) async throws {
        let fetches = Fetches()
        let rows = [3, 4, 15, 16, 17].map {
            ContextValue.object(Counted(rank: $0, fetches: fetches, reads: Fetches()))
        }
        let source =
            "{% regroup rows by rank as \(name) %}"
            + "{% for g in \(name) %}{{ g.grouper }}:{{ g.list|join:',' }};{% endfor %}"
        #expect(
            try await render(source, ["rows": ContextValue.array(rows)]) == "0:3,4;1:15,16,17;"
        )
    }

    /// No node starts over for each of many values.
    @Test(arguments: [
        "{% regroup rows by rank as g %}", "{{ rows|dictsort:'rank'|length }}",
        "{% if 'x' in texts %}{% endif %}", "{{ texts|join:',' }}", "{{ texts }}",
        "{% firstof texts %}",
    ])
    func asksOnceForManyValues(_ source: String) async throws {
        let (fetches, reads) = (Fetches(), Fetches())
        let count = 500
        let rows = (0..<count).map {
            ContextValue.object(Counted(rank: $0, fetches: fetches, reads: reads))
        }
        let texts = (0..<count).map { number in
            ContextValue.lazy {
                reads.add()
                return fetches.value(.string("\(number)"))
            }
        }
        let context: ContextDictionary = [
            "rows": ContextValue.array(rows), "texts": ContextValue.array(texts),
        ]
        _ = try await render(source, context)
        #expect(fetches.total == count)
        #expect(reads.total <= 3 * count, "\(reads.total)")
    }

    @Test(arguments: [
        ("{% firstof rows %}", "[&#x27;a&#x27;]"), ("{% cycle rows 1 %}", "[&#x27;a&#x27;]"),
        (
            "{% load i18n %}{% blocktranslate %}{{ rows }}{% endblocktranslate %}",
            "[&#x27;a&#x27;]"
        ),
        (
            "{% for i in '12' %}{% ifchanged rows %}{{ i }}{% endifchanged %}{% endfor %}", "1"
        ),
    ])
    func tagsWriteWhatIsFetched(_ source: String, output: String) async throws {
        let list = ContextValue.array([Fetches().value(.string("a"))])
        #expect(try await render(source, ["rows": list]) == output)
    }
}
