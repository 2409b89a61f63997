/// Python's flags of regular expressions.
public struct RegexOptions: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// Flags from their bits.
    ///
    /// - Parameter rawValue: the bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `re.IGNORECASE`: letters in any case.
    public static let ignoreCase = Self(rawValue: 1)
    /// `re.MULTILINE`: `^` and `$` at every line.
    public static let multiline = Self(rawValue: 2)
    /// `re.DOTALL`: `.` takes line feeds.
    public static let dotAll = Self(rawValue: 4)
    /// `re.ASCII`: `\d`, `\s`, `\w` and `\b` know ASCII only.
    public static let ascii = Self(rawValue: 8)
    /// `re.VERBOSE`: white space and comments in the pattern do not count.
    public static let verbose = Self(rawValue: 16)

    init?(flag: Unicode.Scalar) {
        switch flag {
        case "i": self = .ignoreCase
        case "m": self = .multiline
        case "s": self = .dotAll
        case "a": self = .ascii
        case "x": self = .verbose
        default: return nil
        }
    }
}
