import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import NuagesPostgreSQL
import Testing

/// A row with the kinds of fields that only PostgreSQL has.
@Model(app: "pgforms", ordering: ["id"])
struct Venue {
    var tags: [String]
    @Field(blank: true, size: 2) var marks: [Int] = []
    @Field(blank: true) var attributes: [String: String?] = [:]
    @Field(kind: .integerRangeField, blank: true) var seats: PostgreSQLRange<Int>?
    @Field(blank: true) var big: PostgreSQLRange<Int>?
    @Field(blank: true, bounds: .both) var prices: PostgreSQLRange<Decimal>?
    @Field(blank: true) var open: PostgreSQLRange<Date>?
    @Field(blank: true) var nights: Range<CalendarDate>?
}

@Form
private struct VenueForm: ModelForm {
    static let fields: ModelFormFields<Venue> = .all
}

@Suite(
    "Form fields of PostgreSQL's own kinds of columns",
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct PostgreSQLFieldTests {
    private func with(_ body: @Sendable (Database) async throws -> Void) async throws {
        let database = try await TestBackend.postgresql.open()
        try await database.execute("CREATE EXTENSION hstore")
        try await database.makeTables(Venue.self)
        try await database.use { try await body(database) }
    }

    private static let full = QueryDict.of(
        ("tags", "a, b"),
        ("marks", "1,2"),
        ("attributes", #"{"lang": "fr", "old": null}"#),
        ("seats_0", "1"),
        ("seats_1", "5"),
        ("big_0", "5000000000"),
        ("big_1", ""),
        ("prices_0", "1.50"),
        ("prices_1", "2"),
        ("open_0", "2024-01-01 10:00"),
        ("open_1", ""),
        ("nights_0", "2024-01-01"),
        ("nights_1", "2024-01-03")
    )

    @Test func savesWhatWasEntered() async throws {
        try await with { _ in
            var form = try #require(try await VenueForm.bind(Self.full).valid)
            let (saved, log) = try await Database.capturingQueries { try await form.save() }
            let insert = try #require(log.statements.first { $0.text.hasPrefix("INSERT") })
            #expect(
                insert.text.hasPrefix(
                    #"INSERT INTO "pgforms_venue" ("tags", "marks", "attributes", "seats", "big", "#
                        + #""prices", "open", "nights") VALUES"#
                )
            )
            let venue = try await Venue.objects.get(saved.id)
            #expect(venue.tags == ["a", "b"] && venue.marks == [1, 2])
            #expect(venue.attributes == ["lang": "fr", "old": nil])
            #expect(venue.seats == PostgreSQLRange(1, 5))
            #expect(venue.big == PostgreSQLRange(5_000_000_000, nil))
            #expect(venue.prices == PostgreSQLRange(Decimal(1.5), 2, bounds: .both))
            #expect(venue.open?.lower == Date(timeIntervalSince1970: 1_704_103_200))
            #expect(venue.nights?.upperBound.day == 3)
        }
    }

    /// The controls of a row, and that nothing has changed where they are sent again.
    @Test func showsARowAndTakesItBack() async throws {
        try await with { _ in
            var form = try #require(try await VenueForm.bind(Self.full).valid)
            let venue = try await Venue.objects.get(try await form.save().id)
            let shown = try await VenueForm.unbound(instance: venue)
            func control(_ name: String) -> String { shown[name]?.control().html ?? "" }
            #expect(
                control("tags")
                    == #"<input type="text" name="tags" value="a,b" required id="id_tags">"#
            )
            #expect(control("marks").contains(#"value="1,2""#))
            #expect(
                control("attributes").contains(
                    "{&quot;lang&quot;: &quot;fr&quot;, &quot;old&quot;: null}"
                )
            )
            #expect(
                control("seats")
                    == #"<input type="number" name="seats_0" value="1" min="-2147483648" "#
                    + #"max="2147483647" id="id_seats_0"><input type="number" name="seats_1" "#
                    + #"value="5" min="-2147483648" max="2147483647" id="id_seats_1">"#
            )
            #expect(control("prices").contains(#"value="1.5""#))
            #expect(control("open").contains(#"value="2024-01-01 10:00:00""#))
            #expect(control("nights").contains(#"value="2024-01-03""#))
            let again = try #require(try await VenueForm.bind(Self.full, instance: venue).valid)
            #expect(again.changedFields == [])
            var other = Self.full
            other["attributes"] = #"{"lang": "de", "old": null}"#
            other["seats_1"] = "6"
            other["marks"] = ""
            var changed = try #require(try await VenueForm.bind(other, instance: venue).valid)
            #expect(changed.changedFields == ["marks", "attributes", "seats"])
            let saved = try await changed.save()
            #expect(saved.marks == [] && saved.seats?.upper == 6)
            #expect(try await Venue.objects.get(venue.id).attributes["lang"] == "de")
            // By names, rows hold what the database gives.
            let form2 = try ModelFormDefinition(Venue.self, fields: ["attributes", "seats"])
            let row = try #require(try await DynamicQuery(Venue.self).rows().first)
            let byNames = try await form2.unbound(row: row)
            #expect(byNames["attributes"]?.control().html.contains("&quot;de&quot;") == true)
            #expect(byNames["seats"]?.control().html.contains(#"value="6""#) == true)
        }
    }

    /// What is refused before the database sees it.
    private static let refused: [(changes: [(String, String)], error: String)] = [
        ([("tags", "")], "tags: required: This field is required."),
        (
            [("tags", "a,,b")],
            "tags: item_invalid: Item 2 in the array did not validate: This field is required."
        ),
        (
            [("marks", "1,2,3")],
            "marks: max_length: List contains 3 items, it should contain no more than 2."
        ),
        (
            [("marks", "1,x")],
            "marks: item_invalid: Item 2 in the array did not validate: Enter a whole number."
        ),
        ([("attributes", "[1]")], "attributes: invalid_format: Input must be a JSON dictionary."),
        (
            [("attributes", #"{"a\u0000": "b"}"#)],
            "attributes: null_characters_not_allowed: Null characters are not allowed."
        ),
        (
            [("seats_0", "5"), ("seats_1", "1")],
            "seats: bound_ordering: The start of the range must not exceed the end of the range."
        ),
        (
            [("seats_1", "2147483648")],
            "seats: max_value: Ensure this value is less than or equal to 2147483647."
        ),
        (
            [("big_0", "99999999999999999999"), ("big_1", "")],
            "big: max_value: Ensure this value is less than or equal to 9223372036854775807."
        ),
    ]

    @Test func refusesWhatTheColumnsCannotHold() async throws {
        try await with { _ in
            for (changes, error) in Self.refused {
                var data = Self.full
                for (name, value) in changes { data[name] = value }
                let form = try await VenueForm.bind(data).invalid
                #expect(form?.errorTexts == [error])
            }
            var odd = Self.full
            odd["marks"] = "2147483648"
            #expect(try await VenueForm.bind(odd).valid == nil)
        }
    }

    @Test("A range without an end, for a property of Swift's ranges, is an error in sets too")
    func refusesWhatAPropertyCannotHold() async throws {
        try await with { _ in
            var data = QueryDict.of(("form-TOTAL_FORMS", "1"), ("form-INITIAL_FORMS", "0"))
            data.append("form-0-tags", "x")
            data.append("form-0-nights_0", "2024-01-01")
            let result = try await VenueForm.modelFormSet().bind(FormInput(data))
            guard case .invalid(let set) = result else {
                Issue.record("a range of Swift has two ends")
                return
            }
            #expect(set.forms.map(\.errorTexts) == [["nights: invalid: Enter two valid dates."]])
        }
    }

    @Test func keepsWhatWasLeftEmpty() async throws {
        try await with { _ in
            var form = try #require(try await VenueForm.bind(.of(("tags", "x"))).valid)
            let saved = try await form.save()
            let venue = try await Venue.objects.get(saved.id)
            #expect(venue.marks == [] && venue.attributes == [:] && venue.seats == nil)
            #expect(venue.nights == nil && venue.prices == nil)
        }
    }

    /// A range of Swift has both its ends: what cannot be one is an error of the form or is saved,
    /// and never a failure of the page.
    @Test func readsHalfRangesOfSwift() async throws {
        try await with { _ in
            var data = Self.full
            // Nor has a column that holds no day a first one and a last one.
            for last in ["", "2024-01-01"] {
                data["nights_1"] = last
                let form = try #require(try await VenueForm.bind(data).invalid)
                #expect(form.errorTexts == ["nights: invalid: Enter two valid dates."])
            }
        }
    }
}
