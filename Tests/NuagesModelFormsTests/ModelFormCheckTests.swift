import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Model(app: "press")
struct Clerk {
    @Field(maxLength: 10) var name: String
}

/// A model with fields that no form can have.
@Model(app: "press")
struct Ledger {
    @Field(maxLength: 10) var title: String
    @Field(editable: false) var secret = 0
    @Field(generated: .stored(.operation(.field("size"), "+", .value(.int(1))), as: .integerField))
    var next: DatabaseValue<Int> = .unset
    @Field(blank: true) var size = 0
    var digest: [UInt8]
    @Field(blank: true) var note: String
    @ForeignKey(onDelete: .cascade) var writer: Clerk.Reference

    /// Computed, and no column.
    var shout: String { title.uppercased() }
}

@Form
private struct GoodForm: ModelForm {
    static let fields = ModelFormFields<Ledger>([\.title, \.writer])
        .widget(\.title, .textarea)
        .labels(\.writer) { (writer: Clerk) in writer.name }
}

@Form
private struct OwnPropertyForm: ModelForm {
    static let fields = ModelFormFields<Ledger>([\.title, \.secret]).label(\.secret, "Code")
    var secret = 1
}

@Form
private struct AllForm: ModelForm {
    static let fields = ModelFormFields<Ledger>.all(except: [\.note]).helpText(\.note, "Gone")
}

@Suite("What `check` says of model forms")
struct ModelFormCheckTests {
    private static let choices = "Choices are: title, size, note, writer."

    /// Lists of fields with what is found in them.
    private static let lists: [(fields: ModelFormFields<Ledger>, found: [String])] = [
        ([\.title, \.note, \.writer], []),
        (.all, []),
        (.all(except: [\.note]), []),
        (
            [\.title, \.secret],
            [
                "Form: (forms.E002) 'secret' cannot be in a form of Ledger: it cannot be edited.\n"
                    + "\tHINT: Take it from the form's fields, or take 'editable: false' from the "
                    + "field. \(choices)"
            ]
        ),
        (
            [\.next],
            [
                "Form: (forms.E003) 'next' cannot be in a form of Ledger: the database generates "
                    + "it.\n\tHINT: Take it from the form's fields; list the fields that it is "
                    + "computed from. \(choices)"
            ]
        ),
        (
            [\.id],
            [
                "Form: (forms.E003) 'id' cannot be in a form of Ledger: the database counts it up."
                    + "\n\tHINT: Take it from the form's fields, or declare a property of the form "
                    + "with its name. \(choices)"
            ]
        ),
        (
            [\.title, \.title],
            [
                "Form: (forms.W003) The form lists 'title' twice.\n\tHINT: Take one of them away."
            ]
        ),
        (
            ModelFormFields([\.title]).widget(\.note, .textarea),
            [
                "Form: (forms.W001) '.widget' says something of 'note', which is not among the "
                    + "fields of the form: it has no effect.\n\tHINT: Add the field to the form, or "
                    + "take it away. Fields of the form are: title."
            ]
        ),
        (
            ModelFormFields([\.title]).labels(\.title) { (writer: Clerk) in writer.name },
            [
                "Form: (forms.W002) '.labels' says something of 'title', which leads to no rows."
                    + "\n\tHINT: Take it away, or give the form a ModelChoiceField by '.field'."
            ]
        ),
        (
            ModelFormFields([\.title]).field(\.title, ModelChoiceField(Clerk.objects))
                .labels(\.title) { (writer: Clerk) in writer.name },
            []
        ),
    ]

    @Test(arguments: 0..<lists.count)
    func namesWhatAFormCannotHave(_ index: Int) {
        let (fields, found) = Self.lists[index]
        let messages = PlainModelForm<Ledger>.checks(fields, of: "Form")
        #expect(messages.map(\.description) == found)
    }

    @Test func namesPropertiesThatAreNoFields() throws {
        let fields = ModelFormFields<Ledger>([\.title, \.shout]).label(\.shout, "Loud")
        let messages = PlainModelForm<Ledger>.checks(fields, of: "Form")
        #expect(messages.map(\.id) == ["forms.E001", "forms.E001"])
        let first = try #require(messages.first)
        #expect(first.message.hasSuffix("is no field of Ledger, and the form lists it."))
        #expect(
            first.hint == "List stored properties and many-to-many relations of the model. "
                + Self.choices
        )
    }

    @Test func asksTheFormItself() {
        #expect(GoodForm.checks().isEmpty)
        #expect(
            OwnPropertyForm.checks().map(\.description) == [
                "OwnPropertyForm: (forms.W001) '.label' says something of 'secret', which the form "
                    + "declares itself: it has no effect.\n\tHINT: Say it at the property of the "
                    + "form."
            ]
        )
        #expect(AllForm.checks().map(\.id) == ["forms.W001"])
    }

    /// What is an error here is what a page would fail with.
    @Test(arguments: 0..<lists.count)
    func agreesWithTheFirstRequest(_ index: Int) {
        let fields = Self.lists[index].fields
        let isWrong = PlainModelForm<Ledger>.checks(fields).contains { $0.level >= .error }
        var isRefused = false
        do { _ = try PlainModelForm<Ledger>.definition(fields) } catch { isRefused = true }
        #expect(isRefused == isWrong)
    }
}
