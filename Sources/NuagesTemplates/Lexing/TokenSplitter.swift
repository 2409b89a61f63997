import NuagesCore

/// Splits the contents of a tag at blanks, keeping quoted text together.
///
/// Django: `django.utils.text.smart_split`.
package enum TokenSplitter {
    /// The words of a tag.
    package static func split(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var words: [String] = []
        var unclosed = Unclosed()
        var index = 0
        while index < scalars.count {
            guard !PythonText.isSpace(scalars[index]) else {
                index += 1
                continue
            }
            let end = quotedEnd(scalars, from: index, &unclosed) ?? plainEnd(scalars, from: index)
            words.append(word(scalars[index..<end]))
            index = end
        }
        return words
    }

    /// The end of a word that contains at least one quoted part; nil where none is closed.
    private static func quotedEnd(
        _ scalars: [Unicode.Scalar],
        from start: Int,
        _ unclosed: inout Unclosed
    ) -> Int? {
        var index = bareEnd(scalars, from: start)
        guard var end = closing(scalars, from: index, &unclosed) else { return nil }
        index = bareEnd(scalars, from: end)
        while let next = closing(scalars, from: index, &unclosed) {
            end = next
            index = bareEnd(scalars, from: end)
        }
        return index
    }

    /// Where searches for a closing quote went that found none: a search that comes there finds
    /// none either, so that each place is searched once.
    private struct Unclosed {
        private var stepped: [Bool: Set<Int>] = [:]

        func includes(_ index: Int, isDouble: Bool) -> Bool {
            stepped[isDouble]?.contains(index) ?? false
        }

        mutating func add(_ steps: [Int], isDouble: Bool) {
            stepped[isDouble, default: []].formUnion(steps)
        }
    }

    /// The index behind a quoted string that begins at `start`.
    private static func closing(
        _ scalars: [Unicode.Scalar],
        from start: Int,
        _ unclosed: inout Unclosed
    ) -> Int? {
        guard start < scalars.count, isQuote(scalars[start]) else { return nil }
        let isDouble = scalars[start] == "\""
        var steps: [Int] = []
        var index = start + 1
        while index < scalars.count, !unclosed.includes(index, isDouble: isDouble) {
            if scalars[index] == scalars[start] { return index + 1 }
            steps.append(index)
            index += scalars[index] == "\\" ? 2 : 1
        }
        unclosed.add(steps, isDouble: isDouble)
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
