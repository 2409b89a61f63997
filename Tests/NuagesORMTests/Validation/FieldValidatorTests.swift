import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesORM

@Model(app: "validation")
struct Parcel {
    @Field(
        maxLength: 20,
        unique: true,
        errorMessages: [
            "unique": "There is a parcel %(field_label)s.", "blank": "Which one?",
            "max_length": "At most %(limit_value)d, not %(show_value)d.",
        ]
    )
    var code: String
    @Field(
        validators: [.minValue(2), .step(5, offset: 2)],
        errorMessages: ["step_size": "By fives.", "null": "never"]
    )
    var weight: Int
    @Field(
        maxLength: 3,
        choices: [FieldChoice(.text("air"), "By air"), FieldChoice(.text("sea"), "By sea")],
        errorMessages: ["invalid_choice": "Not by %(value)s."]
    )
    var way = "air"
    @Field(
        blank: true,
        errorMessages: [
            "invalid": "“%(value)s” is no day.", "invalid_date": "%(value)s does not exist.",
        ]
    )
    var sent: CalendarDate?
    @Field(kind: .genericIPAddressField, blank: true, unpackIPv4: true) var unpacked: String?
    @Field(
        kind: .genericIPAddressField,
        blank: true,
        errorMessages: ["invalid": "No %(protocol)s."]
    )
    var packed: String?
}

@Model(app: "validation")
struct Careless {
    @Field(validators: [ValidatorSchema("SlugValidatr")]) var slug: String
    @Field(validators: [.regex("(")]) var pattern: String
    @Field(validators: [ValidatorSchema("MinValueValidator")]) var number: Int
    @Field(validators: [.fileExtension(["png"]), .slug]) var fine: String
}

@Suite("Validators and messages of fields")
struct FieldValidatorTests {
    /// Validators, values that pass, and values with the code of what is wrong.
    static let cases: [(validator: ValidatorSchema, good: [SQLValue], bad: [(SQLValue, String)])] =
        [
            (.minValue(3), [.int(3), .double(3.5)], [(.int(2), "min_value")]),
            (.maxValue(Decimal(3)), [.decimal(3)], [(.decimal(4), "max_value")]),
            (
                .minValue(TestDatabase.calendarDay(5)), [.date(TestDatabase.calendarDay(5))],
                [(.date(TestDatabase.calendarDay(4)), "min_value")]
            ),
            (
                .maxValue(TestDatabase.day(0)), [.dateTime(TestDatabase.day(0)), .null],
                [(.dateTime(TestDatabase.day(1)), "max_value")]
            ),
            (
                .maxValue(Duration.seconds(5)), [.duration(.seconds(5))],
                [(.duration(.seconds(6)), "max_value")]
            ),
            (.minLength(2), [.text("é!")], [(.text("é"), "min_length")]),
            (.maxLength(2), [.text("é!")], [(.text("abc"), "max_length")]),
            (.step(5, offset: 2), [.int(7), .int(-3)], [(.int(5), "step_size")]),
            (.step(0.5), [.double(1.5)], [(.double(1.4), "step_size")]),
            (
                .decimal(maxDigits: 3, decimalPlaces: 1), [.decimal(Decimal(999) / 10)],
                [
                    (.decimal(Decimal(999) / 100), "max_decimal_places"),
                    (.decimal(999), "max_whole_digits"), (.decimal(9999), "max_digits"),
                ]
            ),
            (.regex("^[np]\\Z"), [.text("n")], [(.text("nn"), "invalid")]),
            (.regex("x", code: "x", inverseMatch: true), [.text("n")], [(.text("axb"), "x")]),
            (
                ValidatorSchema("RegexValidator", ["regex": .text("^A\\Z"), "flags": .int(2)]),
                [.text("a")], [(.text("b"), "invalid")]
            ),
            (.fileExtension(["TXT"]), [.text("a.txt")], [(.text("a.exe"), "invalid_extension")]),
            (
                ValidatorSchema(
                    "FileExtensionValidator",
                    [
                        "allowed_extensions": .json(.array([.string("txt")])),
                        "message": .text("No."), "code": .text("no"),
                    ]
                ),
                [.text("a.TXT")], [(.text("txt"), "no")]
            ),
            (.imageFileExtension, [.text("a.png")], [(.text("a.svg"), "invalid_extension")]),
            (.integerList(allowsNegative: true), [.text("1,-2")], [(.text("1;2"), "invalid")]),
            (.commaSeparatedIntegers, [.text("1,2")], [(.text("1,-2"), "invalid")]),
            (
                .url(schemes: ["https"]), [.text("https://a.de")],
                [(.text("http://a.de"), "invalid")]
            ),
            (.email, [.text("a@b.de")], [(.text("a@"), "invalid")]),
            (ValidatorSchema("validate_email"), [.text("a@b.de")], [(.text("a"), "invalid")]),
            (.domainName, [.text("a.de"), .text("bücher.de")], [(.text("a"), "invalid")]),
            (
                ValidatorSchema("DomainNameValidator", ["accept_idna": .bool(false)]),
                [.text("a.de")], [(.text("bücher.de"), "invalid")]
            ),
            (ValidatorSchema("validate_domain_name"), [.text("a.de")], [(.text("-"), "invalid")]),
            (.slug, [.text("a-1_b")], [(.text("é"), "invalid"), (.text("a b"), "invalid")]),
            (.unicodeSlug, [.text("é-1")], [(.text("a b"), "invalid")]),
            (.integer, [.text("-42")], [(.text("4.2"), "invalid")]),
            (.ipv4Address, [.text("10.0.0.1")], [(.text("::1"), "invalid")]),
            (.ipv6Address, [.text("::1")], [(.text("10.0.0.1"), "invalid")]),
            (.ipv46Address, [.text("::1"), .text("10.0.0.1")], [(.text("10.0.0"), "invalid")]),
            (.noNullCharacters, [.text("a")], [(.text("a\0"), "null_characters_not_allowed")]),
        ]

