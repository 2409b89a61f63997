/// Takes the white space between tags out of HTML.
///
/// Django: `django.utils.html.strip_spaces_between_tags`.
package enum HTMLSpaces {
    /// The HTML without white space that stands between `>` and `<` alone.
    package static func strippedBetweenTags(_ html: String) -> String {
        var output = String.UnicodeScalarView()
        var pending = String.UnicodeScalarView()
        var followsTag = false
        for scalar in html.unicodeScalars {
            if followsTag, PythonText.isSpace(scalar) {
                pending.append(scalar)
                continue
            }
            if scalar != "<" { output.append(contentsOf: pending) }
            pending = String.UnicodeScalarView()
            output.append(scalar)
            followsTag = scalar == ">"
        }
        output.append(contentsOf: pending)
        return String(output)
    }
}
