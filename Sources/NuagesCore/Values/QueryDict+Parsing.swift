/// What was wrong with a query string or an urlencoded body.
public enum QueryStringError: Error, Hashable, CustomStringConvertible {
    /// There are more fields than allowed.
    case tooManyFields(limit: Int)
    /// A name or a value is not UTF-8.
    case invalidUTF8
    /// A name or a value has a NUL byte.
    case nul

    /// What was wrong.
    public var description: String {
        switch self {
        case .tooManyFields(let limit):
            "The query has more than \(limit) fields. Raise the limit of form fields if a form "
                + "of this site has so many."
        case .invalidUTF8: "A field of the query is not valid UTF-8."
        case .nul: "A field of the query has a NUL byte."
        }
    }
}

extension QueryDict {
    /// How bytes that are not UTF-8 are read.
    public enum InvalidUTF8: Sendable {
        /// They refuse the whole text.
        case refuse
        /// Each becomes U+FFFD, as Django reads a query string.
        case replace
    }

    /// Parses a query string or an urlencoded body; `&` separates fields, `;` does not.
    ///
    ///     try QueryDict(query: "a=1&b=x+y&a=%C3%BC")   // a: ["1", "ü"], b: ["x y"]
    ///
    /// - Parameters:
    ///   - query: the text without a leading `?`.
    ///   - maxFields: the largest number of fields, 1,000 in Django.
    ///   - allowsNUL: whether values may have NUL bytes, which form fields report themselves.
    ///   - invalidUTF8: how bytes that are not UTF-8 are read.
    ///   - charset: how percent-encoded bytes are read.
    /// - Throws: ``QueryStringError``.
    public init(
        query: String,
        maxFields: Int = 1000,
        allowsNUL: Bool = false,
        invalidUTF8: InvalidUTF8 = .refuse,
        charset: Charset = .utf8
    ) throws(QueryStringError) {
        try self.init(
            query: Array(query.utf8)[...],
            maxFields: maxFields,
            allowsNUL: allowsNUL,
            invalidUTF8: invalidUTF8,
            charset: charset
        )
    }

    package init(
        query: ArraySlice<UInt8>,
        maxFields: Int = 1000,
        allowsNUL: Bool = false,
        invalidUTF8: InvalidUTF8 = .refuse,
        charset: Charset = .utf8
    ) throws(QueryStringError) {
        self.init()
        self.charset = charset
        guard !query.isEmpty else { return }
        // Counted before anything is stored; Django counts separators in the same way.
        var separators = 0
        for byte in query where byte == 0x26 { separators &+= 1 }
        guard separators < maxFields else { throw .tooManyFields(limit: maxFields) }
        reserveCapacity(separators + 1)
        var reader = FieldReader(charset: charset, policy: invalidUTF8)
        var start = query.startIndex
        while start < query.endIndex {
            let end = query[start...].firstIndex(of: 0x26) ?? query.endIndex
            if end > start {
                let equals = query[start..<end].firstIndex(of: 0x3D) ?? end
                let name = try reader.text(query[start..<equals])
                guard !reader.sawNUL else { throw .nul }
                let value = equals < end ? try reader.text(query[(equals + 1)..<end]) : ""
                guard allowsNUL || !reader.sawNUL else { throw .nul }
                append(name, value)
            }
            start = end + 1
        }
    }

    /// The query string of these names and values.
    ///
    ///     QueryDict(…).urlencoded()            // a=1&a=2&next=%2Fhome%2F
    ///     QueryDict(…).urlencoded(safe: "/")   // a=1&a=2&next=/home/
    ///
    /// - Parameter safe: characters that stay as they are, besides letters, digits and `_.-~`.
    /// - Returns: the query string without `?`; what ``charset`` cannot express is in UTF-8.
    public func urlencoded(safe: String = "") -> String {
        let safeBytes = PercentCoding.Safe(safe)
        var fields: [String] = []
        for (name, values) in entries {
            for value in values {
                // Python's `quote` writes a blank as %20 when it is told what is safe.
                let encode: (String) -> String = { text in
                    let bytes = charset.encode(text) ?? Array(text.utf8)
                    return safe.isEmpty
                        ? PercentCoding.encodeForm(bytes)
                        : PercentCoding.encode(bytes, safe: safeBytes)
                }
                fields.append("\(encode(name))=\(encode(value))")
            }
        }
        return fields.joined(separator: "&")
    }
}

/// Decodes the names and values of a query, in one space for all of them.
private struct FieldReader {
    let charset: Charset
    let policy: QueryDict.InvalidUTF8
    /// Whether the last text has a NUL byte.
    private(set) var sawNUL = false
    private var decoded: [UInt8] = []

    init(charset: Charset, policy: QueryDict.InvalidUTF8) {
        self.charset = charset
        self.policy = policy
    }

    /// The text that `bytes` stand for.
    mutating func text(_ bytes: ArraySlice<UInt8>) throws(QueryStringError) -> String {
        var all: UInt8 = 0
        var isEscaped = false
        sawNUL = false
        for byte in bytes {
            all |= byte
            if byte == 0x25 || byte == 0x2B { isEscaped = true }
            if byte == 0 { sawNUL = true }
        }
        guard isEscaped else { return try string(bytes, isASCII: all < 0x80) }
        guard charset == .utf8 else {
            let text = try foreignText(bytes)
            if text.utf8.contains(0) { sawNUL = true }
            return text
        }
        decoded.removeAll(keepingCapacity: true)
        _ = PercentCoding.appendDecoded(bytes, plusIsBlank: true, to: &decoded)
        all = 0
        for byte in decoded {
            all |= byte
            if byte == 0 { sawNUL = true }
        }
        return try string(decoded[...], isASCII: all < 0x80)
    }

    /// Text whose escapes are in another charset; letters that are not escaped stay as they are.
    private func foreignText(_ bytes: ArraySlice<UInt8>) throws(QueryStringError) -> String {
        var output = ""
        var rest = bytes
        while !rest.isEmpty {
            let plain = rest.prefix { $0 < 0x80 }
            let decoded = PercentCoding.decode(plain, plusIsBlank: true) ?? []
            if let text = charset.decode(decoded) {
                output += text
            } else {
                guard policy == .replace else { throw .invalidUTF8 }
                output += String(decoding: decoded, as: UTF8.self)
            }
            rest = rest[plain.endIndex...]
            let letters = rest.prefix { $0 >= 0x80 }
            output += try string(letters, isASCII: letters.isEmpty)
            rest = rest[letters.endIndex...]
        }
        return output
    }

    private func string(
        _ bytes: ArraySlice<UInt8>,
        isASCII: Bool
    ) throws(QueryStringError) -> String {
        // `String(validating:)` is generic code, many times slower than what decodes a buffer.
        if !isASCII, policy == .refuse {
            let text = bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
            guard let text else { throw .invalidUTF8 }
            return text
        }
        return bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
