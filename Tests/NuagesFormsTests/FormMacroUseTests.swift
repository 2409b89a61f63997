import NuagesCore
import NuagesForms
import Testing

@Form
private struct ContactForm {
    @CharField(maxLength: 100) var subject: String
    @CharField(widget: .textarea) var message: String
    var sender: EmailAddress
    var nickname: String?
    var ccMyself = false

    mutating func clean() async throws {
        if subject == "taken" {
            throw Self.error(\.subject, "Already taken.", code: "unique")
        }
        if nickname == subject { throw ValidationError("Say it once.", code: "twice") }
        message += "!"
    }
}

private enum Size: String, CaseIterable, ChoiceValue {
    case small
    case extraLarge = "xl"
}

@Form
private struct OrderForm {
    var size: Size
    var extras: [Size]
    @IntegerField(maxValue: 10, minValue: 1, label: "How many") var count = 1
    @DateField(name: "day", required: true) var deliveryDay: CalendarDate?
    @EmailField(helpText: "Where the <b>bill</b> goes") var billTo: String
}

@Form
private struct VoteForm {
    @ChoiceField(errorMessages: ["required": "You didn't select a choice."], widget: .radioSelect)
    var choice: Int
}

@Form
private struct ProfileForm {
    @FileField(required: false) var avatar: FileChange
    var letter: UploadedFile?
}

@Suite struct FormMacroUseTests {
    private static let complete: QueryDict = [
        "subject": [" Hello "], "message": ["Text"], "sender": ["ada@example.com"],
        "cc_myself": ["on"], "unknown": ["ignored"],
    ]

    @Test func givesTypedCleanedValues() async throws {
        guard case .valid(let contact) = try await ContactForm.bind(Self.complete) else {
            Issue.record("not valid")
            return
        }
        #expect(contact.subject == "Hello")
        #expect(contact.message == "Text!")
        #expect(contact.sender.text == "ada@example.com")
        #expect(contact.nickname == nil)
        #expect(contact.ccMyself)
    }

