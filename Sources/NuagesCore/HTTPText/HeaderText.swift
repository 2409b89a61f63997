/// Small parts of header values.
public enum HeaderText {
    /// The elements of a list of tokens, separated by `separator`; empty ones left out.
    ///
    ///     HeaderText.split("no-store, max-age=0")   // ["no-store", "max-age=0"]
    ///
    /// Django: `split_header_value`.
    ///
    /// - Parameters:
    ///   - value: the value of a header field.
    ///   - separator: an ASCII character.
    /// - Returns: the elements without blanks around them.
    public static func split(_ value: String, separator: Character = ",") -> [String] {
        guard let byte = separator.asciiValue else { return [value] }
        return value.split(onByte: byte).map(\.trimmingBlanks).filter { !$0.isEmpty }
    }

    /// The names of directives such as those of `Cache-Control`, in lower case.
    ///
    ///     HeaderText.directiveNames("no-cache=\"Set-Cookie\", Max-Age=0")   // ["no-cache", "max-age"]
    ///
    /// - Parameter value: the value of the header field.
    /// - Returns: the names in order.
    public static func directiveNames(_ value: String) -> [String] {
        split(value).map { $0.split(onByte: 0x3D)[0].trimmingBlanks.asciiLowercased }
    }

    /// `Content-Disposition` for a file of this name (RFC 6266).
    ///
    ///     HeaderText.contentDisposition(isAttachment: true, fileName: "a.txt")   // attachment; filename="a.txt"
    ///
    /// Django: `content_disposition_header`.
    ///
    /// - Parameters:
    ///   - isAttachment: whether the browser saves the file in place of showing it.
    ///   - fileName: the name it saves it by; quoted, so that it cannot end the value.
    /// - Returns: the value; nil where it would say nothing.
    public static func contentDisposition(isAttachment: Bool, fileName: String) -> String? {
        guard !fileName.utf8.isEmpty else { return isAttachment ? "attachment" : nil }
        let kind = isAttachment ? "attachment" : "inline"
        guard fileName.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 < 0x7F) }) else {
            let encoded = PercentCoding.encode(fileName, safe: PercentCoding.Safe("/"))
            return "\(kind); filename*=utf-8''\(encoded)"
        }
        var quoted: [UInt8] = []
        for byte in fileName.utf8 {
            if byte == 0x22 || byte == 0x5C { quoted.append(0x5C) }
            quoted.append(byte)
        }
        return "\(kind); filename=\"\(String(decoding: quoted, as: UTF8.self))\""
    }

    /// The entity tags of `If-Match` or `If-None-Match`; `["*"]` for the wildcard.
    ///
    /// Django: `parse_etags`.
    ///
    /// - Parameter value: the value of the header field.
    /// - Returns: the tags with their quotes; what is no tag is left out.
    public static func entityTags(_ value: String) -> [String] {
        if value.trimmingBlanks == "*" { return ["*"] }
        return value.split(onByte: 0x2C).map(\.trimmingBlanks).filter(isEntityTag)
    }

    /// The tag in quotes, if it is not an entity tag yet.
    ///
    /// Django: `quote_etag`.
    ///
    /// - Parameter tag: a tag or its text.
    /// - Returns: a tag.
    public static func entityTag(_ tag: String) -> String {
        isEntityTag(tag) ? tag : "\"\(tag)\""
    }

    private static func isEntityTag(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0x57, 0x2F]) { bytes = bytes.dropFirst(2) }
        return bytes.count >= 2 && bytes.first == 0x22 && bytes.last == 0x22
            && !bytes.dropFirst().dropLast().contains(0x22)
    }
}
