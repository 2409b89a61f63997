import AsyncHTTPClient
import NIOCore
import NuagesCore
public import NuagesFiles

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps files with a service that speaks the S3 protocol: AWS, MinIO, R2 and others.
///
///     var storages: [String: any Storage] {
///         var configuration = S3Configuration(bucket: "media", region: "eu-west-3")
///         guard let credentials = S3Credentials.environment() else { return [:] }
///         return ["default": S3Storage(configuration, credentials)]
///     }
///
/// A file up to the size of a part is sent at once, a larger one part by part, of which one is in
/// memory at a time. Every body is signed by its digest, also where the connection is encrypted. No
/// access rules are sent with a file: those of the bucket count. A file is sent to browsers as what
/// its first bytes show, where that runs nothing, and otherwise as bytes to save.
///
/// Requests that the service could not answer are made again after a while that is random in part.
public struct S3Storage: Storage {
    let client: S3Client
    private var configuration: S3Configuration { client.configuration }

    /// A storage.
    ///
    /// - Parameters:
    ///   - configuration: where the files are.
    ///   - credentials: what requests are signed with.
    public init(_ configuration: S3Configuration, _ credentials: S3Credentials) {
        client = S3Client(configuration, credentials)
    }

    /// Whether a file replaces one of the same name.
    public var allowsOverwrite: Bool { configuration.allowsOverwrite }

    /// Opens a file for reading; what is read later is of the same version.
    ///
    /// - Parameter name: its name.
    /// - Returns: the file.
    /// - Throws: `StorageError`.
    public func open(_ name: String) async throws -> File {
        let answer = try await head(name)
        return File(
            name: name,
            size: try Self.size(answer, name),
            reader: ObjectReader(
                client: client,
                key: try key(name),
                name: name,
                entityTag: answer.header("etag")
            )
        )
    }

    /// Removes a file; one that is not there is no error.
    ///
    /// - Parameter name: its name.
    /// - Throws: `StorageError`.
    public func delete(_ name: String) async throws {
        _ = try await client.send(
            S3Client.Request(method: "DELETE", key: try key(name), expected: [404]),
            "delete",
            name: name
        )
    }

    /// Whether there is a file of a name.
    ///
    /// - Parameter name: the name.
    /// - Returns: true if there is.
    /// - Throws: `StorageError`.
    public func exists(_ name: String) async throws -> Bool {
        do {
            _ = try await head(name)
            return true
        } catch StorageError.notFound {
            return false
        }
    }

    /// The size of a file in bytes.
    ///
    /// - Parameter name: its name.
    /// - Returns: the size.
    /// - Throws: `StorageError`.
    public func size(_ name: String) async throws -> Int {
        try Self.size(try await head(name), name)
    }

    /// When a file was saved: the service does not keep when it was read.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: `StorageError`.
    public func accessedTime(_ name: String) async throws -> Date { try await modifiedTime(name) }

    /// When a file was saved.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: `StorageError`.
    public func createdTime(_ name: String) async throws -> Date { try await modifiedTime(name) }

    /// When a file was saved.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: `StorageError`.
    public func modifiedTime(_ name: String) async throws -> Date {
        guard let text = try await head(name).header("last-modified"),
            let seconds = HTTPDate.parse(text, currentYear: 2000)
        else {
            throw StorageError.service(
                operation: "look at",
                name: name,
                message: "the answer has no time"
            )
        }
        return Date(timeIntervalSince1970: Double(seconds))
    }

    /// The address of a file, signed for as long as the configuration says; one that is not signed
    /// where the bucket is public.
    ///
    /// - Parameter name: the file's name.
    /// - Returns: the address.
    /// - Throws: `StorageError.suspiciousName`.
    public func url(_ name: String) throws -> String {
        if let base = configuration.publicURL {
            return StorageName.joined(base, RequestSigner.escapedPath(try key(name)))
        }
        return try presignedURL(name, expires: configuration.urlExpires)
    }

