import NuagesCore
import NuagesForms
import Testing

/// What a field makes of a submitted text: the value's text, or its errors.
func cleaned(_ field: any FormField, _ raw: FormValue) -> String {
    do throws(ValidationError) {
        return try field.clean(raw).contextValue.plainText
    } catch {
        return "error: " + error.items.map { "\($0.code): \($0.text)" }.joined(separator: "; ")
    }
}

@Suite struct FieldTests {
    private static let required = "error: required: This field is required."

    @Test(arguments: [
        ("  Hello \u{A0}", "Hello"),
        ("a\0b", "error: null_characters_not_allowed: Null characters are not allowed."),
        (" \t", required), ("", required),
        ("abcdef", "error: max_length: Ensure this value has at most 5 characters (it has 6)."),
        ("é", "error: min_length: Ensure this value has at least 2 characters (it has 1)."),
        ("😀😀😀😀😀", "😀😀😀😀😀"),
    ])
    func readsText(_ text: String, expected: String) {
        #expect(cleaned(CharField(maxLength: 5, minLength: 2), .string(text)) == expected)
    }

    @Test(arguments: [
        ("1", "1"), (" -7 ", "-7"), ("+5", "5"), ("1_000", "1000"), ("١٢", "12"), ("3.000 ", "3"),
        ("9223372036854775808", "9223372036854775808"),
        ("1.5", "error: invalid: Enter a whole number."),
        ("0x10", "error: invalid: Enter a whole number."),
        ("1__0", "error: invalid: Enter a whole number."),
        ("_1", "error: invalid: Enter a whole number."),
        ("- 1", "error: invalid: Enter a whole number."),
        ("", required),
    ])
    func readsWholeNumbers(_ text: String, expected: String) {
        #expect(cleaned(IntegerField(), .string(text)) == expected)
    }

    @Test(arguments: [
        ("5", "5"),
        ("11", "error: max_value: Ensure this value is less than or equal to 10."),
        (
            "0",
            "error: min_value: Ensure this value is greater than or equal to 1.; "
                + "step_size: Ensure this value is a multiple of step size 2, starting from 1, "
                + "e.g. 1, 3, 5, and so on."
        ),
        (
            "99999999999999999999",
            "error: max_value: Ensure this value is less than or equal to 10."
        ),
    ])
    func limitsWholeNumbers(_ text: String, expected: String) {
        let field = IntegerField(maxValue: 10, minValue: 1, stepSize: 2)
        #expect(cleaned(field, .string(text)) == expected)
    }

    @Test(arguments: [
        ("1.5", "1.5"), (" 1e3 ", "1000.0"), ("-.5", "-0.5"), ("1_0.5", "10.5"),
        ("nan", "error: invalid: Enter a number."), ("inf", "error: invalid: Enter a number."),
        ("1e999", "error: invalid: Enter a number."), ("0x1p3", "error: invalid: Enter a number."),
        ("1,5", "error: invalid: Enter a number."), ("1e", "error: invalid: Enter a number."),
    ])
    func readsFloatingPointNumbers(_ text: String, expected: String) {
        #expect(cleaned(FloatField(), .string(text)) == expected)
    }

    @Test(arguments: [
        ("1.10", "1.10"), ("-0.5", "-0.5"), ("1e1", "1E+1"),
        ("12345", "error: max_digits: Ensure that there are no more than 4 digits in total."),
        (
            "0.001",
            "error: max_decimal_places: Ensure that there are no more than 2 decimal places."
        ),
        (
            "123",
            "error: max_whole_digits: Ensure that there are no more than 2 digits before the "
                + "decimal point."
        ),
        ("1e1000000", "error: max_digits: Ensure that there are no more than 4 digits in total."),
        ("NaN", "error: invalid: Enter a number."), ("Infinity", "error: invalid: Enter a number."),
    ])
    func readsDecimals(_ text: String, expected: String) {
        let field = DecimalField(maxDigits: 4, decimalPlaces: 2)
        #expect(cleaned(field, .string(text)) == expected)
    }

    @Test(arguments: [
        ("2024-02-29", "2024-02-29"), ("10/25/2006", "2006-10-25"), ("10/25/06", "2006-10-25"),
        ("Oct 25 2006", "2006-10-25"), ("25 October, 2006", "2006-10-25"),
        ("october 5  2006", "2006-10-05"), (" 2006-1-2 ", "2006-01-02"),
        ("2023-02-29", "error: invalid: Enter a valid date."),
        // The patterns of Python's `strptime`.
        ("2020-1-2\u{663}", "2020-01-23"),
        ("2020-1-\u{663}", "error: invalid: Enter a valid date."),
        ("2020-\u{661}-2", "error: invalid: Enter a valid date."),
        ("25/10/2006", "error: invalid: Enter a valid date."),
        ("2006-10-25x", "error: invalid: Enter a valid date."),
    ])
    func readsDates(_ text: String, expected: String) {
        guard case .date(let date)? = try? DateField().clean(.string(text)) else {
            #expect(cleaned(DateField(), .string(text)) == expected)
            return
        }
        #expect(date.description == expected)
    }

