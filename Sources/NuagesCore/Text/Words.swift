/// Texts made of words.
package enum Words {
    /// A name in camel case as words in lower case.
    ///
    ///     Words.fromCamelCase("ChoiceText")      // choice text
    ///
    /// Django: `django.utils.text.camel_case_to_spaces`.
    package static func fromCamelCase(_ name: String) -> String {
        let scalars = Array(name.unicodeScalars)
        func isUpper(_ index: Int) -> Bool { ("A"..."Z").contains(scalars[index]) }
        func isEnd(_ index: Int) -> Bool {
            index == scalars.count || (index == scalars.count - 1 && scalars[index] == "\n")
        }
        var view = String.UnicodeScalarView()
        for index in scalars.indices {
            let followsLower = index > 0 && ("a"..."z").contains(scalars[index - 1])
            let startsWord = !isEnd(index + 1) && !isUpper(index + 1)
            if isUpper(index), followsLower || startsWord { view.append(" ") }
            view.append(scalars[index])
        }
        return PythonCase.lowercase(PythonText.stripped(String(view)))
    }

    /// Several texts as a list in a sentence.
    ///
    ///     Words.list(["a", "b", "c"], last: "and", Localization())      // a, b and c
    ///
    /// Django: `django.utils.text.get_text_list`.
    ///
    /// - Parameters:
    ///   - texts: the texts.
    ///   - last: the word before the last one; nil for `or` in the page's language.
    ///   - localization: the page's language.
    /// - Returns: the list.
    package static func list(
        _ texts: [String],
        last: String? = nil,
        _ localization: Localization
    ) -> String {
        guard texts.count > 1, let final = texts.last else { return texts.first ?? "" }
        let word = last ?? localization.translated("or")
        let head = texts.dropLast().joined(separator: localization.translated(", "))
        return "\(head) \(word) \(final)"
    }
}
