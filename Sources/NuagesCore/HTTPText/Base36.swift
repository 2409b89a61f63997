/// Whole numbers in base 36, as Django writes times into password-reset links.
public enum Base36 {
    /// Longer texts could be more than 64 bits (13 digits hold 67).
    private static let maxLength = 13

    /// The number in digits and lower-case letters.
    ///
    /// - Parameter number: the number.
    /// - Returns: the text, or nil for a negative number.
    public static func encode(_ number: some BinaryInteger) -> String? {
        number < 0 ? nil : String(number, radix: 36)
    }

    /// The number of a text.
    ///
    ///     Base36.decode("rs")                              // 1000
    ///     Base36.decode("-1")                              // -1
    ///
    /// Django: `base36_to_int`.
    ///
    /// - Parameter text: digits and letters, and in front of them a sign or none.
    /// - Returns: the number, or nil where the text is longer than 13 bytes, no such number, or
    ///   one that `Int` does not hold.
    public static func decode(_ text: String) -> Int? {
        guard text.utf8.count <= maxLength else { return nil }
        return Int(text, radix: 36)
    }
}
