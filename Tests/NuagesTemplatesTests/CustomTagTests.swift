import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct CustomTagTests {
    private var library: Library {
        var library = Library()
        library.filter("shout") { "\($0)!" }
        library.filter("plus", argument: .required) { value, other, _ in
            .int((value.wholeNumber ?? 0) + (other?.wholeNumber ?? 0))
        }
        library.simpleTag("pair", parameters: .init(["a", "b"], optionalCount: 1)) { call in
            .string("\(call["a"]?.plainText ?? "")&\(call["b"]?.plainText ?? "-")")
        }
        library.simpleBlockTag("box") { call in
            .safe(SafeString(unsafe: "<div>\(call.content.html)</div>"))
        }
        library.inclusionTag("card", template: "card.html", parameters: ["title"]) { call in
            ["title": call["title"] ?? .none]
        }
        library.simpleTag("greeting") { call in
            .string("Hello \(try await call.variable("user.name")?.text ?? "you")")
        }
        return library
    }

    @Test func anInclusionTagTakesACompiledTemplate() async throws {
        let engine = TemplateEngine(loaders: [], isDebug: false)
        let template = try engine.template(source: "<{{ a }}{{ x }}>", name: "tag.html")
        var library = Library()
        library.inclusionTag("boxed", template: template, parameters: ["a"]) { call in
            ["a": call["a"] ?? .none]
        }
        let output = try await render(
            "{% load mine %}{% boxed 'b' %}",
            ["x": 7],
            libraries: ["mine": library]
        )
        #expect(output == "<b>")
    }

    @Test func aTagReadsThePagesVariables() async throws {
        let name = ContextValue.deferred { .string("Ann & Bob") }
        let source =
            "{% load mine %}{% greeting %}, {% with user=other %}{% greeting %}{% endwith %}"
        let output = try await render(
            source,
            ["user": ["name": name], "other": ["name": "Eve"]],
            libraries: ["mine": library]
        )
        #expect(output == "Hello Ann &amp; Bob, Hello Eve")
        let anonymous = try await render(
            "{% load mine %}{% greeting %}",
            libraries: ["mine": library]
        )
        #expect(anonymous == "Hello you")
    }

    @Test(arguments: [
        ("{{ 'a'|shout }}{{ 1|plus:2 }}", "a!3"), ("{% pair 1 %}", "1&amp;-"),
        ("{% pair 1 b=x as p %}{{ p|safe }}", "1&7"),
        ("{% box %}{{ h }}{% endbox %}", "<div>&lt;</div>"),
        ("{% card 't' %}", "[t]"),
    ])
    func work(_ source: String, output: String) async throws {
        let result = try await render(
            "{% load mine %}\(source)",
            ["x": 7, "h": "<"],
            templates: ["card.html": "[{{ title }}{{ x }}]"],
            libraries: ["mine": library]
        )
        #expect(result == output)
    }

    @Test(arguments: [
        ("{% pair %}", "'pair' did not receive value(s) for the argument(s): 'a'"),
        ("{% pair 1 2 3 %}", "'pair' received too many positional arguments"),
        ("{% pair 1 c=2 %}", "'pair' received unexpected keyword argument 'c'"),
        ("{% pair a=1 a=2 %}", "'pair' received multiple values for keyword argument 'a'"),
        (
            "{% pair a=1 2 %}",
            "'pair' received some positional argument(s) after some keyword argument(s)"
        ),
    ])
    func refuseArguments(_ source: String, message: String) async {
        do {
            _ = try await render("{% load mine %}\(source)", libraries: ["mine": library])
            Issue.record("\(source) was accepted")
        } catch {
            #expect((error as? TemplateError)?.message == message)
        }
    }

    @Test func aLibraryThatIsNotLoadedIsNotKnown() async {
        #expect(await failure("{{ 'a'|shout }}").contains("Invalid filter: 'shout'"))
        #expect(
            await failure("{% load satic %}")
                == "line 1, in {% load satic %}: 'satic' is not a registered tag library. Must be one "
                + "of:\ncache\ni18n\nl10n\nstatic\ntz Did you mean 'static'?"
        )
    }
}
