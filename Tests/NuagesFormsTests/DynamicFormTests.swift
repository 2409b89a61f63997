import NuagesCore
import NuagesForms
import Testing

@Suite struct DynamicFormTests {
    private func contact() -> DynamicForm {
        var form = DynamicForm()
        form.add("subject", CharField(maxLength: 100).helpText("Help <b>x</b>"))
        form.add("msg", CharField().required(false).widget(.textarea))
        form.add(
            "r",
            ChoiceField<String>(choices: ["1": "One", "2": "<b>"]).helpText("Pick")
                .widget(.radioSelect)
        )
        form.add("h", CharField().widget(.hidden))
        return form
    }

    // What Django 6.1.3 writes for the same form.
    private static let radios = """
        <div id="id_r"><div>
            <label for="id_r_0"><input type="radio" name="r" value="1" required aria-invalid="true" id="id_r_0">
         One</label>

        </div><div>
            <label for="id_r_1"><input type="radio" name="r" value="2" required aria-invalid="true" id="id_r_1">
         &lt;b&gt;</label>

        </div>
        </div>
        """

    @Test func rendersAsDiv() {
        let html = contact().bind(["r": ["3"]]).html.html
        let expected =
            "<ul class=\"errorlist nonfield\"><li>(Hidden field h) This field is required.</li></ul>"
            + "\n\n\n  <div>\n    <label for=\"id_subject\">Subject:</label>\n\n"
            + "<div class=\"helptext\" id=\"id_subject_helptext\">Help <b>x</b></div>\n"
            + "<ul class=\"errorlist\" id=\"id_subject_error\"><li>This field is required.</li></ul>\n"
            + "<input type=\"text\" name=\"subject\" maxlength=\"100\" required aria-invalid=\"true\" "
            + "aria-describedby=\"id_subject_helptext id_subject_error\" id=\"id_subject\">"
            + "\n    \n</div>\n\n  <div>\n    <label for=\"id_msg\">Msg:</label>\n\n\n\n"
            + "<textarea name=\"msg\" cols=\"40\" rows=\"10\" id=\"id_msg\">\n</textarea>"
            + "\n    \n</div>\n\n  <div>\n    "
            + "<fieldset aria-describedby=\"id_r_helptext id_r_error\">\n  <legend>R:</legend>\n\n"
            + "<div class=\"helptext\" id=\"id_r_helptext\">Pick</div>\n"
            + "<ul class=\"errorlist\" id=\"id_r_error\">"
            + "<li>Select a valid choice. 3 is not one of the available choices.</li></ul>\n"
            + Self.radios
            + "</fieldset>\n    \n      <input type=\"hidden\" name=\"h\" id=\"id_h\">\n    \n</div>"
        #expect(html == expected)
    }

    @Test func rendersAsParagraphs() {
        let html = contact().bind(["r": ["3"]]).asP.html
        let expected =
            "<ul class=\"errorlist nonfield\"><li>(Hidden field h) This field is required.</li></ul>"
            + "\n\n\n  <ul class=\"errorlist\" id=\"id_subject_error\">"
            + "<li>This field is required.</li></ul>\n  <p>\n    "
            + "<label for=\"id_subject\">Subject:</label>\n    "
            + "<input type=\"text\" name=\"subject\" maxlength=\"100\" required aria-invalid=\"true\" "
            + "aria-describedby=\"id_subject_helptext id_subject_error\" id=\"id_subject\">\n    \n      "
            + "<span class=\"helptext\" id=\"id_subject_helptext\">Help <b>x</b></span>\n    \n    \n"
            + "  </p>\n\n  \n  <p>\n    <label for=\"id_msg\">Msg:</label>\n    "
            + "<textarea name=\"msg\" cols=\"40\" rows=\"10\" id=\"id_msg\">\n</textarea>\n    \n    \n"
            + "  </p>\n\n  <ul class=\"errorlist\" id=\"id_r_error\">"
            + "<li>Select a valid choice. 3 is not one of the available choices.</li></ul>\n  <p>\n"
            + "    <label>R:</label>\n    " + Self.radios
            + "\n    \n      <span class=\"helptext\" id=\"id_r_helptext\">Pick</span>\n    \n    \n"
            + "      <input type=\"hidden\" name=\"h\" id=\"id_h\">\n    \n  </p>"
        #expect(html == expected)
    }

