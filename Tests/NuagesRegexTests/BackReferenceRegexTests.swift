import NuagesRegex
import Testing

@Suite struct BackReferenceRegexTests {
    /// What Python's `re.search` says.
    static let searches: [(pattern: String, text: String, isFound: Bool)] = [
        (#"(o)\1"#, "foobar", true),
        (#"(o)\1"#, "fobaro", false),
        (#"^(.*)\1$"#, "abab\n", true),
        (#"^(.*)\1$"#, "aba", false),
        (#"(?P<quote>['"]).*?(?P=quote)"#, #"it's "so""#, true),
        (#"(?P<quote>['"]).*?(?P=quote)"#, #"it's "so"#, false),
        (#"(a)(b)?\2"#, "aa", false),
        (#"(a*)+b\1"#, "aab", true),
        (#"(?:(a)|b)*\1"#, "aba", true),
        (#"(\w+) \1"#, "Éa Éa", true),
        (#"(?i)(é)\1"#, "Éé", true),
        (#"(é)(?i:\1)"#, "éÉ", true),
        (#"(?i)(s)\1"#, "sſ", false),
        (#"(?ia)(é|a)\1"#, "éÉ", false),
        (#"(?ia)(é|a)\1"#, "aA", true),
        (#"(?i)([^a])\1"#, "AA", false),
        (#"(a)(?=\1)b?"#, "ab", false),
        (#"(a).(?!\1)"#, "aba", false),
        (#"(?<=ab)(c)\1"#, "abcc", true),
        (#"(?<!ab)(c)\1"#, "abcc", false),
        (#"(?m)^(.)$\n^\1$"#, "x\nb\nb", true),
        (#"(?a)\b(a+)\b \1\B"#, "aa aab", true),
        (#"(a){0}(b)\2"#, "bb", true),
        (#"(a){2,3}?(b)\2"#, "aaabb", true),
        (#"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10"#, "abcdefghijj", true),
        (#"()\1*x"#, "x", true),
        (#"(|a)+\1b"#, "aab", true),
        (#"(?s)(.)\1"#, "\n\n", true),
        (#"([\s\S])\1"#, "👩👩", true),
    ]

    @Test(arguments: searches.indices)
    func findsWhatPythonFinds(_ index: Int) throws {
        let search = Self.searches[index]
        let regex = try #require(try BackReferenceRegex(search.pattern))
        #expect(try regex.matches(search.text) == search.isFound)
    }

    /// A reference to a group that takes nothing changes nothing.
    @Test(arguments: LinearRegexTests.searches.indices)
    func findsWhatTheLinearMatcherFinds(_ index: Int) throws {
        let (pattern, text, groups) = LinearRegexTests.searches[index]
        let count = try LinearRegex(pattern).groupNames.count
        let referring = "(?:\(pattern))()\\\(count + 1)"
        // Flags for all of a pattern stand in front of it.
        guard let regex = try? BackReferenceRegex(referring) else { return }
        #expect(try regex.matches(text) == (groups != nil))
    }

    @Test(arguments: ["", "a", #"\101"#, "(?=a)b", #"[\1]"#])
    func leavesOtherPatternsAlone(_ pattern: String) throws {
        #expect(try BackReferenceRegex(pattern) == nil)
    }

    @Test(arguments: [
        (#"(a)\2"#, #"'(a)\2' is no regular expression: invalid group reference 2 at position 3."#),
        (
            #"(a\1)"#,
            #"'(a\1)' is no regular expression: cannot refer to an open group at position 2."#
        ),
        (
            "(a)(?P=b)",
            "'(a)(?P=b)' is no regular expression: unknown group name 'b' at position 3."
        ),
        (
            #"(a)(?<!\1)"#,
            #"'(a)(?<!\1)' is no regular expression: look-behind requires fixed-width pattern at "#
                + "position 3."
        ),
        (
            #"()\1(?:(?:(?:){1000}){1000}){1000}"#,
            #"'()\1(?:(?:(?:){1000}){1000}){1000}' is too large to compile (its repetitions are too "#
                + "many). Use smaller counts in '{…}', or check the length apart from the pattern."
        ),
    ])
    func refusesWhatPythonRefuses(_ pattern: String, _ text: String) {
        let error = #expect(throws: LinearRegexError.self) { try BackReferenceRegex(pattern) }
        #expect(error?.description == text)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (#"(a+)+\1$"#, "a"), (#"(a|a)*\1b"#, "a"), (#"(.*)*\1x"#, "y"),
            (#"^(.*)(.*)(.*)\1\2\3z"#, "ab"), (#"(?i)(\w+)\s*\1!!"#, "É"),
            (#"(a*)*\1{1000}b"#, "a"),
            (#"(?:(?=(?:a|aa)*b)a)*()\1c"#, "a"),
        ]
    )
    func givesUp(_ pattern: String, _ piece: String) throws {
        let regex = try #require(try BackReferenceRegex(pattern))
        let text = String(repeating: piece, count: 20_000) + "!"
        let error = #expect(throws: BackReferenceRegex.TooManySteps.self) {
            try regex.matches(text)
        }
        #expect(
            error?.description
                == "'\(pattern)' took more than 1000000 steps on a text, because back-references make "
                + "it try one way after the other. Leave them out, or bound what is repeated in front "
                + "of them."
        )
    }

    @Test func boundsNestedCounts() {
        let nested = (0..<10).reduce("a") { pattern, _ in "(?:\(pattern)){1000}" }
        #expect(throws: LinearRegexError.self) { try BackReferenceRegex("()\\1(?<=\(nested))") }
        #expect(throws: LinearRegexError.self) { try LinearRegex("^\(nested)(?!x)") }
    }
}
