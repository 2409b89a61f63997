internal import NuagesCore

/// One step of a request through proxies: who asked whom, and how.
struct ForwardedHop: Sendable, Equatable {
    /// The address that asked, as the proxy wrote it.
    var client = ""
    /// The scheme that it used.
    var scheme: String?
    /// The host that it asked for.
    var host: String?
}

/// The steps that the proxies in front of the site wrote down.
enum ForwardedChain {
    /// More steps than this are none that a site has; the nearest ones count.
    private static let maxHops = 32

    /// The steps of `X-Forwarded-For`, the nearest to the site last.
    static func xForwardedFor(_ values: [String]) -> [ForwardedHop] {
        values.joined(separator: ",").split(onByte: 0x2C).suffix(maxHops).map {
            ForwardedHop(client: $0.trimmingBlanks)
        }
    }

    /// The steps of `Forwarded` (RFC 7239), the nearest to the site last.
    static func forwarded(_ values: [String]) -> [ForwardedHop] {
        let elements = HeaderParameters.split(
            Array(values.joined(separator: ",").utf8),
            onByte: 0x2C
        )
        return elements.suffix(maxHops).map { element in
            var hop = ForwardedHop()
            for pair in HeaderParameters.split(Array(element), onByte: 0x3B) {
                guard let equals = pair.firstIndex(of: 0x3D) else { continue }
                let value = unquoted(pair[(equals + 1)...])
                switch String(decoding: pair[..<equals], as: UTF8.self).trimmingBlanks
                    .asciiLowercased
                {
                case "for": hop.client = value
                case "proto": hop.scheme = value.asciiLowercased
                case "host": hop.host = value
                default: break
                }
            }
            return hop
        }
    }

    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks
        let inner = Array(text.utf8)
        guard inner.count >= 2, inner.first == 0x22, inner.last == 0x22 else { return text }
        var output: [UInt8] = []
        var isEscaped = false
        for byte in inner.dropFirst().dropLast() {
            if byte == 0x5C, !isEscaped {
                isEscaped = true
            } else {
                output.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The step in which the client itself asked: the first, from the site outward, whose client
    /// is no trusted proxy.
    ///
    /// What stands further out was written by nobody who is trusted. The address is nil where the
    /// proxy kept it secret or wrote something else.
    static func clientHop(
        _ hops: [ForwardedHop],
        _ proxies: TrustedProxies
    ) -> (hop: ForwardedHop, address: AddressBits?)? {
        var result: (hop: ForwardedHop, address: AddressBits?)?
        for hop in hops.reversed() {
            let address = address(of: hop.client)
            // A step that says nothing of use ends the chain; what is behind it is not believed.
            if address == nil, result != nil, hop.scheme == nil, hop.host == nil { break }
            result = (hop, address)
            guard let address, proxies.contains(address) else { break }
        }
        return result
    }

    /// The address of `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80` or `2001:db8::1`.
    static func address(of text: String) -> AddressBits? {
        let bytes = Array(text.utf8)
        if bytes.first == 0x5B {
            guard let close = bytes.firstIndex(of: 0x5D) else { return nil }
            let port = bytes[(close + 1)...]
            guard port.isEmpty || isPort(port) else { return nil }
            return AddressBits(String(decoding: bytes[1..<close], as: UTF8.self))
        }
        let colons = bytes.count { $0 == 0x3A }
        guard colons == 1, let colon = bytes.firstIndex(of: 0x3A) else { return AddressBits(text) }
        guard isPort(bytes[colon...]) else { return nil }
        return AddressBits(String(decoding: bytes[..<colon], as: UTF8.self))
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.first == 0x3A && (2...6).contains(bytes.count)
            && bytes.dropFirst().allSatisfy(\.isASCIIDigit)
    }
}
