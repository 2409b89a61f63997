internal import NuagesCore

extension Request {
    /// The host of the request, with its port where it has one.
    ///
    /// - Returns: `example.com`, `localhost:8000`.
    /// - Throws: ``HTTPError/suspicious(_:_:)`` where the host is not one of
    ///   ``HTTPSettings/allowedHosts``.
    public func host() throws(HTTPError) -> String {
        let host = rawHost
        guard let (domain, _) = HostName.split(host) else {
            throw .suspicious(
                .disallowedHost,
                "Invalid Host header: '\(LogText.escape(host, limit: 255))'."
            )
        }
        let settings = settings
        let allowed =
            settings.isDebug && settings.allowedHosts.isEmpty
            ? HostName.debugHosts : settings.allowedHosts
        guard !domain.isEmpty, HostName.isAllowed(domain, allowed) else {
            throw .suspicious(
                .disallowedHost,
                "Invalid Host header: '\(LogText.escape(host, limit: 255))'. "
                    + "You may need to add '\(domain)' to ALLOWED_HOSTS."
            )
        }
        return host
    }

    /// The port by which the client came, where the request says so.
    public var port: String? {
        if settings.usesXForwardedPort, isFromTrustedProxy,
            let port = headers["X-Forwarded-Port"]
        {
            return port
        }
        guard let (_, port) = HostName.split(rawHost), !port.isEmpty else {
            return isSecure ? "443" : "80"
        }
        return port
    }

    /// `https` or `http`.
    public var scheme: String { isSecure ? "https" : "http" }

    /// Whether the client came by TLS, to this server or to a trusted proxy in front of it.
    ///
    /// Django: `is_secure`.
    public var isSecure: Bool {
        guard let core = storage.core, core.trustsProxyTLS, isFromTrustedProxy else {
            return isTLS
        }
        if core.settings.usesForwarded {
            return forwardedHop?.scheme.map { $0.equalsBytes("https") } ?? isTLS
        }
        guard let (name, value) = core.settings.secureProxyTLSHeader, let field = headers[name]
        else { return isTLS }
        let first = field.split(onByte: 0x2C)[0].trimmingBlanks
        return first.equalsBytes(value)
    }

    var rawHost: String {
        if let host = forwardedHop?.host { return host }
        if settings.usesXForwardedHost, isFromTrustedProxy,
            let host = headers["X-Forwarded-Host"]
        {
            return host
        }
        return headers["Host"] ?? ""
    }

    /// The path with its query, percent-encoded; with the ``scriptPrefix`` in front also where the
    /// proxy has taken it off.
    ///
    /// - Parameter appendingSlash: whether the path gets a slash at its end if it has none.
    /// - Returns: `/a%20b/?q=1`
    public func fullPath(appendingSlash: Bool = false) -> String {
        full(storage.wholePath, appendingSlash)
    }

    /// The path below ``scriptPrefix`` with its query, percent-encoded.
    ///
    /// Django: `get_full_path_info`.
    ///
    /// - Parameter appendingSlash: whether the path gets a slash at its end if it has none.
    /// - Returns: `/a%20b/?q=1`
    public func fullPathInfo(appendingSlash: Bool = false) -> String {
        full(pathInfo, appendingSlash)
    }

    private func full(_ path: String, _ appendingSlash: Bool) -> String {
        var output = PercentCoding.encode(path, safe: .path)
        if appendingSlash, path.utf8.last != 0x2F { output += "/" }
        if !queryString.isEmpty {
            output += "?" + PercentCoding.encode(queryString, safe: .iri)
        }
        return output
    }
}
