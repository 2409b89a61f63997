import NuagesCore
import Synchronization
import Testing

@testable import NuagesTemplates

@Suite struct FragmentCacheTests {
    /// A clock that only moves when it is told to.
    final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func advance(_ seconds: Int) { time.withLock { $0 += .seconds(seconds) } }
    }

    private let clock = Clock()
    private var cache: MemoryFragmentCache { MemoryFragmentCache(now: { [clock] in clock.now }) }

    private func page(
        _ source: String,
        _ context: ContextDictionary,
        _ caches: [String: any FragmentCache]
    ) async throws -> String {
        var options = TemplateOptions()
        options.fragmentCaches = caches
        let engine = TemplateEngine(
            loaders: [],
            isDebug: false,
            libraries: ["cache": .cache],
            options: options
        )
        let template = try engine.template(source: "{% load cache %}" + source)
        return String(decoding: try await engine.render(template, context), as: UTF8.self)
    }

    @Test(arguments: ["token", "token|upper|cut:'*'", "tokens", "form"])
    func aSecretTellsNoVisitorsApart(_ varyOn: String) async {
        let token = Sensitive("s3cret").contextValue
        let error = await #expect(throws: TemplateError.self) {
            try await page(
                "{% cache 10 part \(varyOn) %}{{ x }}{% endcache %}",
                ["token": token, "tokens": ContextValue.array([token]), "form": ["t": token]],
                ["default": cache]
            )
        }
        #expect(error?.message.contains("cannot vary on a Sensitive value") == true)
        #expect(error.map { "\($0)".contains("s3cret") } == false)
    }

    /// Asterisks that a visitor typed are text as any other.
    @Test func asterisksAreNoSecret() async throws {
        let source = "{% cache 10 part x %}{{ x }}{% endcache %}"
        let asterisks = String(repeating: "*", count: 20)
        #expect(try await page(source, ["x": asterisks], ["default": cache]) == asterisks)
    }

    @Test func keepsAPartForItsTime() async throws {
        let caches: [String: any FragmentCache] = ["default": cache]
        let source = "{% cache 10 part %}{{ x }}{% endcache %}"
        #expect(try await page(source, ["x": 1], caches) == "1")
        clock.advance(9)
        #expect(try await page(source, ["x": 2], caches) == "1")
        clock.advance(1)
        #expect(try await page(source, ["x": 3], caches) == "3")
    }

    @Test(arguments: [("None", "1"), ("0", "2"), ("'5'", "1"), ("-1", "2")])
    func timesOut(_ timeout: String, second: String) async throws {
        let caches: [String: any FragmentCache] = ["default": cache]
        let source = "{% cache \(timeout) part %}{{ x }}{% endcache %}"
        _ = try await page(source, ["x": 1], caches)
        #expect(try await page(source, ["x": 2], caches) == second)
    }

    @Test func variesOnValues() async throws {
        let caches: [String: any FragmentCache] = ["default": cache]
        let source = "{% cache 10 part a b %}{{ x }}{% endcache %}"
        #expect(try await page(source, ["a": "p:", "b": "q", "x": 1], caches) == "1")
        // These two make one key in Django.
        #expect(try await page(source, ["a": "p", "b": ":q", "x": 2], caches) == "2")
        #expect(try await page(source, ["a": "p:", "b": "q", "x": 3], caches) == "1")
    }

    @Test func choosesACache() async throws {
        let (fragments, named) = (cache, cache)
        let caches: [String: any FragmentCache] = [
            "default": cache, "template_fragments": fragments, "pages": named,
        ]
        _ = try await page("{% cache 10 p %}a{% endcache %}", [:], caches)
        _ = try await page("{% cache 10 p using='pages' %}b{% endcache %}", [:], caches)
        let key = TemplateFragment.key("p")
        #expect(fragments.fragment(for: key) == Array("a".utf8))
        #expect(named.fragment(for: key) == Array("b".utf8))
        named.remove(key)
        #expect(named.fragment(for: key) == nil)
        do {
            _ = try await page("{% cache 10 p using='x' %}{% endcache %}", [:], caches)
            Issue.record("there is no such cache")
        } catch {
            #expect(
                "\(error)".hasSuffix(
                    "Invalid cache name specified for cache tag: 'x' The caches are default, pages, "
                        + "template_fragments."
                )
            )
        }
    }

    @Test func keepsDeferredValuesApart() async throws {
        let caches: [String: any FragmentCache] = ["default": cache]
        let value = ContextValue.deferred { .int(7) }
        let source = "{% cache 10 p user %}{{ user }}{% endcache %}"
        #expect(try await page(source, ["user": value], caches) == "7")
        #expect(try await page(source, ["user": 8], caches) == "8")
    }

    /// Two rows that look the same, and what cannot be told apart at all.
    private struct Row: ContextObject {
        let id: Int?

        var contextDescription: ContextValue { .string("Anna") }
        var contextIdentity: String? { id.map { "row \($0)" } }
        func contextMember(_ name: String) -> ContextValue? { id.map { .int($0) } }
    }

    @Test func tellsObjectsApartByTheirIdentity() async throws {
        let caches: [String: any FragmentCache] = ["default": cache]
        let source = "{% cache 10 p row %}{{ row.id }}{% endcache %}"
        #expect(try await page(source, ["row": Row(id: 1)], caches) == "1")
        #expect(try await page(source, ["row": Row(id: 2)], caches) == "2")
        await #expect(throws: TemplateError.self) {
            try await page(source, ["row": Row(id: nil)], caches)
        }
        let list = "{% cache 10 l rows %}{{ rows.0.id }}{% endcache %}"
        for id in [1, 2] {
            let rows = ContextValue.array([Row(id: id).contextValue])
            #expect(try await page(list, ["rows": rows], caches) == "\(id)")
        }
    }

    @Test(arguments: [
        (ContextValue.array([.int(1)]), ContextValue.array([.string("1")])),
        (.array([.string("a"), .string("b")]), .array([.string("a', 'b")])),
        (.dictionary(["a": 1]), .dictionary(["a": 2])),
        (.array([.string("a")]), .string("3:'a'")), (.array([]), .string("")),
        (.array([.string("a")]), .string("\u{0}[3:'a'")), (.array([]), .dictionary([:])),
    ])
    func tellsListsApart(_ first: ContextValue, _ second: ContextValue) async throws {
        let caches: [String: any FragmentCache] = ["default": cache]
        let source = "{% cache 10 p list %}{{ x }}{% endcache %}"
        #expect(try await page(source, ["list": first, "x": 1], caches) == "1")
        #expect(try await page(source, ["list": second, "x": 2], caches) == "2")
        #expect(try await page(source, ["list": first, "x": 3], caches) == "1")
    }

    @Test func neverGrowsBeyondItsLimit() {
        let cache = MemoryFragmentCache(byteLimit: 10_000, now: { [clock] in clock.now })
        let part = [UInt8](repeating: 0, count: 1000)
        for number in 0..<100 {
            cache.keep(part, for: "k\(number)", seconds: nil)
            // What is used stays.
            #expect(cache.fragment(for: "k0") != nil)
        }
        let kept = (0..<100).filter { cache.fragment(for: "k\($0)") != nil }
        #expect(kept.count <= 8 && kept.contains(99))
        cache.keep([UInt8](repeating: 0, count: 20_000), for: "big", seconds: nil)
        #expect(cache.fragment(for: "big") == nil)
        cache.keep([1], for: "long", seconds: .max)
        #expect(cache.fragment(for: "long") == [1])
    }

    /// A part with a token or nonce belongs to one visitor, wherever in it that stands.
    @Test(arguments: [
        ("{% csrf_token %}", false), ("{{ csrf_token }}", false), ("{{ csp_nonce }}", false),
        ("{{ request.csp_nonce }}", false), ("{% csp_nonce_attr %}", false),
        ("{% include 'form' %}", false), ("{% form %}", false), ("{% label %}", true),
        ("{% cache 10 inner %}{% csrf_token %}{% endcache %}", false),
        ("{% if no %}{% csrf_token %}{% endif %}", true), ("{{ x }}", true),
    ])
    func keepsNoSecret(_ content: String, isKept: Bool) async throws {
        let cache = cache
        var library = Library()
        library.inclusionTag("form", template: "form") { _ in [:] }
        library.inclusionTag("label", template: "label") { _ in [:] }
        var options = TemplateOptions()
        options.fragmentCaches = ["default": cache]
        options.builtins = [library, .cache]
        let engine = TemplateEngine(
            directories: [],
            templates: [
                "form": "<form>{% csrf_token %}</form>", "label": "x",
                "base": "{% cache 10 part %}{% block a %}{% endblock %}{% endcache %}",
                "page": "{% extends 'base' %}{% block a %}\(content){% endblock %}",
            ],
            isDebug: false,
            options: options
        )
        var environment = TemplateEnvironment()
        environment.csrfToken = { "token" }
        environment.cspNonce = { "nonce" }
        let log = Log()
        environment.warn = { log.add($0) }
        let context: ContextDictionary = [
            "csp_nonce": "nonce", "request": ["csp_nonce": "nonce"] as ContextDictionary, "x": 1,
        ]
        for _ in 0..<2 {
            _ = try await engine.render("page", context, environment: environment)
        }
        #expect((cache.fragment(for: TemplateFragment.key("part")) != nil) == isKept)
        #expect(log.messages.isEmpty == isKept)
        #expect(log.messages.allSatisfy { !$0.contains("token\"") && $0.contains("is not kept") })
    }

    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var messages: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }
}
