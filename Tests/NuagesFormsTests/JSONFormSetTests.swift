import NuagesCore
import NuagesForms
import Testing

@Form
private struct PageForm {
    @CharField(maxLength: 10) var title: String
}

@Form
private struct LinkForm {
    @CharField(maxLength: 10) var title: String
    @URLField var url: String
    @JSONField(required: false) var more: JSONValue?

    func clean() throws {
        if title == url { throw Self.error(\.title, "Say more.", code: "same") }
        if title == "bad" { throw ValidationError("A bad link.", code: "bad") }
    }
}

/// Form sets read lists of JSON objects by the rules of posted ones.
@Suite struct JSONFormSetTests {
    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    private func errors(
        _ set: FormSet<LinkForm>,
        _ text: String?
    ) async throws -> [String] {
        let result = try await set.bind(json: try text.map(json))
        var errors = JSONFormErrors()
        errors.add(result, at: "links")
        return errors.entries.map { path, list in
            "\(path):\(list.items.map(\.code).joined(separator: ","))"
        }
    }

    private static let swift = #"{"title": "Swift", "url": "https://swift.org/"}"#
    private static let nginx = #"{"title": "nginx", "url": "https://nginx.org/"}"#

    @Test(
        arguments: [
            ("[]", []), ("null", []), (nil, []), ("[\(swift), \(nginx)]", []),
            ("[\(swift), {}]", []),
            (#"[{"title": "Swift"}]"#, ["/links/0/url:required"]),
            (
                #"[\#(swift), {"title": "way too long a title", "url": "x"}]"#,
                [
                    "/links/1/title:max_length", "/links/1/url:invalid",
                ]
            ),
            (
                #"[\#(swift), {"title": ["a"], "url": true}]"#,
                [
                    "/links/1/title:invalid", "/links/1/url:invalid",
                ]
            ),
            (#"[{"title": "bad", "url": "https://a.org/"}]"#, ["/links/0:bad"]),
            ("{}", ["/links:invalid_list"]), (#""a""#, ["/links:invalid_list"]),
            ("true", ["/links:invalid_list"]), (#"{"0": \#(swift)}"#, ["/links:invalid_list"]),
            (
                "[\(swift), 1, null, [\(swift)]]",
                [
                    "/links/1:invalid_object", "/links/2:invalid_object", "/links/3:invalid_object",
                ]
            ),
            (
                #"[{"title": "a\u0000", "url": "https://a.org/"}]"#,
                [
                    "/links/0/title:null_characters_not_allowed"
                ]
            ),
        ] as [(String?, [String])]
    )
    func saysWhereErrorsAre(_ text: String?, _ expected: [String]) async throws {
        #expect(try await errors(LinkForm.formSet(), text) == expected)
    }

    /// A client neither counts the forms nor names those of others.
    @Test(arguments: [
        #"[{"form-TOTAL_FORMS": 5, "TOTAL_FORMS": 5, "INITIAL_FORMS": 1, "title": "a"}]"#,
        #"[{"title": "a", "1-title": "b", "1-url": "https://b.org/", "form-0-url": "https://c.org/"}]"#,
        #"[{"title": "a", "__proto__": {"url": "https://b.org/"}}]"#,
    ])
    func readsOnlyNamesOfFields(_ text: String) async throws {
        #expect(try await errors(LinkForm.formSet(), text) == ["/links/0/url:required"])
    }

    @Test func keepsTypesAndTheLastOfEqualNames() async throws {
        let text = #"[{"title": 12, "url": "x", "url": "https://a.org/", "more": {"a": [1, {}]}}]"#
        let result = try await LinkForm.formSet().bind(json: try json(text))
        guard case .valid(let values) = result else {
            Issue.record("invalid")
            return
        }
        #expect(values.values.map(\.title) == ["12"])
        #expect(values.values.map(\.url) == ["https://a.org/"])
        #expect(values.values[0].more == (try json(#"{"a": [1, {}]}"#)))
    }

    @Test func limitsTheNumberOfForms() async throws {
        let rows = "[" + Array(repeating: Self.swift, count: 5).joined(separator: ",") + "]"
        let set = LinkForm.formSet(maxCount: 3, validateMax: true)
        #expect(try await errors(set, rows) == ["/links:too_many_forms"])
        #expect(try await errors(LinkForm.formSet(maxCount: 3), rows) == [])
        let absolute = LinkForm.formSet(maxCount: 3, absoluteMax: 4)
        #expect(try await errors(absolute, rows) == ["/links:too_many_forms"])
        guard case .invalid(let bound) = try await absolute.bind(json: try json(rows)) else {
            Issue.record("valid")
            return
        }
        #expect(bound.forms.count == 4)
        let least = LinkForm.formSet(minCount: 2, validateMin: true)
        #expect(try await errors(least, "[\(Self.swift)]") == ["/links:too_few_forms"])
        #expect(try await errors(least, "[{}]").contains("/links/0/url:required"))
    }

    /// A hundred thousand objects cost no more than as many as are ever made.
    @Test func readsNoMoreThanAreEverMade() async throws {
        let rows = JSONValue.array(
            Array(repeating: .object([.init("title", .string("a"))]), count: 100_000)
        )
        let bound = LinkForm.formSet(maxCount: 10, absoluteMax: 20).dynamic.bind(json: rows)
        #expect(bound.forms.count == 20)
        #expect(bound.totalFormCount == 20)
        #expect(bound.nonFormErrors.items.map(\.code) == ["too_many_forms"])
    }

    @Test func ordersDeletesAndComparesWithInitialValues() async throws {
        let set = LinkForm.formSet(canOrder: true, canDelete: true).initial([
            LinkForm(title: "Swift", url: "https://swift.org/", more: nil),
            LinkForm(title: "nginx", url: "https://nginx.org/", more: nil),
        ])
        let text = """
            [{"title": "Swift", "url": "https://swift.org/", "ORDER": 3},
             {"title": "x", "url": "x", "DELETE": true},
             {"title": "new", "url": "https://new.org/", "ORDER": "1"}]
            """
        guard case .valid(let values) = try await set.bind(json: try json(text)) else {
            Issue.record("invalid")
            return
        }
        #expect(values.rows.map(\.index) == [2, 0])
        #expect(values.deletions == [1])
        #expect(values.additions.map(\.value.title) == ["new"])
        #expect(values.changes.map(\.changedFields) == [["ORDER"]])
        // Fewer objects than there are initial values leave the others alone.
        guard case .valid(let none) = try await set.bind(json: .array([])) else {
            Issue.record("invalid")
            return
        }
        #expect(none.rows.isEmpty && none.deletions.isEmpty)
    }

    @Test func checksFormsAgainstEachOther() async throws {
        let set = LinkForm.formSet().clean { rows in
            if Set(rows.map(\.value.url)).count < rows.count {
                throw ValidationError("Each link can be given once.", code: "duplicate")
            }
        }
        #expect(try await errors(set, "[\(Self.swift), \(Self.swift)]") == ["/links:duplicate"])
    }

    @Test func answersForAWholeDocument() async throws {
        let document = try json(
            #"{"title": "a title too long", "a/b~c": [{"url": "x"}], "sets": [{"links": [1]}]}"#
        )
        var errors = JSONFormErrors()
        errors.add(try await PageForm.bind(json: document))
        errors.add(try await LinkForm.formSet().bind(json: document["a/b~c"]), at: "a/b~c")
        guard case .array(let sets)? = document["sets"] else { return }
        for (index, set) in sets.enumerated() {
            let links = LinkForm.formSet().dynamic.bind(json: set["links"])
            errors.add(links, at: "sets", "\(index)", "links")
        }
        #expect(
            errors.entries.map(\.path) == [
                "/title", "/a~1b~0c/0/title", "/a~1b~0c/0/url", "/sets/0/links/0",
            ]
        )
        #expect(errors["/a~1b~0c/0/title"]?.messages == ["This field is required."])
        #expect(errors["/b"] == nil)
        #expect(!errors.isEmpty)
        var one = JSONFormErrors()
        one.add(try await PageForm.bind(json: .object([])), at: "page")
        #expect(
            String(decoding: one.json.jsonBytes(), as: UTF8.self)
                == #"{"errors":{"/page/title":[{"message":"This field is required.","#
                + #""code":"required"}]}}"#
        )
        #expect(JSONFormErrors().json == .object([.init("errors", .object([]))]))
    }
}
