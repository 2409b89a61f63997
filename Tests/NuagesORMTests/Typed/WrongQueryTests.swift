import Foundation
import Testing

/// Queries that must not compile, each with what the compiler has to say of it.
///
/// Where there is no compiler beside the tests they are skipped.
@Suite("Queries that do not compile", .enabled(if: Compiler.isThere))
struct WrongQueryTests {
    static let queries = [
        (#"Question.objects.filter { $0.questionTxt == "x" }"#, "no member 'questionTxt'"),
        (#"Question.objects.filter { $0.questionText == 3 }"#, "'Int' to expected argument"),
        (#"Question.objects.filter { $0.choices.nope > 3 }"#, "no dynamic member 'nope'"),
        (#"Question.objects.annotate { $0.choices.vots.sum() }"#, "no dynamic member 'vots'"),
        (
            #"Question.objects.annotate { $0.questionText.sum() }"#, "conform to 'SummableValue'"
        ),
        (#"annotated.filter { $0.values == "x" }"#, "'String' to expected argument type 'Int'"),
        (#"Question.objects.selectRelated { $0.questionText }"#, "conform to 'RelationFields'"),
        (#"Question.objects.only { $0.questionText.length }"#, "conform to 'NamedField'"),
        (#"Question.objects.only { $0.nope }"#, "no member 'nope'"),
        (#"Question.objects.prefetch(\.choises)"#, "no member 'choises'"),
        (#"Question.objects.order { $0.pubDat.descending }"#, "no member 'pubDat'"),
        (#"Book.objects.filter { $0.author == question }"#, "'OptionalFields<Author.Fields>'"),
        (#"Choice.objects.union(Question.objects)"#, "'QuerySet<Question>' to expected argument"),
        (#"Case(when: true, then: "x")"#, "'Bool' conform to 'QueryExpression'"),
    ]

    @Test("What is wrong is named where it stands")
    func diagnostics() throws {
        var lines = ["import NuagesCore", "import NuagesORM"]
        lines.append("let annotated = Question.objects.annotate { $0.choices.count() }")
        lines.append("func wrong(_ question: Question) {")
        let first = lines.count + 1
        lines += Self.queries.map { "_ = \($0.0)" }
        lines.append("}")
        let errors = try Compiler.errors(in: lines.joined(separator: "\n"))
        for (index, query) in Self.queries.enumerated() {
            let found = errors.filter { $0.line == first + index }.map(\.message)
            #expect(found.contains { $0.contains(query.1) }, "\(query.0): \(found)")
        }
        #expect(errors.allSatisfy { $0.line >= first })
    }
}

/// The compiler that built the tests, with the modules that it built.
private enum Compiler {
    struct Diagnostic {
        let line: Int
        let message: String
    }

    /// The folder of the products: that of the bundle of the tests.
    private static var products: URL? {
        let places = CommandLine.arguments + [Bundle.main.bundlePath]
        return places.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }.first {
            FileManager.default.fileExists(
                atPath: $0.appending(path: "Modules/NuagesORM.swiftmodule").path
            )
        }
    }

    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static var compiler: String? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.map { "\($0)/swiftc" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    static var isThere: Bool { products != nil && compiler != nil }

    static func errors(in source: String) throws -> [Diagnostic] {
        guard let products, let compiler else { return [] }
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "Wrong.swift")
        try source.write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: compiler)
        process.arguments =
            [
                "-typecheck", "-parse-as-library", "-swift-version", "6",
                "-module-cache-path", folder.path, "-I", products.appending(path: "Modules").path,
                "-load-plugin-executable",
                products.appending(path: "NuagesMacros-tool").path + "#NuagesMacros",
            ] + moduleMaps(products) + [
                package.appending(path: "Tests/NuagesORMTests/Support/PollsModels.swift").path,
                file.path,
            ]
        let output = folder.appending(path: "errors.txt")
        try Data().write(to: output)
        process.standardError = try FileHandle(forWritingTo: output)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            guard let place = line.firstRange(of: "Wrong.swift:"),
                let error = line.firstRange(of: " error: ")
            else { return nil }
            let number = line[place.upperBound...].prefix { $0.isNumber }
            return Diagnostic(line: Int(number) ?? 0, message: String(line[error.upperBound...]))
        }
    }

    /// The modules of C that those of Swift import.
    private static func moduleMaps(_ products: URL) -> [String] {
        let manager = FileManager.default
        var places: [URL] = []
        for (folder, suffix) in [(package.appending(path: "Sources"), ""), (products, ".build")] {
            let names = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
            for name in names where name.hasPrefix("C") && name.hasSuffix(suffix) {
                places += ["", "include"].map { folder.appending(path: name).appending(path: $0) }
            }
        }
        return places.map { $0.appending(path: "module.modulemap").path }
            .filter { manager.fileExists(atPath: $0) }
            .flatMap { path in
                [
                    "-Xcc", "-fmodule-map-file=\(path)", "-Xcc",
                    "-I\(URL(fileURLWithPath: path).deletingLastPathComponent().path)",
                ]
            }
    }
}
