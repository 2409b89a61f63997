/// Recognizes the plainest host names and addresses, so that most values need no closer look.
///
/// What is refused here may still be valid.
enum PlainHost {
    /// Two or more labels of ASCII letters, digits and inner hyphens, the last of letters only.
    static func isHost(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard bytes.count <= 253 else { return false }
        var length = 0
        var labels = 0
        var isLettersOnly = true
        var previous = UInt8(ascii: ".")
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "."):
                guard length > 0, previous != UInt8(ascii: "-") else { return false }
                labels += 1
                length = 0
                isLettersOnly = true
                previous = byte
                continue
            case 0x61...0x7A, 0x41...0x5A: break
            case 0x30...0x39: isLettersOnly = false
            case UInt8(ascii: "-"):
                guard length > 0 else { return false }
                isLettersOnly = false
            default: return false
            }
            length += 1
            guard length <= 63 else { return false }
            previous = byte
        }
        return labels > 0 && length >= 2 && isLettersOnly
    }

    /// `name@host`, the name of ASCII letters, digits and inner dots, hyphens and underscores.
    static func isAddress(_ text: String) -> Bool { text.withUTF8Bytes(isAddress) }

    private static func isAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= 254, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else {
            return false
        }
        var previous = UInt8(ascii: ".")
        for byte in bytes[..<at] {
            switch byte {
            case UInt8(ascii: "."): guard previous != byte else { return false }
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "+"):
                break
            default: return false
            }
            previous = byte
        }
        guard previous != UInt8(ascii: ".") else { return false }
        return isHost(bytes[bytes.index(after: at)...])
    }

    /// `http://host` or `https://host`, and perhaps a path, a query and a fragment of printable
    /// ASCII.
    static func isURL(_ text: String, schemes: [String]) -> Bool {
        text.withUTF8Bytes { isURL($0, schemes) }
    }

    private static func isURL(_ bytes: UnsafeBufferPointer<UInt8>, _ schemes: [String]) -> Bool {
        guard bytes.count <= 2000, bytes.starts(with: "http".utf8) else { return false }
        var rest = bytes[4...]
        let isSecure = rest.first == UInt8(ascii: "s")
        if isSecure { rest = rest.dropFirst() }
        guard rest.starts(with: "://".utf8) else { return false }
        guard schemes.contains(where: { $0.equalsBytes(isSecure ? "https" : "http") }) else {
            return false
        }
        let authority = rest.dropFirst(3)
        let end = authority.firstIndex { byte in
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
        }
        let host = authority[..<(end ?? authority.endIndex)]
        let tail = authority[(end ?? authority.endIndex)...]
        return isHost(host) && tail.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
