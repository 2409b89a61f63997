internal import NuagesCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

extension Response {
    /// A file on disk, sent as it is read.
    ///
    ///     try .file("/srv/reports/2026.pdf", for: request, isAttachment: true)
    ///
    /// The response has the length, the type that the name's ending says, the name, and tags by
    /// which the client can ask again: a client that has the file gets 304, one that asks for a
    /// part of it gets 206.
    ///
    /// `path` is trusted: check a name that came with the request first. A file that a user
    /// uploaded is best sent as an attachment.
    ///
    /// Django: `FileResponse`, which has neither conditions nor ranges.
    ///
    /// - Parameters:
    ///   - path: the path of a regular file.
    ///   - request: the request, for conditions and ranges; nil sends the whole file.
    ///   - isAttachment: whether the browser saves the file in place of showing it.
    ///   - fileName: the name that it saves it by; nil is the last part of `path`.
    ///   - contentType: the value of `Content-Type`; nil is by the name's ending.
    /// - Returns: 200, 206, 304, 412 or 416.
    /// - Throws: ``HTTPError/notFound(_:)`` where there is no regular file at `path`.
    public static func file(
        _ path: String,
        for request: Request? = nil,
        isAttachment: Bool = false,
        fileName: String? = nil,
        contentType: String? = nil
    ) throws(HTTPError) -> Response {
        guard let file = FileOnDisk(path) else {
            throw .notFound("There is no file to send.")
        }
        var response = Response(body: .file(path: path, offset: 0, length: file.size))
        response.headers["ETag"] = file.entityTag
        response.headers["Last-Modified"] = HTTPDate.text(file.modified)
        response.describe(
            fileName: fileName ?? path,
            isAttachment: isAttachment,
            contentType: contentType
        )
        guard let request else { return response }
        if let answer = request.conditionalResponse(
            entityTag: file.entityTag,
            lastModified: file.modified,
            replacing: response
        ) {
            return answer
        }
        return response.range(for: request)
    }

    /// Bytes in memory that the client saves or shows as a file.
    ///
    ///     .file(Array(csv.utf8), fileName: "report.csv")
    ///
    /// - Parameters:
    ///   - bytes: the contents.
    ///   - fileName: the name that the browser saves it by.
    ///   - isAttachment: whether the browser saves it in place of showing it.
    ///   - contentType: the value of `Content-Type`; nil is by the name's ending.
    /// - Returns: the response.
    public static func file(
        _ bytes: [UInt8],
        fileName: String,
        isAttachment: Bool = true,
        contentType: String? = nil
    ) -> Response {
        var response = Response(body: .bytes(bytes))
        response.describe(
            fileName: fileName,
            isAttachment: isAttachment,
            contentType: contentType
        )
        return response
    }

    private mutating func describe(
        fileName: String,
        isAttachment: Bool,
        contentType: String?
    ) {
        let name = fileName.split(onByte: 0x2F).last ?? ""
        headers["Content-Type"] = contentType ?? FileType.mediaType(of: name)
        headers["Content-Disposition"] = HeaderText.contentDisposition(
            isAttachment: isAttachment,
            fileName: name
        )
    }
}

/// A regular file, and what tells one version of it from another.
package struct FileOnDisk: Sendable {
    /// The length in bytes.
    package let size: Int
    /// When it was last changed, in seconds since 1970.
    package let modified: Int
    private let nanoseconds: Int

    /// The file at a path; nil where there is none, or no regular one.
    package init?(_ path: String) {
        // C would read the path up to its first NUL.
        guard !path.utf8.isEmpty, !path.utf8.contains(0) else { return nil }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        size = Int(status.st_size)
        modified = Int(time.tv_sec)
        nanoseconds = Int(time.tv_nsec)
    }

    /// A strong tag: time to the nanosecond and size, in hexadecimal.
    package var entityTag: String {
        let time = UInt64(bitPattern: Int64(modified)) &* 1_000_000_000 &+ UInt64(nanoseconds)
        return "\"\(String(time, radix: 16))-\(String(size, radix: 16))\""
    }
}
