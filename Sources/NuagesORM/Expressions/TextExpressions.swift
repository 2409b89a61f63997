extension QueryExpression {
    /// A call of a function with the expression as first argument.
    func calling<Result: FieldValue>(
        _ function: SQLFunction,
        _ arguments: [ExpressionNode] = [],
        options: [String: SQLValue] = [:],
        as type: ValueType? = nil
    ) -> ComputedExpression<Result> {
        ComputedExpression(
            .call(FunctionCall(function, [node] + arguments, options: options, type: type))
        )
    }
}

extension QueryExpression where Value.Base == String {
    /// The text in lower case.
    public var lowercased: ComputedExpression<Value> { calling(.lower) }
    /// The text in upper case.
    public var uppercased: ComputedExpression<Value> { calling(.upper) }
    /// The text without blanks at both ends.
    public var trimmed: ComputedExpression<Value> { calling(.trim) }
    /// The text without blanks at its start.
    public var trimmedAtStart: ComputedExpression<Value> { calling(.ltrim) }
    /// The text without blanks at its end.
    public var trimmedAtEnd: ComputedExpression<Value> { calling(.rtrim) }
    /// The characters from the last to the first.
    public var reversed: ComputedExpression<Value> { calling(.reverse) }
    /// The number of characters.
    public var length: ComputedExpression<Int> { calling(.length) }
    /// The number in Unicode of the first character.
    public var firstCodePoint: ComputedExpression<Int> { calling(.ord) }

    /// The first characters.
    ///
    ///     .order { $0.name.prefix(1).ascending }     // SUBSTR("name", 1, 1)
    ///
    /// - Parameter count: how many, one at least.
    /// - Returns: text.
    public func prefix(_ count: Int) -> ComputedExpression<Value> {
        calling(.left, [.value(.int(count))])
    }

    /// The last characters.
    ///
    /// - Parameter count: how many, one at least.
    /// - Returns: text.
    public func suffix(_ count: Int) -> ComputedExpression<Value> {
        calling(.right, [.value(.int(count))])
    }

    /// Characters from a place on.
    ///
    /// - Parameters:
    ///   - start: the place of the first one, counted from 1.
    ///   - count: how many; nil for all.
    /// - Returns: text.
    public func substring(from start: Int, count: Int? = nil) -> ComputedExpression<Value> {
        calling(.substr, [.value(.int(start))] + (count.map { [.value(.int($0))] } ?? []))
    }

    /// The text with every occurrence of a part replaced.
    ///
    /// - Parameters:
    ///   - part: what is replaced.
    ///   - replacement: what stands for it; nothing takes it out.
    /// - Returns: text.
    public func replacing(
        _ part: String,
        with replacement: String = ""
    )
        -> ComputedExpression<Value>
    {
        calling(.replace, [.value(.text(part)), .value(.text(replacement))], as: ownType)
    }

    /// Text of so many characters: filled up at the start, or cut off at the end.
    ///
    /// - Parameters:
    ///   - length: how many characters.
    ///   - filling: what it is filled up with.
    /// - Returns: text.
    public func paddedAtStart(
        to length: Int,
        with filling: String = " "
    )
        -> ComputedExpression<Value>
    {
        calling(.lpad, [.value(.int(length)), .value(.text(filling))])
    }

    /// Text of so many characters: filled up at the end, or cut off there.
    ///
    /// - Parameters:
    ///   - length: how many characters.
    ///   - filling: what it is filled up with.
    /// - Returns: text.
    public func paddedAtEnd(
        to length: Int,
        with filling: String = " "
    )
        -> ComputedExpression<Value>
    {
        calling(.rpad, [.value(.int(length)), .value(.text(filling))])
    }

    /// The text several times.
    ///
    /// - Parameter count: how often.
    /// - Returns: text.
    public func repeated(_ count: Int) -> ComputedExpression<Value> {
        calling(.repeat, [.value(.int(count))])
    }

    /// Where a part begins, counted from 1; 0 where it is not in the text.
    ///
    /// - Parameter part: what is looked for.
    /// - Returns: a number.
    public func position(of part: String) -> ComputedExpression<Int> {
        calling(.strIndex, [.value(.text(part))])
    }

    /// Hexadecimal digits of a digest.
    ///
    ///     .filter { $0.email.digest(.sha256) == known }      // SHA256("email") = ?
    ///
    /// - Parameter digest: which one.
    /// - Returns: text.
    public func digest(_ digest: TextDigest) -> ComputedExpression<Value> {
        calling(digest.function)
    }

    /// The text, compared and ordered by the rules of a collation.
    ///
    /// - Parameter collation: the name that the database gives it, such as `NOCASE`.
    /// - Returns: text.
    public func collated(_ collation: String) -> ComputedExpression<Value> {
        calling(.collate, options: ["collation": .text(collation)])
    }

    /// Whether a pattern of Python's syntax is found in the text.
    ///
    /// - Parameters:
    ///   - pattern: the pattern.
    ///   - ignoringCase: whether upper and lower case are the same.
    /// - Returns: a condition.
    public func matches(_ pattern: String, ignoringCase: Bool = false) -> Condition {
        Condition(.compared(ignoringCase ? .iregex : .regex, node, .value(.text(pattern))))
    }

    private var ownType: ValueType { .text }
}

/// A digest that databases make of text.
public enum TextDigest: Sendable, Hashable, CaseIterable {
    /// For old data, never for security.
    case md5
    /// For old data, never for security.
    case sha1
    /// 224 bits.
    case sha224
    /// 256 bits.
    case sha256
    /// 384 bits.
    case sha384
    /// 512 bits.
    case sha512

    var function: SQLFunction {
        switch self {
        case .md5: .md5
        case .sha1: .sha1
        case .sha224: .sha224
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}
