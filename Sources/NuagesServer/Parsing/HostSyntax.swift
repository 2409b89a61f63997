/// The syntax of a `Host` field (RFC 9110, section 7.2), as far as sites use it.
///
/// Whether a host is allowed is decided by the application; here only text is refused that two
/// programs could read differently.
package enum HostSyntax {
    /// Whether `range` holds a name or an address, and perhaps a port.
    ///
    /// - Parameters:
    ///   - input: the bytes.
    ///   - range: where the host stands.
    /// - Returns: false for an empty host, user information, a path, or a port above 65535.
    package static func isValid(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 255 + 6 else { return false }
        var end = range.lowerBound
        if input[end] == UInt8(ascii: "[") {
            end += 1
            let start = end
            while end < range.upperBound, isAddressByte(input[end]) { end += 1 }
            guard end > start + 1, end < range.upperBound, input[end] == UInt8(ascii: "]") else {
                return false
            }
            end += 1
        } else {
            while end < range.upperBound, input[end].isHostByte { end += 1 }
            guard end > range.lowerBound, input[range.lowerBound] != UInt8(ascii: ".") else {
                return false
            }
        }
        guard end < range.upperBound else { return true }
        guard input[end] == UInt8(ascii: ":"), range.upperBound - end <= 6,
            let port = input.decimal(in: (end + 1)..<range.upperBound)
        else { return false }
        return port <= 65_535
    }

    /// A byte between the brackets of an IPv6 address.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte.hexadecimalValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
