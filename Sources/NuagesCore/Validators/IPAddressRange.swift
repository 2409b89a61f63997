/// A range of IP addresses, such as `10.0.0.0/8`, or one address.
///
///     let office = IPAddressRange("192.0.2.0/24")
///     office?.contains("192.0.2.7")            // true
///     office?.contains("::ffff:192.0.2.7")     // true: the same address in another form
///
/// A range of one family never holds an address of the other.
public struct IPAddressRange: Sendable, Hashable, CustomStringConvertible {
    private let first: AddressBits
    private let prefixLength: Int

    /// A range, or nil for text that is none.
    ///
    /// Leading zeros are refused, for some read them as octal numbers (CVE-2021-33571), and so are
    /// bits behind the prefix: `10.0.0.1/8` is more likely a slip than a range.
    ///
    /// - Parameter text: an address, or an address, `/` and the length of the prefix.
    public init?(_ text: String) {
        let parts = text.split(onByte: 0x2F)
        guard parts.count <= 2, let address = AddressBits(parts[0]) else { return nil }
        var length = address.width
        if parts.count == 2 {
            let isPlain = parts[1].utf8.count == 1 || parts[1].utf8.first != 0x30
            guard let given = parts[1].decimalDigitsValue, isPlain else { return nil }
            // `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
            length = address.isMapped ? given - 96 : given
        }
        guard (0...address.width).contains(length) else { return nil }
        first = address
        prefixLength = length
        guard address.bits & ~mask == 0 else { return nil }
    }

    private var mask: UInt128 {
        let host = first.width - prefixLength
        return host >= 128 ? 0 : .max << UInt128(host)
    }

    /// Whether an address lies in the range.
    ///
    /// - Parameter address: an IPv4 or IPv6 address; an IPv4 address in the form of IPv6 counts as
    ///   what it is.
    /// - Returns: false also for text that is no address.
    public func contains(_ address: String) -> Bool {
        AddressBits(address).map(contains) ?? false
    }

    package func contains(_ address: AddressBits) -> Bool {
        address.width == first.width && (address.bits ^ first.bits) & mask == 0
    }

    /// The first address with the length of the prefix.
    public var description: String { "\(first)/\(prefixLength)" }
}

/// An address of either family; IPv4 in the form of IPv6 is IPv4.
package struct AddressBits: Sendable, Hashable, CustomStringConvertible {
    package let bits: UInt128
    /// 32 or 128.
    package let width: Int
    /// Whether it was written in the form of IPv6, though it is IPv4.
    let isMapped: Bool

    /// The address of a text; nil where it is none.
    package init?(_ text: String) {
        if let address = IPv4Address(text) {
            (bits, width, isMapped) = (UInt128(address.value), 32, false)
        } else if let address = IPv6Address(text) {
            if let mapped = address.mappedIPv4 {
                (bits, width, isMapped) = (UInt128(mapped.value), 32, true)
            } else {
                bits = address.groups.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
                (width, isMapped) = (128, false)
            }
        } else {
            return nil
        }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.width == right.width && left.bits == right.bits
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(bits) }

    /// The shortest form.
    package var description: String {
        if width == 32 {
            return IPv4Address(value: UInt32(truncatingIfNeeded: bits)).description
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - $0 * 16)) }
        return IPv6Address(groups: groups).description
    }
}
