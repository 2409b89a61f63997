import NuagesCore
public import NuagesFiles
public import NuagesHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Routes that serve visitors' files safely, from any storage, in debug and in production.
///
///     var urls: Routes {
///         mediaRoutes("media/", storage: "default")
///         mediaRoutes("invoices/", storage: "private", access: .signed())
///     }
///
/// A file is shown by the browser only where its first bytes are those of an image, a sound, a film
/// or a PDF; everything else is saved. Each answer says `nosniff`, has a policy that lets nothing run
/// (`sandbox; default-src 'none'`), and may be used by pages of the same origin only. One part of a
/// file can be asked for; a client that has a file gets 304. No folder is listed, and a name that
/// leads out of the storage is 404.
///
/// What is sent is the file that was opened, piece by piece.
///
/// Django leaves serving to another server.
///
/// - Parameters:
///   - prefix: the path that the files stand under, without a slash in front, such as `media/`.
///   - storage: the alias of the storage.
///   - access: who may have the files.
///   - resourcePolicy: the value of `Cross-Origin-Resource-Policy`: `same-origin`, `same-site` or
///     `cross-origin`.
/// - Returns: a route to the files.
public func mediaRoutes(
    _ prefix: String,
    storage: String = Storages.defaultAlias,
    access: MediaAccess = .everybody,
    resourcePolicy: String = "same-origin"
) -> [Route] {
    let view = MediaView(
        storage: DefaultStorage(alias: storage),
        access: access,
        resourcePolicy: resourcePolicy
    )
    let plain = prefix.utf8.first == 0x2F ? String(prefix.dropFirst()) : prefix
    return [
        Route(
            plain + "<path:path>",
            (RestConverter.self),
            view: { (request: Request, name: String) async throws -> Response in
                try await view.response(to: request, name: name)
            },
            methods: [.get, .head]
        )
        .serving(storage: storage)
    ]
}

/// Answers with files of a storage; ``mediaRoutes(_:storage:access:resourcePolicy:)`` makes routes
/// of it.
public struct MediaView: Sendable {
    private let storage: any Storage
    private let access: MediaAccess
    private let resourcePolicy: String

    /// A view.
    ///
    /// - Parameters:
    ///   - storage: where the files are.
    ///   - access: who may have them.
    ///   - resourcePolicy: the value of `Cross-Origin-Resource-Policy`.
    public init(
        storage: any Storage,
        access: MediaAccess = .everybody,
        resourcePolicy: String = "same-origin"
    ) {
        self.storage = storage
        self.access = access
        self.resourcePolicy = resourcePolicy
    }

    /// The answer to a request for a file.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - name: the name of the file.
    /// - Returns: 200, 206, 304, 412 or 416.
    /// - Throws: `HTTPError.notFound` where there is no such file, `HTTPError.forbidden` and what
    ///   the rule of access throws.
    public func response(to request: Request, name: String) async throws -> Response {
        // A name that stands for the same file in another way is no name: `a//b`, `./a`.
        guard let plain = try? StorageName.normalized(name), !plain.isEmpty,
            plain.equalsBytes(name)
        else { throw Self.missing }
        try await access.check(request, Self.path(of: request), name)
        do {
            return protected(try await file(name, for: request))
        } catch let error as StorageError {
            switch error {
            case .notFound, .notAFolder, .suspiciousName, .nameTooLong: throw Self.missing
            default: throw error
            }
        }
    }

    private static var missing: HTTPError { .notFound("There is no file of this name.") }

    /// The path as addresses have it, so that a signature of one fits whatever a client escapes.
    private static func path(of request: Request) -> String {
        String(Substring(request.fullPath().utf8.prefix { $0 != 0x3F }))
    }

    private func file(_ name: String, for request: Request) async throws -> Response {
        let file = try await storage.open(name)
        let type = MediaType(
            fileName: name,
            head: try await file.bytes(in: 0..<FileSignature.length)
        )
        // Of the file that is open: its name may stand for another one by now, or for a link.
        let (tag, modified) = try await version(of: file, name)
        var response = Response(body: file.body(0..<file.size))
        response.headers["ETag"] = tag
        response.headers["Last-Modified"] = HTTPDate.text(modified)
        response.headers["Content-Type"] = type.name
        response.headers["Content-Disposition"] = HeaderText.contentDisposition(
            isAttachment: type.isAttachment,
            fileName: StorageName.split(name).base
        )
        if let answer = request.conditionalResponse(
            entityTag: tag,
            lastModified: modified,
            replacing: response
        ) {
            return answer
        }
        return response.range(for: request) { file.body($0) }
    }

    private func version(of file: File, _ name: String) async throws -> (String, Int) {
        if let version = file.version { return (version.entityTag, version.modified) }
        let modified = try await storage.modifiedTime(name).timeIntervalSince1970
        let time = String(Int(modified * 1000), radix: 16)
        return ("\"\(time)-\(String(file.size, radix: 16))\"", Int(modified))
    }

    /// The answer with what keeps the file from running anything in the site's name.
    private func protected(_ response: Response) -> Response {
        var response = response
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response.headers["Cross-Origin-Resource-Policy"] = resourcePolicy
        response.headers["Referrer-Policy"] = "no-referrer"
        if response.status != .rangeNotSatisfiable {
            response.headers["Cache-Control"] =
                access.isPublic ? "public, max-age=3600" : "private, no-cache"
        }
        return response
    }
}

extension File {
    /// A part of the file as the body of a response.
    fileprivate func body(_ range: Range<Int>) -> ResponseBody {
        .stream(length: range.count) { writer in
            try await forEachChunk(of: 131_072, in: range) { try await writer.write(Array($0)) }
        }
    }
}
