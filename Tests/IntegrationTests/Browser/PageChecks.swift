import Foundation
import ServerTestSupport

/// What checks pages for everybody's use: axe-core and the Nu HTML checker.
///
/// `Scripts/browser-tools` fetches both.
enum PageChecks {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent(".build/browser-tools")

    private static let axe = folder.appendingPathComponent("axe.min.js")
    private static let nu = folder.appendingPathComponent("vnu.jar")

    /// Whether both are here, and Java for the second.
    static let areInstalled =
        [axe, nu].allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
        && ["/usr/bin/java", "/opt/homebrew/opt/openjdk/bin/java"]
            .contains { FileManager.default.isExecutableFile(atPath: $0) }

    /// What axe-core finds on the page that the browser shows, by rule; empty for nothing.
    static func accessibility(of browser: Browser) async throws -> [String] {
        try await browser.run(String(contentsOf: axe, encoding: .utf8))
        let found = try await browser.runUntilAnswered(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
                'best-practice']})
                .then(found => done(JSON.stringify(found.violations.map(violation =>
                    violation.id + ': ' + violation.nodes.map(node => node.html).join(' | ')))))
                .catch(error => done(JSON.stringify(['axe failed: ' + error])));
            """
        )
        return try JSONDecoder().decode([String].self, from: Data(found.utf8))
    }

    /// What the Nu checker says against pages, by their names; empty for nothing.
    static func markup(of pages: [(name: String, html: String)]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, html) in pages {
            try Data(html.utf8).write(to: folder.appendingPathComponent("\(name).html"))
        }
        let answer = try ChildProcess.run(
            "java",
            ["-Xss1m", "-jar", nu.path, "--format", "gnu", "--exit-zero-always", folder.path]
        )
        return answer.output.split(separator: "\n").map(String.init)
            .filter { $0.contains(".html") || $0.contains("Exception") }
    }
}
