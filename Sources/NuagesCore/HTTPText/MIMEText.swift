/// Text outside Latin-1 in header fields, as encoded words (RFC 2047).
package enum MIMEText {
    /// The value as it can be sent: as it is, or as one encoded word where it has characters
    /// outside Latin-1.
    ///
    ///     MIMEText.encoded("日本")   // =?utf-8?b?5pel5pys?=
    ///
    /// Django's response headers and Python's `email.header` write the same.
    package static func encoded(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 > 0xC3 }) else { return value }
        let bytes = Array(value.utf8)
        let quoted = bytes.flatMap(quotedBytes)
        // The shorter of the two forms, Base64 where they are equal.
        guard (bytes.count + 2) / 3 * 4 >= quoted.count else {
            return "=?utf-8?b?\(Base64URL.encode(bytes).paddedBase64)?="
        }
        return "=?utf-8?q?\(String(decoding: quoted, as: UTF8.self))?="
    }

    private static func quotedBytes(_ byte: UInt8) -> [UInt8] {
        if byte == 0x20 { return [0x5F] }
        switch byte {
        case 0x21, 0x2A, 0x2B, 0x2D, 0x2F: return [byte]
        case _ where byte.isASCIIAlphanumeric: return [byte]
        default:
            return [0x3D, PercentCoding.hexDigit(byte >> 4), PercentCoding.hexDigit(byte & 15)]
        }
    }
}

extension String {
    /// URL-safe Base64 without padding, in the usual alphabet with padding.
    package var paddedBase64: String {
        var bytes = utf8.map { $0 == 0x2D ? 0x2B : $0 == 0x5F ? 0x2F : $0 }
        while bytes.count % 4 != 0 { bytes.append(0x3D) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
