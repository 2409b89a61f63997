// Functions of text whose further arguments are values of the row. What they give is NULL where one
// of these is.

extension QueryExpression where Value.Base == String {
    /// The first characters, so many as a value of the row says.
    ///
    ///     .values { $0.name.prefix($0.initials) }     // SUBSTR("name", 1, "initials")
    ///
    /// - Parameter count: how many, one at least.
    /// - Returns: text.
    public func prefix<Count: QueryExpression>(
        _ count: Count
    ) -> ComputedExpression<String?> where Count.Value.Base == Int {
        calling(.left, [count.node])
    }

    /// The last characters, so many as a value of the row says.
    ///
    /// - Parameter count: how many, one at least.
    /// - Returns: text.
    public func suffix<Count: QueryExpression>(
        _ count: Count
    ) -> ComputedExpression<String?> where Count.Value.Base == Int {
        calling(.right, [count.node])
    }

    /// All characters from a place on that a value of the row says.
    ///
    ///     .values { $0.email.substring(from: $0.email.position(of: "@") + 1) }
    ///     // SUBSTR("email", (INSTR("email", '@') + 1))
    ///
    /// - Parameter start: the place of the first one, counted from 1.
    /// - Returns: text.
    public func substring<Start: QueryExpression>(
        from start: Start
    ) -> ComputedExpression<String?> where Start.Value.Base == Int {
        calling(.substr, [start.node])
    }

    /// Some characters from a place on, both of which values of the row say.
    ///
    /// - Parameters:
    ///   - start: the place of the first one, counted from 1; `Functions.value(1)` for the first
    ///     of all.
    ///   - count: how many.
    /// - Returns: text.
    public func substring<Start: QueryExpression, Count: QueryExpression>(
        from start: Start,
        count: Count
    ) -> ComputedExpression<String?> where Start.Value.Base == Int, Count.Value.Base == Int {
        calling(.substr, [start.node, count.node])
    }

    /// The text with every occurrence of another text of the row replaced, or taken out.
    ///
    ///     .values { $0.title.replacing($0.author.name, with: "…") }
    ///     // REPLACE("title", "author"."name", '…')
    ///
    /// - Parameters:
    ///   - part: what is replaced.
    ///   - replacement: what stands for it; nothing takes it out.
    /// - Returns: text.
    public func replacing<Part: QueryExpression>(
        _ part: Part,
        with replacement: String = ""
    ) -> ComputedExpression<String?> where Part.Value.Base == String {
        calling(.replace, [part.node, .value(.text(replacement))], as: .text)
    }

    /// The text with every occurrence of a text replaced by one of the row.
    ///
    /// - Parameters:
    ///   - part: what is replaced; ``Functions/text(_:)`` for one that is the same in all rows.
    ///   - replacement: what stands for it.
    /// - Returns: text.
    public func replacing<Part: QueryExpression, Replacement: QueryExpression>(
        _ part: Part,
        with replacement: Replacement
    ) -> ComputedExpression<String?>
    where Part.Value.Base == String, Replacement.Value.Base == String {
        calling(.replace, [part.node, replacement.node], as: .text)
    }

    /// Text of so many characters as a value of the row says: filled up at the start, or cut off
    /// at the end.
    ///
    /// - Parameters:
    ///   - length: how many characters.
    ///   - filling: what it is filled up with.
    /// - Returns: text.
    public func paddedAtStart<Length: QueryExpression>(
        to length: Length,
        with filling: some QueryExpression<String> = Functions.text(" ")
    ) -> ComputedExpression<String?> where Length.Value.Base == Int {
        calling(.lpad, [length.node, filling.node])
    }

    /// Text of so many characters as a value of the row says: filled up at the end, or cut off
    /// there.
    ///
    /// - Parameters:
    ///   - length: how many characters.
    ///   - filling: what it is filled up with.
    /// - Returns: text.
    public func paddedAtEnd<Length: QueryExpression>(
        to length: Length,
        with filling: some QueryExpression<String> = Functions.text(" ")
    ) -> ComputedExpression<String?> where Length.Value.Base == Int {
        calling(.rpad, [length.node, filling.node])
    }

    /// The text as many times as a value of the row says.
    ///
    /// - Parameter count: how often.
    /// - Returns: text.
    public func repeated<Count: QueryExpression>(
        _ count: Count
    ) -> ComputedExpression<String?> where Count.Value.Base == Int {
        calling(.repeat, [count.node])
    }

    /// Where another text of the row begins, counted from 1; 0 where it is not in the text.
    ///
    /// - Parameter part: what is looked for.
    /// - Returns: a number.
    public func position<Part: QueryExpression>(
        of part: Part
    ) -> ComputedExpression<Int?> where Part.Value.Base == String {
        calling(.strIndex, [part.node])
    }

    /// Whether a pattern that a row has is found in the text.
    ///
    /// - Parameters:
    ///   - pattern: the pattern, in the syntax of the database.
    ///   - ignoringCase: whether upper and lower case are the same.
    /// - Returns: a condition.
    public func matches<Pattern: QueryExpression>(
        _ pattern: Pattern,
        ignoringCase: Bool = false
    ) -> Condition where Pattern.Value.Base == String {
        Condition(.compared(ignoringCase ? .iregex : .regex, node, pattern.node))
    }

    /// A comparison with another text of the row without regard to case.
    ///
    ///     .filter { $0.title.ignoringCase(.icontains, $0.author.name) }
    ///
    /// - Parameters:
    ///   - lookup: `iexact`, `icontains`, `istartswith` or `iendswith`.
    ///   - text: what the value is compared with.
    /// - Returns: a condition.
    public func ignoringCase<Text: QueryExpression>(
        _ lookup: Lookup,
        _ text: Text
    ) -> Condition where Text.Value.Base == String {
        Condition(.compared(lookup, node, text.node))
    }
}

extension Functions {
    /// The character with a number in Unicode that a row has.
    ///
    /// - Parameter codePoint: the number.
    /// - Returns: text.
    public static func character<Number: QueryExpression>(
        _ codePoint: Number
    ) -> ComputedExpression<String?> where Number.Value.Base == Int {
        call(.chr, [codePoint.node])
    }
}
