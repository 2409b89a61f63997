import Foundation
import NuagesCore
import NuagesForms
import Testing

/// What a field makes of what is submitted, as Django 6.1 does: the cleaned value or the errors, and
/// whether it differs from the initial value.
struct ArrayCase: Sendable, CustomTestStringConvertible {
    let field: any FormField
    let data: QueryDict
    let initial: FormValue
    let expected: String
    let hasChanged: Bool

    init(
        _ field: any FormField,
        _ values: [String],
        initial: FormValue = .none,
        _ expected: String,
        changed: Bool = true
    ) {
        self.field = field
        self.initial = initial
        self.expected = expected
        hasChanged = changed
        var data = QueryDict()
        if field is any LineField {
            data["x"] = values[0]
        } else {
            for (index, value) in values.enumerated() { data["x_\(index)"] = value }
        }
        self.data = data
    }

    var testDescription: String { "\(type(of: field)): \(expected)" }

    /// What came of it.
    var found: String {
        let bound = form.bind(data)
        if let value = bound.cleaned("x") { return value.text }
        return bound.errors["x"]?.items.map { "\($0.code): \($0.text)" }.joined(separator: "\n")
            ?? ""
    }

    var form: DynamicForm {
        var form = DynamicForm()
        form.add("x", field)
        if case .none = initial { return form }
        form.setInitial(initial, for: "x")
        return form
    }
}

/// A field whose control is one line.
private protocol LineField {}
extension SimpleArrayField: LineField {}
extension HStoreField: LineField {}

private let numbers = SimpleArrayField(IntegerField(), maxLength: 3)
private let someNumbers = SimpleArrayField(IntegerField()).required(false)
private let needed = "required: This field is required."

private func wrong(_ place: Int, _ problem: String) -> String {
    "item_invalid: Item \(place) in the array did not validate: \(problem)"
}

@Suite("Fields of arrays and maps")
struct ArrayFieldTests {
    private static let whole = "Enter a whole number."

    private static let lines: [ArrayCase] = [
        ArrayCase(numbers, ["1,2,3"], "[1, 2, 3]"),
        ArrayCase(numbers, ["1, 2 ,3"], "[1, 2, 3]"),
        ArrayCase(numbers, [""], needed, changed: false),
        ArrayCase(numbers, ["a,2,b"], wrong(1, whole) + "\n" + wrong(3, whole)),
        ArrayCase(numbers, ["1,,2"], wrong(2, "This field is required.")),
        ArrayCase(
            numbers,
            ["1,2,3,4"],
            "max_length: List contains 4 items, it should contain no more than 3."
        ),
        ArrayCase(
            SimpleArrayField(IntegerField(), minLength: 2),
            ["1"],
            "min_length: List contains 1 item, it should contain no fewer than 2."
        ),
        ArrayCase(SimpleArrayField(IntegerField(), delimiter: "|"), ["1|2|3"], "[1, 2, 3]"),
        ArrayCase(SimpleArrayField(IntegerField(), delimiter: "::"), ["1::2"], "[1, 2]"),
        ArrayCase(
            SimpleArrayField(CharField(maxLength: 2)),
            ["a,bcd, e ,ü"],
            wrong(2, "Ensure this value has at most 2 characters (it has 3).")
        ),
        ArrayCase(
            SimpleArrayField(CharField()),
            ["%(nth)s,a\u{0}"],
            wrong(2, "Null characters are not allowed.")
        ),
        ArrayCase(
            SimpleArrayField(ChoiceField<String>(choices: ["a": "A"])),
            ["a,%(nth)s"],
            wrong(2, "Select a valid choice. %(nth)s is not one of the available choices.")
        ),
        ArrayCase(
            SimpleArrayField(IntegerField(maxValue: 5, minValue: 3)),
            ["1,4,6"],
            wrong(1, "Ensure this value is greater than or equal to 3.") + "\n"
                + wrong(3, "Ensure this value is less than or equal to 5.")
        ),
        ArrayCase(
            SimpleArrayField(SimpleArrayField(IntegerField()), delimiter: "|"),
            ["1,2|3,4"],
            "[[1, 2], [3, 4]]"
        ),
        ArrayCase(
            SimpleArrayField(SimpleArrayField(IntegerField()), delimiter: "|"),
            ["1,2|3,x"],
            wrong(2, "Item 2 in the array did not validate: Enter a whole number.")
        ),
        ArrayCase(SimpleArrayField(IntegerField().required(false)), ["1,,2"], "[1, None, 2]"),
        ArrayCase(someNumbers, ["1,2"], initial: [1, 2], "[1, 2]", changed: false),
        ArrayCase(someNumbers, ["1,3"], initial: [1, 2], "[1, 3]"),
        ArrayCase(someNumbers, [""], "[]", changed: false),
        ArrayCase(someNumbers, [""], initial: [], "[]", changed: false),
        ArrayCase(someNumbers, [""], initial: [1], "[]"),
        ArrayCase(
            numbers.errorMessages(["item_invalid": "No. %(nth)s:"]),
            ["x"],
            "item_invalid: No. 1: Enter a whole number."
        ),
    ]

