extension PercentCoding {
    /// An address as people read it: escapes of letters are decoded, all others stay.
    ///
    ///     PercentCoding.decodeIRI("/I%20%E2%99%A5%20Nuages/")   // /I%20♥%20Nuages/
    ///
    /// What could change the meaning of the address, such as `%2F`, and bytes that are not UTF-8
    /// stay escaped, so the result can be encoded again.
    ///
    /// Django: `uri_to_iri` (RFC 3987, section 3.2).
    ///
    /// - Parameter uri: the address.
    /// - Returns: the address with its letters.
    public static func decodeIRI(_ uri: String) -> String {
        guard uri.utf8.contains(0x25) else { return uri }
        let bytes = Array(uri.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count,
                let high = bytes[index + 1].hexValue, let low = bytes[index + 2].hexValue
            {
                let byte = high << 4 | low
                if byte >= 0x80 || isLetter(byte) {
                    output.append(byte)
                    index += 3
                    continue
                }
            }
            output.append(bytes[index])
            index += 1
        }
        return String(decoding: escapingBrokenUTF8(output), as: UTF8.self)
    }

    /// What RFC 3986 calls unreserved, but for the digits, as Django has it.
    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
    }

    /// The bytes with those that are part of no UTF-8 sequence escaped again.
    ///
    /// Django: `repercent_broken_unicode`, here in one pass.
    package static func escapingBrokenUTF8(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let length = sequenceLength(bytes, at: index)
            if length > 0 {
                output += bytes[index..<index + length]
                index += length
            } else {
                let byte = bytes[index]
                output += [0x25, hexDigit(byte >> 4), hexDigit(byte & 15)]
                index += 1
            }
        }
        return output
    }

    /// The length of the valid sequence at `index`, 1 to 4; 0 where there is none.
    private static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
        let length =
            switch bytes[index] {
            case 0..<0x80: 1
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard length > 1 else { return length }
        guard index + length <= bytes.count,
            String(validating: bytes[index..<index + length], as: UTF8.self) != nil
        else { return 0 }
        return length
    }
}
