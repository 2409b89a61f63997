import FoundationEssentials
import NuagesContrib
import NuagesCore
import NuagesHTTP

/// Folders of static files that live as long as a test.
final class StaticSite: Sendable {
    let folder: String
    var source: String { folder + "/source" }
    var root: String { folder + "/root" }

    init(_ files: [(name: String, text: String)]) throws {
        let base = FileManager.default.temporaryDirectory.path
        folder = "\(base)/nuages-static-\(UInt64.random(in: 0...UInt64.max))"
        for (name, text) in files { try write(text, to: "source/\(name)") }
        try FileManager.default.createDirectory(
            atPath: folder + "/source",
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to name: String) throws {
        let path = "\(folder)/\(name)"
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        try FileManager.default.createDirectory(
            atPath: parent,
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/\(name)",
            withDestinationPath: target
        )
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(name)").map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    var finders: StaticFinders { StaticFinders(directories: [source], apps: []) }

    @discardableResult
    func collect(
        _ options: StaticCollector.Options = .init()
    ) throws -> StaticCollector.Result {
        var collector = StaticCollector(
            finders: finders,
            root: root,
            staticURL: "/static/",
            options: options
        )
        return try collector.run()
    }

    /// The layer, as a site has it.
    func layer(isDebug: Bool = false, isCollected: Bool = true) -> StaticFilesMiddleware {
        StaticFilesMiddleware(
            staticURL: "/static/",
            finders: finders,
            root: isCollected ? root : nil,
            isDebug: isDebug
        )
    }

    static func home(_ request: Request) async throws -> Response { .text("home") }

    static func send(
        _ layer: StaticFilesMiddleware,
        _ target: String,
        _ method: HTTPMethod = .get,
        headers: Headers = [:]
    ) async -> Response {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        var stack = MiddlewareStack.standard(settings: settings)
        stack.insert(layer)
        let application = Application(
            settings: settings,
            middleware: stack,
            routes: Routes { #path("", home) }
        )
        var headers = headers
        headers["Host"] = "example.com"
        return await application.handle(
            Request(method: method, target: target, headers: headers, isTLS: true)
        )
    }

    /// What a response sends, read from the disk where it is a part of a file.
    static func body(_ response: Response) -> [UInt8] {
        switch response.body {
        case .bytes(let bytes): return bytes
        case .file(let path, let offset, let length):
            let data = FileManager.default.contents(atPath: path) ?? Data()
            return Array(data.dropFirst(offset).prefix(length))
        case .stream: return []
        }
    }
}
