public import NuagesRegex

/// Accepts text in which a regular expression is found.
///
///     RegexValidator("^[A-Z]{2}[0-9]+$", message: "Enter a plate such as XY123.")
///
/// As in Django the pattern is looked for anywhere in the text: put `^` in front and `$` or `\Z`
/// behind to judge all of it (`$` lets a line feed at the end pass, `\Z` does not). Matching takes
/// linear time, see `LinearRegex`.
///
/// Django: `django.core.validators.RegexValidator`.
public struct RegexValidator: Validator {
    /// The compiled pattern, or why there is none; then every value is refused.
    public let regex: Result<LinearRegex, LinearRegexError>
    /// Whether text is accepted in which the pattern is not found.
    public var isInverted: Bool
    /// Whether flags may change what the pattern means.
    package let hasFlags: Bool
    /// The text of the error.
    public var message: ErrorMessage
    /// The code of the error.
    public var code: String

    /// The rule of a pattern.
    ///
    /// A malformed pattern refuses every value; ``check()`` says why. `LinearRegex` throws
    /// instead, for patterns that are not written in the source.
    ///
    /// - Parameters:
    ///   - pattern: the pattern in Python's syntax.
    ///   - message: the text of the error.
    ///   - code: the code of the error.
    ///   - inverseMatch: whether text is accepted in which the pattern is not found.
    ///   - options: Python's flags.
    public init(
        _ pattern: String = "",
        message: ErrorMessage = "Enter a valid value.",
        code: String = "invalid",
        inverseMatch: Bool = false,
        options: LinearRegex.Options = []
    ) {
        regex = Result { () throws(LinearRegexError) in
            try LinearRegex(pattern, options: options)
        }
        hasFlags = !options.isEmpty
        self.message = message
        self.code = code
        isInverted = inverseMatch
    }

    /// The rule of a compiled pattern.
    ///
    /// - Parameters:
    ///   - regex: the pattern.
    ///   - message: the text of the error.
    ///   - code: the code of the error.
    ///   - inverseMatch: whether text is accepted in which the pattern is not found.
    public init(
        _ regex: LinearRegex,
        message: ErrorMessage = "Enter a valid value.",
        code: String = "invalid",
        inverseMatch: Bool = false
    ) {
        self.regex = .success(regex)
        hasFlags = true
        self.message = message
        self.code = code
        isInverted = inverseMatch
    }

    /// Accepts text that has, or has not, the pattern in it.
    public func validate(_ value: String) throws(ValidationError) {
        if case .success(let regex) = regex, regex.matches(value) != isInverted { return }
        throw ValidationError(message, code: code, parameters: [ErrorParameter("value", value)])
    }

    /// Checks the pattern.
    ///
    /// - Returns: `validators.E101` for a pattern that cannot be compiled.
    public func check() -> [CheckMessage] {
        guard case .failure(let error) = regex else { return [] }
        return [
            CheckMessage(
                .error,
                id: "validators.E101",
                "A RegexValidator cannot be used: \(error)",
                hint: "Correct the pattern; until then it refuses every value.",
                object: error.pattern
            )
        ]
    }
}
