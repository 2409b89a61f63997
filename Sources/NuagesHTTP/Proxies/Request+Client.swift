internal import NuagesCore

extension Request {
    /// The address of the client, as far as anybody who is trusted knows it.
    ///
    /// That is ``remoteAddress``, unless that is one of ``HTTPSettings/trustedProxies``: then the
    /// nearest address in `X-Forwarded-For` (or `Forwarded`, by
    /// ``HTTPSettings/usesForwarded``) that is no trusted proxy itself. Addresses further out were
    /// written by the client and are not looked at. Where the proxy says none, it is the proxy's.
    ///
    /// IPv4 in the form of IPv6 is given as IPv4, so that an address has one form. Empty for a
    /// Unix socket.
    public var clientAddress: String { storage.clientAddress() }

    /// Whether ``remoteAddress`` is one of ``HTTPSettings/trustedProxies``.
    public var isFromTrustedProxy: Bool { storage.isFromTrustedProxy }

    /// The step in which the client asked, where a trusted proxy writes `Forwarded`.
    var forwardedHop: ForwardedHop? {
        guard storage.core?.settings.usesForwarded ?? false else { return nil }
        return storage.clientHop()?.hop
    }
}

extension RequestStorage {
    var isFromTrustedProxy: Bool { core?.proxies.contains(remoteAddress) ?? false }

    func clientHop() -> (hop: ForwardedHop, address: AddressBits?)? {
        guard let core, core.proxies.contains(remoteAddress) else { return nil }
        let hops =
            core.settings.usesForwarded
            ? ForwardedChain.forwarded(headers.values(of: "Forwarded"))
            : ForwardedChain.xForwardedFor(headers.values(of: "X-Forwarded-For"))
        return ForwardedChain.clientHop(hops, core.proxies)
    }

    func clientAddress() -> String {
        if let address = clientHop()?.address { return address.description }
        return AddressBits(remoteAddress)?.description ?? remoteAddress
    }
}
