internal import NuagesCore

extension Request {
    /// Whether the request came by plain HTTP and never left this machine: from one of its own
    /// addresses to one of its own names, and through no proxy.
    ///
    /// Nobody can listen to such a request, so a site with the settings of production can be
    /// tried at `http://127.0.0.1:8000/`: it is not redirected to HTTPS, and its
    /// CSRF cookie goes by plain HTTP. Browsers judge in the same way (W3C Secure Contexts, section 3.1).
    public var isLocal: Bool { storage.isLocal(findWhetherLocal) }

    private func findWhetherLocal() -> Bool {
        guard !isSecure, Self.isLoopback(remoteAddress), !isForwarded,
            let (domain, _) = HostName.split(headers["Host"] ?? "")
        else { return false }
        return URLSafety.isSameDomain(domain, ".localhost") || domain.equalsBytes("[::1]")
            || Self.isLoopback(domain)
    }
}