    @Test func rendersAsListItemsAndRows() {
        let form = contact().bind(["r": ["3"]])
        #expect(
            form.asUl.html.hasPrefix(
                "<li>\n    <ul class=\"errorlist nonfield\">"
                    + "<li>(Hidden field h) This field is required.</li></ul>\n  \n  </li>\n\n\n"
                    + "  <li>\n    <ul class=\"errorlist\" id=\"id_subject_error\">"
            )
        )
        #expect(
            form.asUl.html.hasSuffix(
                "\n    \n      <span class=\"helptext\" id=\"id_r_helptext\">Pick</span>\n    \n    \n"
                    + "      <input type=\"hidden\" name=\"h\" id=\"id_h\">\n    \n  </li>"
            )
        )
        #expect(
            form.asTable.html.hasPrefix(
                "<tr>\n    <td colspan=\"2\">\n      <ul class=\"errorlist nonfield\">"
                    + "<li>(Hidden field h) This field is required.</li></ul>\n      \n    </td>\n"
                    + "  </tr>\n\n\n  <tr>\n    <th><label for=\"id_subject\">Subject:</label></th>\n"
                    + "    <td>\n      <ul class=\"errorlist\" id=\"id_subject_error\">"
            )
        )
        #expect(
            form.asTable.html.hasSuffix(
                "\n      \n        <br>\n        <span class=\"helptext\" id=\"id_r_helptext\">Pick"
                    + "</span>\n      \n      \n        <input type=\"hidden\" name=\"h\" "
                    + "id=\"id_h\">\n      \n    </td>\n  </tr>"
            )
        )
    }

    @Test func listsErrorsByField() {
        let errors = contact().bind(["r": ["1"], "h": ["x"]]).errors
        #expect(
            errors.html.html
                == "<ul class=\"errorlist\"><li>subject<ul class=\"errorlist\" "
                + "id=\"id_subject_error\"><li>This field is required.</li></ul></li></ul>"
        )
        #expect(errors.text == "* subject\n  * This field is required.")
        #expect(
            errors.jsonValue
                == .object([
                    .init(
                        "subject",
                        .array([
                            .object([
                                .init("message", .string("This field is required.")),
                                .init("code", .string("required")),
                            ])
                        ])
                    )
                ])
        )
    }

    @Test func ignoresWhatIsSubmittedForADisabledField() {
        var form = DynamicForm()
        form.add("name", CharField().disabled(true).initial("fixed"))
        let bound = form.bind(["name": ["forged"]])
        #expect(bound.isValid)
        #expect(bound["name"]?.value.contextValue.plainText == "fixed")
        guard case .string(let text)? = bound.cleaned("name") else {
            Issue.record("no text")
            return
        }
        #expect(text == "fixed")
        #expect(bound.changedFields.isEmpty)
    }

    @Test func knowsWhatHasChanged() {
        var form = DynamicForm()
        form.add("name", CharField().initial("a"))
        form.add("count", IntegerField().initial(1))
        #expect(form.bind(["name": ["a"], "count": ["1"]]).changedFields.isEmpty)
        #expect(form.bind(["name": ["b"], "count": ["01"]]).changedFields == ["name"])
        #expect(form.bind(["count": ["x"]]).changedFields == ["name", "count"])
    }

    @Test func permitsAnEmptyForm() {
        var form = DynamicForm()
        form.add("name", CharField())
        form.permitsEmpty = true
        form.usesRequiredAttribute = false
        #expect(form.bind(["name": [""]]).isValid)
    }

    @Test func repeatsTheInitialValueInAHiddenControl() {
        var form = DynamicForm()
        form.add("name", CharField().initial("a").showHiddenInitial(true))
        guard case .safe(let html)? = form.unbound()["name"]?.contextDescription else {
            Issue.record("no html")
            return
        }
        #expect(
            html.html
                == "<input type=\"text\" name=\"name\" value=\"a\" required id=\"id_name\">"
                + "<input type=\"hidden\" name=\"initial-name\" value=\"a\" id=\"initial-id_name\">"
        )
        #expect(form.bind(["name": ["b"], "initial-name": ["b"]]).changedFields.isEmpty)
        #expect(form.bind(["name": ["b"], "initial-name": ["a"]]).changedFields == ["name"])
    }

    @Test func ordersAndRemovesFields() {
        var form = contact()
        form.orderFields(["h", "unknown", "r"])
        #expect(form.entries.map(\.name) == ["h", "r", "subject", "msg"])
        form.remove("r")
        #expect(form.entries.map(\.name) == ["h", "subject", "msg"])
    }

    @Test func addsErrorsFoundLater() {
        var bound = contact().bind(["subject": ["s"], "r": ["1"], "h": ["x"]])
        #expect(bound.isValid)
        bound.addErrors(
            ValidationError([.init("Taken.", field: "subject"), .init("Closed.", field: "nowhere")])
        )
        #expect(bound.errors["subject"]?.messages == ["Taken."])
        #expect(bound.nonFieldErrors.messages == ["Closed."])
        #expect(bound.cleaned("subject") == nil)
    }

    @Test func validatesJSONObjectsByTheSameRules() {
        var form = DynamicForm()
        form.add("count", IntegerField(maxValue: 5))
        form.add("tags", MultipleChoiceField<String>(choices: ["a": "A", "b": "B"]))
        #expect(
            form.bind(FormInput(values: [.init("count", 3), .init("tags", ["a", "b"])])).isValid
        )
        let bound = form.bind(FormInput(values: [.init("count", 9), .init("tags", "a")]))
        #expect(bound.errors["count"]?.items.map(\.code) == ["max_value"])
        #expect(bound.errors["tags"]?.messages == ["Enter a list of values."])
    }

    @Test func templatesReachFieldsAndErrors() {
        let form = contact().bind(["r": ["3"]])
        #expect(form.contextElements?.count == 4)
        guard case .object(let field)? = form.contextMember("subject"),
            case .safe(let label)? = field.contextMember("label_tag"),
            case .object(let errors)? = field.contextMember("errors"),
            case .object(let radio)? = form.contextMember("r"),
            case .object(let second)? = radio.contextElements?.last,
            case .safe(let tag)? = second.contextMember("tag")
        else {
            Issue.record("members are missing")
            return
        }
        #expect(label.html == "<label for=\"id_subject\">Subject:</label>")
        #expect(errors.contextIsTrue)
        #expect(
            tag.html
                == "<input type=\"radio\" name=\"r\" value=\"2\" required aria-invalid=\"true\" "
                + "id=\"id_r_1\">"
        )
        guard case .object(let none)? = form.contextMember("msg"),
            case .object(let empty)? = none.contextMember("errors")
        else {
            Issue.record("no errors")
            return
        }
        #expect(!empty.contextIsTrue)
        #expect(form.contextMember("__class__") == nil)
    }
}

