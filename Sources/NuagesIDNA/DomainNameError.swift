internal import CLibIDN

/// A text that is the name of no host.
package struct DomainNameError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Equatable, Sendable {
        /// The whole is longer than any name.
        case tooLong
        /// A label is empty or longer than 63 bytes.
        case labelLength
        /// A character has no place in names, or not beside the others.
        case forbiddenCharacters
        /// A label of another script begins like one that is in Punycode.
        case prefix
        /// Anything else, by the number that libidn gives it.
        case other(Int)

        init(_ status: Int32) {
            self =
                switch UInt32(bitPattern: status) {
                case UInt32(IDNA_INVALID_LENGTH.rawValue): .labelLength
                case UInt32(IDNA_STRINGPREP_ERROR.rawValue): .forbiddenCharacters
                case UInt32(IDNA_CONTAINS_ACE_PREFIX.rawValue): .prefix
                default: .other(Int(status))
                }
        }
    }

    /// The text, cut where it is long.
    package let name: String
    /// What is wrong.
    package let reason: Reason

    init(_ name: String, _ reason: Reason) {
        self.name = String(name.unicodeScalars.prefix(80))
        self.reason = reason
    }

    /// The name, what is wrong with it, and what to do.
    package var description: String {
        let (problem, remedy) =
            switch reason {
            case .tooLong:
                ("it has more than \(DomainName.maxLength) bytes", "Names have at most 253.")
            case .labelLength:
                ("a label is empty or too long", "Write 1 to 63 characters between two dots.")
            case .forbiddenCharacters:
                (
                    "a character has no place in it",
                    "Leave out control characters, and do not mix directions of writing in a label."
                )
            case .prefix:
                ("a label begins with 'xn--'", "Write it either in Punycode or in its script.")
            case .other(let status):
                ("libidn says error \(status)", "Compare it with RFC 3490.")
            }
        return "'\(name)' is no domain name: \(problem). \(remedy)"
    }
}
