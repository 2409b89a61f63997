/// How text is written in bytes, by the names that HTTP has for it.
///
/// Nuages writes UTF-8; the others are for clients and sites that still send them.
public enum Charset: Sendable, Hashable, CaseIterable {
    /// Unicode in one to four bytes.
    case utf8
    /// Seven bits.
    case ascii
    /// ISO-8859-1, the first 256 characters of Unicode.
    case latin1
    /// Latin-1 with the characters of Windows in place of the controls 80 to 9F.
    case windows1252

    /// The charset of a name such as `utf-8` or `latin-1`; nil for one that is not known here.
    ///
    /// - Parameter name: compared without regard to ASCII case.
    public init?(name: String) {
        switch name.trimmingBlanks.asciiLowercased {
        case "utf-8", "utf8", "utf_8", "u8": self = .utf8
        case "us-ascii", "ascii", "646": self = .ascii
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin-1", "latin1", "l1", "8859":
            self = .latin1
        case "windows-1252", "cp1252": self = .windows1252
        default: return nil
        }
    }

    /// The name that headers have, such as `utf-8`.
    public var name: String {
        switch self {
        case .utf8: "utf-8"
        case .ascii: "us-ascii"
        case .latin1: "iso-8859-1"
        case .windows1252: "windows-1252"
        }
    }

    /// The text of bytes; nil where they are none in this charset.
    ///
    /// - Parameter bytes: the bytes.
    /// - Returns: the text.
    public func decode(_ bytes: some Collection<UInt8>) -> String? {
        switch self {
        case .utf8: return String(validating: bytes, as: UTF8.self)
        case .ascii:
            return bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
        case .latin1, .windows1252:
            var scalars = String.UnicodeScalarView()
            for byte in bytes {
                guard let scalar = scalar(byte) else { return nil }
                scalars.append(scalar)
            }
            return String(scalars)
        }
    }

    /// The bytes of a text; nil where the charset cannot express it.
    ///
    /// - Parameter text: the text.
    /// - Returns: the bytes.
    public func encode(_ text: String) -> [UInt8]? {
        switch self {
        case .utf8: return Array(text.utf8)
        case .ascii: return text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : nil
        case .latin1, .windows1252:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.utf8.count)
            for scalar in text.unicodeScalars {
                guard let byte = byte(scalar) else { return nil }
                bytes.append(byte)
            }
            return bytes
        }
    }

    private func scalar(_ byte: UInt8) -> Unicode.Scalar? {
        guard self == .windows1252, (0x80...0x9F).contains(byte) else {
            return Unicode.Scalar(byte)
        }
        let value = Self.windows[Int(byte &- 0x80)]
        return value == 0 ? nil : Unicode.Scalar(value)
    }

    private func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        if let byte = UInt8(exactly: scalar.value),
            self == .latin1 || !(0x80...0x9F).contains(byte)
        {
            return byte
        }
        guard self == .windows1252, let place = Self.windows.firstIndex(of: scalar.value) else {
            return nil
        }
        return UInt8(0x80 + place)
    }

    /// The characters of the bytes 80 to 9F; 0 where there is none.
    private static let windows: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
        0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
        0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]
}
