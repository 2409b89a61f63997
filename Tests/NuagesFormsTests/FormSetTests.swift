import NuagesCore
import NuagesForms
import Testing

@Form
private struct LinkForm {
    @CharField(maxLength: 100) var title: String
    @URLField var url: String

    func clean() throws {
        if title == url { throw Self.error(\.title, "Say more.", code: "same") }
    }
}

private func posted(
    _ fields: [String: String],
    total: String = "2",
    initial: String = "0"
)
    -> QueryDict
{
    var data: QueryDict = ["form-TOTAL_FORMS": [total], "form-INITIAL_FORMS": [initial]]
    for (name, value) in fields { data[name] = value }
    return data
}

@Suite struct FormSetTests {
    private let first = LinkForm(title: "Swift", url: "https://swift.org/")

    // What Django 6.1.3 writes for the same form set.
    private static func management(_ total: Int, _ initial: Int) -> String {
        [("TOTAL", total), ("INITIAL", initial), ("MIN_NUM", 0), ("MAX_NUM", 1000)].map {
            "<input type=\"hidden\" name=\"form-\($0)_FORMS\" value=\"\($1)\" "
                + "id=\"id_form-\($0)_FORMS\">"
        }.joined()
    }

    private static func form(
        _ index: String,
        _ values: (title: String, url: String, order: String) = ("", "", "")
    ) -> String {
        func control(_ type: String, _ name: String, _ label: String, _ rest: String) -> String {
            let id = "id_form-\(index)-\(name)"
            return "<div>\n    <label for=\"\(id)\">\(label):</label>\n\n\n\n"
                + "<input type=\"\(type)\" name=\"form-\(index)-\(name)\"\(rest) id=\"\(id)\">"
                + "\n    \n"
        }
        func value(_ text: String) -> String { text.isEmpty ? "" : " value=\"\(text)\"" }
        return control("text", "title", "Title", value(values.title) + " maxlength=\"100\"")
            + "</div>\n\n  " + control("url", "url", "Url", value(values.url)) + "</div>\n\n  "
            + control("number", "ORDER", "Order", value(values.order)) + "</div>\n\n  "
            + control("checkbox", "DELETE", "Delete", "") + "      \n    \n</div>"
    }

