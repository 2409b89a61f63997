/// Escapes text for HTML, byte by byte.
///
/// Works on UTF-8 bytes and never on `Character`: a quote followed by a combining mark is one
/// `Character`, and an escaper that walks characters would let it through.
///
/// Django: `django.utils.html.escape`.
public enum HTMLEscaper {
    /// Returns `text` with `&`, `<`, `>`, `"` and `'` replaced by character references.
    ///
    ///     HTMLEscaper.escape("<a href='x'>")   // &lt;a href=&#x27;x&#x27;&gt;
    ///
    /// - Parameter text: text of any origin.
    /// - Returns: text that is safe as HTML content and inside a quoted attribute.
    public static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: isSpecial) else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        append(text, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the escaped UTF-8 bytes of `text` to `output`.
    ///
    /// - Parameters:
    ///   - text: text of any origin.
    ///   - output: the bytes of the page so far.
    public static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &output) }
    }

    /// Appends the escaped form of UTF-8 bytes to `output`.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - output: the bytes of the page so far.
    public static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var start = 0
        for index in bytes.indices {
            guard isSpecial(bytes[index]), let reference = reference(for: bytes[index]) else {
                continue
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            output.append(contentsOf: reference.utf8)
            start = index + 1
        }
        output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    /// A bit for each of the five bytes, all of which are below 64.
    private static let specials: UInt64 =
        1 << 0x26 | 1 << 0x3C | 1 << 0x3E | 1 << 0x22 | 1 << 0x27

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 64 && specials &>> UInt64(byte) & 1 == 1
    }

    private static func reference(for byte: UInt8) -> StaticString? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#x27;"
        default: nil
        }
    }
}

extension StaticString {
    /// The UTF-8 bytes of a literal.
    fileprivate var utf8: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