/// What a disabled field is cleaned from: its initial value, whatever was sent.
@Suite struct DisabledFieldTests {
    @Test(arguments: [FileField().disabled(true) as any FormField, ImageField().disabled(true)])
    func keepsTheStoredFile(_ field: any FormField) {
        var form = DynamicForm()
        form.add("cover", field)
        let stored = FormValue.storedFile(.init(name: "a.png", url: "/a.png"))
        form.setInitial(stored, for: "cover")
        let bound = form.bind(FormInput(QueryDict()))
        #expect(bound.isValid)
        #expect(bound.cleaned("cover")?.text == "a.png")
    }

    @Test func isNotHeldToTheTypesOfJSON() throws {
        var form = DynamicForm()
        form.add("when", SplitDateTimeField().disabled(true))
        let moment = try #require(LocalDateTime(microsecondsSince1970: 0, in: .utc))
        form.setInitial(moment, for: "when")
        #expect(form.bind(FormInput(json: .object([]))).isValid)
    }
}

@Suite struct HiddenInitialTests {
    @Test func itsIDHasThePrefixAsInDjango() {
        var form = DynamicForm()
        form.prefix = "pre"
        form.add("a", CharField().showHiddenInitial(true).initial("x"))
        let html = form.unbound().asP.html
        #expect(
            html.contains(#"name="initial-pre-a" value="x" id="initial-pre-id_pre-a""#),
            "\(html)"
        )
    }
}
