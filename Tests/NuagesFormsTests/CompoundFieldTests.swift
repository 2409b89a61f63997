import Foundation
import NuagesCore
import NuagesForms
import Testing

private struct Phone: FormConvertible, Equatable {
    var country: String
    var number: String

    init(country: String, number: String) {
        self.country = country
        self.number = number
    }

    init?(formValue: FormValue) {
        guard case .object(let members) = formValue, members.count == 2,
            case .string(let country) = members[0].value,
            case .string(let number) = members[1].value
        else { return nil }
        self.init(country: country, number: number)
    }

    var formValue: FormValue {
        .object([.init("country", .string(country)), .init("number", .string(number))])
    }

    static func field(requireAllFields: Bool = true) -> MultiValueField<Phone> {
        MultiValueField(
            [
                CharField(maxLength: 4).errorMessages(["incomplete": "Enter a country."]),
                CharField(), CharField().required(false),
            ],
            requireAllFields: requireAllFields,
            compress: { parts in
                guard parts.count == 3, case .string(let country) = parts[0],
                    case .string(let number) = parts[1]
                else { return nil }
                return Phone(country: country, number: number)
            },
            decompress: { [.string($0.country), .string($0.number), .none] }
        )
    }
}

@Form
private struct ContactForm {
    @CustomField(Phone.field(requireAllFields: false), label: "Call") var phone: Phone
    @ComboField([CharField(maxLength: 20), EmailField()]) var email: String
}

@Suite struct CompoundFieldTests {
    @Test(arguments: [
        (true, ["+33", "12", "3"], ""), (true, ["+33", "12", ""], "This field is required."),
        (true, ["", "", ""], "This field is required."), (false, ["+33", "12", ""], ""),
        (false, ["", "12", ""], "Enter a country."),
        (false, ["+33", "", "x"], "Enter a complete value."),
        (
            false, ["+33333", "", "x"],
            "Ensure this value has at most 4 characters (it has 6).\nEnter a complete value."
        ),
    ])
    func putsValuesTogether(_ requiresAll: Bool, _ parts: [String], expected: String) {
        let field = Phone.field(requireAllFields: requiresAll)
        do {
            let value = try field.clean(.list(parts.map(FormValue.string)))
            #expect(Phone(formValue: value) == Phone(country: parts[0], number: parts[1]))
            #expect(expected.isEmpty)
        } catch {
            #expect(error.description == expected)
        }
    }

    @Test func anEmptyValueIsNone() throws {
        let field = Phone.field().required(false)
        #expect(try field.clean(["", "", ""]).isEmpty)
        #expect(try field.clean(.none).isEmpty)
        #expect(throws: ValidationError.self) { try field.clean("text") }
    }

    @Test func aFormShowsAndReadsTheParts() async throws {
        let form = ContactForm.form.initial(\.phone, Phone(country: "+33", number: "12"))
        #expect(
            form.unbound()["phone"]?.control().html
                == "<input type=\"text\" name=\"phone_0\" value=\"+33\" maxlength=\"4\" required "
                + "id=\"id_phone_0\"><input type=\"text\" name=\"phone_1\" value=\"12\" required "
                + "id=\"id_phone_1\"><input type=\"text\" name=\"phone_2\" id=\"id_phone_2\">"
        )
        let data: QueryDict = [
            "phone_0": ["+49"], "phone_1": ["7"], "email": [" a@example.com "],
        ]
        switch try await form.bind(data) {
        case .valid(let contact): #expect(contact.phone == Phone(country: "+49", number: "7"))
        case .invalid(let bound): Issue.record("\(bound.errors.text)")
        }
        #expect(form.unbound()["phone"]?.label == "Call")
    }

    @Test func offersTheFilesOfAFolder() throws {
        let root = FileManager.default.temporaryDirectory.path + "/forms-\(UUID().uuidString)"
        let outside = root + "-outside"
        defer {
            try? FileManager.default.removeItem(atPath: root)
            try? FileManager.default.removeItem(atPath: outside)
        }
        let manager = FileManager.default
        for folder in ["\(root)/b/deep", "\(root)/__pycache__", outside] {
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        for file in ["a.txt", "z.md", "b/c.txt", "b/deep/d.txt", "__pycache__/e.txt"] {
            try Data().write(to: URL(fileURLWithPath: "\(root)/\(file)"))
        }
        try Data().write(to: URL(fileURLWithPath: "\(outside)/secret.txt"))
        for (link, target) in [
            ("out", outside), ("leak.txt", "\(outside)/secret.txt"), ("up", ".."),
        ] {
            try manager.createSymbolicLink(
                atPath: "\(root)/\(link)",
                withDestinationPath: target
            )
        }
        func labels(_ field: FilePathField) -> [String] {
            field.choices.items.compactMap { item in
                guard case .choice(let choice) = item, case .text(let text) = choice.label else {
                    return nil
                }
                return text
            }
        }
        #expect(labels(FilePathField(path: root)) == ["a.txt", "z.md"])
        #expect(labels(FilePathField(path: root, match: "\\.txt$")) == ["a.txt"])
        #expect(
            labels(FilePathField(path: root, match: "\\.txt$", recursive: true))
                == ["/a.txt", "/b/c.txt", "/b/deep/d.txt"]
        )
        #expect(
            labels(FilePathField(path: root, allowFiles: false, allowFolders: true)) == ["b"]
        )
        #expect(labels(FilePathField(path: "\(root)/none")).isEmpty)
        let field = FilePathField(path: root)
        #expect(try field.clean(.string("\(root)/a.txt")).contextValue.plainText == "\(root)/a.txt")
        for path in ["\(root)/../etc/passwd", "\(outside)/secret.txt", "\(root)/leak.txt", "a.txt"]
        {
            #expect(throws: ValidationError.self) { try field.clean(.string(path)) }
        }
        #expect(labels(field.required(false)).first == "---------")
    }
}
