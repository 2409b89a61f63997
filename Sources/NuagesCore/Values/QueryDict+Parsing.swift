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
        var start = query.startIndex
        while start < query.endIndex {
            let end = query[start...].firstIndex(of: 0x26) ?? query.endIndex
            if end > start {
                let field = query[start..<end]
                let equals = field.firstIndex(of: 0x3D) ?? end
                let name = try text(field[..<equals], invalidUTF8)
                let value = equals < end ? try text(field[(equals + 1)...], invalidUTF8) : ""
                if name.utf8.contains(0) || (!allowsNUL && value.utf8.contains(0)) { throw .nul }
                append(name, value)
            }
            start = end + 1
        }
    }

    private func text(
        _ bytes: ArraySlice<UInt8>,
        _ policy: InvalidUTF8
    ) throws(QueryStringError) -> String {
        guard bytes.contains(where: { $0 == 0x25 || $0 == 0x2B }) else {
            return try Self.string(bytes, policy)
        }
        guard charset == .utf8 else { return try foreignText(bytes, policy) }
        return try Self.string(PercentCoding.decode(bytes, plusIsBlank: true) ?? [], policy)
    }

    /// Text whose escapes are in another charset; letters that are not escaped stay as they are.
    private func foreignText(
        _ bytes: ArraySlice<UInt8>,
        _ policy: InvalidUTF8
    ) throws(QueryStringError) -> String {
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
            output += try Self.string(letters, policy)
            rest = rest[letters.endIndex...]
        }
        return output
    }

    private static func string(
        _ bytes: some Collection<UInt8>,
        _ policy: InvalidUTF8
    ) throws(QueryStringError) -> String {
        // Of a buffer the standard library has a version that is compiled already.
        let valid = bytes.withContiguousStorageIfAvailable {
            String(validating: $0, as: UTF8.self)
        }
        if let text = valid ?? String(validating: bytes, as: UTF8.self) { return text }
        guard policy == .replace else { throw .invalidUTF8 }
        return String(decoding: bytes, as: UTF8.self)
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
