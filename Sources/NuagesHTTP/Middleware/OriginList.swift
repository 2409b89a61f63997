internal import NuagesCore

/// Origins, each whole or with a star for the subdomains of a host, such as
/// `https://*.example.com`, which stands for `https://example.com` as well.
struct OriginList: Sendable {
    private let exact: [String]
    /// `https` and `.example.com` for `https://*.example.com`.
    private let subdomains: [(scheme: String, domain: String)]

    init(_ origins: [String]) {
        exact = origins.filter { !$0.utf8.contains(0x2A) }
        subdomains = origins.filter { $0.utf8.contains(0x2A) }.compactMap { origin in
            URLParts(origin).map { ($0.scheme, Self.withoutStars($0.authority)) }
        }
    }

    static func withoutStars(_ text: String) -> String {
        String(Substring(text.utf8.drop { $0 == 0x2A }))
    }

    func contains(_ origin: String) -> Bool {
        if exact.contains(where: { $0.equalsBytes(origin) }) { return true }
        guard !subdomains.isEmpty, let parts = URLParts(origin) else { return false }
        return subdomains.contains { scheme, domain in
            scheme.equalsBytes(parts.scheme) && URLSafety.isSameDomain(parts.authority, domain)
        }
    }
}
