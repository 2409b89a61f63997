import NuagesCore
import NuagesForms
import NuagesRegex
import Testing

@Suite struct FormMemberTests {
    private func form() -> DynamicForm {
        var form = DynamicForm()
        form.add("email", EmailField().label("E-mail").helpText("Yours"))
        form.add("size", ChoiceField<String>(choices: ["s": "S"]).widget(.radioSelect))
        form.add("token", CharField().widget(.hidden))
        form.requiredCSSClass = "needed"
        form.errorCSSClass = "wrong"
        return form
    }

    @Test func findsAndAddsErrors() {
        var bound = form().bind(["email": ["<b>"], "size": ["s"], "token": ["t"]])
        #expect(bound.hasError("email"))
        #expect(bound.hasError("email", code: "invalid"))
        #expect(!bound.hasError("email", code: "required"))
        #expect(!bound.hasError(nil))
        #expect(bound.cleanedData.map(\.name) == ["size", "token"])
        bound.addError("Closed & gone.", code: "closed")
        bound.addError("Taken.", code: "unique", to: "size")
        #expect(bound.hasError(nil, code: "closed"))
        #expect(bound.hasError("size", code: "unique"))
        #expect(bound.cleanedData.map(\.name) == ["token"])
        #expect(
            bound.errors.json(escapingHTML: true)
                == #"{"email": [{"message": "Enter a valid email address.", "code": "invalid"}], "#
                + #""__all__": [{"message": "Closed &amp; gone.", "code": "closed"}], "#
                + #""size": [{"message": "Taken.", "code": "unique"}]}"#
        )
        #expect(
            bound.nonFieldErrors.json() == #"[{"message": "Closed & gone.", "code": "closed"}]"#
        )
    }

    @Test func errorsAreEscapedWhereverTheyAreShown() {
        let bound = form().bind(["email": ["a@example.com"], "size": ["<script>"], "token": ["t"]])
        #expect(bound.errors["size"]?.messages.first?.contains("<script>") == true)
        for html in [
            bound.html.html, bound.asP.html, bound.errors.html.html, bound.errorSummary.html,
            bound.errors.json(escapingHTML: true),
        ] {
            #expect(html.contains("&lt;script&gt;"))
            #expect(!html.contains("<script>"))
        }
    }

    @Test func labelsTakeOtherTextsAndAttributes() {
        let field = form().unbound()["email"]
        #expect(
            field?.labelTag().html == "<label for=\"id_email\" class=\"needed\">E-mail:</label>"
        )
        #expect(
            field?.labelTag("Mail <", attributes: ["class": "x"], suffix: " →").html
                == "<label class=\"x needed\" for=\"id_email\">Mail &lt; →</label>"
        )
        #expect(field?.legendTag().html == "<legend class=\"needed\">E-mail:</legend>")
        #expect(field?.cssClasses(adding: ["wide"]) == "wide needed")
    }

    @Test(arguments: [
        ("email", "email"), ("size", "radioselect"), ("token", "hidden"),
        ("split", "splitdatetime"),
        ("file", "clearablefile"), ("flag", "checkbox"),
    ])
    func knowsTheTypeOfAWidget(_ name: String, type: String) {
        var form = form()
        form.add("split", SplitDateTimeField())
        form.add("file", FileField())
        form.add("flag", BooleanField())
        #expect(form.unbound()[name]?.widgetType == type)
    }

    @Test func summarizesErrorsWithLinksToTheControls() {
        let bound = form().bind(["email": ["x"]])
        #expect(
            bound.errorSummary.html == """
                <div class="errorsummary" role="alert" tabindex="-1" autofocus \
                aria-labelledby="error_summary">
                  <p id="error_summary"><strong>Please correct the errors below.</strong></p>
                  <ul><li><a href="#id_email">E-mail: Enter a valid email address.</a></li>\
                <li><a href="#id_size_0">Size: This field is required.</a></li>\
                <li>Token: This field is required.</li></ul>
                </div>
                """
        )
        #expect(form().unbound().errorSummary.html.isEmpty)
    }

    @Test func tellsBrowsersTheRulesOfTheServer() throws {
        var form = DynamicForm()
        form.mirrorsRules = true
        form.usesRequiredAttribute = false
        form.autoID = nil
        form.add("plate", RegexField("^[A-Z]{2}[0-9-]+$"))
        form.add("word", RegexField(#"^\w+$"#))
        form.add("slug", SlugField())
        form.add("part", RegexField("[A-Z]"))
        form.add("zip", CharField().validator(RegexValidator(#"\A[0-9]{5}\Z"#)))
        form.add(
            "any",
            CharField().validator(RegexValidator("^[a-z]+$", options: .ignoreCase))
        )
        form.add("cv", FileField())
        let bound = form.unbound()
        let expected = [
            "plate": #"<input type="text" name="plate" pattern="[A-Z]{2}[0-9\-]+">"#,
            "word": #"<input type="text" name="word">"#,
            "slug": #"<input type="text" name="slug" pattern="[\-a-zA-Z0-9_]+">"#,
            "part": #"<input type="text" name="part">"#,
            "zip": #"<input type="text" name="zip" pattern="[0-9]{5}">"#,
            "any": #"<input type="text" name="any">"#,
            "cv": #"<input type="file" name="cv">"#,
        ]
        for (name, html) in expected { #expect(bound[name]?.control().html == html) }
    }

    @Test func hintsAtWhatCanBeFilledIn() {
        var form = DynamicForm()
        form.add("mail", EmailAddress.formField)
        form.add("code", CharField().autocomplete(.oneTimeCode))
        let bound = form.unbound()
        #expect(bound["mail"]?.control().html.contains("autocomplete=\"email\"") == true)
        #expect(bound["code"]?.control().html.contains("autocomplete=\"one-time-code\"") == true)
    }

    @Test func hiddenInitialValuesCannotChangeMoreThanTheComparison() {
        var form = DynamicForm()
        form.add("fixed", CharField().disabled(true).initial("a").showHiddenInitial(true))
        form.add("open", CharField().initial("a").showHiddenInitial(true))
        let bound = form.bind([
            "fixed": ["forged"], "initial-fixed": ["forged"], "open": ["b"],
            "initial-open": ["<b>\0"],
        ])
        #expect(bound.isValid)
        #expect(bound.cleaned("fixed")?.contextValue.plainText == "a")
        #expect(bound.changedFields == ["open"])
        #expect(bound["open"]?.initial.contextValue.plainText == "a")
        #expect(bound.html.html.contains("value=\"&lt;b&gt;"))
    }

    @Test func messagesAreTranslated() {
        var environment = FormEnvironment()
        environment.localization.catalog = { _, message, plural in
            switch message {
            case "This field is required.": "Pflichtfeld."
            case "Please correct the error below.": plural?.1 == 1 ? "Ein Fehler." : "Fehler."
            case "Please submit at most %(num)d form.": "Höchstens %(num)d."
            case "Delete": "Löschen"
            case "Order": "Reihenfolge"
            default: nil
            }
        }
        FormEnvironment.$current.withValue(environment) {
            let bound = form().bind(["email": ["a@example.com"], "token": ["t"]])
            #expect(bound.errors["size"]?.messages == ["Pflichtfeld."])
            #expect(bound.errorSummary.html.contains("Ein Fehler."))
            var set = DynamicFormSet(of: DynamicForm())
            set.options.canOrder = true
            set.options.canDelete = true
            set.options.maxCount = 1
            set.options.validatesMax = true
            #expect(set.unbound().html.html.contains(">Löschen:</label>"))
            #expect(set.unbound().html.html.contains(">Reihenfolge:</label>"))
            let data: QueryDict = ["form-TOTAL_FORMS": ["2"], "form-INITIAL_FORMS": ["0"]]
            #expect(set.bind(data).nonFormErrors.messages == ["Höchstens 1."])
        }
    }
}
