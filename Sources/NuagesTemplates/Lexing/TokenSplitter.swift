import NuagesCore

/// Splits the contents of a tag at blanks, keeping quoted text together.
///
/// Django: `django.utils.text.smart_split`.
package enum TokenSplitter {
    /// The words of a tag.
    package static func split(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var words: [String] = []
        var index = 0
        while index < scalars.count {
            guard !PythonText.isSpace(scalars[index]) else {
                index += 1
                continue
            }
            let end = quotedEnd(scalars, from: index) ?? plainEnd(scalars, from: index)
            words.append(word(scalars[index..<end]))
            index = end
        }
        return words
    }

    /// The end of a word that contains at least one quoted part; nil where none is closed.
    private static func quotedEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = bareEnd(scalars, from: start)
        guard var end = closing(scalars, from: index) else { return nil }
        index = bareEnd(scalars, from: end)
        while let next = closing(scalars, from: index) {
            end = next
            index = bareEnd(scalars, from: end)
        }
        return index
    }

    /// The index behind a quoted string that begins at `start`.
    private static func closing(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard start < scalars.count, isQuote(scalars[start]) else { return nil }
        var index = start + 1
        while index < scalars.count {
            if scalars[index] == scalars[start] { return index + 1 }
            index += scalars[index] == "\\" ? 2 : 1
        }
        return nil
    }

    private static func bareEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var index = start
        while index < scalars.count, !isQuote(scalars[index]), !PythonText.isSpace(scalars[index]) {
            index += 1
        }
        return index
    }

    private static func plainEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var index = start
        while index < scalars.count, !PythonText.isSpace(scalars[index]) { index += 1 }
        return index
    }

    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\"" || scalar == "'"
    }

    private static func word(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
