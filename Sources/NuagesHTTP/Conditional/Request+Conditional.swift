internal import NuagesCore

extension Request {
    /// The answer in place of the page, where the client has this version of it (304) or means
    /// another one (412).
    ///
    ///     if let answer = request.conditionalResponse(entityTag: "\"\(poll.version)\"") {
    ///         return answer
    ///     }
    ///
    /// A response whose status is no success is never replaced.
    ///
    /// Django: `get_conditional_response`.
    ///
    /// - Parameters:
    ///   - entityTag: the tag of the current version; in quotes, or without for a strong one.
    ///   - lastModified: when it was last changed, in seconds since 1970.
    ///   - response: the response as it would be sent; a 304 keeps its cookies and what caches
    ///     need.
    /// - Returns: 304 or 412; nil where the page is to be sent.
    public func conditionalResponse(
        entityTag: String? = nil,
        lastModified: Int? = nil,
        replacing response: Response? = nil
    ) -> Response? {
        if let response, !(200..<300).contains(response.status.code) { return nil }
        guard let preconditions = Preconditions(self) else { return nil }
        let outcome = preconditions.evaluate(
            entityTag: entityTag.map(HeaderText.entityTag),
            lastModified: lastModified
        )
        switch outcome {
        case .proceed: return nil
        case .notModified: return response.map { $0.notModified() } ?? .notModified()
        case .preconditionFailed: return Response(status: .preconditionFailed)
        }
    }

    /// Answers with a page only where the client does not have it, or means this version.
    ///
    ///     try await request.conditional(entityTag: poll.version, lastModified: poll.changed) {
    ///         try await render(request, "poll.html", ["poll": poll])
    ///     }
    ///
    /// `ETag` and `Last-Modified` are added to answers to GET and HEAD that do not have them.
    ///
    /// Django: the decorators `condition`, `etag` and `last_modified`.
    ///
    /// - Parameters:
    ///   - entityTag: the tag of the current version; in quotes, or without for a strong one.
    ///   - lastModified: when it was last changed, in seconds since 1970.
    ///   - respond: makes the page; not called where 304 or 412 is the answer.
    /// - Returns: the page, 304 or 412.
    /// - Throws: what `respond` throws.
    public func conditional(
        entityTag: String? = nil,
        lastModified: Int? = nil,
        _ respond: () async throws -> Response
    ) async throws -> Response {
        var response: Response
        if let answer = conditionalResponse(entityTag: entityTag, lastModified: lastModified) {
            response = answer
        } else {
            response = try await respond()
        }
        guard method == .get || method == .head else { return response }
        if let lastModified {
            response.headers.setDefault("Last-Modified", HTTPDate.text(lastModified))
        }
        if let entityTag { response.headers.setDefault("ETag", HeaderText.entityTag(entityTag)) }
        return response
    }
}

extension Response {
    /// The same answer for a client that has the page already: 304, without a body.
    ///
    /// Cookies and the fields that a cache needs stay (RFC 9110, section 15.4.5).
    ///
    /// - Returns: a response of status 304.
    public func notModified() -> Response {
        var answer = Response(status: .notModified)
        for field in headers.fields where Self.isKeptByNotModified(field.name) {
            answer.headers.append(validated: field)
        }
        return answer
    }

    private static let notModifiedFields = [
        "Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Last-Modified", "Vary",
        "Set-Cookie",
    ]

    private static func isKeptByNotModified(_ name: String) -> Bool {
        notModifiedFields.contains { $0.equalsIgnoringASCIICase(name) }
    }

    /// Gives the page a tag made of its bytes; a body that is not in memory or is empty gets none.
    ///
    /// Django: `set_response_etag`.
    public mutating func setEntityTag() {
        guard case .bytes(let bytes) = body, !bytes.isEmpty else { return }
        headers["ETag"] = "\"\(Digest.hex(Digest.hash(bytes, with: .md5)))\""
    }
}
