import NuagesCore
import NuagesForms
import Testing

@Suite struct WidgetTests {
    @Test(arguments: [
        (AnyWidget.text, "<input type=\"text\" name=\"n\" value=\"&lt;v&gt;\">"),
        (.number, "<input type=\"number\" name=\"n\" value=\"&lt;v&gt;\">"),
        (.email, "<input type=\"email\" name=\"n\" value=\"&lt;v&gt;\">"),
        (.hidden, "<input type=\"hidden\" name=\"n\" value=\"&lt;v&gt;\">"),
        (.password, "<input type=\"password\" name=\"n\">"),
        (.textarea, "<textarea name=\"n\" cols=\"40\" rows=\"10\">\n&lt;v&gt;</textarea>"),
        (.textarea(rows: 3), "<textarea name=\"n\" cols=\"40\" rows=\"3\">\n&lt;v&gt;</textarea>"),
        (.checkbox, "<input type=\"checkbox\" name=\"n\" value=\"&lt;v&gt;\" checked>"),
        (.file, "<input type=\"file\" name=\"n\">"),
        (.date, "<input type=\"text\" name=\"n\" value=\"&lt;v&gt;\">"),
        (
            .multipleHidden,
            "<input type=\"hidden\" name=\"n\" value=\"&lt;\">"
                + "<input type=\"hidden\" name=\"n\" value=\"v\">"
                + "<input type=\"hidden\" name=\"n\" value=\"&gt;\">"
        ),
    ])
    func writesControls(_ widget: AnyWidget, expected: String) {
        #expect(widget.base.render(name: "n", value: "<v>").html == expected)
    }

    @Test func escapesEverything() {
        let hostile = "\"\u{301} onmouseover='x'><script>"
        let widgets: [any Widget] = [
            TextInput(attributes: ["title": .text(hostile)]), Textarea(),
            Select(choices: FormChoices([(hostile, hostile)])),
            ChoiceInputs(choices: FormChoices([(hostile, hostile)])),
            FileInput(isClearable: true),
        ]
        for widget in widgets {
            let html = widget.render(
                name: hostile,
                value: widget is FileInput
                    ? .storedFile(.init(name: hostile, url: hostile)) : .string(hostile)
            ).html
            let bytes = Array(html.utf8)
            #expect(!html.utf8.contains(UInt8(ascii: "'")))
            #expect(!String(decoding: bytes, as: UTF8.self).contains("<script"))
            // The quote before a combining mark is one `Character` with it; bytes tell.
            #expect(!bytes.indices.contains { bytes[$0...].starts(with: "\"\u{301}".utf8) })
        }
    }

    @Test func mergesAttributesInOrder() {
        let html = TextInput(attributes: ["class": "base", "title": "t"]).render(
            name: "n",
            value: .none,
            attributes: ["class": "x", "disabled": true, "hidden": false, "v": 5]
        )
        #expect(
            html.html == "<input type=\"text\" name=\"n\" class=\"x\" title=\"t\" disabled v=\"5\">"
        )
    }

    @Test func groupsChoices() {
        var choices: FormChoices = ["": "---", "a": "A & B"]
        choices.appendGroup("G<", [(1, "One"), (2, "Two")])
        #expect(
            Select(choices: choices).render(name: "c", value: 2).html == """
                <select name="c">
                  <option value="">---</option>

                  <option value="a">A &amp; B</option>

                  <optgroup label="G&lt;">
                  <option value="1">One</option>

                  <option value="2" selected>Two</option>

                  </optgroup>
                </select>
                """
        )
        #expect(
            ChoiceInputs(choices: choices, allowsMultiple: true)
                .render(name: "c", value: ["1"], attributes: ["id": "i"]).html
                .contains(
                    "<label for=\"i_2_0\"><input type=\"checkbox\" name=\"c\" value=\"1\" id=\"i_2_0\" checked>"
                )
        )
    }

    @Test func selectsADateInThreeLists() {
        var widget = SelectDateWidget(years: [2023, 2024])
        widget.emptyLabels = ("Year", "Month", "Day")
        let html = widget.render(name: "d", value: "2024-02-31").html
        #expect(
            html.hasPrefix(
                "<select name=\"d_month\" id=\"id_d_month\"><option value=\"\">Month</option>"
            )
        )
        #expect(html.contains("<option value=\"2\" selected>February</option>"))
        #expect(html.contains("<option value=\"31\" selected>31</option>"))
        #expect(html.hasSuffix("<option value=\"2024\" selected>2024</option></select>"))
        let input = FormInput(["d_year": ["2024"], "d_month": ["2"], "d_day": ["30"]])
        #expect(widget.value(from: input, name: "d").contextValue.plainText == "2024-2-30")
        let empty = FormInput(["d_year": [""], "d_month": [""], "d_day": [""]])
        #expect(widget.value(from: empty, name: "d").contextValue.plainText == "None")
    }

    @Test func findsWhatWasSubmitted() {
        let input = FormInput(["a": ["1", "2"], "box": ["on"], "no": ["false"]])
        #expect(TextInput().value(from: input, name: "a").contextValue.plainText == "2")
        #expect(
            Select(allowsMultiple: true).value(from: input, name: "a").contextValue.plainText
                == "['1', '2']"
        )
        #expect(CheckboxInput().value(from: input, name: "box").contextValue.plainText == "True")
        #expect(CheckboxInput().value(from: input, name: "no").contextValue.plainText == "False")
        #expect(CheckboxInput().value(from: input, name: "x").contextValue.plainText == "False")
        #expect(TextInput().isOmitted(from: input, name: "x"))
        #expect(!CheckboxInput().isOmitted(from: input, name: "x"))
    }

    @Test func offersToRemoveTheStoredFile() {
        let html = FileInput(isClearable: true).render(
            name: "f",
            value: .storedFile(.init(name: "a.txt", url: "/media/a.txt"))
        ).html
        #expect(
            html
                == "Currently: <a href=\"/media/a.txt\">a.txt</a>\n"
                + "<input type=\"checkbox\" name=\"f-clear\" id=\"f-clear_id\">\n"
                + "<label for=\"f-clear_id\">Clear</label><br>\nChange:\n"
                + "<input type=\"file\" name=\"f\">"
        )
    }
}
