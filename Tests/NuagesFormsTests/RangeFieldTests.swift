import Foundation
import NuagesCore
import NuagesForms
import Testing

@Suite("Fields of ranges")
struct RangeFieldTests {
    private static let ints = IntegerRangeField()
    private static let days = DateRangeField()
    private static let moments = DateTimeRangeField()
    private static let decimals = DecimalRangeField()
    private static let order =
        "bound_ordering: The start of the range must not exceed the end of the range."

    private static let ends: [ArrayCase] = [
        ArrayCase(ints, ["1", "5"], "[1, 5)"), ArrayCase(ints, ["5", "1"], order),
        ArrayCase(ints, ["3", "3"], "[3, 3)"), ArrayCase(ints, ["", "5"], "(None, 5)"),
        ArrayCase(ints, ["1", ""], "[1, None)"), ArrayCase(ints, ["", ""], "None", changed: false),
        // An error that both ends have is said once.
        ArrayCase(ints, ["a", "b"], "invalid: Enter a whole number."),
        ArrayCase(ints, ["1.5", "2"], "invalid: Enter a whole number."),
        ArrayCase(
            ints.required(true),
            ["", ""],
            "required: This field is required.",
            changed: false
        ),
        ArrayCase(ints.required(true), ["1", ""], "[1, None)"),
        ArrayCase(
            IntegerRangeField(IntegerField(minValue: 3)),
            ["1", "9"],
            "min_value: Ensure this value is greater than or equal to 3."
        ),
        ArrayCase(ints, ["99999999999999999999", "99999999999999999998"], order),
        ArrayCase(IntegerRangeField(defaultBounds: .both), ["1", "5"], "[1, 5]"),
        ArrayCase(decimals, ["1.5", "5"], "[1.5, 5)"), ArrayCase(decimals, ["5", "1.25"], order),
        ArrayCase(decimals, ["NaN", "1"], "invalid: Enter a number."),
        ArrayCase(days, ["2024-01-01", "2024-02-01"], "[2024-01-01, 2024-02-01)"),
        ArrayCase(days, ["2024-02-01", "2024-01-01"], order),
        ArrayCase(days, ["x", "2024-01-01"], "invalid: Enter a valid date."),
        ArrayCase(
            moments,
            ["2024-01-01 10:00", "2024-01-01 11:00"],
            "[2024-01-01 10:00:00+00:00, 2024-01-01 11:00:00+00:00)"
        ),
        ArrayCase(moments, ["2024-01-01 11:00", "2024-01-01 10:00"], order),
        ArrayCase(moments, ["x", ""], "invalid: Enter a valid date/time."),
        ArrayCase(ints, ["1", "5"], initial: FormRange(1, 5).formValue, "[1, 5)", changed: false),
        ArrayCase(ints, ["1", "6"], initial: FormRange(1, 5).formValue, "[1, 6)"),
        ArrayCase(
            ints,
            ["1", ""],
            initial: FormRange(1, nil).formValue,
            "[1, None)",
            changed: false
        ),
    ]

    @Test(arguments: ends)
    func cleansAsDjangoDoes(_ item: ArrayCase) {
        FormEnvironment.$current.withValue(FormEnvironment()) {
            #expect(item.found == item.expected)
            #expect(item.form.bind(item.data).hasChanged == item.hasChanged)
        }
    }

    /// What is said of values that are no two ends, which only JSON can have.
    @Test(arguments: [
        (ints as any FormField, "Enter two whole numbers."), (decimals, "Enter two numbers."),
        (days, "Enter two valid dates."), (moments, "Enter two valid date/times."),
    ])
    func refusesWhatHasNoEnds(_ field: any FormField, message: String) throws {
        var form = DynamicForm()
        form.add("x", field)
        let bound = form.bind(FormInput(json: try JSONValue(parsing: #"{"x": "1"}"#)))
        #expect(
            bound.errors["x"]?.items.map { "\($0.code): \($0.text)" } == ["invalid: \(message)"]
        )
    }

    @Test func showsTwoControls() {
        var form = DynamicForm()
        form.add("x", Self.ints.required(true))
        form.add("z", Self.moments)
        form.setInitial(FormRange(1, 5), for: "x")
        form.setInitial(FormRange(Date(timeIntervalSince1970: 0), nil), for: "z")
        let bound = form.unbound()
        #expect(
            bound["x"]?.control().html
                == #"<input type="number" name="x_0" value="1" id="id_x_0">"#
                + #"<input type="number" name="x_1" value="5" id="id_x_1">"#
        )
        #expect(
            bound["z"]?.control().html
                == #"<input type="text" name="z_0" value="1970-01-01 00:00:00" id="id_z_0">"#
                + #"<input type="text" name="z_1" id="id_z_1">"#
        )
        #expect(bound["x"]?.widgetType == "range" && bound["x"]?.usesFieldset == true)
        let again = form.bind(QueryDict.of(("x_0", "1"), ("x_1", "<")))
        #expect(again["x"]?.control().html.contains(#"value="&lt;""#) == true)
    }

    @Form
    struct EventForm {
        @IntegerRangeField(IntegerField(minValue: 0), required: true) var seats: FormRange<Int>
        @DateRangeField var days: FormRange<CalendarDate>?
        @DecimalRangeField(defaultBounds: .both) var prices: FormRange<Decimal>?
        @DateTimeRangeField(widget: .range(.text)) var open: FormRange<Date>?
    }

    @Test func fillsTypedProperties() async throws {
        let data = QueryDict.of(
            ("seats_0", "1"),
            ("seats_1", "5"),
            ("prices_0", "1.5"),
            ("prices_1", "2")
        )
        guard case .valid(let form) = try await EventForm.bind(data) else {
            Issue.record("not valid")
            return
        }
        #expect(form.seats == FormRange(1..<5) && form.days == nil && form.open == nil)
        #expect(form.prices == FormRange(1.5...2))
        let empty = try await EventForm.bind(QueryDict())
        guard case .invalid(let bound) = empty else {
            Issue.record("valid")
            return
        }
        #expect(bound.errors.entries.map(\.name) == ["seats"])
        let json = try JSONValue(parsing: #"{"seats": [1, 5], "days": ["2024-01-01", null]}"#)
        guard case .valid(let read) = try await EventForm.bind(json: json) else {
            Issue.record("not valid")
            return
        }
        #expect(read.seats.upper == 5 && read.days?.lower?.year == 2024 && read.days?.upper == nil)
        #expect(FormRange(3..<3).isEmpty)
    }
}
