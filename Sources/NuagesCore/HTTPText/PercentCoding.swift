/// Percent-encoding of URLs (RFC 3986, section 2.1) on bytes.
public enum PercentCoding {
    /// Bytes that stay as they are when text is encoded.
    public struct Safe: Sendable, Hashable {
        var low: UInt64
        var high: UInt64

        /// Letters, digits, `_`, `.`, `-`, `~` and the ASCII characters of `extra`.
        ///
        /// - Parameter extra: further characters that stay.
        public init(_ extra: String = "") {
            low = 0
            high = 0
            for byte in UInt8(0)..<128 where byte.isASCIIAlphanumeric { insert(byte) }
            for byte in "_.-~".utf8 { insert(byte) }
            for byte in extra.utf8 where byte < 128 { insert(byte) }
        }

        private mutating func insert(_ byte: UInt8) {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte &- 64) }
        }

        func contains(_ byte: UInt8) -> Bool {
            if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
            return byte < 128 && high >> UInt64(byte &- 64) & 1 == 1
        }

        /// For one segment of a path or a parameter of a query.
        public static let component = Safe()
        /// For a path with its slashes (Django: `escape_uri_path`).
        public static let path = Safe("/:@&+$,!*'()")
        /// For a whole URL that may be encoded already (Django: `iri_to_uri`).
        public static let iri = Safe("/#%[]=:;$&()+,!?*@'")
        /// For the path of a file below an address such as `MEDIA_URL` (Django:
        /// `filepath_to_uri`).
        public static let filePath = Safe("/!*()'")
        /// For a URL made by `reverse`.
        public static let reversed = Safe("/~:@!$&'()*+,;=")
    }

    /// `text` with every byte that is not in `safe` written as `%XX`.
    ///
    ///     PercentCoding.encode("a b/ü")   // a%20b%2F%C3%BC
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - safe: the bytes that stay.
    /// - Returns: the encoded text, ASCII only.
    public static func encode(_ text: String, safe: Safe = .component) -> String {
        guard !text.utf8.allSatisfy(safe.contains) else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        append(text, safe: safe, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Encodes bytes in any charset.
    ///
    /// - Parameters:
    ///   - bytes: the bytes.
    ///   - safe: the bytes that stay.
    /// - Returns: the encoded text, ASCII only.
    public static func encode(_ bytes: [UInt8], safe: Safe) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + 16)
        for byte in bytes { append(byte, safe: safe, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    /// Encodes text as a form does: a blank becomes `+` (Python: `quote_plus`).
    package static func encodeForm(_ text: String, safe: Safe = .component) -> String {
        guard !text.utf8.allSatisfy(safe.contains) else { return text }
        return encodeForm(Array(text.utf8), safe: safe)
    }

    /// Encodes bytes in any charset as a form does.
    package static func encodeForm(_ bytes: [UInt8], safe: Safe = .component) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + 16)
        for byte in bytes {
            if byte == 0x20 { output.append(0x2B) } else { append(byte, safe: safe, to: &output) }
        }
        return String(decoding: output, as: UTF8.self)
    }

    package static func append(_ text: String, safe: Safe, to output: inout [UInt8]) {
        for byte in text.utf8 { append(byte, safe: safe, to: &output) }
    }

    private static func append(_ byte: UInt8, safe: Safe, to output: inout [UInt8]) {
        if safe.contains(byte) {
            output.append(byte)
        } else {
            output.append(0x25)
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }

    package static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x37 &+ value
    }

    /// How a malformed escape such as `%zz` is read.
    package enum Malformed: Sendable {
        /// It stays as it is, as browsers and Django read it in queries.
        case keep
        /// It refuses the whole text.
        case refuse
    }

    /// The bytes with `%XX` decoded once; nil for a malformed escape that is refused.
    package static func decode(
        _ bytes: some Collection<UInt8>,
        plusIsBlank: Bool = false,
        malformed: Malformed = .keep
    ) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        let isWhole = appendDecoded(
            bytes,
            plusIsBlank: plusIsBlank,
            malformed: malformed,
            to: &output
        )
        return isWhole ? output : nil
    }

    /// Appends the bytes with `%XX` decoded once.
    ///
    /// - Returns: false for a malformed escape that is refused.
    static func appendDecoded(
        _ bytes: some Collection<UInt8>,
        plusIsBlank: Bool,
        malformed: Malformed = .keep,
        to output: inout [UInt8]
    ) -> Bool {
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            bytes.formIndex(after: &index)
            guard byte == 0x25 else {
                output.append(plusIsBlank && byte == 0x2B ? 0x20 : byte)
                continue
            }
            if index != bytes.endIndex, let high = bytes[index].hexValue {
                let second = bytes.index(after: index)
                if second != bytes.endIndex, let low = bytes[second].hexValue {
                    output.append(high << 4 | low)
                    index = bytes.index(after: second)
                    continue
                }
            }
            if malformed == .refuse { return false }
            output.append(byte)
        }
        return true
    }
}
