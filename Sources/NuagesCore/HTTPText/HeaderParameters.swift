/// A header value with parameters: `form-data; name="file"; filename="a.txt"`.
///
/// Django: `parse_header_parameters`.
public struct HeaderParameters: Sendable {
    /// What stands in front of the parameters, in lower case.
    public var value: String
    /// The parameters in order, their names in lower case, each name once.
    public var parameters: [(name: String, value: String)] = []

    /// Longer values are refused, so that nobody can make them costly.
    public static let maxLength = 10_000

    /// Parses a value.
    ///
    /// Quoted strings and the encoded forms of RFC 2231 (`filename*=UTF-8''a%20b`) are read. It is
    /// nil for a value that is too long, or whose encoded parameter is not UTF-8, US-ASCII or
    /// Latin-1.
    ///
    /// - Parameters:
    ///   - line: the value of the header field.
    ///   - maxLength: the longest value that is read, in bytes.
    public init?(_ line: String, maxLength: Int = HeaderParameters.maxLength) {
        guard line.utf8.count <= maxLength else { return nil }
        let parts = Self.split(Array(line.utf8), onByte: 0x3B)
        // As in Django a value with parameters ends at its first `=`.
        let main = parts.count > 1 ? parts[0].prefix { $0 != 0x3D } : parts[0]
        value = Self.text(Self.trimmed(main)).asciiLowercased
        var encoded: [(name: String, number: Int, isEncoded: Bool, value: [UInt8])] = []
        for part in parts.dropFirst() {
            let equals = part.firstIndex(of: 0x3D)
            let name = Self.text(Self.trimmed(part[..<(equals ?? part.endIndex)])).asciiLowercased
            guard !name.isEmpty else { continue }
            let raw = equals.map { Self.unquoted(Self.trimmed(part[($0 + 1)...])) } ?? []
            if let (base, number, isEncoded) = Self.continuation(name) {
                encoded.append((base, number, isEncoded, raw))
            } else {
                set(name, Self.text(raw[...]))
            }
        }
        guard addEncoded(encoded) else { return nil }
    }

    /// The value of a parameter.
    ///
    /// - Parameter name: the name in lower case.
    public subscript(_ name: String) -> String? {
        parameters.first { $0.name.equalsBytes(name) }?.value
    }

    private mutating func set(_ name: String, _ value: String) {
        if let index = parameters.firstIndex(where: { $0.name.equalsBytes(name) }) {
            parameters[index].value = value
        } else {
            parameters.append((name, value))
        }
    }

    /// Joins `name*0`, `name*1` … and decodes `charset'language'%XX`.
    private mutating func addEncoded(
        _ pieces: [(name: String, number: Int, isEncoded: Bool, value: [UInt8])]
    ) -> Bool {
        var names: [String] = []
        for piece in pieces where !names.contains(where: { $0.equalsBytes(piece.name) }) {
            names.append(piece.name)
        }
        for name in names {
            let group = pieces.filter { $0.name.equalsBytes(name) }.sorted { $0.number < $1.number }
            var bytes: [UInt8] = []
            var isLatin1 = false
            for (index, piece) in group.enumerated() {
                var value = piece.value[...]
                if index == 0, piece.isEncoded, let first = value.firstIndex(of: 0x27),
                    let second = value[(first + 1)...].firstIndex(of: 0x27)
                {
                    switch Self.text(value[..<first]).asciiLowercased {
                    case "", "utf-8", "utf8", "us-ascii", "ascii": break
                    case "iso-8859-1", "latin-1", "latin1": isLatin1 = true
                    default: return false
                    }
                    value = value[(second + 1)...]
                }
                bytes += piece.isEncoded ? PercentCoding.decode(value) ?? [] : Array(value)
            }
            set(
                name,
                isLatin1
                    ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
                    : Self.text(bytes[...])
            )
        }
        return true
    }

    /// `name*`, `name*0` and `name*0*`, taken apart.
    private static func continuation(_ name: String) -> (String, Int, Bool)? {
        let parts = name.split(onByte: 0x2A)
        switch parts.count {
        case 2 where parts[1].isEmpty: return (parts[0], 0, true)
        case 2:
            return parts[1].decimalDigitsValue.map { (parts[0], $0, false) }
        case 3 where parts[2].isEmpty:
            return parts[1].decimalDigitsValue.map { (parts[0], $0, true) }
        default: return nil
        }
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }

    /// The parts between separators outside quoted strings.
    package static func split(_ bytes: [UInt8], onByte separator: UInt8) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var isQuoted = false
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == 0x5C {
                isEscaped = true
            } else if byte == 0x22 {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                parts.append(bytes[start..<index])
                start = index + 1
            }
        }
        parts.append(bytes[start...])
        return parts
    }

    /// A quoted string without its quotes, with `\\` and `\"` read; other text as it is.
    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.count >= 2, bytes.first == 0x22, bytes.last == 0x22 else { return Array(bytes) }
        var output: [UInt8] = []
        var rest = bytes.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            if byte == 0x5C, let next = rest.first, next == 0x5C || next == 0x22 {
                output.append(next)
                rest.removeFirst()
            } else {
                output.append(byte)
            }
        }
        return output
    }
}
