/// An IPv4 address: four decimal numbers without leading zeros.
public struct IPv4Address: Sendable, Hashable, CustomStringConvertible {
    /// The four bytes, the first in the highest bits.
    public let value: UInt32

    /// An address, or nil for text that is none.
    ///
    /// - Parameter text: such as `192.0.2.1`; leading zeros, spaces and other notations are refused.
    public init?(_ text: String) {
        guard let value = Self.parse(Array(text.utf8)[...]) else { return nil }
        self.value = value
    }

    init(value: UInt32) { self.value = value }

    static func parse(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        guard bytes.count <= 15 else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                part.count == 1 || part.first != UInt8(ascii: "0")
            else { return nil }
            let octet = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 0x30) }
            guard octet <= 255 else { return nil }
            value = value << 8 | octet
        }
        return value
    }

    /// Four decimal numbers with dots.
    public var description: String {
        "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }
}

/// An IPv6 address.
public struct IPv6Address: Sendable, Hashable, CustomStringConvertible {
    /// The eight groups.
    public let groups: [UInt16]

    /// An address, or nil for text that is none.
    ///
    /// - Parameter text: such as `2001:db8::1`, with an IPv4 tail or a `%zone` (which is dropped).
    public init?(_ text: String) {
        guard text.utf8.count <= 256, let groups = Self.parse(Array(text.utf8)) else { return nil }
        self.groups = groups
    }

    init(groups: [UInt16]) { self.groups = groups }

    /// The IPv4 address that an address of the form `::ffff:192.0.2.1` carries.
    public var mappedIPv4: IPv4Address? {
        guard groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF else { return nil }
        return IPv4Address(value: UInt32(groups[6]) << 16 | UInt32(groups[7]))
    }

    /// The shortest form: lower case, the longest run of zero groups as `::`.
    public var description: String {
        if let mappedIPv4 { return "::ffff:\(mappedIPv4)" }
        let run = longestZeroRun()
        var text = ""
        var index = 0
        while index < 8 {
            if let run, index == run.lowerBound {
                text += "::"
                index = run.upperBound
                continue
            }
            if !text.isEmpty && text.utf8.last != UInt8(ascii: ":") { text += ":" }
            text += String(groups[index], radix: 16)
            index += 1
        }
        return text
    }

    private func longestZeroRun() -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(best?.count ?? 0, 1) { best = start..<index }
            start = index + 1
        }
        return best
    }

    /// The rules of Python's `ipaddress`: at most one `::`, groups of 1 to 4 hexadecimal digits.
    private static func parse(_ bytes: [UInt8]) -> [UInt16]? {
        var address = bytes[...]
        if let percent = bytes.firstIndex(of: UInt8(ascii: "%")) {
            let zone = bytes[(percent + 1)...]
            if zone.isEmpty || zone.contains(UInt8(ascii: "%")) { return nil }
            address = bytes[..<percent]
        }
        var parts = address.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        if let last = parts.last, last.contains(UInt8(ascii: ".")) {
            guard let tail = IPv4Address.parse(last) else { return nil }
            parts.removeLast()
            parts.append(ArraySlice(String(tail >> 16, radix: 16).utf8))
            parts.append(ArraySlice(String(tail & 0xFFFF, radix: 16).utf8))
        }
        guard parts.count <= 9 else { return nil }
        let gaps = parts.indices.dropFirst().dropLast().filter { parts[$0].isEmpty }
        guard gaps.count <= 1 else { return nil }
        guard let gap = gaps.first else {
            return parts.count == 8 ? expand(parts) : nil
        }
        var high = Array(parts[..<gap])
        var low = Array(parts[(gap + 1)...])
        // An empty first or last part is only allowed as half of a `::` at that end.
        if high.first?.isEmpty == true {
            guard high.count == 1 else { return nil }
            high = []
        }
        if low.last?.isEmpty == true {
            guard low.count == 1 else { return nil }
            low = []
        }
        guard high.count + low.count < 8, let first = expand(high), let rest = expand(low) else {
            return nil
        }
        return first + Array(repeating: 0, count: 8 - high.count - low.count) + rest
    }

    private static func expand(_ parts: [ArraySlice<UInt8>]) -> [UInt16]? {
        var groups: [UInt16] = []
        for part in parts {
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for byte in part {
                switch byte {
                case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
                case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt16((byte | 0x20) - 0x57)
                default: return nil
                }
            }
            groups.append(value)
        }
        return groups
    }
}
