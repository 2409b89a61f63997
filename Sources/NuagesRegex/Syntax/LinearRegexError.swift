/// What keeps a text from being a pattern.
public enum LinearRegexError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It is no regular expression.
    case malformed(pattern: String, offset: Int, reason: String)
    /// It needs what cannot be matched in linear time, or what no machine here can do.
    case unsupported(pattern: String, offset: Int, construct: String, remedy: String)
    /// It grows beyond the memory that one pattern may take.
    case tooLarge(pattern: String, reason: String)

    /// The pattern.
    public var pattern: String {
        switch self {
        case .malformed(let pattern, _, _), .unsupported(let pattern, _, _, _),
            .tooLarge(let pattern, _):
            pattern
        }
    }

    /// What is wrong, and what to write instead.
    public var description: String {
        switch self {
        case .malformed(let pattern, let offset, let reason):
            "'\(pattern)' is no regular expression: \(reason) at position \(offset)."
        case .unsupported(let pattern, let offset, let construct, let remedy):
            "'\(pattern)' uses \(construct) at position \(offset), which no linear-time matcher "
                + "can follow. \(remedy)"
        case .tooLarge(let pattern, let reason):
            "'\(pattern)' is too large to compile (\(reason)). Use smaller counts in '{…}', or "
                + "check the length apart from the pattern."
        }
    }
}
