/// Names in the spelling of Swift, of Django and of people.
package enum PropertyName {
    /// Words from a name in Swift's or Django's spelling: `inReview` becomes `In Review`.
    package static func words(_ name: String) -> String {
        var result = ""
        var previous: Unicode.Scalar = " "
        for scalar in name.unicodeScalars {
            let isUpper = (0x41...0x5A).contains(scalar.value)
            let endsWord =
                (0x61...0x7A).contains(previous.value) || (0x30...0x39).contains(previous.value)
            if scalar == "_" {
                result.unicodeScalars.append(" ")
                previous = " "
                continue
            }
            if isUpper && endsWord { result.unicodeScalars.append(" ") }
            if previous == " " || (isUpper && endsWord) {
                result += String(scalar).uppercased()
            } else {
                result.unicodeScalars.append(scalar)
            }
            previous = scalar
        }
        return result
    }
}
