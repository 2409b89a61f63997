#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs conformance cases: `nuages-conformance [--quiet] [--only TEXT] [--database NAME] FILE.jsonl…`.
///
/// Prints every failed case with what was expected and what came out, one line of totals for each
/// file, and the total. `--quiet` leaves the failed cases out; `--only TEXT` runs the cases whose id
/// contains the text. The cases of the ORM run on SQLite; `--database postgresql` runs them on a
/// PostgreSQL that is started for that, `--database URL` on one that is there.
struct ConformanceRun {
    var isQuiet = false
    var only: String?
    /// How much of what was expected and came out is printed.
    var width = 400
    var passed = 0
    var failed = 0
    var skipped = 0

    mutating func run(path: String) async throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let url = URL(fileURLWithPath: path)
        let file = url.deletingPathExtension().lastPathComponent
        let directory = url.deletingLastPathComponent().deletingLastPathComponent().path
        var counts = (passed: 0, failed: 0, skipped: 0)
        for item in try JSONCase.parse(lines: text, file: file, in: directory) {
            if let only, !item.id.contains(only) { continue }
            switch await outcome(of: item) {
            case .passed: counts.passed += 1
            case .skipped: counts.skipped += 1
            case .failed(let expected, let got):
                counts.failed += 1
                guard !isQuiet else { continue }
                print(
                    "FAILED \(item.id)\n  expected: \(quoted(expected))\n  got:      \(quoted(got))"
                )
            }
        }
        passed += counts.passed
        failed += counts.failed
        skipped += counts.skipped
        print(
            "\(file): \(counts.passed) passed, \(counts.failed) failed, \(counts.skipped) skipped"
        )
    }

    private func outcome(of item: JSONCase) async -> CaseOutcome {
        guard let kind = conformanceKinds.first(where: { $0.accepts(item) }) else {
            return .failed(expected: "a kind that runs it", got: "no such kind is built")
        }
        do {
            return try await kind.run(item)
        } catch {
            return .failed(expected: "a result", got: "\(error)")
        }
    }

    private func quoted(_ text: String) -> String {
        let limit = width
        let shown = text.debugDescription
        return shown.utf8.count <= limit ? shown : "\(shown.prefix(limit))…"
    }
}

@main
struct Conformance {
    static func main() async {
        var run = ConformanceRun()
        var paths: [String] = []
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            switch argument {
            case "--quiet": run.isQuiet = true
            case "--width": run.width = arguments.popFirst().flatMap { Int($0) } ?? run.width
            case "--only": run.only = arguments.popFirst()
            case "--database": await use(arguments.popFirst() ?? "")
            default: paths.append(argument)
            }
        }
        guard !paths.isEmpty else {
            print(
                """
                Name the files: nuages-conformance [--quiet] [--only TEXT] \
                [--database sqlite|postgresql|URL] FILE.jsonl…
                """
            )
            exit(2)
        }
        for path in paths {
            guard FileManager.default.fileExists(atPath: path) else {
                print("There is no file \(path).")
                exit(2)
            }
            do {
                try await run.run(path: path)
            } catch {
                print("\(path) cannot be read as JSON Lines: \(error)")
                exit(2)
            }
        }
        await CaseDatabases.shared.close()
        print("\(run.passed) passed, \(run.failed) failed, \(run.skipped) skipped")
        exit(run.failed == 0 ? 0 : 1)
    }

    /// Runs the cases of the ORM on the database that is named.
    private static func use(_ database: String) async {
        do {
            if let server = try CaseServer.named(database) {
                return await CaseDatabases.shared.use(server)
            }
            print("--database takes sqlite, postgresql or a URL such as postgresql:///postgres.")
        } catch {
            print("\(error)")
        }
        exit(2)
    }
}
