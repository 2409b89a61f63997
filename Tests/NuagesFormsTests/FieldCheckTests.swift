import NuagesCore
import NuagesForms
import Testing

@Form
private struct SignUpForm {
    @CharField(maxLength: 30) var username: String
    var email: EmailAddress
    @IntegerField(required: false) var age: Int?

    static func cleanUsername(_ username: inout String) async throws {
        username = username.lowercased()
        if await isTaken(username) { throw ValidationError("Already taken.", code: "unique") }
    }

    static func cleanAge(_ age: inout Int?) {
        age = age ?? 18
    }

    func cleanEmail(_ email: inout EmailAddress) throws {
        if email.text.hasPrefix(username) {
            throw ValidationError("Use another address.", code: "same")
        }
    }

    private static func isTaken(_ name: String) async -> Bool { name == "ada" }
}

@Suite struct FieldCheckTests {
    @Test func changesWhatWasEntered() async throws {
        let data: QueryDict = ["username": ["GRACE"], "email": ["g@example.com"]]
        guard case .valid(let user) = try await SignUpForm.bind(data) else {
            Issue.record("not valid")
            return
        }
        #expect(user.username == "grace")
        #expect(user.age == 18)
    }

    @Test func checksAFieldWhateverTheOthersAre() async throws {
        let data: QueryDict = ["username": ["Ada"], "email": ["none"]]
        guard case .invalid(let form) = try await SignUpForm.bind(data) else {
            Issue.record("valid")
            return
        }
        #expect(form.errors["username"]?.items.map(\.code) == ["unique"])
        #expect(form.errors["email"]?.items.map(\.code) == ["invalid"])
        #expect(form.cleaned("username") == nil)
    }

    @Test func functionsOfTheValueSeeTheOtherFields() async throws {
        let data: QueryDict = ["username": ["Grace"], "email": ["grace@example.com"]]
        guard case .invalid(let form) = try await SignUpForm.bind(data) else {
            Issue.record("valid")
            return
        }
        #expect(form.errors["email"]?.messages == ["Use another address."])
    }
}

/// The same rules for a posted form and for a JSON object.
@Suite struct JSONBindingTests {
    private func form() -> DynamicForm {
        var form = DynamicForm()
        form.add("name", CharField(maxLength: 5).required(false))
        form.add("count", IntegerField(maxValue: 9).required(false))
        form.add("flag", BooleanField().required(false))
        form.add("tags", MultipleChoiceField<String>(choices: ["a": "A"]).required(false))
        form.add("when", SplitDateTimeField().required(false))
        form.add("more", JSONField().required(false))
        return form
    }

    @Test(arguments: [
        ("{}", ""), (#"{"name": "abc", "count": 3, "flag": true, "tags": ["a"]}"#, ""),
        (#"{"name": 12, "count": "3", "flag": "on"}"#, ""),
        (#"{"name": null, "count": null, "flag": null, "tags": null}"#, ""),
        (#"{"when": ["2024-05-01", "10:00"], "more": {"a": [1]}}"#, ""),
        (#"{"name": true}"#, "name:invalid"), (#"{"name": ["a"]}"#, "name:invalid"),
        (#"{"name": {"a": 1}}"#, "name:invalid"), (#"{"count": true}"#, "count:invalid"),
        (#"{"count": [1]}"#, "count:invalid"), (#"{"count": 1.5}"#, "count:invalid"),
        (#"{"count": 10}"#, "count:max_value"), (#"{"name": "abcdef"}"#, "name:max_length"),
        (#"{"tags": "a"}"#, "tags:invalid_list"), (#"{"tags": ["b"]}"#, "tags:invalid_choice"),
        (#"{"tags": [["a"]]}"#, "tags:invalid_choice"), (#"{"flag": [true]}"#, "flag:invalid"),
        (#"{"when": "2024-05-01"}"#, "when:invalid"),
        (#"{"name": "a\u0000"}"#, "name:null_characters_not_allowed"),
        ("[]", ""), (#"{"name": "abcdef", "name": "abc"}"#, ""),
    ])
    func typesAreCheckedWithCare(_ json: String, expected: String) throws {
        let bound = form().bind(FormInput(json: try JSONValue(parsing: json)))
        let errors = bound.errors.entries.map { name, list in
            "\(name):\(list.items.map(\.code).joined(separator: ","))"
        }
        #expect(errors.joined(separator: " ") == expected)
    }

    @Test func answersWithErrorsByField() async throws {
        let json = try JSONValue(parsing: #"{"username": "x", "email": "<b>"}"#)
        guard case .invalid(let form) = try await SignUpForm.bind(json: json) else {
            Issue.record("valid")
            return
        }
        #expect(
            String(decoding: form.errorsJSON.jsonBytes(), as: UTF8.self)
                == #"{"errors":{"email":[{"message":"Enter a valid email address.","#
                + #""code":"invalid"}]}}"#
        )
    }
}
