import NuagesCore
public import NuagesFiles

extension S3Storage {
    /// Sends a file to exactly this name; ``Storage/save(_:as:maxLength:)`` finds a free one.
    ///
    /// - Parameters:
    ///   - content: the file.
    ///   - name: the name.
    /// - Returns: the name.
    /// - Throws: `StorageError.nameTaken`, and other `StorageError`s.
    public func store(_ content: File, as name: String) async throws -> String {
        let key = try key(name)
        if !allowsOverwrite, !client.configuration.hasConditionalWrites, try await exists(name) {
            throw StorageError.nameTaken(name: name)
        }
        let partSize = client.configuration.partSize(for: content.size)
        let token = WriteToken()
        if content.size <= partSize {
            var request = S3Client.Request(method: "PUT", key: key)
            request.body = try await content.bytes(in: 0..<content.size)
            request.headers = Self.describing(request.body) + [token.header] + condition
            let sent = request
            try await writing(token, to: key, name) {
                let answer = try await client.send(sent, "save", name: name)
                _ = try await S3Client.bytes(answer, limit: 65_536)
            }
        } else {
            try await sendParts(of: content, partSize, to: key, token, name)
        }
        return try StorageName.normalized(name)
    }

    /// Writes an object, and takes a failure for success where the object is this write's: its answer
    /// was lost, and what was sent again found the name taken.
    private func writing(
        _ token: WriteToken,
        to key: String,
        _ name: String,
        _ write: () async throws -> Void
    ) async throws {
        do {
            try await write()
        } catch {
            // A service that is away is not waited for twice.
            let isAnswered = error as? StorageError == .nameTaken(name: name)
            guard await hasWritten(token, to: key, name, retrying: isAnswered) else { throw error }
        }
    }

    private func hasWritten(
        _ token: WriteToken,
        to key: String,
        _ name: String,
        retrying: Bool
    ) async -> Bool {
        var request = S3Client.Request(method: "HEAD", key: key)
        request.isRetried = retrying && !Task.isCancelled
        let (client, kept) = (client, request)
        // Also where the task was cancelled, which would end the request as well.
        return await Task.detached {
            let answer = try? await client.send(kept, "look at", name: name)
            return answer?.header(WriteToken.headerName) == token.text
        }.value
    }

    private var condition: [(name: String, value: String)] {
        allowsOverwrite || !client.configuration.hasConditionalWrites
            ? [] : [("if-none-match", "*")]
    }

    /// What the file is to a browser that has its address.
    private static func describing(_ head: [UInt8]) -> [(name: String, value: String)] {
        if let type = InlineType.of(head) { return [("content-type", type)] }
        return [
            ("content-type", "application/octet-stream"), ("content-disposition", "attachment"),
        ]
    }

    // MARK: Parts

    private func sendParts(
        of content: File,
        _ size: Int,
        to key: String,
        _ token: WriteToken,
        _ name: String
    ) async throws {
        let upload = try await begin(content, key, token, name)
        do {
            var tags: [String] = []
            var start = 0
            while start < content.size {
                let end = min(content.size, start + size)
                let bytes = try await content.bytes(in: start..<end)
                guard bytes.count == end - start else {
                    throw StorageError.service(
                        operation: "save",
                        name: name,
                        message: "the file became shorter while it was sent"
                    )
                }
                tags.append(try await send(bytes, part: tags.count + 1, upload, key, name))
                start = end
            }
            let all = tags
            try await writing(token, to: key, name) {
                try await complete(upload, all, key, name)
            }
        } catch {
            await abort(upload, key, name)
            throw error
        }
    }

    private func begin(
        _ content: File,
        _ key: String,
        _ token: WriteToken,
        _ name: String
    ) async throws -> String {
        var request = S3Client.Request(method: "POST", key: key, query: [("uploads", "")])
        let head = try await content.bytes(in: 0..<FileSignature.length)
        request.headers = Self.describing(head) + [token.header]
        let answer = try await client.send(request, "save", name: name)
        let document = try await client.document(answer, "save", name: name)
        guard let upload = document["UploadId"]?.text, !upload.isEmpty else {
            throw StorageError.service(
                operation: "save",
                name: name,
                message: "the answer names no upload"
            )
        }
        return upload
    }

    private func send(
        _ bytes: [UInt8],
        part: Int,
        _ upload: String,
        _ key: String,
        _ name: String
    ) async throws -> String {
        var request = S3Client.Request(method: "PUT", key: key)
        request.query = [("partNumber", "\(part)"), ("uploadId", upload)]
        request.body = bytes
        let answer = try await client.send(request, "save", name: name)
        _ = try await S3Client.bytes(answer, limit: 65_536)
        guard let tag = answer.header("etag") else {
            throw StorageError.service(
                operation: "save",
                name: name,
                message: "the answer has no tag"
            )
        }
        return tag
    }

    private func complete(
        _ upload: String,
        _ tags: [String],
        _ key: String,
        _ name: String
    ) async throws {
        let parts = tags.enumerated().map { number, tag in
            "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(HTMLEscaper.escape(tag))</ETag></Part>"
        }
        var request = S3Client.Request(method: "POST", key: key, query: [("uploadId", upload)])
        request.headers = condition
        request.body = Array(
            ("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + parts.joined() + "</CompleteMultipartUpload>").utf8
        )
        let answer = try await client.send(request, "save", name: name)
        // A failure may come with 200, since the answer begins before all is put together.
        _ = try await client.document(answer, "save", name: name)
    }

    /// Lets the service forget the parts that it has.
    ///
    /// A rule of the bucket is best to do so as well.
    private func abort(_ upload: String, _ key: String, _ name: String) async {
        var request = S3Client.Request(method: "DELETE", key: key, query: [("uploadId", upload)])
        request.expected = [404]
        let (client, kept) = (client, request)
        // Also where the task was cancelled, which would end the request as well.
        await Task.detached { _ = try? await client.send(kept, "forget", name: name) }.value
    }
}

/// What an object tells its write by: a random text among its own fields.
///
/// A tag or a length would not do: another file may be the same, and services that encrypt have tags
/// of their own.
private struct WriteToken {
    static let headerName = "x-amz-meta-nuages-write"

    let text = randomString(length: 22)

    var header: (name: String, value: String) { (Self.headerName, text) }
}

extension S3Configuration {
    private static let maxParts = 10_000
    private static let smallestPart = 5_242_880

    /// The size of the parts of a file, of which a service takes ten thousand.
    func partSize(for size: Int) -> Int {
        max(partSize, Self.smallestPart, (size + Self.maxParts - 1) / Self.maxParts)
    }
}
