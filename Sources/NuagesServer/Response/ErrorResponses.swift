internal import NuagesCore
internal import NuagesHTTP

/// The answers that the server gives itself, made in advance; they never hold a client's bytes.
struct ErrorResponses: Sendable {
    private let tails: [Int: [UInt8]]
    /// The fields that each of them carries, without the server's own.
    let headers: Headers

    /// Makes the answers.
    ///
    /// - Parameters:
    ///   - headers: fields that each of them carries.
    ///   - bodyLimit: the most bytes of a body.
    init(headers: Headers, bodyLimit: Int) {
        let headers = Self.withoutOwnFields(headers)
        var tails: [Int: [UInt8]] = [:]
        for error in RequestError.allCases where tails[error.status] == nil {
            let status = HTTPStatus(error.status)
            tails[error.status] =
                status == .contentTooLarge
                ? Self.tail(status, headers, "text/html", Self.tooLargePage(bodyLimit))
                : Self.tail(status, headers, "text/plain", "\(status)\n")
        }
        self.tails = tails
        self.headers = headers
    }

    /// The whole answer to a request that is refused.
    ///
    /// - Parameters:
    ///   - error: why.
    ///   - dateLine: the `Date` field with its line break.
    /// - Returns: head and body.
    func bytes(for error: RequestError, dateLine: [UInt8]) -> [UInt8] {
        ResponseSerializer.statusLine(HTTPStatus(error.status)) + dateLine
            + (tails[error.status] ?? Array("Content-Length: 0\r\n\r\n".utf8))
    }

    /// The fields of an answer that the site would give, and security fields that it leaves out.
    static func headers(of response: Response) -> Headers {
        var headers = response.headers
        for field in securityHeaders.fields { headers.setDefault(field.name, field.value) }
        return headers
    }

    private static let securityHeaders: Headers = [
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    ]

    /// The fields that the server writes itself, whatever the others say.
    private static let ownFields = [
        "content-type", "content-length", "content-encoding", "transfer-encoding", "connection",
        "keep-alive", "date", "retry-after",
    ]

    private static func withoutOwnFields(_ headers: Headers) -> Headers {
        var kept = Headers()
        for field in headers.fields where Headers.isValid(name: field.name, value: field.value) {
            guard !ownFields.contains(where: { field.name.equalsIgnoringASCIICase($0) }) else {
                continue
            }
            kept.append(field.name, field.value)
        }
        return kept
    }

    /// Who has chosen a file that is too large sees this page, so it says how large one may be.
    private static func tooLargePage(_ limit: Int) -> String {
        let mebibyte = 1_048_576
        let size = limit % mebibyte == 0 ? "\(limit / mebibyte) MiB" : "\(limit) bytes"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Content Too Large</title>
            </head>
            <body>
            <h1>Content Too Large</h1>
            <p>What was sent is larger than \(size), the most that this site takes at once. Go back \
            and choose smaller files.</p>
            </body>
            </html>

            """
    }

    private static func tail(
        _ status: HTTPStatus,
        _ headers: Headers,
        _ type: String,
        _ body: String
    ) -> [UInt8] {
        var text = ""
        for field in headers.fields { text += "\(field.name): \(field.value)\r\n" }
        if status.code == 503 { text += "Retry-After: 1\r\n" }
        text += "Content-Type: \(type); charset=utf-8\r\n"
        text += "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        return Array((text + body).utf8)
    }
}