    private static let split = SplitArrayField(IntegerField(), size: 3)
    private static let loose = SplitArrayField(IntegerField().required(false), size: 3)
    private static let trimmed = SplitArrayField(
        IntegerField().required(false),
        size: 3,
        removeTrailingNulls: true
    ).required(false)

    private static let controls: [ArrayCase] = [
        ArrayCase(split, ["1", "2", "3"], "[1, 2, 3]"),
        ArrayCase(split, ["1", "", "3"], wrong(2, "This field is required.")),
        ArrayCase(
            split,
            ["1", "x", ""],
            wrong(2, whole) + "\n" + wrong(3, "This field is required.")
        ),
        ArrayCase(split, ["", "", ""], needed),
        ArrayCase(
            split.required(false),
            ["", "", ""],
            [1, 2, 3].map { wrong($0, "This field is required.") }.joined(separator: "\n")
        ),
        ArrayCase(loose, ["1", "", ""], "[1, None, None]"),
        ArrayCase(loose.required(false), ["", "", ""], "[None, None, None]"),
        ArrayCase(trimmed, ["1", "", ""], "[1]"),
        ArrayCase(trimmed, ["1", "", "3"], "[1, None, 3]"),
        ArrayCase(trimmed, ["", "", ""], "[]", changed: false),
        ArrayCase(trimmed, ["a", "b", ""], wrong(1, whole) + "\n" + wrong(2, whole)),
        // What is wrong with values that are dropped does not count.
        ArrayCase(
            SplitArrayField(IntegerField(), size: 3, removeTrailingNulls: true),
            ["1", "", ""],
            "[1]"
        ),
        ArrayCase(trimmed, ["1", "2", "3"], initial: [1, 2, 3], "[1, 2, 3]", changed: false),
        ArrayCase(trimmed, ["1", "2", ""], initial: [1, 2], "[1, 2]", changed: false),
        ArrayCase(trimmed, ["1", "2", ""], initial: [1], "[1, 2]"),
    ]

    private static let map = HStoreField()
    private static let format = "invalid_format: Input must be a JSON dictionary."