    @Test func rendersAsDjangoDoes() {
        let set = LinkForm.formSet(canOrder: true, canDelete: true).initial([first]).unbound()
        #expect(
            set.html.html == Self.management(2, 1)
                + Self.form("0", ("Swift", "https://swift.org/", "1")) + Self.form("1")
        )
        #expect(set.managementForm.html.html == Self.management(2, 1))
        #expect(set.emptyForm.html.html == Self.form("__prefix__"))
        #expect(!set.isMultipart)
        #expect(!set.isValid)
    }

    @Test(arguments: [
        (extra: 1, minimum: 0, maximum: 1000, initial: 0, shown: 1),
        (2, 0, 1000, 1, 3), (0, 0, 1000, 0, 0), (1, 3, 1000, 1, 4), (5, 0, 3, 1, 3),
        (1, 0, 1, 3, 3), (1, 0, 0, 0, 0), (.max, 0, 10, 1, 10),
    ])
    func showsAsManyForms(
        extra: Int,
        minimum: Int,
        maximum: Int,
        initial: Int,
        shown: Int
    ) {
        let set = LinkForm.formSet(extra: extra, minCount: minimum, maxCount: maximum)
            .initial(Array(repeating: first, count: initial)).unbound()
        #expect(set.forms.count == shown)
        #expect(set.initialForms.count == initial)
        #expect(set.extraForms.count == shown - initial)
    }

    @Test func givesTypedRowsInTheirOrder() async throws {
        let set = LinkForm.formSet(extra: 2, canOrder: true, canDelete: true)
            .initial([first, LinkForm(title: "Old", url: "https://old.example/")])
        let data = posted(
            [
                "form-0-title": "Swift!", "form-0-url": "https://swift.org/", "form-0-ORDER": "2",
                "form-1-title": "", "form-1-url": "no url", "form-1-DELETE": "on",
                "form-2-title": "New", "form-2-url": "new.example", "form-2-ORDER": "1",
                "form-3-title": "", "form-3-url": "", "form-3-ORDER": "",
            ],
            total: "4",
            initial: "2"
        )
        guard case .valid(let values) = try await set.bind(data) else {
            Issue.record("not valid")
            return
        }
        #expect(values.values.map(\.title) == ["New", "Swift!"])
        #expect(values.values.map(\.url) == ["https://new.example", "https://swift.org/"])
        #expect(values.rows.map(\.order) == [1, 2])
        #expect(values.deletions == [1])
        #expect(values.additions.map(\.index) == [2])
        #expect(values.changes.map(\.index) == [0])
        #expect(values.changes.map(\.changedFields) == [["title", "ORDER"]])
        #expect(values.bound.hasChanged)
    }

    @Test func putsFormsWithoutAPlaceLast() async throws {
        let set = LinkForm.formSet(canOrder: true)
        var fields: [String: String] = [:]
        for (index, order) in ["", "3", "-1", "3"].enumerated() {
            fields["form-\(index)-title"] = "T\(index)"
            fields["form-\(index)-url"] = "https://x.example/"
            fields["form-\(index)-ORDER"] = order
        }
        guard case .valid(let values) = try await set.bind(posted(fields, total: "4")) else {
            Issue.record("not valid")
            return
        }
        #expect(values.values.map(\.title) == ["T2", "T1", "T3", "T0"])
    }

    @Test func showsTheErrorsOfEachForm() async throws {
        let set = LinkForm.formSet(extra: 2)
        let data = posted([
            "form-0-title": "x", "form-1-title": "https://a.example",
            "form-1-url": "https://a.example",
        ])
        guard case .invalid(let bound) = try await set.bind(data) else {
            Issue.record("valid")
            return
        }
        #expect(bound.errors[0]["url"]?.items.map(\.code) == ["required"])
        #expect(bound.errors[1]["title"]?.items.map(\.code) == ["same"])
        #expect(bound.totalErrorCount == 2)
        #expect(bound.nonFormErrors.isEmpty)
        #expect(bound.html.html.contains("<ul class=\"errorlist\" id=\"id_form-0-url_error\">"))
    }

    @Test func checksTheFormsAgainstEachOther() async throws {
        let set = LinkForm.formSet().clean { rows in
            guard Set(rows.map(\.value.url)).count == rows.count else {
                throw ValidationError("Each link once.", code: "duplicate")
            }
        }
        var fields: [String: String] = [:]
        for index in 0..<2 {
            fields["form-\(index)-title"] = "T"
            fields["form-\(index)-url"] = "https://x.example/"
        }
        guard case .invalid(let bound) = try await set.bind(posted(fields)) else {
            Issue.record("valid")
            return
        }
        #expect(
            bound.nonFormErrors.html.html
                == "<ul class=\"errorlist nonform\"><li>Each link once.</li></ul>"
        )
    }

    @Test(arguments: [
        ("1", "too_few_forms", "Please submit at least 2 forms."),
        ("4", "too_many_forms", "Please submit at most 3 forms."), ("2", "", ""), ("3", "", ""),
    ])
    func countsForms(_ total: String, code: String, message: String) {
        var form = DynamicForm()
        form.add("name", CharField())
        var set = DynamicFormSet(of: form)
        set.options.minCount = 2
        set.options.maxCount = 3
        set.options.validatesMin = true
        set.options.validatesMax = true
        let names = (0..<4).map { ("form-\($0)-name", "x") }
        let bound = set.bind(posted(Dictionary(uniqueKeysWithValues: names), total: total))
        #expect(bound.nonFormErrors.items.map(\.code) == (code.isEmpty ? [] : [code]))
        #expect(bound.nonFormErrors.messages == (message.isEmpty ? [] : [message]))
        #expect(bound.isValid == code.isEmpty)
    }

    @Test func formsOfTheMinimumMustBeFilledIn() {
        var form = DynamicForm()
        form.add("name", CharField())
        var set = DynamicFormSet(of: form)
        set.options.minCount = 1
        let bound = set.bind(posted([:]))
        #expect(bound.forms.map(\.isValid) == [false, true])
    }

    @Test(
        arguments: [
            [:], ["form-TOTAL_FORMS": ["x"], "form-INITIAL_FORMS": ["0"]],
            ["form-INITIAL_FORMS": ["0"]], ["form-TOTAL_FORMS": ["1e9"]],
        ] as [QueryDict]
    )
    func refusesASetWithoutItsManagementForm(_ data: QueryDict) {
        var form = DynamicForm()
        form.add("name", CharField())
        var set = DynamicFormSet(of: form)
        set.options.validatesMin = true
        set.options.minCount = 2
        let bound = set.bind(data)
        #expect(!bound.isValid)
        #expect(bound.nonFormErrors.items.map(\.code) == ["missing_management_form"])
        #expect(bound.forms.isEmpty)
        #expect(bound.html.html.contains("form-TOTAL_FORMS"))
    }

    /// A page that is sent again would otherwise be refused again.
    @Test func aSetWithTooManyFormsCountsThoseThatItShows() {
        var form = DynamicForm()
        form.add("name", CharField())
        var set = DynamicFormSet(of: form)
        set.options.maxCount = 3
        set.options.absoluteMax = 3
        let data: QueryDict = [
            "form-TOTAL_FORMS": ["5000"], "form-INITIAL_FORMS": ["1"], "form-MAX_NUM_FORMS": ["3"],
        ]
        let bound = set.bind(data)
        #expect(bound.nonFormErrors.messages == ["Please submit at most 3 forms."])
        #expect(bound.errorSummary.html.contains("<li>Please submit at most 3 forms.</li>"))
        #expect(bound.forms.count == 3)
        let page = bound.html.html
        #expect(page.contains(#"name="form-TOTAL_FORMS" value="3""#))
        #expect(page.contains(#"name="form-INITIAL_FORMS" value="1""#))
        #expect(page.contains(#"name="form-MAX_NUM_FORMS" value="3""#))
        #expect(!page.contains("at most"))
    }

    @Test func namesWhatTheManagementFormLacks() {
        let bound = DynamicFormSet(of: DynamicForm()).bind(QueryDict())
        #expect(
            bound.nonFormErrors.messages == [
                "ManagementForm data is missing or has been tampered with. Missing fields: "
                    + "form-TOTAL_FORMS, form-INITIAL_FORMS. You may need to file a bug report if "
                    + "the issue persists."
            ]
        )
    }

    @Test(arguments: ["2001", "2147483648", "99999999999999999999999999"])
    func makesNoMoreFormsThanTheLimit(_ total: String) {
        var form = DynamicForm()
        form.add("name", CharField())
        let bound = DynamicFormSet(of: form).bind(posted([:], total: total))
        #expect(bound.forms.count == 2000)
        #expect(bound.nonFormErrors.messages == ["Please submit at most 1000 forms."])
    }

    @Test(arguments: [("-5", "0"), ("0", "-3"), ("1", "-3"), ("1", "99999999999999999999999")])
    func survivesNumbersThatNoPageHas(_ total: String, _ initial: String) {
        var form = DynamicForm()
        form.add("name", CharField())
        var set = DynamicFormSet(of: form)
        set.options.canOrder = true
        set.options.canDelete = true
        let bound = set.bind(posted(["form-0-name": "x"], total: total, initial: initial))
        #expect(bound.forms.count == (total == "1" ? 1 : 0))
        #expect(bound.initialForms.count <= bound.forms.count)
        #expect(bound.isValid)
        _ = (bound.html, bound.deletedForms, bound.orderedForms, bound.extraForms)
    }

    @Test func deletesOnlyWhereItIsAllowed() {
        var form = DynamicForm()
        form.add("name", CharField())
        var set = DynamicFormSet(of: form)
        let data = posted(["form-0-name": "a", "form-0-DELETE": "on"], total: "1")
        #expect(set.bind(data).deletedForms.isEmpty)
        set.options.canDelete = true
        #expect(set.bind(data).deletedIndices == [0])
        set.options.canDeleteExtra = false
        #expect(set.bind(data).deletedForms.isEmpty)
        #expect(set.unbound().forms.allSatisfy { $0["DELETE"] == nil })
    }

    @Test func hooksChangeTheFieldsOfEachForm() {
        var form = DynamicForm()
        form.add("name", CharField())
        var set = DynamicFormSet(of: form)
        set.options.canOrder = true
        set.prepare = { form, index in form.add("id", IntegerField().initial(index ?? -1)) }
        set.addFields = { form, _ in form.add("last", CharField()) }
        let names = set.unbound().forms[0].fields.map(\.name)
        #expect(names == ["name", "id", "ORDER", "last"])
    }

    @Test func messagesCanBeOnesOwn() {
        var set = DynamicFormSet(of: DynamicForm())
        set.options.errorMessages["missing_management_form"] = "Try again: %(field_names)s"
        #expect(
            set.bind(QueryDict()).nonFormErrors.messages
                == ["Try again: form-TOTAL_FORMS, form-INITIAL_FORMS"]
        )
    }

    @Test func templatesReachWhatDjangoOffers() {
        let set = LinkForm.formSet(extra: 2, canDelete: true).initial([first]).unbound()
        func text(_ name: String) -> String? {
            guard let value = set.contextMember(name) else { return nil }
            if case .object(let object) = value, case .safe(let html) = object.contextDescription {
                return html.html
            }
            return value.plainText
        }
        #expect(set.contextElements?.count == 3)
        #expect(text("management_form") == Self.management(3, 1))
        #expect(text("total_form_count") == "3")
        #expect(text("initial_form_count") == "1")
        #expect(text("can_delete") == "True")
        #expect(text("max_num") == "1000")
        #expect(text("absolute_max") == "2000")
        #expect(text("prefix") == "form")
        #expect(text("2")?.contains("form-2-title") == true)
        #expect(text("3") == nil)
        #expect(text("as_p") == set.asP.html)
    }

    @Test func twoSetsShareAPage() async throws {
        let set = LinkForm.formSet().prefix("more")
        #expect(set.unbound().html.html.contains("name=\"more-0-title\""))
        let data: QueryDict = ["more-TOTAL_FORMS": ["1"], "more-INITIAL_FORMS": ["0"]]
        guard case .valid(let values) = try await set.bind(data) else {
            Issue.record("not valid")
            return
        }
        #expect(values.rows.isEmpty)
    }
}
