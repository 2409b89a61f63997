public import NuagesCore

/// The proxies whose fields are believed, read once when the site starts.
struct TrustedProxies: Sendable {
    private let ranges: [IPAddressRange]
    private let trustsAnybody: Bool
    private let trustsUnixSockets: Bool

    /// Whether nobody is trusted.
    var isEmpty: Bool { ranges.isEmpty && !trustsAnybody && !trustsUnixSockets }

    /// Reads the entries of ``HTTPSettings/trustedProxies``; what is no entry trusts nobody.
    init(_ entries: [String]) {
        ranges = entries.compactMap { IPAddressRange($0) }
        trustsAnybody = entries.contains { $0.equalsBytes("*") }
        trustsUnixSockets = entries.contains { $0.equalsBytes("unix") }
    }

    /// Whether `entry` means anything.
    static func isValid(_ entry: String) -> Bool {
        entry.equalsBytes("*") || entry.equalsBytes("unix") || IPAddressRange(entry) != nil
    }

    /// Whether the peer of a connection is one of them; the address of a Unix socket is empty.
    func contains(_ peer: String) -> Bool {
        if isEmpty { return false }
        if trustsAnybody { return true }
        if peer.isEmpty { return trustsUnixSockets }
        return AddressBits(peer).map(contains) ?? false
    }

    func contains(_ address: AddressBits) -> Bool {
        trustsAnybody || ranges.contains { $0.contains(address) }
    }
}

extension HTTPSettings {
    /// What is wrong with the settings of proxies, for `check`.
    public var proxyProblems: [CheckMessage] {
        var problems = trustedProxies.filter { !TrustedProxies.isValid($0) }.map { entry in
            CheckMessage(
                .error,
                id: "http.E001",
                "TRUSTED_PROXIES has '\(LogText.escape(entry, limit: 64))', which is no address.",
                hint: "Use addresses and ranges such as 10.0.0.5, 10.0.0.0/8, fd00::/8 (no bits "
                    + "behind the prefix), 'unix' for Unix sockets, or '*' for anybody."
            )
        }
        let believes =
            usesXForwardedHost || usesXForwardedPort || usesForwarded
            || secureProxyTLSHeader != nil
        if believes, trustedProxies.isEmpty {
            problems.append(
                CheckMessage(
                    .warning,
                    id: "http.W001",
                    "Fields of a proxy are to be used, but no proxy is trusted, so they are not.",
                    hint:
                        "Set TRUSTED_PROXIES to the addresses of the proxies in front of the site."
                )
            )
        }
        return problems
    }
}