    private static let maps: [ArrayCase] = [
        ArrayCase(map, [#"{"a": "b"}"#], "{'a': 'b'}"),
        ArrayCase(
            map,
            [#"{"a": 1, "b": null, "c": true, "d": 1.0, "e": [1,"x"]}"#],
            #"{'a': '1', 'b': None, 'c': 'True', 'd': '1.0', 'e': "[1, 'x']"}"#
        ),
        ArrayCase(map, [#"{"a":"1","a":"2"}"#], "{'a': '2'}"),
        ArrayCase(map, [""], needed, changed: false),
        ArrayCase(map, ["{}"], needed, changed: false),
        ArrayCase(map, ["[]"], format), ArrayCase(map, ["[1]"], format),
        ArrayCase(map, ["1"], format),
        ArrayCase(map, [#""x""#], format), ArrayCase(map, ["null"], format),
        ArrayCase(map, ["{a}"], "invalid_json: Could not load JSON data."),
        ArrayCase(map, ["   "], "invalid_json: Could not load JSON data."),
        ArrayCase(
            map,
            [#"{"a": "\u0000"}"#],
            "null_characters_not_allowed: Null characters are not allowed."
        ),
        ArrayCase(map.required(false), [""], "{}", changed: false),
        ArrayCase(
            map,
            [#"{"a": "b"}"#],
            initial: .object([.init("a", "b")]),
            "{'a': 'b'}",
            changed: false
        ),
        ArrayCase(map, [#"{"a": "c"}"#], initial: .object([.init("a", "b")]), "{'a': 'c'}"),
    ]

    @Test(arguments: lines + controls + maps)
    func cleansAsDjangoDoes(_ item: ArrayCase) {
        #expect(item.found == item.expected)
        #expect(item.form.bind(item.data).hasChanged == item.hasChanged)
    }

    // MARK: Pages

    @Test func showsControls() {
        var form = DynamicForm()
        form.add("line", numbers)
        form.add("x", Self.split)
        form.add("loose", Self.loose)
        form.add("map", Self.map)
        form.setInitial([1, 2], for: "line")
        form.setInitial([1, 2, 3, 4], for: "x")
        form.setInitial(["a": "é<", "b": nil] as [String: String?], for: "map")
        let bound = form.unbound()
        func control(_ name: String) -> String { bound[name]?.control().html ?? "" }
        #expect(
            control("line") == #"<input type="text" name="line" value="1,2" required id="id_line">"#
        )
        #expect(
            control("x")
                == (0..<4).map {
                    #"<input type="number" name="x_\#($0)" value="\#($0 + 1)" required "#
                        + #"id="id_x_\#($0)">"#
                }.joined()
        )
        #expect(!control("loose").contains("required"))
        #expect(
            control("map").contains("\n{&quot;a&quot;: &quot;é&lt;&quot;, &quot;b&quot;: null}")
        )
        #expect(bound["x"]?.idForLabel == "id_x_0" && bound["x"]?.widgetType == "splitarray")
        #expect(bound["x"]?.control(.hidden) != nil)
    }

    /// A million wrong items are not a million errors.
    @Test func boundsTheErrorsOfAnArray() {
        var form = DynamicForm()
        form.add("x", numbers)
        let text = String(repeating: "x,", count: 20000)
        let errors = form.bind(QueryDict.of(("x", text))).errors["x"]?.items.count ?? 0
        #expect(errors == 1000)
    }

    // MARK: Typed forms

    @Form
    struct MarksForm {
        @SimpleArrayField(IntegerField(), delimiter: ";", maxLength: 2) var line: [Int]
        @SplitArrayField(IntegerField().required(false), size: 2, required: false)
        var loose: [Int?]
        @SplitArrayField(CharField(), size: 2, removeTrailingNulls: true) var names: [String]
        @HStoreField(required: false) var map: [String: String?]
    }

    @Test func fillsTypedProperties() async throws {
        let data = QueryDict.of(
            ("line", "1;2"),
            ("loose_0", "7"),
            ("loose_1", ""),
            ("names_0", "a"),
            ("names_1", ""),
            ("map", #"{"k": null}"#)
        )
        guard case .valid(let form) = try await MarksForm.bind(data) else {
            Issue.record("not valid")
            return
        }
        #expect(form.line == [1, 2] && form.loose == [7, nil] && form.names == ["a"])
        #expect(form.map == ["k": String?.none])
    }

    @Test(arguments: [
        (#"{"line": [1, 2], "loose": [7, null], "names": ["a"], "map": {"k": 1}}"#, true),
        (#"{"line": "1;2", "names": ["a", "b"]}"#, true),
        (#"{"line": [1, [2]], "names": ["a"]}"#, false),
        (#"{"line": [1], "names": "a"}"#, false),
        (#"{"line": [1], "names": ["a"], "map": [1]}"#, false),
        // Items are held to the types that the field of each takes, and no list is longer than a page.
        (#"{"line": [1], "names": [true]}"#, false),
        (#"{"line": [1], "names": [{"a": 1}]}"#, false),
        (#"{"line": {"1": 2}, "names": ["a"]}"#, false),
        (#"{"line": true, "names": ["a"]}"#, false),
        (#"{"line": [1], "names": ["a", "b", "c"]}"#, false),
    ])
    func readsJSON(_ text: String, isValid: Bool) async throws {
        let result = try await MarksForm.bind(json: JSONValue(parsing: text))
        if case .valid(let form) = result {
            #expect(isValid && form.line == [1, 2])
        } else {
            #expect(!isValid)
        }
    }
}

extension QueryDict {
    /// Fields with one value each.
    static func of(_ fields: (String, String)...) -> QueryDict {
        var data = QueryDict()
        for (name, value) in fields { data.append(name, value) }
        return data
    }
}
