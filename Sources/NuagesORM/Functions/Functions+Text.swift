extension SQLFunction {
    /// The character with a number in Unicode.
    public static let chr = SQLFunction("Chr", "CHR", gives: .fixed(.character))

    /// The arguments one behind the other; NULL counts as empty text.
    public static let concat = SQLFunction("Concat", arguments: 2...1000, gives: .common) { call in
        if let text = try call.dialect.function("Concat", call) { return text }
        func orEmpty(_ part: SQL) -> SQL { "COALESCE(\(sql: part), \(""))" }
        var parts = call.arguments
        var text = parts.removeLast()
        while let part = parts.popLast() {
            text = "(\(sql: orEmpty(part)) || \(sql: orEmpty(text)))"
        }
        return text
    }

    /// The first characters, so many as the second argument says.
    public static let left = SQLFunction("Left", "LEFT", 2...2, gives: .fixed(.character)) { node in
        try node.checkNumber(1, "length", atLeast: 1)
        return node
    }

    /// The last characters, so many as the second argument says.
    public static let right = SQLFunction("Right", "RIGHT", 2...2, gives: .fixed(.character)) {
        node in
        try node.checkNumber(1, "length", atLeast: 1)
        return node
    }

    /// The number of characters.
    public static let length = SQLFunction("Length", "LENGTH", gives: .fixed(.integer))

    /// The text in lower case.
    public static let lower = SQLFunction("Lower", "LOWER")

    /// The text in upper case.
    public static let upper = SQLFunction("Upper", "UPPER")

    /// Text of so many characters, filled up at the start with the third argument or blanks, or
    /// cut off.
    public static let lpad = padding("LPad", "LPAD")

    /// Text of so many characters, filled up at the end with the third argument or blanks, or cut
    /// off.
    public static let rpad = padding("RPad", "RPAD")

    private static func padding(_ name: String, _ sqlName: String) -> SQLFunction {
        SQLFunction(name, sqlName, 2...3, gives: .fixed(.character)) { node in
            var node = node
            node.fill(2, with: .text(" "))
            try node.checkNumber(1, "length", atLeast: 0)
            return node
        }
    }

    /// The text without blanks at both ends.
    public static let trim = SQLFunction("Trim", "TRIM")

    /// The text without blanks at its start.
    public static let ltrim = SQLFunction("LTrim", "LTRIM")

    /// The text without blanks at its end.
    public static let rtrim = SQLFunction("RTrim", "RTRIM")

    /// The number in Unicode of the first character.
    public static let ord = SQLFunction("Ord", "ASCII", gives: .fixed(.integer))

    /// The text several times.
    public static let `repeat` = SQLFunction(
        "Repeat",
        "REPEAT",
        2...2,
        gives: .fixed(.character)
    ) { node in
        try node.checkNumber(1, "number", atLeast: 0)
        return node
    }

    /// The text with every occurrence of the second argument replaced by the third, or taken out.
    public static let replace = SQLFunction("Replace", "REPLACE", 2...3) { node in
        var node = node
        node.fill(2, with: .text(""))
        return node
    }

    /// The characters from the last to the first.
    public static let reverse = SQLFunction("Reverse", "REVERSE")

    /// Where the second argument begins in the first, from 1; 0 where it does not.
    public static let strIndex = SQLFunction(
        "StrIndex",
        "INSTR",
        2...2,
        gives: .fixed(.integer)
    )

    /// The characters from a place on, counted from 1, all or so many as the third argument says.
    public static let substr = SQLFunction(
        "Substr",
        "SUBSTRING",
        2...3,
        gives: .fixed(.character)
    ) { node in
        var node = node
        if node.arguments.count == 3, case .value(.null, _) = node.arguments[2] {
            node.arguments.removeLast()
        }
        try node.checkNumber(1, "pos", atLeast: 1)
        return node
    }

    /// Hexadecimal digits of the MD5 digest; for old data, never for security.
    public static let md5 = SQLFunction("MD5", "MD5")
    /// Hexadecimal digits of the SHA-1 digest; for old data, never for security.
    public static let sha1 = SQLFunction("SHA1", "SHA1")
    /// Hexadecimal digits of the SHA-224 digest.
    public static let sha224 = SQLFunction("SHA224", "SHA224")
    /// Hexadecimal digits of the SHA-256 digest.
    public static let sha256 = SQLFunction("SHA256", "SHA256")
    /// Hexadecimal digits of the SHA-384 digest.
    public static let sha384 = SQLFunction("SHA384", "SHA384")
    /// Hexadecimal digits of the SHA-512 digest.
    public static let sha512 = SQLFunction("SHA512", "SHA512")

    static let texts: [SQLFunction] = [
        .chr, .concat, .left, .length, .lower, .lpad, .ltrim, .md5, .ord, .repeat, .replace,
        .reverse, .right, .rpad, .rtrim, .sha1, .sha224, .sha256, .sha384, .sha512, .strIndex,
        .substr, .trim, .upper,
    ]
}
