/// Makes the last part of a URL out of a title.
///
///     Slug.make("Ça va, Django?")     // ca-va-django
///
/// Django: `django.utils.text.slugify`.
package enum Slug {
    /// The slug.
    ///
    /// - Parameters:
    ///   - text: a title.
    ///   - allowsUnicode: whether letters outside ASCII stay.
    /// - Returns: lower-case letters, digits, `_` and single hyphens.
    package static func make(_ text: String, allowsUnicode: Bool = false) -> String {
        let normalized = UnicodeNormalizer.normalize(
            text,
            allowsUnicode ? .compatibleComposed : .compatibleDecomposed
        )
        let scalars =
            allowsUnicode
            ? Array(PythonCase.lowercase(normalized).unicodeScalars)
            : Array(
                normalized.unicodeScalars.filter(\.isASCII).flatMap {
                    $0.properties.lowercaseMapping.unicodeScalars
                }
            )
        var output = String.UnicodeScalarView()
        var isSeparated = false
        for scalar in scalars {
            if scalar == "-" || PythonText.isSpace(scalar) {
                isSeparated = true
            } else if PythonText.isWord(scalar) {
                if isSeparated { output.append("-") }
                isSeparated = false
                output.append(scalar)
            }
        }
        return String(trimmed(output))
    }

    private static func trimmed(_ view: String.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var rest = view[...]
        while let first = rest.first, first == "-" || first == "_" { rest.removeFirst() }
        while let last = rest.last, last == "-" || last == "_" { rest.removeLast() }
        return rest
    }
}
