/// Refuses text with a NUL, which C libraries and databases would cut off there.
///
/// Django: `ProhibitNullCharactersValidator`.
public struct NullCharacterValidator: Validator {
    /// The text of the error.
    public var message: ErrorMessage = "Null characters are not allowed."
    /// The code of the error.
    public var code = "null_characters_not_allowed"

    /// The rule against NUL.
    public init() {}

    /// Accepts text without NUL.
    public func validate(_ value: String) throws(ValidationError) {
        if value.withUTF8Bytes({ $0.contains(0) }) {
            throw ValidationError(message, code: code, parameters: [ErrorParameter("value", value)])
        }
    }
}
