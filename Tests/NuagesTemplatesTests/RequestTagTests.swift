import NuagesCore
import Testing

@testable import NuagesTemplates

private struct NoSuchURL: Error {}

@Suite struct RequestTagTests {
    private var environment: TemplateEnvironment {
        var environment = TemplateEnvironment()
        environment.reverseURL = { name, positional, named in
            guard name != "missing" else { throw NoSuchURL() }
            let parts = positional.map(\.plainText) + named.map { "\($0.0)=\($0.1.plainText)" }
            return "/\(name)/\(parts.joined(separator: "/"))?a=1&b=2"
        }
        environment.csrfToken = { "tok\"en" }
        environment.staticURL = { "/static/\($0)" }
        environment.staticPrefix = "/static/"
        environment.query = { ["page": ["1"], "tag": ["a", "b"]] }
        environment.cspNonce = { "abc" }
        return environment
    }

    @Test(arguments: [
        ("{% url 'detail' 5 %}", "/detail/5?a=1&amp;b=2"),
        ("{% url 'detail' id=x as link %}{{ link|safe }}", "/detail/id=7?a=1&b=2"),
        ("{% url 'missing' as link %}[{{ link }}]", "[]"),
        (
            "{% csrf_token %}",
            "<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"tok&quot;en\">"
        ),
        ("{{ csrf_token }}", "tok&quot;en"),
        ("{% load static %}{% static 'a.css' %}", "/static/a.css"),
        ("{% load static from static %}{% static 'a&b' as s %}{{ s }}", "/static/a&amp;b"),
        ("{% load static %}{% get_static_prefix %}", "/static/"),
        ("{% querystring page=2 %}", "?page=2&amp;tag=a&amp;tag=b"),
        ("{% querystring tag=None %}", "?page=1"),
        ("<script {% csp_nonce_attr %}>", "<script nonce=\"abc\">"),
    ])
    func asksTheRequest(_ source: String, output: String) async throws {
        #expect(try await render(source, ["x": 7], environment: environment) == output)
    }

    @Test func aURLThatDoesNotExistIsAnError() async {
        await #expect(throws: TemplateError.self) {
            try await render("{% url 'missing' %}", environment: environment)
        }
    }

    @Test func withoutARequestTheTagsSayWhatIsMissing() async {
        #expect(
            await failure("{% url 'index' %}")
                == "line 1, in {% url 'index' %}: {% url %} cannot look up 'index': the template was "
                + "rendered without URLs. Render it through a request, or set "
                + "TemplateEnvironment.reverseURL."
        )
        #expect(
            await failure("{% url 'index' as x %}") != "",
            "a missing set-up is never swallowed"
        )
    }

    private struct Assets: NonceBearing {
        let path: String

        func contextMember(_ name: String) -> ContextValue? { nil }
        var contextDescription: ContextValue { .string("assets") }
        func html(nonce: String?) -> SafeString {
            let attribute = nonce.map { " nonce=\"\($0)\"" } ?? ""
            return SafeString(unsafe: "<script src=\"\(path)\"\(attribute)></script>")
        }
    }

    @Test func scriptsGetTheNonceOfThePage() async throws {
        var environment = TemplateEnvironment()
        environment.cspNonce = { "abc" }
        let source =
            "{% csp_nonce_attr media %}|{% csp_nonce_attr none %}|{% csp_nonce_attr text %}"
        let output = try await render(
            source,
            ["media": Assets(path: "/a.js"), "text": "x<"],
            environment: environment
        )
        #expect(output == "<script src=\"/a.js\" nonce=\"abc\"></script>|nonce=\"abc\"|x&lt;")
    }
}
