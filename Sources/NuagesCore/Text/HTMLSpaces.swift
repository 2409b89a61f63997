/// Takes the white space between tags out of HTML.
///
/// Django: `django.utils.html.strip_spaces_between_tags`.
package enum HTMLSpaces {
    /// The HTML without white space that stands between `>` and `<` alone.
    package static func strippedBetweenTags(_ html: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(html.utf8.count)
        var pending: [UInt8] = []
        var followsTag = false
        for scalar in html.unicodeScalars {
            if followsTag, PythonText.isSpace(scalar) {
                pending.append(contentsOf: scalar.utf8)
                continue
            }
            if scalar != "<" { output.append(contentsOf: pending) }
            pending.removeAll(keepingCapacity: true)
            output.append(contentsOf: scalar.utf8)
            followsTag = scalar == ">"
        }
        output.append(contentsOf: pending)
        return String(decoding: output, as: UTF8.self)
    }
}
