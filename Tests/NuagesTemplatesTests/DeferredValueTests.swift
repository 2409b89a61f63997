import NuagesCore
import Synchronization
import Testing

@testable import NuagesTemplates

private final class Fetches: Sendable {
    private let count = Mutex(0)
    var total: Int { count.withLock { $0 } }

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
}
