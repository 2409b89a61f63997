import Foundation
import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct LoaderTests {
    /// A new directory that holds `templates/` and a secret beside it.
    private func directory() throws -> String {
        let root = NSTemporaryDirectory() + "nuages-templates-\(UUID().uuidString)"
        let templates = "\(root)/templates"
        try FileManager.default.createDirectory(
            atPath: "\(templates)/polls",
            withIntermediateDirectories: true
        )
        try Data("one {{ x }}".utf8).write(to: URL(filePath: "\(templates)/polls/a.html"))
        try Data("secret".utf8).write(to: URL(filePath: "\(root)/secret.html"))
        return templates
    }

    @Test func aChangedFileIsSeenInDebugOnly() async throws {
        let path = try directory()
        let debug = TemplateEngine(directories: [path], isDebug: true)
        let production = TemplateEngine(directories: [path], isDebug: false)
        for engine in [debug, production] {
            #expect(try await engine.render("polls/a.html", ["x": 1]) == Array("one 1".utf8))
        }
        try Data("changed {{ x }}".utf8).write(to: URL(filePath: "\(path)/polls/a.html"))
        #expect(try await debug.render("polls/a.html", ["x": 1]) == Array("changed 1".utf8))
        #expect(try await production.render("polls/a.html", ["x": 1]) == Array("one 1".utf8))
    }

    @Test(arguments: [
        "../secret.html", "polls/../../secret.html", "/etc/passwd", "link.html", "a\0.html", "",
        "./polls/a.html", "polls", "dirlink/secret.html",
    ])
    func noNameLeavesTheDirectories(_ name: String) throws {
        let path = try directory()
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/link.html",
            withDestinationPath: "\(path)/../secret.html"
        )
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/dirlink",
            withDestinationPath: "\(path)/.."
        )
        let engine = TemplateEngine(directories: [path], isDebug: true)
        #expect(throws: TemplateError.self) { try engine.template(named: name) }
    }

    @Test func directoriesComeBeforeMemory() async throws {
        let path = try directory()
        let engine = TemplateEngine(
            directories: [path],
            templates: ["polls/a.html": "memory", "b.html": "memory"],
            isDebug: false
        )
        #expect(try await engine.render("polls/a.html", [:]) == Array("one ".utf8))
        #expect(try await engine.render("b.html", [:]) == Array("memory".utf8))
    }

    @Test func aMissingTemplateListsThePathsTried() throws {
        let engine = TemplateEngine(directories: ["/no/such", "/nor/this"], isDebug: false)
        do {
            _ = try engine.template(named: "x.html")
            Issue.record("found")
        } catch {
            #expect(
                "\(error)"
                    == "There is no template 'x.html'. Tried: /no/such/x.html, /nor/this/x.html, "
                    + "x.html."
            )
        }
    }

    @Test func aFileThatIsNotUTF8IsRefused() throws {
        let path = try directory()
        try Data([0x61, 0xFF]).write(to: URL(filePath: "\(path)/bad.html"))
        let engine = TemplateEngine(directories: [path], isDebug: false)
        #expect(throws: TemplateError.self) { try engine.template(named: "bad.html") }
    }
}

@Suite struct CheckTests {
    @Test func reportsEveryFault() {
        let engine = TemplateEngine(
            directories: [],
            templates: [
                "a.html": "{% extends 'bse.html' %}", "base.html": "{% url 'polls:index' %}",
                "c.html": "\n{{ x|uper }}",
                "d.html": "{% if x %}{% include 'base.html' %}{% endif %}",
            ],
            isDebug: false
        )
        #expect(
            engine.check().map(\.description) == [
                "a.html: (templates.E005) line 1, in {% extends 'bse.html' %}: there is no template "
                    + "'bse.html'.\n\tHINT: Did you mean 'base.html'? Tried: bse.html.",
                "c.html: (templates.E004) line 2, in {{ x|uper }}: Invalid filter: 'uper'\n\tHINT: "
                    + "Did you mean 'upper'?",
            ]
        )
        #expect(engine.urlNames().map(\.viewName) == ["polls:index"])
        #expect(engine.urlNames().map(\.location.line) == [1])
    }

    @Test(arguments: [
        (
            "{% partialdef card %}{% endpartialdef %}{% partial crad %}",
            "line 1, in {% partial crad %}: the template has no partial 'crad'. Did you mean 'card'?"
        ),
        (
            "{% partial nope %}",
            "line 1, in {% partial nope %}: the template has no partial 'nope'."
        ),
        (
            "{% if a %}{% badge %}{% endif %}",
            "line 1, in {% badge %}: there is no template 'gone.html'."
        ),
        ("{% partial card %}{% partialdef card %}{% endpartialdef %}", nil),
        ("{% label %}", nil),
    ])
    func checkFindsWhatTagsWrite(_ source: String, message: String?) throws {
        var library = Library()
        library.inclusionTag("badge", template: "gone.html") { _ in [:] }
        library.inclusionTag("label", template: "label.html") { _ in [:] }
        var options = TemplateOptions()
        options.builtins = [library]
        let engine = TemplateEngine(
            directories: [],
            templates: ["a.html": source, "label.html": "x"],
            isDebug: false,
            options: options
        )
        #expect(engine.check().map(\.message) == (message.map { [$0] } ?? []))
    }
}
