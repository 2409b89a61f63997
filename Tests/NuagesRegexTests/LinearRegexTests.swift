import NuagesRegex
import Testing

@Suite struct LinearRegexTests {
    /// What Python's `re.search` gives: the whole match and the groups; nil where there is none.
    static let searches: [(pattern: String, text: String, groups: [String?]?)] = [
        ("", "", [""]),
        (#"\d+"#, "a٣5b", ["٣5"]),
        (#"(?a)\d+"#, "a٣5b", ["5"]),
        (#"\w+"#, "- ßé_1 ", ["ßé_1"]),
        (#"\w+"#, "e\u{301}", ["e"]),
        (#"\s+"#, "a\u{A0}\u{2003}\u{1C}b", ["\u{A0}\u{2003}\u{1C}"]),
        (#"[^\W\d_]+"#, "12_Äb3", ["Äb"]),
        (#"[\s\S]"#, "\n", ["\n"]),
        (#"[^\s\S]"#, "a", nil),
        ("^a$", "a\n", ["a"]),
        ("^a$", "a\n\n", nil),
        ("^a$", "a\nb", nil),
        (#"^a\Z"#, "a\n", nil),
        ("(a*$)", "aa\n", ["aa", "aa"]),
        ("(?m)^b$", "a\nb\nc", ["b"]),
        (".+", "ab\ncd", ["ab"]),
        ("(?s).+", "ab\ncd", ["ab\ncd"]),
        ("(?i)straße", "STRAßE", ["STRAßE"]),
        ("a(?i:b)c", "aBc", ["aBc"]),
        ("a(?i:b)c", "aBC", nil),
        ("(a)|(b)", "b", ["b", nil, "b"]),
        ("(a)?b", "b", ["b", nil]),
        ("a{2,3}?", "aaaa", ["aa"]),
        ("a{,2}b", "aaab", ["aab"]),
        ("a{x", "a{x", ["a{x"]),
        ("[]a]+", "]a", ["]a"]),
        ("[a-]+", "a-b", ["a-"]),
        (#"\x41\u00e9\101"#, "AéA", ["AéA"]),
        ("a\0b", "xa\0b", ["a\0b"]),
        ("(?x) a  b # c", "ab", ["ab"]),
        ("a(?#comment)b", "ab", ["ab"]),
        ("(?P<ü>x)", "x", ["x", "x"]),
        (".", "👩‍👩‍👧", ["👩"]),
        ("^(?!admin)(?P<s>.*)/$", "admin/", nil),
        ("^(?!admin)(?P<s>.*)/$", "blog/", ["blog/", "blog"]),
        ("^é(?=b|c)(.*)", "écd", ["écd", "cd"]),
        ("^(.*)(?<!/edit)/$", "x/edit/", nil),
        ("^(.*)(?<!/edit)/$", "x/edit", nil),
        ("^(.*)(?<!/edit)/$", "x/view/", ["x/view/", "x/view"]),
        ("(?i)^(?!ADMIN).*", "admin", nil),
    ]

    @Test(arguments: searches.indices)
    func findsWhatPythonFinds(_ index: Int) throws {
        let search = Self.searches[index]
        let regex = try LinearRegex(search.pattern)
        let match = regex.firstMatch(in: search.text)
        let groups = match.map { match in
            (0...match.groupCount).map { group in match[group].map { Array($0.utf8) } }
        }
        #expect(groups == search.groups?.map { $0.map { Array($0.utf8) } })
        #expect(regex.matches(search.text) == (search.groups != nil))
    }

    @Test(arguments: [
        ("^a$", "a\n", false), ("a", "aa", false), ("a|aa", "aa", true), ("a*?", "aa", true),
        ("", "", true), (#"\w\n"#, "a\n", true),
    ])
    func matchesWholeTexts(_ pattern: String, _ text: String, _ expected: Bool) throws {
        let regex = try LinearRegex(pattern)
        #expect(regex.matchesWhole(text) == expected)
        #expect((regex.wholeMatch(of: text) != nil) == expected)
    }

    @Test func namesGroups() throws {
        let regex = try LinearRegex(#"(?P<year>\d+)-(\d+)-(?P<day>\d+)?"#)
        #expect(regex.groupNames == ["year", nil, "day"])
        let match = try #require(regex.firstMatch(in: "on 2026-05-"))
        #expect(match["year"] == "2026")
        #expect(match[2] == "05")
        #expect(match["day"] == nil)
        #expect(match["month"] == nil)
        #expect(match[9] == nil)
        #expect(match.range == 3..<11)
    }

    static let refused: [(pattern: String, text: String)] = [
        (
            #"(\w)\1"#,
            #"'(\w)\1' uses a back-reference at position 4, which no linear-time matcher can follow. "#
                + "Capture both parts and compare them in the view or validator."
        ),
        (
            "(?P<a>x)(?P=a)",
            "'(?P<a>x)(?P=a)' uses a back-reference to 'a' at position 8, which no linear-time matcher "
                + "can follow. Capture both parts under names of their own and compare them in the "
                + "view or validator."
        ),
        (
            ".*(?=x)y",
            "'.*(?=x)y' uses a look-ahead at position 2, which no linear-time matcher can follow. A "
                + "look-ahead can stand behind '^' and text of a fixed length, such as '^(?!admin)'. "
                + "Anchor the pattern, or check the value in the view or validator."
        ),
        (
            "(?<!x)y+",
            "'(?<!x)y+' uses a look-behind at position 0, which no linear-time matcher can follow. A "
                + "look-behind can stand in front of text of a fixed length and '$', such as "
                + "'(?<!/edit)$'. Anchor the pattern, or check the value in the view or validator."
        ),
        (
            "(?>a+)b",
            "'(?>a+)b' uses an atomic group at position 0, which no linear-time matcher can follow. "
                + "Write '(?:' in place of '(?>': there is no backtracking to prevent."
        ),
        (
            "a++",
            "'a++' uses a possessive quantifier at position 1, which no linear-time matcher can "
                + "follow. Write it without the '+': there is no backtracking to prevent."
        ),
        (
            #"\bx"#,
            #"'\bx' uses '\b' of Unicode at position 0, which no linear-time matcher can follow. Put "#
                + "'(?a)' in front to look for boundaries of ASCII words, or write out what may "
                + "stand there."
        ),
        ("(", "'(' is no regular expression: missing ), unterminated subpattern at position 0."),
        ("a)", "'a)' is no regular expression: unbalanced parenthesis at position 1."),
        ("*", "'*' is no regular expression: nothing to repeat at position 0."),
        ("[b-a]", "'[b-a]' is no regular expression: bad character range at position 1."),
        (#"\q"#, #"'\q' is no regular expression: bad escape \q at position 0."#),
        (
            "a{1001}",
            "'a{1001}' is too large to compile (a count in '{…}' is above 1000). Use smaller counts "
                + "in '{…}', or check the length apart from the pattern."
        ),
    ]

    @Test(arguments: refused.indices)
    func saysWhatToWriteInstead(_ index: Int) {
        let refused = Self.refused[index]
        let error = #expect(throws: LinearRegexError.self) {
            try LinearRegex(refused.pattern)
        }
        #expect(error?.description == refused.text)
    }

    @Test func boundsPatterns() {
        let nested = String(repeating: "(", count: 500) + String(repeating: ")", count: 500)
        #expect(throws: LinearRegexError.self) { try LinearRegex(nested) }
        #expect(throws: LinearRegexError.self) {
            try LinearRegex(#"((\w{1000}){1000}){1000}"#)
        }
        #expect(throws: LinearRegexError.self) {
            try LinearRegex(String(repeating: "(a)", count: 101))
        }
    }

    /// URL3: patterns that take a backtracking matcher longer than the age of the universe.
    ///
    /// `RoutingBench` measures what ours takes.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("(a+)+$", "a"), ("(a|a)*b", "a"), ("(.*)*x", "y"), (#"^(\w+\s?)*$"#, "wo "),
            ("(x+x+)+y", "x"), ("^(([a-z])+.)+[A-Z]([a-z])+$", "a"),
        ]
    )
    func comesToAnEnd(_ pattern: String, _ piece: String) throws {
        let regex = try LinearRegex(pattern)
        let text = String(repeating: piece, count: 100_000 / piece.utf8.count) + "!"
        #expect(!regex.matches(text))
        #expect(regex.firstMatch(in: text) == nil)
    }
}