    @Test(arguments: [
        ("14:30:59", "14:30:59"), ("14:30:59.5", "14:30:59.500000"), ("7:5", "07:05:00"),
        ("24:00", "error: invalid: Enter a valid time."),
        ("2:60", "error: invalid: Enter a valid time."),
        ("12:3\u{660}", "12:30:00"), ("12:\u{663}", "12:03:00"), ("1\u{662}:30", "12:30:00"),
        ("12:\u{663}0", "error: invalid: Enter a valid time."),
        ("12:30:\u{663}0", "error: invalid: Enter a valid time."),
        ("2\u{661}:30", "error: invalid: Enter a valid time."),
    ])
    func readsTimes(_ text: String, expected: String) {
        guard case .time(let time)? = try? TimeField().clean(.string(text)) else {
            #expect(cleaned(TimeField(), .string(text)) == expected)
            return
        }
        #expect(time.description == expected)
    }

    @Test(arguments: [
        ("2006-10-25 14:30", 1_161_786_600), ("2006-10-25T14:30:00Z", 1_161_786_600),
        ("2006-10-25T16:30+02:00", 1_161_786_600), ("20061025T143000", 1_161_786_600),
        ("2006-W43-3T14:30", 1_161_786_600), ("10/25/06 14:30", 1_161_786_600),
        ("2006-10-25", 1_161_734_400),
    ])
    func readsMoments(_ text: String, expected: Int) throws {
        guard case .dateTime(let value) = try DateTimeField().clean(.string(text)) else {
            Issue.record("no moment")
            return
        }
        #expect(value.microsecondsSince1970 == expected * 1_000_000)
    }

