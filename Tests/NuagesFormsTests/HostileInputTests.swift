import NuagesCore
import NuagesForms
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Input that is long or twisted must cost time in proportion to its length, and nothing else.
@Suite struct HostileInputTests {
    private static let long = 200_000
    // Far above what linear work takes even in a debug build, far below what quadratic work would.
    private static let limit = Duration.seconds(10)

    /// The CPU time of this thread, which a busy machine does not lengthen.
    private func elapsed(_ body: () throws -> Void) rethrows -> Duration {
        func now() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let start = now()
        try body()
        return now() - start
    }

    private static let fields: [any FormField] = [
        CharField(maxLength: 10), EmailField(), URLField(), SlugField(allowUnicode: true),
        IntegerField(), FloatField(), DecimalField(maxDigits: 5, decimalPlaces: 2), DateField(),
        TimeField(), DateTimeField(), DurationField(), UUIDField(), GenericIPAddressField(),
        JSONField(), BooleanField(), NullBooleanField(),
        ChoiceField<String>(choices: ["a": "A", "b": "B"]),
    ]

    @Test(arguments: [
        "1", "9.", "e\u{301}", "\u{301}", "a.", "a@", "[", "{\"a\":", " ", "\0", "-", "+1", "1e",
        "\u{1F468}\u{200D}", "١", "::", "%", "_1", "\r\n",
    ])
    func longTextTakesLinearTime(_ unit: String) {
        let text = String(repeating: unit, count: Self.long / unit.utf8.count)
        let time = elapsed {
            for field in Self.fields { _ = try? field.clean(.string(text)) }
        }
        #expect(time < Self.limit, "\(unit.debugDescription) took \(time)")
    }

    @Test func refusesNUL() {
        for field in [CharField(), EmailField(), SlugField(), URLField()] as [any FormField] {
            #expect(throws: ValidationError.self) { try field.clean("a\0b@example.com") }
        }
    }

    @Test func hugeNumbersStaySmall() throws {
        let value = try DecimalField().clean("1e1000000")
        #expect(value.contextValue.plainText == "1E+1000000")
        #expect(throws: ValidationError.self) { try FloatField().clean("1e1000000") }
        #expect(throws: ValidationError.self) { try IntegerField().clean("1e1000000") }
        #expect(throws: ValidationError.self) {
            try IntegerField(maxValue: 5).clean(.string(String(repeating: "9", count: 4300)))
        }
        #expect(throws: ValidationError.self) {
            try IntegerField().clean(.string(String(repeating: "9", count: 4301)))
        }
    }

    @Test func manyFieldsAreIgnored() {
        var data = QueryDict()
        for index in 0..<100_000 { data.append("field\(index)", "x") }
        var form = DynamicForm()
        form.add("name", CharField())
        data.append("name", "Ada")
        let time = elapsed {
            let bound = form.bind(data)
            #expect(bound.isValid)
        }
        #expect(time < Self.limit)
    }

    @Test func manyChoicesAreLookedUpOnce() {
        let choices = FormChoices((0..<2000).map { ($0, "Choice \($0)") })
        let values = FormValue.list((0..<100_000).map { .string(String($0 % 2000)) })
        let field = MultipleChoiceField<Int>(choices: choices)
        let time = elapsed {
            _ = try? field.clean(values)
            _ = Select(choices: choices, allowsMultiple: true).render(name: "n", value: values)
        }
        #expect(time < Self.limit)
    }

    @Test func deepJSONIsRefused() {
        let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: ValidationError.self) { try JSONField().clean(.string(text)) }
    }

    @Test func namesCompareByBytes() {
        var form = DynamicForm()
        form.add("é", CharField().required(false))
        let bound = form.bind(["e\u{301}": ["forged"]])
        #expect(bound["é"]?.data.contextValue.plainText == "None")
        #expect(bound["e\u{301}"] == nil)
    }
}
