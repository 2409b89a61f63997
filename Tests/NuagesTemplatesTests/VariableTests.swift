import NuagesCore
import Testing

@testable import NuagesTemplates

private struct Poll: ContextObject {
    let title: String
    func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "title": .string(title)
        case "tags": .array([.string("a"), .string("b")])
        case "shout": .lazy { .string("HEY") }
        case "quiet": .lazy { throw Quiet() }
        case "broken": .lazy { throw Broken() }
        default: nil
        }
    }
    var contextDescription: ContextValue { .string("<\(title)>") }
}

private struct Quiet: SilentVariableFailure {}
private struct Broken: Error, CustomStringConvertible { var description: String { "it broke" } }

@Suite struct VariableTests {
    let context: ContextDictionary = [
        "poll": Poll(title: "A & B"), "list": ["x", "y"], "n": 3, "d": ["k": 1] as [String: Int],
        "text": "añb", "none": String?.none, "yes": true, "f": 1.0,
    ]

    @Test(arguments: [
        ("{{ poll }}", "&lt;A &amp; B&gt;"), ("{{ poll.title }}", "A &amp; B"),
        ("{{ poll.tags.1 }}", "b"), ("{{ poll.shout }}", "HEY"), ("{{ poll.quiet }}", ""),
        ("{{ list.0 }}{{ list.9 }}", "x"), ("{{ d.k }}{{ d.missing }}", "1"),
        ("{{ text.1 }}", "ñ"), ("{{ n }} {{ f }} {{ yes }} {{ none }}", "3 1.0 True None"),
        ("{{ \"a<b\" }} {{ 'it' }} {{ 1.50 }} {{ -2 }}", "a<b it 1.5 -2"),
        ("{{ list }}", "[&#x27;x&#x27;, &#x27;y&#x27;]"), ("{{ True }}{{ None }}", "TrueNone"),
        ("{% for k, v in d.items %}{{ k }}={{ v }}{% endfor %}", "k=1"),
    ])
    func reaches(_ source: String, output: String) async throws {
        #expect(try await render(source, context) == output)
    }

    @Test(arguments: ["{{ lazy.missing }}", "{{ lazy.missing|upper }}", "{{ lazy.title }}"])
    func computesALazyValueOnce(_ source: String) async throws {
        let count = Counter()
        let lazy = ContextValue.lazy {
            _ = count.next()
            return .object(Poll(title: "t"))
        }
        _ = try await render(source, ["lazy": lazy])
        #expect(count.next() == 2)
    }

    @Test func anUndefinedVariableWritesTheEnginesText() async throws {
        #expect(try await render("{{ no.such }}", stringIfInvalid: "[%s]") == "[no.such]")
        #expect(try await render("{{ no|upper }}", stringIfInvalid: "?") == "?")
    }

    @Test func anErrorOfAMemberNamesThePlace() async {
        #expect(
            await failure("a\n{{ poll.broken }}", context)
                == "line 2, in {{ poll.broken }}: it broke (it broke)"
        )
    }

    @Test(arguments: [
        ("{{ _a }}", "Variables and attributes may not begin with underscores: '_a'"),
        ("{{ a._b }}", "Variables and attributes may not begin with underscores: 'a._b'"),
        ("{{ a-b }}", "Invalid character ('-') in variable name: 'a-b'"),
        ("{{ a b }}", "Could not parse the remainder: ' b' from 'a b'"),
        ("{{ a|upper:1 }}", "upper requires 1 arguments, 2 provided"),
        ("{{ a|cut }}", "cut requires 2 arguments, 1 provided"),
        ("{{ a|uper }}", "Invalid filter: 'uper' Did you mean 'upper'?"),
        ("{{ }}", "Empty variable tag on line 1"),
    ])
    func refuses(_ source: String, message: String) async {
        #expect(await failure(source) == "line 1, in \(source): \(message)".fixingEmpty)
    }

    @Test func namesCompareByBytes() async throws {
        #expect(try await render("{{ é }}", ["e\u{301}": "decomposed"]) == "")
    }
}

extension String {
    /// An empty variable is shown with two blanks.
    fileprivate var fixingEmpty: String {
        hasPrefix("line 1, in {{ }}:") ? replacingBytes("{{ }}", with: "{{  }}") : self
    }
}
