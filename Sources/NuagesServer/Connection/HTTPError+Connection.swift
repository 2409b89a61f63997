package import NuagesHTTP

extension HTTPError {
    /// What a view is told that reads a body which cannot be read.
    init(_ error: RequestError, limits: RequestLimits) {
        self =
            switch error {
            case .incompleteRequest: .clientDisconnected
            case .timeout: .requestTimeout
            case .bodyTooLarge: .contentTooLarge(limit: limits.body)
            default: .status(HTTPStatus(error.status), "The request body cannot be read: \(error).")
            }
    }

    /// Two tasks read the same request body at once.
    package static var concurrentRead: Self {
        .status(
            HTTPStatus(500),
            "The request body is already being read. Read it from one task."
        )
    }

    /// A body was read or written after its request had been answered.
    package static var requestIsOver: Self {
        .status(
            HTTPStatus(500),
            "The request has been answered already. Read and write inside the view's own task."
        )
    }

    /// A streamed response wrote more bytes than the length it declared.
    package static func responseTooLong(declared: Int) -> Self {
        .status(
            HTTPStatus(500),
            "The response is longer than its declared \(declared) bytes. "
                + "Declare the right length, or none."
        )
    }
}
