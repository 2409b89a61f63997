/// Upper and lower case by the rules of Python's strings.
package enum PythonCase {
    /// The text with its first character in upper case.
    package static func capitalizingFirst(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return first.properties.uppercaseMapping + String(text.unicodeScalars.dropFirst())
    }

    /// Every word with a capital: Python's `str.title()`.
    package static func title(_ text: String) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count)
        var followsLetter = false
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            if followsLetter {
                output += lowercase(scalar, at: index, in: scalars)
            } else {
                output += scalar.properties.titlecaseMapping
            }
            followsLetter = scalar.properties.isCased
        }
        return output
    }

    /// Lower case: Python's `str.lower()`.
    package static func lowercase(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        return scalars.indices.map { lowercase(scalars[$0], at: $0, in: scalars) }.joined()
    }

    /// Upper case: Python's `str.upper()`.
    package static func uppercase(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.uppercased() }
        return text.unicodeScalars.map(\.properties.uppercaseMapping).joined()
    }

    /// A capital sigma at the end of a word becomes the final sigma.
    private static func lowercase(
        _ scalar: Unicode.Scalar,
        at index: Int,
        in scalars: [Unicode.Scalar]
    ) -> String {
        guard scalar == "\u{3A3}" else { return scalar.properties.lowercaseMapping }
        // A run of marks that case ignores is looked at no further than this.
        let reach = 64
        let before = scalars[max(0, index - reach)..<index].last {
            !$0.properties.isCaseIgnorable
        }
        let after = scalars[(index + 1)..<min(scalars.count, index + 1 + reach)].first {
            !$0.properties.isCaseIgnorable
        }
        let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
        return isFinal ? "\u{3C2}" : "\u{3C3}"
    }
}
