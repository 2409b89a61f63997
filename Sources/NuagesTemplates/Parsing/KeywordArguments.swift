import NuagesCore

/// Reads `name=value` from the words of a tag.
///
/// Django: `token_kwargs`.
enum KeywordArguments {
    /// Splits `name=value`; the name is nil where the word has none.
    static func split(_ word: String) -> (name: String?, value: String)? {
        guard !word.isEmpty else { return nil }
        let scalars = word.unicodeScalars
        let end = scalars.firstIndex { !PythonText.isWord($0) } ?? scalars.endIndex
        guard end > scalars.startIndex, end < scalars.endIndex, scalars[end] == "=",
            scalars.index(after: end) < scalars.endIndex
        else { return (nil, word) }
        return (String(scalars[..<end]), String(scalars[scalars.index(after: end)...]))
    }

    /// Takes assignments off the front of `words`, stopping at the first word that is none.
    ///
    /// - Parameters:
    ///   - words: the words; those that are read are removed.
    ///   - parser: compiles the values.
    ///   - allowsLegacy: whether `value as name and …` is accepted.
    /// - Returns: names and values in order; a name given twice keeps its last value.
    /// - Throws: ``TemplateError`` for a value that cannot be compiled.
    static func take(
        from words: inout ArraySlice<String>,
        _ parser: Parser,
        allowsLegacy: Bool
    ) throws(TemplateError) -> [(name: VariableName, value: FilterExpression)] {
        guard let first = words.first else { return [] }
        let isKeyword = split(first)?.name != nil
        if !isKeyword, !allowsLegacy { return [] }
        var found: [(name: VariableName, value: FilterExpression)] = []
        while let word = words.first {
            let (name, value): (String, String)
            if isKeyword {
                guard let pair = split(word), let key = pair.name else { return found }
                (name, value) = (key, pair.value)
                words.removeFirst()
            } else {
                guard words.count >= 3, words[words.startIndex + 1] == "as" else { return found }
                (name, value) = (words[words.startIndex + 2], word)
                words.removeFirst(3)
            }
            let key = VariableName(name)
            found.removeAll { $0.name == key }
            found.append((key, try parser.compileFilter(value)))
            if !isKeyword, let next = words.first {
                guard next == "and" else { return found }
                words.removeFirst()
            }
        }
        return found
    }
}
