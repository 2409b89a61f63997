import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NuagesCore
import NuagesFiles

/// Makes signed requests, and makes them again where the service could not answer.
struct S3Client: Sendable {
    let configuration: S3Configuration
    let signer: RequestSigner

    init(_ configuration: S3Configuration, _ credentials: S3Credentials) {
        self.configuration = configuration
        signer = RequestSigner(credentials: credentials, region: configuration.region)
    }

    /// The client of the process.
    ///
    /// It follows no redirects: a signed request is for one host only.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(5)
        configuration.timeout.read = .seconds(60)
        configuration.httpVersion = .http1Only
        return HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup,
            configuration: configuration
        )
    }()

    /// A request for an object, or for the bucket where the key is empty.
    struct Request: Sendable {
        var method: String
        /// The key of the object, not escaped.
        var key = ""
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []
        /// The statuses that are answers, besides 200 to 299.
        var expected: Set<Int> = []
        /// Whether it is made again where the service could not answer.
        var isRetried = true
    }

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: HTTPClientResponse.Body

        func header(_ name: String) -> String? { headers.first(name: name) }
    }

    /// The answer to a request, whose body is still to be read.
    ///
    /// - Throws: `StorageError.notFound` for 404, `StorageError.nameTaken` for 412, and
    ///   `StorageError.service` for everything else that is no answer.
    func send(_ request: Request, _ operation: String, name: String) async throws -> Answer {
        var attempt = 0
        while true {
            let isLast = !request.isRetried || attempt >= configuration.maxRetries
            do {
                let answer = try await sendOnce(request)
                if (200..<300).contains(answer.status) || request.expected.contains(answer.status) {
                    return answer
                }
                let code = await errorCode(answer)
                guard !isLast, Self.isTemporary(answer.status, code) else {
                    throw Self.failure(answer.status, code, operation, name)
                }
            } catch let error as StorageError {
                throw error
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // The connection failed; the client's texts have addresses, never secrets.
                if isLast || Task.isCancelled {
                    throw StorageError.service(
                        operation: operation,
                        name: name,
                        message: "the service could not be reached (\(type(of: error)))"
                    )
                }
            }
            attempt += 1
            let longest = min(5000, 100 << attempt)
            try await Task.sleep(for: .milliseconds(Int.random(in: (longest / 2)...longest)))
        }
    }

    private func sendOnce(_ request: Request) async throws -> Answer {
        let (base, host, prefix) = configuration.address
        let path = prefix + RequestSigner.escapedPath(request.key)
        let query = RequestSigner.canonicalQuery(request.query)
        let headers = signer.signed(
            RequestSigner.Request(
                method: request.method,
                path: path,
                query: request.query,
                headers: [("host", host)] + request.headers
            ),
            payloadHash: RequestSigner.hash(request.body),
            at: .init(secondsSince1970: UnixTime.seconds())
        )
        var outgoing = HTTPClientRequest(url: base + path + (query.isEmpty ? "" : "?" + query))
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in headers where name != "host" {
            outgoing.headers.add(name: name, value: value)
        }
        if !request.body.isEmpty || ["PUT", "POST"].contains(request.method) {
            outgoing.body = .bytes(ByteBuffer(bytes: request.body))
        }
        let seconds = configuration.timeout.components.seconds
        let response = try await Self.http.execute(outgoing, timeout: .seconds(seconds))
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            body: response.body
        )
    }

    // MARK: Errors

    private static func isTemporary(_ status: Int, _ code: String?) -> Bool {
        // A write that another one stood in the way of is to be made again (409).
        status >= 500 && status != 501 || status == 429 || status == 408
            || ["RequestTimeout", "SlowDown", "ConditionalRequestConflict"].contains(code)
    }

    private static func failure(
        _ status: Int,
        _ code: String?,
        _ operation: String,
        _ name: String
    ) -> StorageError {
        if status == 404, code == nil || code == "NoSuchKey" { return .notFound(name: name) }
        if status == 412 { return .nameTaken(name: name) }
        // Only the code: the texts of services quote what was signed.
        return .service(
            operation: operation,
            name: name,
            message: "the service answered \(status)" + (code.map { " (\($0))" } ?? "")
        )
    }

    /// The code of an error, such as `NoSuchBucket`; nil where the answer has none.
    private func errorCode(_ answer: Answer) async -> String? {
        guard let bytes = try? await Self.bytes(answer, limit: 65_536), !bytes.isEmpty,
            let document = try? XMLReader.parse(bytes)
        else { return nil }
        return Self.code(document)
    }

    /// The code in a document that says what went wrong; nil for another document.
    static func code(_ document: XMLElement) -> String? {
        guard document.name == "Error", let code = document["Code"]?.text else { return nil }
        return String(code.unicodeScalars.prefix(64).filter { $0.properties.isAlphabetic })
    }

    // MARK: Bodies

    /// The body of an answer, in memory.
    static func bytes(_ answer: Answer, limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in answer.body {
            bytes.append(contentsOf: buffer.readableBytesView)
            guard bytes.count <= limit else { throw XMLProblem(reason: "too large") }
        }
        return bytes
    }

    /// The document of an answer; an error that came with a good status is thrown.
    func document(
        _ answer: Answer,
        _ operation: String,
        name: String
    ) async throws -> XMLElement {
        let problem: String
        do {
            let document = try XMLReader.parse(try await Self.bytes(answer, limit: 8_388_608))
            guard let code = Self.code(document) else { return document }
            if code == "PreconditionFailed" { throw StorageError.nameTaken(name: name) }
            problem = code
        } catch let error as XMLProblem {
            problem = "its answer is no document: \(error.reason)"
        }
        throw StorageError.service(operation: operation, name: name, message: problem)
    }
}
