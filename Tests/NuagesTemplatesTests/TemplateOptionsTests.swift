import NuagesCore
import NuagesTemplates
import Testing

@Suite struct TemplateOptionsTests {
    private func render(_ source: String, _ options: TemplateOptions) async throws -> String {
        let engine = TemplateEngine(directories: [], isDebug: false, options: options)
        let template = try engine.template(source: source)
        return String(
            decoding: try await engine.render(template, ["x": "<b>"]),
            as: UTF8.self
        )
    }

    @Test func valuesAreEscapedUnlessTheEngineDoesNot() async throws {
        let source = "{{ x }}{% autoescape on %}{{ x }}{% endautoescape %}"
        var options = TemplateOptions()
        #expect(try await render(source, options) == "&lt;b&gt;&lt;b&gt;")
        options.isEscaping = false
        #expect(try await render(source, options) == "<b>&lt;b&gt;")
    }

    @Test func aLibraryMayNeedNoLoading() async throws {
        var shouts = Library()
        shouts.filter("shout") { value in "\(value)!" }
        var options = TemplateOptions()
        options.builtins = [shouts]
        #expect(try await render("{{ 1|shout }}", options) == "1!")
        await #expect(throws: TemplateError.self) {
            try await render("{{ 1|shout }}", TemplateOptions())
        }
    }

    @Test func checkWarnsOfAnEngineThatDoesNotEscape() {
        var options = TemplateOptions()
        let check = { TemplateEngine(directories: [], isDebug: false, options: options).check() }
        #expect(check().isEmpty)
        options.isEscaping = false
        #expect(check().map(\.id) == ["templates.W109"])
    }
}
