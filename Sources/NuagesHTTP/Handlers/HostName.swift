internal import NuagesCore

/// A `Host` field, taken apart and compared with the names of a site.
package enum HostName {
    /// Django's default for an empty `ALLOWED_HOSTS` in debug.
    static let debugHosts = [".localhost", "127.0.0.1", "[::1]"]

    /// The domain in lower case without a trailing dot, and the port; nil for a malformed host.
    package static func split(_ host: String) -> (domain: String, port: String)? {
        let lowered = host.asciiLowercased
        let bytes = Array(lowered.utf8)
        let end: Int
        if bytes.first == 0x5B {
            guard let close = bytes.firstIndex(of: 0x5D), isIPv6(bytes[1..<close]) else {
                return nil
            }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: 0x3A) ?? bytes.count
            guard end > 0, bytes[..<end].allSatisfy(isDomainByte) else { return nil }
        }
        var domain = bytes[..<end]
        if domain.last == 0x2E { domain.removeLast() }
        let name = String(decoding: domain, as: UTF8.self)
        guard end < bytes.count else { return (name, "") }
        let port = bytes[(end + 1)...]
        guard bytes[end] == 0x3A, !port.isEmpty, port.allSatisfy(\.isASCIIDigit) else { return nil }
        return (name, String(decoding: port, as: UTF8.self))
    }

    private static func isDomainByte(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == 0x2D || byte == 0x2E
    }

    /// Hexadecimal digits, then a colon, then digits, colons and dots.
    private static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let colon = bytes.firstIndex(of: 0x3A), colon + 1 < bytes.endIndex else {
            return false
        }
        return bytes[..<colon].allSatisfy { $0.hexValue != nil }
            && bytes[(colon + 1)...].allSatisfy { $0.hexValue != nil || $0 == 0x3A || $0 == 0x2E }
    }

    package static func isAllowed(_ domain: String, _ patterns: [String]) -> Bool {
        patterns.contains { $0.equalsBytes("*") || URLSafety.isSameDomain(domain, $0) }
    }
}
