public import NuagesCore

extension Request {
    /// An address with scheme and host, for mails, feeds and other sites.
    ///
    ///     try request.buildAbsoluteURI("/polls/5/")   // https://example.com/polls/5/
    ///
    /// Django: `build_absolute_uri`.
    ///
    /// - Parameter location: a path or an address; nil is this request's own.
    /// - Returns: the address, percent-encoded.
    /// - Throws: ``HTTPError/suspicious(_:_:)`` where the host of the request is not allowed.
    public func buildAbsoluteURI(_ location: String? = nil) throws(HTTPError) -> String {
        let location = location ?? "//" + fullPath()
        guard let parts = URLParts(location) else {
            throw .badRequest("Malformed address '\(LogText.escape(location, limit: 255))'.")
        }
        if !parts.scheme.isEmpty, !parts.authority.isEmpty {
            return PercentCoding.encode(location, safe: .iri)
        }
        let base = "\(scheme)://\(try host())"
        // What is plain needs no look at the path of this request.
        let isPlain =
            parts.scheme.isEmpty && parts.authority.isEmpty && parts.path.utf8.first == 0x2F
            && !parts.path.containsBytes("/./") && !parts.path.containsBytes("/../")
        let joined =
            isPlain
            ? base + Self.withoutDoubleSlash(location)
            : Self.join(base + path, parts, location)
        return PercentCoding.encode(joined, safe: .iri)
    }

    private static func withoutDoubleSlash(_ location: String) -> String {
        guard location.utf8.starts(with: [0x2F, 0x2F]) else { return location }
        return String(Substring(location.utf8.dropFirst(2)))
    }

    /// Resolves a relative address (RFC 3986, section 5.2), as Python's `urljoin` does.
    private static func join(
        _ base: String,
        _ parts: URLParts,
        _ location: String
    ) -> String {
        guard var result = URLParts(base) else { return location }
        if !parts.scheme.isEmpty, !parts.scheme.equalsBytes(result.scheme) { return location }
        if !parts.authority.isEmpty {
            result.authority = parts.authority
            result.path = parts.path
        } else if parts.path.isEmpty {
            if parts.query == nil, parts.fragment == nil { return base }
        } else if parts.path.utf8.first == 0x2F {
            result.path = URLParts.removingDotSegments(parts.path)
        } else {
            // As in Python empty segments inside the path go, so that `..` cannot end at `//`.
            let path = result.path.isEmpty ? "/" : result.path
            let segments = path.split(onByte: 0x2F).dropLast() + parts.path.split(onByte: 0x2F)
            let last = segments.count - 1
            let kept = segments.enumerated().filter { place, segment in
                place == 0 || place == last || !segment.isEmpty
            }
            result.path = URLParts.removingDotSegments(
                kept.map(\.element).joined(separator: "/")
            )
        }
        result.query = parts.query
        result.fragment = parts.fragment
        return result.text
    }

    /// The path of the route called `name` of this site.
    ///
    ///     try request.reverse("polls:detail", 5)   // /polls/5/
    ///
    /// An application namespace prefers the instance that answers this request.
    ///
    /// - Parameters:
    ///   - name: the name with its namespaces.
    ///   - arguments: the values of the pattern, in order.
    ///   - query: what stands behind `?`.
    ///   - fragment: what stands behind `#`.
    /// - Returns: the path, percent-encoded.
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String,
        _ arguments: any PathArgumentConvertible...,
        query: QueryDict? = nil,
        fragment: String? = nil
    ) throws(ReverseError) -> String {
        try reverse(
            name,
            positional: arguments.map(\.pathArgument),
            query: query,
            fragment: fragment
        )
    }

    /// The path of a route of this site by its typed name.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the values of the pattern, in order.
    /// - Returns: the path, percent-encoded.
    /// - Throws: ``ReverseError`` where no URL has these values.
    public func reverse<each Value: PathArgumentConvertible>(
        _ name: RouteName<repeat each Value>,
        _ value: repeat each Value
    ) throws(ReverseError) -> String {
        try reverse(name.fullName, positional: name.arguments(repeat each value))
    }

    /// The path of the route called `name` of this site, its values by position or by name.
    ///
    /// - Parameters:
    ///   - name: the name with its namespaces.
    ///   - positional: the values in order; empty where `named` are given.
    ///   - named: the values by name.
    ///   - query: what stands behind `?`.
    ///   - fragment: what stands behind `#`.
    /// - Returns: the path, percent-encoded.
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String,
        positional: [PathArgument],
        named: [(String, PathArgument)] = [],
        query: QueryDict? = nil,
        fragment: String? = nil
    ) throws(ReverseError) -> String {
        guard let router = storage.router else { throw .unknownName(name, choices: []) }
        return try router.reverse(
            name,
            positional: positional,
            named: named,
            currentApp: currentApp,
            scriptPrefix: scriptPrefix,
            query: query,
            fragment: fragment
        )
    }
}
