internal import NuagesCore

extension Request {
    /// The address of the client, as far as anybody who is trusted knows it.
    ///
    /// That is ``remoteAddress``, unless that is one of ``HTTPSettings/trustedProxies``: then the
    /// nearest address in `X-Forwarded-For` that is no trusted proxy itself. Addresses further out
    /// were written by the client and are not looked at.
    ///
    /// IPv4 in the form of IPv6 is given as IPv4, so that an address has one form. Empty for a
    /// Unix socket.
    public var clientAddress: String {
        let peer = AddressBits(remoteAddress)?.description ?? remoteAddress
        guard isFromTrustedProxy else { return peer }
        let proxies = settings.trustedProxies
        let hops = headers.values(of: "X-Forwarded-For").joined(separator: ",").split(onByte: 0x2C)
        var client = peer
        // More steps than this are none that a site has; the nearest ones count.
        for hop in hops.suffix(32).reversed() {
            guard let address = AddressBits(hop.trimmingBlanks)?.description else { break }
            client = address
            guard proxies.contains(where: { $0.equalsBytes("*") || $0.equalsBytes(address) })
            else { break }
        }
        return client
    }
}
