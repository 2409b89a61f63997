import NuagesCore
public import NuagesHTTP

/// Serves the files of the apps' `static` folders and of `STATICFILES_DIRS`.
///
/// The first folder that has a file of the name wins. No folder is listed, no dotfile is served,
/// and neither `..` nor a symbolic link leads out of a folder. A file that has not changed is
/// answered with 304.
///
/// Django: `django.contrib.staticfiles`; in production Django leaves this to another server.
public struct StaticFilesMiddleware: Middleware {
    private let prefix: String
    private let directories: [String]
    private let cacheControl: String

    /// Middleware that serves folders below a URL prefix.
    ///
    /// - Parameters:
    ///   - prefix: the path that the files stand under (`STATIC_URL`), such as `/static/`.
    ///   - directories: the folders, the first to be searched first.
    ///   - maxAge: how long browsers may use a file without asking again, in seconds.
    public init(prefix: String, directories: [String], maxAge: Int = 0) {
        self.prefix = prefix
        self.directories = directories
        cacheControl = maxAge > 0 ? "max-age=\(maxAge), public" : "no-cache"
    }

    /// Behind the security headers and in front of everything else, which static files do not need.
    public var rank: MiddlewareRank? { MiddlewareRank(150) }

    /// Answers with the file, or hands on what is not below the prefix.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the file, 304, or what the inner layers answer.
    /// - Throws: `HTTPError.notFound` where there is no such file,
    ///   `HTTPError.methodNotAllowed` for methods other than GET and HEAD.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        guard request.path.hasBytePrefix(prefix) else {
            return try await next.respond(to: request)
        }
        guard request.method == .get || request.method == .head else {
            throw HTTPError.methodNotAllowed(allowed: [.get, .head])
        }
        let name = String(decoding: request.path.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        guard let file = find(name) else {
            throw HTTPError.notFound("There is no static file of this name.")
        }
        return response(file, name: name, to: request)
    }

    private func find(_ name: String) -> StaticFile? {
        for directory in directories {
            if let file = StaticFile.find(name, below: directory) { return file }
        }
        return nil
    }

    private func response(_ file: StaticFile, name: String, to request: Request) -> Response {
        let headers: Headers = [
            "ETag": file.entityTag,
            "Last-Modified": HTTPDate.text(file.modified),
            "Cache-Control": cacheControl,
        ]
        if isFresh(file, in: request) { return Response(status: HTTPStatus(304), headers: headers) }
        var response = Response(
            headers: headers,
            body: .file(path: file.path, offset: 0, length: file.size)
        )
        response.headers["Content-Type"] = ContentTypes.type(of: name)
        return response
    }

    /// Whether the client has this version of the file (RFC 9110, section 13.1).
    private func isFresh(_ file: StaticFile, in request: Request) -> Bool {
        if let tags = request.headers["If-None-Match"] {
            return tags.utf8.split(separator: UInt8(ascii: ",")).contains { tag in
                let tag = String(decoding: tag, as: UTF8.self).drop { $0 == " " }
                return tag == "*" || tag == file.entityTag || tag == "W/\(file.entityTag)"
            }
        }
        return request.headers["If-Modified-Since"] == HTTPDate.text(file.modified)
    }
}
