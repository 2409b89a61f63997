internal import NuagesCore

/// Which sites a form may come from, by what the browser says about it.
struct CSRFOrigins: Sendable {
    private let trusted: OriginList
    /// All trusted hosts, for a `Referer`.
    private let hosts: [String]
    private let cookieDomain: String?

    init(trusted: [String], cookieDomain: String?) {
        self.cookieDomain = cookieDomain
        self.trusted = OriginList(trusted)
        hosts = trusted.compactMap { URLParts($0).map { OriginList.withoutStars($0.authority) } }
    }

    /// Why `request` does not pass; nil where it does.
    func refusal(of request: Request) -> String? {
        let origin = request.headers["Origin"]
        let site = request.headers["Sec-Fetch-Site"]
        if let site, site.equalsBytes("cross-site") || site.equalsBytes("same-site"),
            !(origin.map(trusted.contains) ?? false)
        {
            return "Fetch-Metadata checking failed - the request began on another site."
        }
        if let origin {
            let isGood = trusted.contains(origin) || isOwn(origin, request)
            return isGood
                ? nil : "Origin checking failed - \(origin) does not match any trusted origins."
        }
        // A browser that says so by Fetch-Metadata need not say it again.
        guard request.isSecure, site?.equalsBytes("same-origin") != true else { return nil }
        return refererRefusal(request)
    }

    /// Why the handshake of a WebSocket does not pass; nil where it does.
    ///
    /// Browsers always name the origin. A client that does not is none, and sends nobody's cookies.
    func handshakeRefusal(of request: Request) -> String? {
        let origins = request.headers.values(of: "Origin")
        let site = request.headers["Sec-Fetch-Site"]
        let isForeign =
            site.map { $0.equalsBytes("cross-site") || $0.equalsBytes("same-site") } ?? false
        if origins.isEmpty, !isForeign { return nil }
        if origins.count == 1 {
            if trusted.contains(origins[0]) || (!isForeign && isOwn(origins[0], request)) {
                return nil
            }
        }
        return "Origin checking failed - a page of \(origins.first ?? "another site") does not "
            + "match this site or any trusted origins."
    }

    private func isOwn(_ origin: String, _ request: Request) -> Bool {
        guard let host = try? request.host() else { return false }
        return origin.equalsBytes("\(request.scheme)://\(host)")
    }

    private func refererRefusal(_ request: Request) -> String? {
        guard let field = request.headers["Referer"] else {
            return "Referer checking failed - no Referer."
        }
        guard let referer = URLParts(field), !referer.scheme.isEmpty, !referer.authority.isEmpty
        else { return "Referer checking failed - Referer is malformed." }
        guard referer.scheme == "https" else {
            return "Referer checking failed - Referer is insecure while host is secure."
        }
        if hosts.contains(where: { URLSafety.isSameDomain(referer.authority, $0) }) { return nil }
        if let good = goodReferer(request), URLSafety.isSameDomain(referer.authority, good) {
            return nil
        }
        return "Referer checking failed - \(referer.text) does not match any trusted origins."
    }

    private func goodReferer(_ request: Request) -> String? {
        guard let cookieDomain else { return try? request.host() }
        guard let port = request.port, port != "443", port != "80" else { return cookieDomain }
        return "\(cookieDomain):\(port)"
    }
}