    @Test(arguments: [
        "2006-10-25T14:30:05\u{663}Z", "2006-13-25T14:30", "2006-10-25T25:00", "2006-10-25T", "x",
        "2006-10-25 14:30:59 +99:00",
    ])
    func refusesWhatIsNoMoment(_ text: String) {
        #expect(
            cleaned(DateTimeField(), .string(text)) == "error: invalid: Enter a valid date/time."
        )
    }

    @Test(arguments: [
        ("30", "00:00:30"), ("1:15:30", "01:15:30"), ("1 1:15:30.3", "1 01:15:30.300000"),
        ("P1DT2H", "1 02:00:00"), ("-1 days 00:00:10", "-1 00:00:10"),
        ("PT0.5S", "00:00:00.500000"),
        ("3 days 04:05:06", "3 04:05:06"), ("-30", "-1 23:59:30"),
    ])
    func readsLengthsOfTime(_ text: String, expected: String) throws {
        let field = DurationField()
        let shown = field.prepare(try field.clean(.string(text)))
        #expect(shown.contextValue.plainText == expected)
    }

    @Test func refusesWhatIsNoLengthOfTime() {
        let field = DurationField()
        #expect(cleaned(field, "1:2:3:4") == "error: invalid: Enter a valid duration.")
        #expect(
            cleaned(field, "1000000000 00:00:00")
                == "error: overflow: The number of days must be between -999999999 and 999999999."
        )
        #expect(
            cleaned(field, .string(String(repeating: "9", count: 5000)))
                == "error: overflow: The number of days must be between -999999999 and 999999999."
        )
    }

    @Test(arguments: [
        ("example.com", "https://example.com"), ("//example.com/a", "https://example.com/a"),
        ("http://example.com:80/?q=1#f", "http://example.com:80/?q=1#f"),
        ("javascript:alert(1)", "error: invalid: Enter a valid URL."),
        ("http://[::1]/", "http://[::1]/"),
        ("http://a b.com", "error: invalid: Enter a valid URL."),
        ("http://例え.jp/", "http://例え.jp/"), ("http://-a.com", "error: invalid: Enter a valid URL."),
        ("http://010.0.0.1/", "error: invalid: Enter a valid URL."),
        ("http://example.com\u{2100}/", "error: invalid: Enter a valid URL."),
    ])
    func readsURLs(_ text: String, expected: String) {
        #expect(cleaned(URLField(), .string(text)) == expected)
    }

    @Test(arguments: [
        ("2001:0db8:0:0::1", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("010.0.0.1", "error: invalid: Enter a valid IPv4 or IPv6 address."),
        ("1::2::3", "error: invalid: This is not a valid IPv6 address."),
        ("12345::", "error: invalid: This is not a valid IPv6 address."),
    ])
    func readsAddresses(_ text: String, expected: String) {
        #expect(cleaned(GenericIPAddressField(unpackIPv4: true), .string(text)) == expected)
    }

    @Test(arguments: [
        ("550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ("{550E8400E29B41D4A716446655440000}", "550e8400-e29b-41d4-a716-446655440000"),
        ("urn:uuid:550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ("550e8400", "error: invalid: Enter a valid UUID."),
    ])
    func readsUUIDs(_ text: String, expected: String) {
        #expect(cleaned(UUIDField(), .string(text)) == expected)
    }

    @Test func readsTruthValues() {
        #expect(cleaned(BooleanField(), "on") == "True")
        #expect(cleaned(BooleanField(), "False") == "error: required: This field is required.")
        #expect(cleaned(BooleanField().required(false), "0") == "False")
        #expect(cleaned(NullBooleanField(), "True") == "True")
        #expect(cleaned(NullBooleanField(), "whatever") == "None")
    }

    @Test func readsChoices() {
        let field = ChoiceField<Int>(choices: FormChoices([(1, "One"), (2, "Two")]))
        #expect(cleaned(field, "2") == "2")
        #expect(
            cleaned(field, "3")
                == "error: invalid_choice: Select a valid choice. 3 is not one of the available "
                + "choices."
        )
        let several = MultipleChoiceField<Int>(choices: FormChoices([(1, "One"), (2, "Two")]))
        #expect(cleaned(several, ["1", "2"]) == "[1, 2]")
        #expect(cleaned(several, "1") == "error: invalid_list: Enter a list of values.")
        #expect(cleaned(several, []) == "error: required: This field is required.")
    }

    @Test func readsJSON() throws {
        let field = JSONField()
        #expect(cleaned(field, "{\"a\": [1, true]}") == "{'a': [1, True]}")
        #expect(cleaned(field, "nan") == "error: invalid: Enter a valid JSON.")
        #expect(cleaned(field, "NaN") == "nan")
        #expect(
            field.prepare(.object([.init("a", "<é>")])).contextValue.plainText
                == "{\"a\": \"<é>\"}"
        )
        #expect(
            field.prepare(field.boundValue("{bad", initial: .none)).contextValue.plainText == "{bad"
        )
        #expect(
            !field.hasChanged(
                initial: .object([.init("a", 1), .init("b", 2)]),
                data: "{\"b\":2,\"a\":1}"
            )
        )
        #expect(field.hasChanged(initial: .object([.init("a", true)]), data: "{\"a\": 1}"))
    }

    @Test func readsFiles() {
        let file = UploadedFile(name: "a.txt", contentType: "text/plain", bytes: [1])
        let empty = UploadedFile(name: "a.txt", contentType: "text/plain", bytes: [])
        #expect(cleaned(FileField(), .file(file)) == "a.txt")
        #expect(cleaned(FileField(), .file(empty)) == "error: empty: The submitted file is empty.")
        #expect(cleaned(FileField(), .none) == "error: required: This field is required.")
        #expect(
            cleaned(FileField(), "text")
                == "error: invalid: No file was submitted. Check the encoding type on the form."
        )
        #expect(
            cleaned(FileField(maxLength: 3), .file(file))
                == "error: max_length: Ensure this filename has at most 3 characters (it has 5)."
        )
        var form = DynamicForm()
        form.add("doc", FileField().required(false))
        let both = form.bind(["doc-clear": ["on"]], files: ["doc": file])
        #expect(
            both.errors["doc"]?.messages
                == ["Please either submit a file or check the clear checkbox, not both."]
        )
        #expect(form.unbound().isMultipart)
    }

    @Test func combinesFields() {
        let field = ComboField([CharField(maxLength: 20), EmailField()])
        #expect(cleaned(field, " a@example.com ") == "a@example.com")
        #expect(
            cleaned(field, "longer-than-twenty@example.com")
                == "error: max_length: Ensure this value has at most 20 characters (it has 30)."
        )
    }

    @Test func splitsDateAndTime() throws {
        let field = SplitDateTimeField()
        guard case .dateTime(let value) = try field.clean(["2006-10-25", "14:30"]) else {
            Issue.record("no moment")
            return
        }
        #expect(value.microsecondsSince1970 == 1_161_786_600_000_000)
        #expect(
            cleaned(field, ["x", "y"])
                == "error: invalid: Enter a valid date.; invalid: Enter a valid time."
        )
        #expect(cleaned(field, ["2006-10-25", ""]) == "error: required: This field is required.")
    }

    @Test func ownMessagesAndValidators() {
        let field = CharField(maxLength: 3)
            .errorMessages([
                "required": "Say something.", "max_length": "Too long: %(show_value)d.",
            ])
            .validator(SlugValidator())
        #expect(cleaned(field, "") == "error: required: Say something.")
        #expect(cleaned(field, "abcd") == "error: max_length: Too long: 4.")
        #expect(
            cleaned(field, "a b")
                == "error: invalid: Enter a valid “slug” consisting of letters, numbers, "
                + "underscores or hyphens."
        )
    }
}
