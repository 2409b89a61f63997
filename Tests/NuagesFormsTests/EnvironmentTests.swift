import NuagesCore
import NuagesForms
import Testing

@Suite struct EnvironmentTests {
    private func environment(
        _ language: String,
        zone: String = "Europe/Paris"
    ) throws
        -> FormEnvironment
    {
        var localization = Localization()
        localization.language = language
        localization.formats = LocaleFormats.named(language: language) ?? LocaleFormats()
        localization.timeZone = .rules(try .named(zone))
        return FormEnvironment(localization)
    }

    @Test func readsNumbersOfTheLanguage() throws {
        var german = try environment("de")
        german.localization.usesThousandSeparator = true
        FormEnvironment.$current.withValue(german) {
            #expect(cleaned(FloatField().localize(true), "1.001,10") == "1001.1")
            #expect(cleaned(DecimalField().localize(true), "1,5") == "1.5")
            #expect(cleaned(FloatField().localize(true), "1.5") == "1.5")
            #expect(cleaned(FloatField(), "1,5") == "error: invalid: Enter a number.")
        }
    }

    @Test func showsNumbersOfTheLanguage() throws {
        var form = DynamicForm()
        form.add("x", FloatField().localize(true).initial(1.5))
        let html = try FormEnvironment.$current.withValue(environment("de")) {
            form.unbound()["x"]?.control().html
        }
        #expect(html == "<input type=\"text\" name=\"x\" value=\"1,5\" required id=\"id_x\">")
    }

    @Test func readsDatesOfTheLanguage() throws {
        try FormEnvironment.$current.withValue(environment("de")) {
            guard case .date(let date) = try DateField().clean("21.12.2010") else {
                Issue.record("no date")
                return
            }
            #expect(date.description == "2010-12-21")
            #expect(
                DateTimeInput(.date).render(name: "d", value: .date(date)).html
                    == "<input type=\"text\" name=\"d\" value=\"21.12.2010\">"
            )
        }
    }

    @Test func readsMomentsInTheTimeZone() throws {
        try FormEnvironment.$current.withValue(environment("en")) {
            guard case .dateTime(let value) = try DateTimeField().clean("2024-07-01 12:00") else {
                Issue.record("no moment")
                return
            }
            #expect(value.microsecondsSince1970 == 1_719_828_000_000_000)
            #expect(
                cleaned(DateTimeField(), "2024-03-31 02:30")
                    == "error: ambiguous_timezone: 2024-03-31 02:30:00 couldn’t be interpreted in "
                    + "time zone Europe/Paris; it may be ambiguous or it may not exist."
            )
            #expect(
                cleaned(DateTimeField(), "2024-10-27 02:30")
                    .hasPrefix("error: ambiguous_timezone:")
            )
        }
    }

    @Test func showsMomentsInTheTimeZone() throws {
        let moment = LocalDateTime(
            date: try #require(CalendarDate(year: 2024, month: 7, day: 1)),
            time: try #require(TimeOfDay(hour: 10, minute: 0)),
            zone: .utc
        )
        var form = DynamicForm()
        form.add("at", DateTimeField().initial(moment))
        form.add("apart", SplitDateTimeField().initial(moment))
        try FormEnvironment.$current.withValue(environment("en")) {
            let form = form.unbound()
            #expect(
                form["at"]?.control().html
                    == "<input type=\"text\" name=\"at\" value=\"2024-07-01 12:00:00\" required "
                    + "id=\"id_at\">"
            )
            #expect(
                form["apart"]?.control().html
                    == "<input type=\"text\" name=\"apart_0\" value=\"2024-07-01\" required "
                    + "id=\"id_apart_0\"><input type=\"text\" name=\"apart_1\" value=\"12:00:00\" "
                    + "required id=\"id_apart_1\">"
            )
        }
    }

    @Test func translatesMessages() throws {
        var french = try environment("fr")
        french.localization.catalog = { _, message, plural in
            switch message {
            case "This field is required.": "Ce champ est obligatoire."
            case "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).":
                plural?.1 == 2 ? "%(show_value)d sur %(limit_value)d" : nil
            default: nil
            }
        }
        var form = DynamicForm()
        form.add("a", CharField())
        form.add("b", CharField(maxLength: 2))
        FormEnvironment.$current.withValue(french) {
            let bound = form.bind(["b": ["abc"]])
            #expect(bound.errors["a"]?.messages == ["Ce champ est obligatoire."])
            #expect(bound.errors["b"]?.messages == ["3 sur 2"])
        }
    }
}
