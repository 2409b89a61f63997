import Nuages

/// Renders the templates `bench/page.html` and `bench/fortunes.html` of a folder in process, and
/// prints `METRIC name renders_per_second` for each.
///
///     TemplateBench FOLDER [RENDERS]
///
/// RENDERS bounds the renders of a series, for a profiler.
@main
struct TemplateBench {
    private let engine: TemplateEngine
    private let limit: Int

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else {
            return print("usage: TemplateBench FOLDER [RENDERS], or TemplateBench linear [UNITS]")
        }
        if arguments[1] == "linear" {
            let units = arguments.count > 2 ? Int(arguments[2]) : nil
            return try await LinearTime(units: units ?? 50_000).run()
        }
        let bench = TemplateBench(
            engine: TemplateEngine(directories: [arguments[1]], isDebug: false),
            limit: arguments.count > 2 ? Int(arguments[2]) ?? .max : .max
        )
        try await bench.measure("tmpl.page", 20_000, ItemsPage.sample)
        try await bench.measure("tmpl.fortunes", 400_000, FortunesPage.sample)
    }

    private func measure<Page: TemplateContext>(
        _ name: String,
        _ most: Int,
        _ page: Page
    ) async throws {
        let renders = min(most, limit)
        let size = try await render(page).count
        let start = ContinuousClock.now
        var written = 0
        for _ in 0..<renders { written += try await render(page).count }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        precondition(written == renders * size, "The pages differ.")
        print("METRIC \(name) \((Double(renders) / seconds * 10).rounded() / 10)")
    }

    private func render<Page: TemplateContext>(_ page: Page) async throws -> [UInt8] {
        try await engine.render(Page.templateName, page.contextVariables, environment: .bench)
    }
}

extension TemplateEnvironment {
    /// The URLs of the pages.
    static var bench: TemplateEnvironment {
        var environment = TemplateEnvironment()
        environment.reverseURL = { name, positional, _ in
            guard case .int(let id)? = positional.first else {
                return name == "form-done" ? "/form/done/" : "/\(name)"
            }
            return name == "item-detail" ? "/items/\(id)/" : "/categories/\(id)/"
        }
        return environment
    }
}
