internal import NuagesCore

extension Response {
    /// The longest address that is sent unless told otherwise, as browsers read no more.
    public static let maxRedirectLength = 16_384

    /// Sends the client to another address.
    ///
    ///     try .redirect(to: "/polls/5/results/")                         // 302
    ///     try .redirect(to: "/new/", isPermanent: true)                  // 301
    ///     try .redirect(to: "/new/", preservesRequest: true)             // 307: same method and body
    ///
    /// Check an address that came with the request by ``/NuagesCore/URLSafety`` first: any host
    /// passes here.
    ///
    /// - Parameters:
    ///   - url: a path or an address of `http`, `https` or `ftp`.
    ///   - isPermanent: whether clients may remember it: 301 and 308.
    ///   - preservesRequest: whether the method and the body stay: 307 and 308.
    ///   - maxLength: the longest address in bytes, encoded; nil is any.
    /// - Returns: a response with `Location` and without a body.
    /// - Throws: ``HTTPError/suspicious(_:_:)`` for another scheme or an address that is too long.
    public static func redirect(
        to url: String,
        isPermanent: Bool = false,
        preservesRequest: Bool = false,
        maxLength: Int? = maxRedirectLength
    ) throws(HTTPError) -> Response {
        let limit = maxLength ?? .max
        // An address that is too long already is not encoded first.
        let location = url.utf8.count > limit ? url : PercentCoding.encode(url, safe: .iri)
        guard location.utf8.count <= limit else {
            throw .suspicious(
                .disallowedRedirect,
                "Unsafe redirect exceeding \(limit) characters."
            )
        }
        guard let parts = URLParts(url) else {
            throw .suspicious(.disallowedRedirect, "Unsafe redirect to a malformed address.")
        }
        guard ["", "http", "https", "ftp"].contains(where: { parts.scheme.equalsBytes($0) }) else {
            throw .suspicious(
                .disallowedRedirect,
                "Unsafe redirect to URL with protocol '\(LogText.escape(parts.scheme, limit: 64))'."
            )
        }
        let status: HTTPStatus =
            switch (isPermanent, preservesRequest) {
            case (false, false): .found
            case (true, false): .movedPermanently
            case (false, true): .temporaryRedirect
            case (true, true): .permanentRedirect
            }
        return Response(
            status: status,
            headers: Headers(validated: [
                Headers.Field(name: "Location", value: location)
            ])
        )
    }
}
