/// Text that would take too long to free of its tags.
package struct TooManyTags: Error, CustomStringConvertible {
    package var description: String {
        "The text has too many nested or unclosed tags to strip them."
    }
}

/// Takes the tags out of HTML.
///
/// The result is not safe HTML: it must still be escaped.
///
/// Django: `django.utils.html.strip_tags`.
package enum TagStripper {
    /// Django's bound on passes, and on `<` inside one long unclosed tag.
    private static let depthLimit = 50

    /// The text without tags.
    package static func strip(_ html: String) throws(TooManyTags) -> String {
        try refuseLongOpenTags(html)
        var text = html
        var depth = 0
        while text.utf8.contains(UInt8(ascii: "<")), text.utf8.contains(UInt8(ascii: ">")) {
            guard depth < depthLimit else { throw TooManyTags() }
            let stripped = stripOnce(text)
            if count(stripped) == count(text) { break }
            text = stripped
            depth += 1
        }
        return text
    }

    private static func count(_ text: String) -> Int {
        text.utf8.count { $0 == UInt8(ascii: "<") }
    }

    /// Refuses an opened tag of 1,000 characters or more that has many `<` inside.
    private static func refuseLongOpenTags(_ html: String) throws(TooManyTags) {
        var length = 0
        var openings = 0
        var previous: Unicode.Scalar = " "
        for scalar in html.unicodeScalars {
            if scalar == ">" {
                if length > 1000, openings >= depthLimit { throw TooManyTags() }
                (length, openings) = (0, 0)
            } else if length > 0 {
                length += 1
                if scalar == "<" { openings += 1 }
            } else if previous == "<", scalar.properties.isAlphabetic, scalar.isASCII {
                (length, openings) = (1, 1)
            }
            previous = scalar
        }
        if length > 1000, openings >= depthLimit { throw TooManyTags() }
    }

    private static func stripOnce(_ html: String) -> String {
        var output = ""
        var scanner = HTMLScanner(html, convertsReferences: false)
        let handle: (HTMLScanner.Event) -> Bool = { event in
            switch event {
            case .data(let text): output += text
            case .entity(let name): output += "&\(name);"
            case .character(let name): output += "&#\(name);"
            case .startTag, .endTag: break
            }
            return true
        }
        scanner.scan(isEnd: false, handle)
        scanner.scan(isEnd: true, handle)
        return output
    }
}