    /// The address of a file that the service itself lets expire; see ``presignedURL(_:expires:)``.
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - expires: how long, from a second to seven days.
    ///   - signer: is not needed: the service knows only its own signatures.
    ///   - binding: nil, as the service does not know who asks.
    /// - Returns: the address.
    /// - Throws: `StorageError`, also for a binding.
    public func signedURL(
        _ name: String,
        expires: Duration,
        by signer: MediaSigner,
        boundTo binding: String?
    ) throws -> String {
        guard binding == nil else {
            throw StorageError.service(
                operation: "sign",
                name: name,
                message: "an address of the service cannot be bound to who asks; serve the file "
                    + "with mediaRoutes"
            )
        }
        return try presignedURL(name, expires: expires)
    }

    /// An address that counts for a while.
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - expires: how long, from a second to seven days.
    /// - Returns: the address.
    /// - Throws: `StorageError.suspiciousName`.
    public func presignedURL(_ name: String, expires: Duration) throws -> String {
        let (base, host, prefix) = configuration.address
        let path = prefix + RequestSigner.escapedPath(try key(name))
        let query = client.signer.presignedQuery(
            RequestSigner.Request(method: "GET", path: path, headers: [("host", host)]),
            expires: min(604_800, max(1, Int(expires.components.seconds))),
            at: .init(secondsSince1970: UnixTime.seconds())
        )
        return "\(base)\(path)?\(query)"
    }

    // MARK: Objects

    /// The longest key that the services take, in bytes.
    private static let maxKeyLength = 1024

    /// The key of a file's object.
    func key(_ name: String) throws(StorageError) -> String {
        let plain = try StorageName.normalized(name)
        guard !plain.isEmpty else {
            throw .suspiciousName(name, reason: "Could not derive file name")
        }
        let key = StorageName.joined(configuration.location, plain)
        guard key.utf8.count <= Self.maxKeyLength else { throw .nameTooLong(name: name) }
        return key
    }

    private func head(_ name: String) async throws -> S3Client.Answer {
        try await client.send(
            S3Client.Request(method: "HEAD", key: try key(name)),
            "look at",
            name: name
        )
    }

    private static func size(_ answer: S3Client.Answer, _ name: String) throws -> Int {
        guard let size = answer.header("content-length").flatMap({ Int($0) }), size >= 0 else {
            throw StorageError.service(
                operation: "look at",
                name: name,
                message: "the answer has no size"
            )
        }
        return size
    }
}

/// Reads an object, or a part of it.
private struct ObjectReader: FileReader {
    let client: S3Client
    let key: String
    let name: String
    /// The version that was opened.
    let entityTag: String?

    func forEachChunk(
        of size: Int,
        in range: Range<Int>,
        _ body: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        var request = S3Client.Request(method: "GET", key: key)
        request.headers.append(("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        if let entityTag { request.headers.append(("if-match", entityTag)) }
        let answer: S3Client.Answer
        do {
            answer = try await client.send(request, "read", name: name)
        } catch StorageError.nameTaken {
            throw StorageError.service(
                operation: "read",
                name: name,
                message: "it was replaced since it was opened"
            )
        }
        guard answer.status == 206 || (range.lowerBound == 0 && answer.status == 200) else {
            throw StorageError.service(
                operation: "read",
                name: name,
                message: "the service does not answer with parts of files"
            )
        }
        var rest = range.count
        for try await buffer in answer.body {
            let bytes = Array(buffer.readableBytesView.prefix(rest))
            rest -= bytes.count
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + size)
                try await body(bytes[start..<end])
                start = end
            }
            // What is behind the part, where the service sends the whole, is not waited for.
            if rest == 0, answer.status == 200 { break }
        }
        guard rest == 0 else {
            throw StorageError.service(
                operation: "read",
                name: name,
                message: "the answer ended \(rest) bytes early"
            )
        }
    }
}
