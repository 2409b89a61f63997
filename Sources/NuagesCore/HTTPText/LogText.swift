/// Makes texts from outside harmless in a log.
public enum LogText {
    /// `text` with control characters, line separators and backslashes escaped, cut at `limit`.
    ///
    ///     LogText.escape("/a\r\nFAKE")   // /a\r\nFAKE, on one line
    ///
    /// - Parameters:
    ///   - text: text of any origin.
    ///   - limit: the largest number of scalars to keep.
    /// - Returns: text that cannot begin a new line or steer a terminal.
    public static func escape(_ text: String, limit: Int = 2048) -> String {
        var output: [UInt8] = []
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < limit else {
                output.append(contentsOf: "…".utf8)
                break
            }
            switch scalar.value {
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case 0x0D: output.append(contentsOf: "\\r".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0x5C: output.append(contentsOf: "\\\\".utf8)
            // Controls, separators, and marks that change the direction of writing.
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E,
                0x2066...0x2069:
                output.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
            default: output.append(contentsOf: scalar.utf8)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
