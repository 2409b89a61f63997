/// Text that has the form of an email address.
///
///     EmailAddress("ada@example.com")     // an address
///     EmailAddress("ada")                 // nil
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address as it was given.
    public let text: String

    /// An address, or nil for text that is none.
    ///
    /// - Parameter text: text of any origin.
    public init?(_ text: String) {
        do throws(ValidationError) { try EmailValidator().validate(text) } catch { return nil }
        self.text = text
    }

    /// The address.
    public var description: String { text }

    /// Whether both have the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
