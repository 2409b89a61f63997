/// The text of an error before its parameters are filled in, with a plural where it has one.
///
/// The English text is also the key by which a catalogue translates it.
public struct ErrorMessage: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The text; the singular where there is a plural.
    public var singular: String
    /// The text for any number but one.
    public var plural: String?
    /// The parameter that chooses between singular and plural.
    public var countParameter: String?

    /// A text without a plural.
    ///
    /// - Parameter text: the text, which may name parameters as `%(limit)s`.
    public init(_ text: String) { singular = text }

    /// A text without a plural.
    ///
    /// - Parameter value: the text, which may name parameters as `%(limit)s`.
    public init(stringLiteral value: String) { singular = value }

    /// A text with a plural.
    ///
    /// - Parameters:
    ///   - singular: the text for one.
    ///   - plural: the text for any other number.
    ///   - countParameter: the parameter that chooses.
    public init(_ singular: String, plural: String, by countParameter: String) {
        self.singular = singular
        self.plural = plural
        self.countParameter = countParameter
    }

    /// The number by which the plural is chosen.
    ///
    /// - Parameter parameters: the values that the message names.
    /// - Returns: the number; nil where the message has no plural.
    public func count(in parameters: [ErrorParameter]) -> Int? {
        guard let countParameter else { return nil }
        return parameters.first { $0.name == countParameter }?.count
    }

    /// The text in English, its parameters filled in.
    ///
    /// - Parameter parameters: the values that the message names.
    /// - Returns: the text.
    public func text(with parameters: [ErrorParameter]) -> String {
        let isPlural = count(in: parameters).map { $0 != 1 } ?? false
        return Self.fill(isPlural ? plural ?? singular : singular, with: parameters)
    }

    /// Fills `%(name)s` and `%(name)d` in.
    ///
    /// - Parameters:
    ///   - template: a text, perhaps translated.
    ///   - parameters: the values by name.
    /// - Returns: the text; a name without a value stays as it is.
    public static func fill(_ template: String, with parameters: [ErrorParameter]) -> String {
        guard !parameters.isEmpty, template.utf8.contains(UInt8(ascii: "%")) else {
            return template
        }
        let bytes = Array(template.utf8)
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%"), index + 1 < bytes.count else {
                output.append(bytes[index])
                index += 1
                continue
            }
            if bytes[index + 1] == UInt8(ascii: "%") {
                output.append(UInt8(ascii: "%"))
                index += 2
            } else if let (name, end) = placeholder(in: bytes, at: index),
                let parameter = parameters.first(where: { $0.name.utf8.elementsEqual(name) })
            {
                output.append(contentsOf: parameter.text.utf8)
                index = end
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The name of `%(name)s` at `start` and the index behind it.
    private static func placeholder(
        in bytes: [UInt8],
        at start: Int
    ) -> (name: ArraySlice<UInt8>, end: Int)? {
        guard start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "(") else { return nil }
        guard let close = bytes[(start + 2)...].firstIndex(of: UInt8(ascii: ")")),
            close + 1 < bytes.count,
            bytes[close + 1] == UInt8(ascii: "s") || bytes[close + 1] == UInt8(ascii: "d")
        else { return nil }
        return (bytes[(start + 2)..<close], close + 2)
    }
}
