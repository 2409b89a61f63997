import Nuages

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Renders the templates `bench/page.html` and `bench/fortunes.html` of a folder in process, and
/// prints `METRIC name renders_per_second` for each.
///
///     TemplateBench FOLDER [RENDERS]
///
/// RENDERS bounds the renders of a series, for a profiler.
@main
struct TemplateBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else { fatalError("usage: TemplateBench FOLDER [RENDERS]") }
        let engine = TemplateEngine(directories: [arguments[1]], isDebug: false)
        let limit = arguments.count > 2 ? Int(arguments[2]) ?? .max : .max
        let page = ItemsPage.sample
        try await measure("tmpl.page", min(limit, 20_000)) {
            try await engine.render(
                ItemsPage.templateName,
                page.contextVariables,
                environment: .bench
            )
        }
        let fortunes = FortunesPage.sample
        try await measure("tmpl.fortunes", min(limit, 400_000)) {
            try await engine.render(
                FortunesPage.templateName,
                fortunes.contextVariables,
                environment: .bench
            )
        }
    }

    static func measure(
        _ name: String,
        _ renders: Int,
        _ render: () async throws -> [UInt8]
    ) async throws {
        let size = try await render().count
        let start = ContinuousClock.now
        var written = 0
        for _ in 0..<renders { written += try await render().count }
        guard written == renders * size else { fatalError("\(name): the pages differ") }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("METRIC \(name) \((Double(renders) / seconds * 10).rounded() / 10)")
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
