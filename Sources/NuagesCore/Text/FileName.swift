/// A name of which no file name can be made.
package struct InvalidFileName: Error, Hashable, CustomStringConvertible {
    /// The name.
    package let name: String

    /// What is wrong.
    package var description: String { "Could not derive file name from '\(name)'" }
}

/// Names of files.
package enum FileName {
    /// The name with blanks as underscores and without anything but letters, digits, `-`, `_`
    /// and dots.
    ///
    ///     try FileName.valid("john's portrait in 2004.jpg")      // johns_portrait_in_2004.jpg
    ///
    /// Django: `django.utils.text.get_valid_filename`.
    package static func valid(_ name: String) throws(InvalidFileName) -> String {
        var view = String.UnicodeScalarView()
        for scalar in PythonText.stripped(name).unicodeScalars {
            if scalar == " " {
                view.append("_")
            } else if scalar == "-" || scalar == "." || PythonText.isWord(scalar) {
                view.append(scalar)
            }
        }
        let valid = String(view)
        guard !valid.isEmpty, valid != ".", valid != ".." else {
            throw InvalidFileName(name: name)
        }
        return valid
    }
}