    @Test("Django's validators are known by their names", arguments: cases.indices)
    func validators(_ index: Int) throws {
        let (schema, good, bad) = Self.cases[index]
        let check = try FieldValidators.check(of: schema)
        for value in good { #expect(check(value) == [], "\(schema.name) \(value)") }
        for (value, code) in bad {
            #expect(check(value).map(\.code) == [code], "\(schema.name) \(value)")
        }
    }

    @Test("Every name of the table is shown by a case")
    func allNames() {
        #expect(Set(FieldValidators.builtIn.keys).isSubset(of: Self.cases.map(\.validator.name)))
    }

    @Test(
        "Arguments that do not fit make a validator unusable",
        arguments: [
            ValidatorSchema("MinLengthValidator"), .minLength(1).with("limit_value", .text("1")),
            .step(0), ValidatorSchema("StepValueValidator"), .step(1).with("offset", .text("x")),
            .regex("["), .regex("a").with("flags", .int(4)),
            .fileExtension([]).with(
                "allowed_extensions",
                .text("txt")
            ), .integerList().with("allow_negative", .int(1)), .email.with("message", .int(1)),
            ValidatorSchema("min_value", ["limit_value": .int(1)]),
        ]
    )
    func mistakes(_ schema: ValidatorSchema) {
        #expect(throws: FieldValidators.Mistake.self) { try FieldValidators.check(of: schema) }
    }

    @Test("A validator that nobody knows is an error, at the start and of a row")
    func unknown() async throws {
        let messages = ModelRegistry.check([Careless.self])
        #expect(messages.map(\.id) == ["fields.E008", "fields.E008", "fields.E008"])
        #expect(messages[0].message == "The validator 'SlugValidatr' cannot be used.")
        #expect(messages[0].hint?.contains("FieldValidators.register") == true)
        #expect(messages[2].object == "validation.Careless.number")
        let database = try await TestBackend.sqlite.open()
        try await database.makeTables(Careless.self)
        try await database.use { () async throws in
            var row = Careless(slug: "a b", pattern: "", number: 1, fine: "a")
            do {
                try await row.fullClean()
                Issue.record("It has validators that are not known")
            } catch FieldError.unusableValidator(let name, let field, let reason) {
                #expect(name == "SlugValidatr" && field == "slug")
                #expect(reason.contains("validate_slug"))
            }
            do {
                try await row.fullClean(excluding: { ($0.slug, $0.pattern, $0.number) })
                Issue.record("It is no name of an image")
            } catch let error as ValidationError {
                #expect(error.items.map(\.code) == ["invalid_extension"])
            }
        }
    }

    @Test("A site adds validators of its own")
    func registered() throws {
        FieldValidators.register("validate_even") { value, arguments throws(ValidationError) in
            if case .int(let number) = value, !number.isMultiple(of: 2) {
                throw ValidationError(ErrorMessage("\(number) is odd"), code: "odd")
            }
            if arguments["strict"] == .bool(true), value == .int(0) {
                throw ValidationError("None", code: "zero")
            }
        }
        FieldValidators.register("validate_plate", RegexValidator(#"^[A-Z]{2}\d+\Z"#))
        FieldValidators.register("validate_small", MaxValueValidator<NumericValue>(9))
        func codes(_ schema: ValidatorSchema, _ value: SQLValue) throws -> [String] {
            try FieldValidators.check(of: schema)(value).map(\.code)
        }
        #expect(try codes(ValidatorSchema("validate_even"), .int(3)) == ["odd"])
        #expect(try codes(ValidatorSchema("validate_even"), .int(0)) == [])
        let strict = ValidatorSchema("validate_even", ["strict": .bool(true)])
        #expect(try codes(strict, .int(0)) == ["zero"])
        #expect(try codes(ValidatorSchema("validate_plate"), .text("XY1")) == [])
        #expect(try codes(ValidatorSchema("validate_plate"), .text("x")) == ["invalid"])
        #expect(try codes(ValidatorSchema("validate_small"), .int(10)) == ["max_value"])
        // A later registration counts from then on.
        FieldValidators.register("validate_even") { _, _ throws(ValidationError) in }
        #expect(try codes(ValidatorSchema("validate_even"), .int(3)) == [])
        #expect(FieldValidators.names.contains("validate_plate"))
    }

    @Test("A field's own texts take the place of the usual ones, by their codes")
    func messages() async throws {
        let database = try await TestBackend.sqlite.open()
        try await database.makeTables(Parcel.self)
        try await database.use { () async throws in
            try await Parcel.objects.create(Parcel(code: "a", weight: 2))
            #expect(try await texts(Parcel(code: "a", weight: 2)) == ["There is a parcel Code."])
            #expect(
                try await texts(Parcel(code: "", weight: 4, way: "rail")) == [
                    "Which one?", "By fives.", "Not by rail.",
                ]
            )
            let long = String(repeating: "é", count: 21)
            #expect(try await texts(Parcel(code: long, weight: 7)) == ["At most 20, not 21."])
            #expect(
                try await texts(Parcel(code: "b", weight: 1)) == [
                    "Ensure this value is greater than or equal to 2.", "By fives.",
                ]
            )
            #expect(
                try await texts(Parcel(code: "b", weight: 2, packed: "1::2::3")) == ["No IPv6."]
            )
            for (text, message) in [
                ("soon", "“soon” is no day."), ("2026-02-30", "2026-02-30 does not exist."),
            ] {
                var row = try DynamicRow(
                    new: "validation.parcel",
                    [("code", "c"), ("weight", 2), ("sent", .value(.text(text)))]
                )
                let error = await #expect(throws: ValidationError.self) {
                    try await row.fullClean()
                }
                #expect(error?.items.map(\.text) == [message])
            }
        }
    }

    private func texts(_ parcel: Parcel) async throws -> [String] {
        var parcel = parcel
        do {
            try await parcel.fullClean()
            return []
        } catch let error as ValidationError {
            return error.items.map(\.text)
        }
    }

    @Test("IPv4 addresses in the form of IPv6 are unpacked where the field says so")
    func unpacks() async throws {
        for backend in TestBackend.installed {
            let database = try await backend.open()
            try await database.makeTables(Parcel.self)
            try await database.use { () async throws in
                let (mapped, long) = ("::FFFF:10.0.0.1", "2001:0db8:0:0::0001")
                var parcel = Parcel(code: "a", weight: 2, unpacked: mapped, packed: mapped)
                try await parcel.fullClean()
                #expect(parcel.unpacked == "10.0.0.1")
                #expect(parcel.packed == "::ffff:10.0.0.1")
                // What nobody has cleaned is unpacked where it is stored and compared, too.
                var raw = Parcel(code: "b", weight: 2, unpacked: mapped, packed: long)
                try await raw.save()
                try await raw.refresh()
                #expect(raw.unpacked == "10.0.0.1")
                #expect(raw.packed == "2001:db8::1")
                try await Parcel.objects.bulkCreate([
                    Parcel(code: "c", weight: 2, unpacked: mapped)
                ])
                #expect(try await Parcel.objects.filter { $0.unpacked == mapped }.count() == 2)
                #expect(try await Parcel.objects.filter { $0.unpacked == "10.0.0.1" }.count() == 2)
                #expect(try await Parcel.objects.filter { $0.packed == long }.count() == 1)
            }
            await database.close()
        }
    }
}

extension ValidatorSchema {
    fileprivate func with(_ name: String, _ value: SQLValue) -> Self {
        var copy = self
        copy.arguments[name] = value
        return copy
    }
}
