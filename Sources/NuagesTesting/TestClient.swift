import Foundation
import NuagesCore
public import NuagesHTTP
import Synchronization

/// A browser in the same process: it sends requests to a site and keeps its cookies.
///
/// Requests come by HTTPS from `https://testserver` and say so in their headers, as a browser's do.
///
///     let page = try await client.get("/polls/1/")
///     let answer = try await client.submit(page, ["choice": "2"])     // with the CSRF token
///     #expect(answer.location == "/polls/1/results/")
///
/// Django: `django.test.Client`.
public final class TestClient: Sendable {
    /// Why a test could not go on.
    public enum Failure: Error, CustomStringConvertible {
        /// The page has no form, or none with that index.
        case noForm(index: Int, count: Int)
        /// The form has no control of that name.
        case noControl(name: String, choices: [String])
        /// The site did not agree to a WebSocket.
        case noWebSocket(status: Int)

        /// What is missing, and what there is.
        public var description: String {
            switch self {
            case .noForm(let index, let count):
                "There is no form \(index) on the page; it has \(count)."
            case .noControl(let name, let choices):
                "The form has no control '\(name)'. Choices are: \(choices.joined(separator: ", "))."
            case .noWebSocket(let status): "The site answered \(status) and no WebSocket."
            }
        }
    }

    /// The host that requests name.
    public static let host = "testserver"

    private let handler: any RequestHandler
    private let jar = Mutex(CookieJar())
    private let lastPath = Mutex("/")

    /// A client without cookies.
    ///
    /// - Parameter handler: the site's application.
    public init(_ handler: any RequestHandler) { self.handler = handler }

    /// The value of a cookie that the site has set.
    ///
    /// - Parameter name: the cookie's name.
    /// - Returns: its value, or nil.
    public func cookie(_ name: String) -> String? { jar.withLock { $0[name] } }

    /// Fetches a page.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - headers: header fields besides the browser's own.
    /// - Returns: the answer.
    /// - Throws: what streaming the body throws.
    public func get(_ target: String, headers: Headers = [:]) async throws -> TestResponse {
        try await send(.get, target, headers: headers)
    }

    /// Posts names and values as a form does, with nothing added.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - form: names and values.
    ///   - headers: header fields besides the browser's own.
    /// - Returns: the answer.
    /// - Throws: what streaming the body throws.
    public func post(
        _ target: String,
        _ form: KeyValuePairs<String, String> = [:],
        headers: Headers = [:]
    ) async throws -> TestResponse {
        let body = form.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }
        var headers = headers
        if headers["Content-Type"] == nil {
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        }
        return try await send(
            .post,
            target,
            headers: headers,
            body: Array(body.joined(separator: "&").utf8)
        )
    }

    /// Fills in a form of a page and sends it, hidden fields such as the CSRF token included.
    ///
    /// - Parameters:
    ///   - page: the page with the form.
    ///   - values: what is filled in, by the names of the controls.
    ///   - index: which form of the page, from 0.
    /// - Returns: the answer.
    /// - Throws: ``Failure`` where the form or a control is not there.
    public func submit(
        _ page: TestResponse,
        _ values: KeyValuePairs<String, String> = [:],
        form index: Int = 0
    ) async throws -> TestResponse {
        let forms = page.forms
        guard forms.indices.contains(index) else {
            throw Failure.noForm(index: index, count: forms.count)
        }
        let form = forms[index]
        for (name, _) in values where !form.names.contains(name) {
            throw Failure.noControl(name: name, choices: form.names)
        }
        var fields = form.fields.filter { field in !values.contains { $0.key == field.name } }
        fields += values.map { ($0.key, $0.value) }
        let body = fields.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
            .joined(separator: "&")
        let path = form.action.isEmpty ? lastPath.withLock { $0 } : form.action
        guard form.method == "post" else { return try await get("\(path)?\(body)") }
        return try await send(
            .post,
            path,
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array(body.utf8)
        )
    }

    /// Sends any request.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: path and query.
    ///   - headers: header fields; `Host`, `Origin` and `Cookie` are added where they are missing.
    ///   - body: the body.
    /// - Returns: the answer.
    /// - Throws: what streaming the body throws.
    public func send(
        _ method: HTTPMethod,
        _ target: String,
        headers: Headers = [:],
        body: [UInt8] = []
    ) async throws -> TestResponse {
        let response = await answer(method, target, headers: headers, body: body)
        return TestResponse(
            status: response.status.code,
            headers: response.headers,
            body: method == .head ? [] : try await Self.bytes(of: response.body)
        )
    }

    /// What the site answers, its body not produced yet.
    func answer(
        _ method: HTTPMethod,
        _ target: String,
        headers: Headers,
        body: [UInt8] = []
    ) async -> Response {
        let request = Request(
            method: method,
            target: target,
            headers: browserHeaders(method, headers),
            body: RequestBody(body),
            isTLS: true
        )
        let response = await handler.handle(request)
        jar.withLock { jar in
            for header in response.headers.values(of: "Set-Cookie") { jar.store(header) }
        }
        if method == .get {
            lastPath.withLock { $0 = String(target.prefix { $0 != "?" }) }
        }
        return response
    }

    private func browserHeaders(_ method: HTTPMethod, _ given: Headers) -> Headers {
        var headers = given
        if headers["Host"] == nil { headers["Host"] = Self.host }
        if let cookies = jar.withLock({ $0.header }), headers["Cookie"] == nil {
            headers["Cookie"] = cookies
        }
        if !method.isSafe, headers["Origin"] == nil {
            headers["Origin"] = "https://\(Self.host)"
        }
        return headers
    }

    private static func encoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                output.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20: output += "+"
            default: output += "%" + Digest.hex([byte]).uppercased()
            }
        }
        return output
    }

    private static func bytes(of body: ResponseBody) async throws -> [UInt8] {
        switch body {
        case .bytes(let bytes): return bytes
        case .stream(_, let produce):
            let collector = BodyCollector()
            try await produce(collector)
            return collector.bytes
        case .file(let path, let offset, let length):
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            return Array(data.dropFirst(offset).prefix(length))
        }
    }
}

private final class BodyCollector: ResponseBodyWriter {
    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws { collected.withLock { $0 += bytes } }
}
