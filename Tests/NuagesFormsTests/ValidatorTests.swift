import NuagesCore
import NuagesForms
import NuagesRegex
import Testing

private func isValid<V: Validator>(_ validator: V, _ value: V.Value) -> Bool {
    do throws(ValidationError) { try validator.validate(value) } catch { return false }
    return true
}

@Suite struct ValidatorTests {
    @Test(arguments: [
        ("a@b.co", true), ("a.b+c@例え.jp", true), ("\"a b\"@example.com", false),
        ("\"ab\"@example.com", true), ("a@localhost", true), ("a@[127.0.0.1]", true),
        ("a@[::1]", true), ("a@b", false), ("a@b.", false), ("@b.co", false), ("a@-b.co", false),
        ("a@b.c", false), ("a b@c.de", false), ("a@b.co\n", false), ("a..b@c.de", false),
        ("a@xn--80ak6aa92e.xn--p1ai", true),
    ])
    func judgesEmailAddresses(_ text: String, expected: Bool) {
        #expect(isValid(EmailValidator(), text) == expected)
        #expect((EmailAddress(text) != nil) == expected)
    }

    @Test(arguments: [
        ("::1", "::1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:0:4:0:0:0:8", "1:0:0:4::8"),
        ("::", "::"), ("1::", "1::"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"), ("A::B", "a::b"),
        ("fe80::1%eth0", "fe80::1"), ("1:2", nil), (":1::", nil), ("1:::2", nil), ("::1%", nil),
        ("1:2:3:4:5:6:7:8:9", nil), ("::1.2.3.256", nil), (" ::1", nil), ("::g", nil),
    ])
    func readsIPv6(_ text: String, expected: String?) {
        #expect(IPv6Address(text)?.description == expected)
    }

    @Test(arguments: [
        ("1.2.3.4", true), ("01.2.3.4", false), ("1.2.3", false), ("1.2.3.4.5", false),
        ("256.1.1.1", false), ("1.2.3.4 ", false), ("0x7f.1.1.1", false), ("٤.2.3.4", false),
    ])
    func readsIPv4(_ text: String, expected: Bool) {
        #expect((IPv4Address(text) != nil) == expected)
    }

    @Test func comparesNumbersOfAllKinds() {
        #expect(isValid(MaxValueValidator<NumericValue>(0.5), 0.5))
        #expect(!isValid(MaxValueValidator<NumericValue>(0), .decimal(ExactDecimal("1e-9")!)))
        #expect(isValid(MinValueValidator<NumericValue>(3), .decimal(ExactDecimal("1e1000000")!)))
        #expect(
            !isValid(
                MinValueValidator(CalendarDate(year: 2024, month: 1, day: 2)!),
                CalendarDate(year: 2024, month: 1, day: 1)!
            )
        )
        #expect(isValid(StepValueValidator(0.1), 0.3))
        #expect(!isValid(StepValueValidator(0.1), 0.35))
    }

    @Test func fillsMessagesIn() {
        let error = ValidationError(
            "%(a)s of 100%% is %(missing)s %(b)d",
            parameters: [.init("a", "x"), .init("b", 3)]
        )
        #expect(error.description == "x of 100% is %(missing)s 3")
        let one = ErrorMessage("%(n)d thing", plural: "%(n)d things", by: "n")
        #expect(one.text(with: [.init("n", 1)]) == "1 thing")
        #expect(one.text(with: [.init("n", 0)]) == "0 things")
    }

    @Test func judgesFileNames() {
        let validator = FileExtensionValidator(allowedExtensions: ["txt", "JPG"])
        #expect(isValid(validator, "a.TXT"))
        #expect(isValid(validator, "dir.d/a.jpg"))
        #expect(!isValid(validator, "a.txt.exe"))
        #expect(!isValid(validator, ".txt"))
        #expect(
            (try? validator.validate("a.exe")) == nil
        )
    }

    @Test func judgesLists() {
        #expect(isValid(IntegerListValidator.commaSeparated, "1,2,3"))
        #expect(!isValid(IntegerListValidator.commaSeparated, "1,,3"))
        #expect(!isValid(IntegerListValidator.commaSeparated, "1,2,"))
        #expect(isValid(IntegerListValidator(separator: "::", allowsNegative: true), "-1::2"))
        #expect(isValid(SlugValidator(allowsUnicode: true), "é-1_"))
        #expect(!isValid(SlugValidator(), "é"))
        #expect(!isValid(SlugValidator(), "a\n"))
    }
}

@Suite struct RegexValidatorTests {
    @Test func judgesText() throws {
        let validator = RegexValidator(#"^\d+\Z"#, message: "No: %(value)s", code: "digits")
        try validator.validate("123")
        let error = #expect(throws: ValidationError.self) { try validator.validate("12a") }
        #expect(error?.description == "No: 12a")
        #expect(error?.code == "digits")
        #expect(throws: ValidationError.self) { try validator.validate("123\n") }
        #expect(throws: ValidationError.self) { try validator.validate("123\0") }
        try RegexValidator("[0-9]", inverseMatch: true).validate("abc")
        #expect(throws: ValidationError.self) {
            try RegexValidator("[0-9]", inverseMatch: true).validate("ab1")
        }
        try RegexValidator("^x$", options: .ignoreCase).validate("X")
        try RegexValidator().validate("")
    }

    @Test func aMalformedPatternRefusesEverything() {
        for isInverted in [false, true] {
            let validator = RegexValidator("(", inverseMatch: isInverted)
            #expect(throws: ValidationError.self) { try validator.validate("(") }
            #expect(validator.check().map(\.id) == ["validators.E101"])
        }
        #expect(RegexValidator("x").check().isEmpty)
    }

    @Test func aFieldKeepsWhiteSpaceUnlessToldOtherwise() throws {
        #expect(throws: ValidationError.self) { try RegexField("^[0-9]+$").clean(" 12") }
        let cleaned = try RegexField("^[0-9]+$", strip: true).clean(" 12")
        #expect("\(cleaned)" == "\(FormValue.string("12"))")
        #expect(throws: ValidationError.self) {
            try RegexField("^[0-9]+$", maxLength: 3).clean("1234")
        }
    }
}
