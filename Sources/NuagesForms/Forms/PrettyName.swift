import NuagesCore

/// Names of fields and cases as people read them.
package enum PrettyName {
    /// `first_name` becomes “First name”.
    package static func of(snakeCase name: String) -> String {
        capitalized(name.replacingBytes("_", with: " "))
    }

    /// `extraLarge` becomes “Extra large”.
    package static func of(_ camelCase: String) -> String {
        of(snakeCase: SnakeCase.of(camelCase))
    }

    private static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        return first.properties.titlecaseMapping
            + String(text.unicodeScalars.dropFirst()).lowercased()
    }
}

/// Swift's names in Django's spelling.
package enum SnakeCase {
    /// `ccMyself` becomes `cc_myself`; `pageURL` becomes `page_url`.
    package static func of(_ name: String) -> String {
        let scalars = Array(name.unicodeScalars)
        var output = ""
        for (index, scalar) in scalars.enumerated() {
            let isUpper = ("A"..."Z").contains(scalar)
            if isUpper, index > 0, scalars[index - 1] != "_" {
                let afterLower = !("A"..."Z").contains(scalars[index - 1])
                let beforeLower =
                    index + 1 < scalars.count && ("a"..."z").contains(scalars[index + 1])
                if afterLower || beforeLower { output += "_" }
            }
            output += isUpper ? scalar.properties.lowercaseMapping : String(Character(scalar))
        }
        return output
    }
}
