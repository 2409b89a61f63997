internal import NuagesCore

/// An error that knows the response it becomes.
public protocol ResponseConvertibleError: Error {
    /// The status of the response.
    var status: HTTPStatus { get }

    /// Fields to add to the response, such as `Allow`.
    var responseHeaders: Headers { get }

    /// What the user may be told besides the status; never anything of the request.
    var publicMessage: String? { get }
}

extension ResponseConvertibleError {
    /// No fields.
    public var responseHeaders: Headers { [:] }
    /// Nothing.
    public var publicMessage: String? { nil }
}

/// An error that ends a request with a status of its own.
///
/// The texts are for the log and for the debug page; outside debug nobody else sees them.
public enum HTTPError: ResponseConvertibleError, Sendable, CustomStringConvertible {
    /// The request is malformed: 400.
    case badRequest(String)
    /// The user may not do this (Django's `PermissionDenied`): 403.
    case forbidden(String)
    /// There is no such page or object (Django's `Http404`): 404.
    case notFound(String)
    /// The view does not answer this method: 405, with an `Allow` field.
    case methodNotAllowed(allowed: [HTTPMethod])
    /// The body is larger than the limit, logged as `nuages.security.RequestDataTooBig`: 413, where
    /// Django's `RequestDataTooBig` is 400.
    case contentTooLarge(limit: Int)
    /// The body is of a type that the view does not read: 415.
    case unsupportedMediaType(String)
    /// The client sent its request too slowly: 408.
    case requestTimeout
    /// The client has gone away; nobody reads the response.
    case clientDisconnected
    /// The request looks like an attack; logged as `nuages.security.<kind>`: 400.
    case suspicious(SuspiciousOperation, String)
    /// Any other status.
    case status(HTTPStatus, String)

    /// What a suspicious request tried (the subclasses of Django's `SuspiciousOperation`).
    public enum SuspiciousOperation: String, Sendable, CaseIterable {
        /// The `Host` field is none of the site's names.
        case disallowedHost = "DisallowedHost"
        /// A redirect to a scheme that is not allowed.
        case disallowedRedirect = "DisallowedRedirect"
        /// A file name that leaves its folder.
        case suspiciousFile = "SuspiciousFileOperation"
        /// More form fields than allowed.
        case tooManyFields = "TooManyFieldsSent"
        /// More files than allowed.
        case tooManyFiles = "TooManyFilesSent"
    }

    /// The status of the response.
    public var status: HTTPStatus {
        switch self {
        case .badRequest, .suspicious: HTTPStatus(400)
        case .forbidden: HTTPStatus(403)
        case .notFound: HTTPStatus(404)
        case .methodNotAllowed: HTTPStatus(405)
        case .contentTooLarge: HTTPStatus(413)
        case .unsupportedMediaType: HTTPStatus(415)
        case .requestTimeout: HTTPStatus(408)
        case .clientDisconnected: HTTPStatus(499)
        case .status(let status, _): status
        }
    }

    /// `Allow` for 405.
    public var responseHeaders: Headers {
        guard case .methodNotAllowed(let allowed) = self else { return [:] }
        return ["Allow": allowed.map(\.rawValue).joined(separator: ", ")]
    }

    /// What went wrong, for the log and the debug page.
    public var description: String {
        switch self {
        case .badRequest(let text), .forbidden(let text), .notFound(let text),
            .unsupportedMediaType(let text):
            text
        case .methodNotAllowed(let allowed):
            "This view answers \(allowed.map(\.rawValue).joined(separator: ", "))."
        case .contentTooLarge(let limit): "The body is larger than \(limit) bytes."
        case .requestTimeout: "The client sent its request too slowly."
        case .clientDisconnected: "The client has closed the connection."
        case .suspicious(let kind, let text): "\(kind.rawValue): \(text)"
        case .status(let status, let text): text.isEmpty ? status.description : text
        }
    }
}