    @Test func namesFieldsInSnakeCase() {
        #expect(
            ContactForm.form.dynamic.entries.map(\.name)
                == ["subject", "message", "sender", "nickname", "cc_myself"]
        )
    }

    @Test func givesTheFormBackWithItsErrors() async throws {
        let result = try await ContactForm.bind(["subject": [""], "sender": ["nobody"]])
        guard case .invalid(let form) = result else {
            Issue.record("valid")
            return
        }
        #expect(form.errors["subject"]?.messages == ["This field is required."])
        #expect(form.errors["message"]?.messages == ["This field is required."])
        #expect(form.errors["sender"]?.messages == ["Enter a valid email address."])
        #expect(form.errors["nickname"] == nil)
        #expect(form.html.html.contains("value=\"nobody\""))
    }

    @Test func runsTheCrossFieldCheckOnceAllFieldsAreValid() async throws {
        var data = Self.complete
        data["subject"] = "taken"
        guard case .invalid(let form) = try await ContactForm.bind(data) else {
            Issue.record("valid")
            return
        }
        #expect(form.errors["subject"]?.items.map(\.code) == ["unique"])
        data["subject"] = "same"
        data["nickname"] = "same"
        guard case .invalid(let other) = try await ContactForm.bind(data) else {
            Issue.record("valid")
            return
        }
        #expect(other.nonFieldErrors.messages == ["Say it once."])
    }

    @Test func fieldsOfEnumsOfferTheirCases() async throws {
        let html = OrderForm.unbound()["size"]?.control().html
        #expect(
            html == """
                <select name="size" id="id_size">
                  <option value="small">Small</option>

                  <option value="xl">Extra large</option>

                </select>
                """
        )
        let data: QueryDict = [
            "size": ["xl"], "extras": ["small", "xl"], "count": ["3"], "day": ["2024-02-29"],
            "bill_to": ["a@example.com"],
        ]
        guard case .valid(let order) = try await OrderForm.bind(data) else {
            Issue.record("not valid")
            return
        }
        #expect(order.size == .extraLarge)
        #expect(order.extras == [.small, .extraLarge])
        #expect(order.count == 3)
        #expect(order.deliveryDay?.description == "2024-02-29")
        #expect(order.billTo == "a@example.com")
    }

    @Test func defaultsAreInitialValues() {
        let html = OrderForm.unbound()["count"]?.control().html
        #expect(
            html == """
                <input type="number" name="count" value="1" min="1" max="10" required id="id_count">
                """
        )
        #expect(OrderForm.unbound()["count"]?.label == "How many")
    }

    @Test func choicesCanBeSetAtRunTime() async throws {
        let form = VoteForm.form.choices(\.choice, [(3, "Not much"), (4, "The <sky>")])
        #expect(
            form.unbound().html.html == """
                <div>
                    <fieldset>
                  <legend>Choice:</legend>



                <div id="id_choice"><div>
                    <label for="id_choice_0"><input type="radio" name="choice" value="3" required id="id_choice_0">
                 Not much</label>

                </div><div>
                    <label for="id_choice_1"><input type="radio" name="choice" value="4" required id="id_choice_1">
                 The &lt;sky&gt;</label>

                </div>
                </div></fieldset>
                \u{20}\u{20}\u{20}\u{20}
                \u{20}\u{20}\u{20}\u{20}\u{20}\u{20}
                \u{20}\u{20}\u{20}\u{20}
                </div>
                """
        )
        guard case .valid(let vote) = try await form.bind(["choice": ["4"]]) else {
            Issue.record("not valid")
            return
        }
        #expect(vote.choice == 4)
        guard case .invalid(let empty) = try await form.bind([:]) else {
            Issue.record("valid")
            return
        }
        #expect(empty.errors["choice"]?.messages == ["You didn't select a choice."])
        guard case .invalid(let forged) = try await form.bind(["choice": ["5"]]) else {
            Issue.record("valid")
            return
        }
        #expect(
            forged.errors["choice"]?.messages
                == ["Select a valid choice. 5 is not one of the available choices."]
        )
    }

    @Test func anInstanceFillsTheForm() throws {
        let form = OrderForm.form.initial(
            OrderForm(
                size: .extraLarge,
                extras: [.small],
                count: 7,
                deliveryDay: CalendarDate(year: 2024, month: 2, day: 29),
                billTo: "a@b.co"
            )
        ).unbound()
        #expect(form["count"]?.value.contextValue.plainText == "7")
        #expect(form["day"]?.control().html.contains("value=\"2024-02-29\"") == true)
        #expect(form["size"]?.control().html.contains("value=\"xl\" selected") == true)
    }

    @Test func aPrefixSeparatesTwoForms() async throws {
        let form = VoteForm.form.choices(\.choice, [(1, "One")]).prefix("first")
        #expect(form.unbound()["choice"]?.control().html.contains("name=\"first-choice\"") == true)
        guard case .valid(let vote) = try await form.bind(["first-choice": ["1"]]) else {
            Issue.record("not valid")
            return
        }
        #expect(vote.choice == 1)
    }

    @Test func aNumberBeyondItsTypeIsAnError() async throws {
        let data: QueryDict = [
            "size": ["xl"], "extras": ["xl"], "count": ["99999999999999999999"],
            "day": ["2024-02-29"], "bill_to": ["a@example.com"],
        ]
        guard case .invalid(let form) = try await OrderForm.bind(data) else {
            Issue.record("valid")
            return
        }
        #expect(
            form.errors["count"]?.messages == ["Ensure this value is less than or equal to 10."]
        )
    }

    @Test func filesAreSentKeptOrRemoved() async throws {
        let file = UploadedFile(name: "a.png", contentType: "image/png", bytes: [1])
        func result(_ data: QueryDict, _ files: FormFiles = [:]) async throws -> ProfileForm? {
            guard case .valid(let form) = try await ProfileForm.bind(data, files: files) else {
                return nil
            }
            return form
        }
        guard case .replaced(let sent)? = try await result([:], ["avatar": file])?.avatar,
            case .removed? = try await result(["avatar-clear": ["on"]])?.avatar,
            case .unchanged? = try await result([:])?.avatar
        else {
            Issue.record("another change")
            return
        }
        #expect(sent.name == "a.png")
        let removed = try #require(try await result(["letter-clear": ["on"]]))
        #expect(removed.letter == nil)
        #expect(try await result([:], ["letter": file])?.letter?.name == "a.png")
    }
}
