import FoundationEssentials
import NuagesCore
import NuagesTemplates
import Testing

/// Short ways for what most texts and numbers are: they must lead where the long ones do, which
/// a character beyond ASCII, or a text in place of a number, takes.
@Suite struct ShortWayTests {
    @Test(arguments: [
        "", "a", "hello world", "JOE'S x", "i'm o'neill's", "2nd 3RD 4Th", "a1b2 x'y'z '9a",
        "ABC-def_gHi", " '' 'a'B a''b", "don'T 1'a", "\t\u{1C}a\u{1F}b",
    ])
    func titlesOfASCIIAreTheSame(_ text: String) throws {
        let long = try filtered("title", .string(text + " é"))
        #expect(try filtered("title", .string(text)) + " É" == long)
    }

    @Test(arguments: [
        "one", "one two", "one two three", "  one\ttwo\u{1C} three ", "one two  ",
        "one\u{0B}two\rthree four",
    ])
    func wordsOfASCIIAreTheSame(_ text: String) throws {
        for count in 1...4 {
            let short = try filtered("truncatewords", .string(text), .int(count))
            let long = try filtered("truncatewords", .string("é " + text), .int(count + 1))
            #expect("é " + short == long, "\(count)")
        }
    }

    @Test(arguments: ["", " ", "\t\u{1F}\n"])
    func textWithoutWordsHasNone(_ text: String) throws {
        #expect(try filtered("truncatewords", .string(text), .int(2)) == "")
    }

    @Test(arguments: [
        0, -0.0, 0.5, -0.5, 0.05, 0.005, -0.004, 1.005, 2.675, 9.995, 99.95, 999.999, -9.5, 34,
        34.26, 34.00001, 1e14, 123_456_789_012_345, 0.0001, 0.00001, 1e-7, 1e15, 1e300, -1e22,
        0.1 + 0.2, Double.infinity, Double.nan,
    ])
    func numbersOfEachKindAreRoundedTheSame(_ number: Double) throws {
        for places in [-16, -15, -3, -2, -1, 0, 1, 2, 3, 14, 15, 16] {
            let short = try filtered("floatformat", .double(number), .int(places))
            let text = ContextValue.string(PythonText.repr(number))
            #expect(short == (try filtered("floatformat", text, .int(places))), "\(places)")
        }
    }

    @Test(arguments: ["Y-m-d H:i", "SHORT_DATE_FORMAT", "DATE_FORMAT", "", "jS F"])
    func formatsOfTheTemplateAreThoseOfVariables(_ format: String) async throws {
        let context: ContextDictionary = [
            "f": format, "d": Date(timeIntervalSince1970: 1_700_000_000),
        ]
        let page = try await render("{{ d|date:'\(format)' }}|{{ d|date:f }}", context)
        let halves = page.split(separator: "|", omittingEmptySubsequences: false)
        #expect(halves.count == 2 && halves.first == halves.last && halves.first != "")
    }
}
