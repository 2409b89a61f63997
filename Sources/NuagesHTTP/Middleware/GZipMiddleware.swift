internal import NuagesCore
import Synchronization

/// Compresses what is sent to clients that read gzip.
///
/// Bodies below 200 bytes and those that are encoded already stay as they are, as do files, which
/// are sent straight from the disk (`StaticFilesMiddleware` has compressed files of its own). A
/// streamed body is compressed piece by piece, and each piece is sent at once.
///
/// Compression can tell what a page keeps secret if it also repeats what an attacker sends
/// (BREACH). Up to 99 random bytes in each answer hide the length, and the token of
/// `{% csrf_token %}` is masked anew each time.
///
/// Django: `GZipMiddleware`.
public struct GZipMiddleware: Middleware {
    /// Shorter bodies are sent as they are.
    public static let minimumLength = 200
    /// One more than the most random bytes that are added (Django: `max_random_bytes`).
    static let randomByteLimit = 100

    private let level: Int

    /// The layer.
    ///
    /// - Parameter level: 1 is fastest, 9 is smallest.
    public init(level: Int = 6) { self.level = level }

    /// Compresses what the inner layers answer.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: what `next` throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        var response = try await next.respond(to: request)
        try await response.render(for: request)
        guard !response.status.forbidsBody, !response.headers.contains("Content-Encoding"),
            response.status.code != 206
        else { return response }
        switch response.body {
        case .file: return response
        case .bytes(let bytes) where bytes.count < Self.minimumLength: return response
        case .bytes, .stream: break
        }
        response.vary(on: "Accept-Encoding")
        let accepted = AcceptedEncodings(request)
        guard accepted.accepts("gzip"), try compress(&response) else { return response }
        response.headers["Content-Encoding"] = "gzip"
        // The bytes are others now; the page is the same (RFC 9110, section 8.8.1).
        if let tag = response.headers["ETag"], tag.utf8.first == 0x22 {
            response.headers["ETag"] = "W/" + tag
        }
        return response
    }

    /// Whether the body was replaced.
    private func compress(_ response: inout Response) throws -> Bool {
        let name = [UInt8](repeating: 0x61, count: .random(in: 0..<Self.randomByteLimit))
        switch response.body {
        case .file: return false
        case .bytes(let bytes):
            let deflater = try Deflater(.gzip(fileName: name), level: level)
            let compressed = try deflater.compress(bytes, flush: .finish)
            guard compressed.count < bytes.count else { return false }
            response.body = .bytes(compressed)
            if response.headers.contains("Content-Length") {
                response.headers["Content-Length"] = "\(compressed.count)"
            }
        case .stream(_, let write):
            let level = level
            response.headers["Content-Length"] = nil
            response.body = .stream(length: nil) { writer in
                let compressor = try CompressingWriter(writer, fileName: name, level: level)
                try await write(compressor)
                try await compressor.finish()
            }
        }
        return true
    }

    /// Sees the final body.
    public var rank: MiddlewareRank? { .compression }
}

/// Compresses the pieces of a stream and hands each on at once.
private final class CompressingWriter: ResponseBodyWriter {
    private let deflater: Mutex<Deflater>
    private let writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter, fileName: [UInt8], level: Int) throws {
        self.writer = writer
        deflater = Mutex(try Deflater(.gzip(fileName: fileName), level: level))
    }

    func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        let output = try deflater.withLock { try $0.compress(bytes, flush: .sync) }
        if !output.isEmpty { try await writer.write(output) }
    }

    func finish() async throws {
        let output = try deflater.withLock { try $0.compress([], flush: .finish) }
        if !output.isEmpty { try await writer.write(output) }
    }
}
