/// Names of properties in Django's spelling.
enum FieldName {
    /// `questionText` becomes `question_text`, `homeURL` becomes `home_url`.
    static func snakeCase(_ name: String) -> String {
        let bytes = Array(
            name.utf8.drop { $0 == UInt8(ascii: "`") }.filter { $0 != UInt8(ascii: "`") }
        )
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            guard isUpper(byte) else {
                result.append(byte)
                continue
            }
            let follows = index > 0 && bytes[index - 1] != UInt8(ascii: "_")
            let endsWord = follows && !isUpper(bytes[index - 1])
            let startsWord = follows && index + 1 < bytes.count && isLower(bytes[index + 1])
            if endsWord || startsWord { result.append(UInt8(ascii: "_")) }
            result.append(byte | 0x20)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `all_objects` becomes `allObjects`; what has no underscores stays as it is.
    static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        guard words.count > 1 else { return name }
        return words[0]
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Whether a text can be the name of a property.
    static func isIdentifier(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, !(0x30...0x39).contains(first) else { return false }
        return bytes.allSatisfy {
            isUpper($0) || isLower($0) || $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0)
        }
    }

    /// What Django refuses in a field's name.
    static func problem(_ name: String, _ property: String) -> ModelDiagnostic? {
        if name.hasSuffix("_") { return .endsInUnderscore(property) }
        if name.contains("__") { return .doubleUnderscore(property) }
        if name == "pk" { return .reservedName(property) }
        return nil
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}
