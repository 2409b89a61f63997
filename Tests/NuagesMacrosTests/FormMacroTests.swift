import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import SwiftSyntaxMacrosGenericTestSupport
import Testing

@Suite struct FormMacroTests {
    private func expect(
        _ source: String,
        expandsTo expanded: String,
        diagnostics: [DiagnosticSpec] = [],
        fixed: String? = nil
    ) {
        let peers = FormFieldDeclaration.fieldTypes.map {
            ($0, MacroSpec(type: FormFieldMacro.self))
        }
        assertMacroExpansion(
            source,
            expandedSource: expanded,
            diagnostics: diagnostics,
            macroSpecs: Dictionary(uniqueKeysWithValues: peers).merging(
                ["Form": MacroSpec(type: FormMacro.self, conformances: ["Form"])]) { $1 },
            fixedSource: fixed
        ) { failure in
            Issue.record("\(failure.message)")
        }
    }

    @Test(arguments: [
        ("func cleanTitle(_ title: String) throws {}", true),
        ("static func cleanTitle(title: inout String) throws {}", true),
        ("func cleanTitle(_ title: inout String) throws {}", false),
        ("func cleanUp() {}", false),
        ("func cleanTitle(_ title: inout String) {}; func cleanTitle() -> Bool { true }", false),
    ])
    func warnsOfFunctionsThatLookLikeChecks(_ function: String, _ isOne: Bool) {
        let warning = DiagnosticSpec(
            message: "'cleanTitle' is never called to check the field 'title'; write "
                + "'func cleanTitle(_ title: inout String) throws', or give it another name",
            line: 3,
            column: function.hasPrefix("static") ? 17 : 10,
            severity: .warning
        )
        assertMacroExpansion(
            "@Form struct F {\n    var title: String\n    \(function)\n}",
            expandedSource: "",
            diagnostics: isOne ? [warning] : [],
            macroSpecs: ["Form": MacroSpec(type: FormMacro.self, conformances: ["Form"])]
        ) { failure in
            // What it expands to is not asked here.
            if failure.message.contains("iagnostic") { Issue.record("\(failure.message)") }
        }
    }

    @Test func reportsMalformedPatterns() {
        expect(
            """
            struct Car {
                @RegexField("^[A-Z]{2", maxLength: 9) var plate: String
                @RegexField("(a) (b", options: .verbose) var other: String
            }
            """,
            expandsTo: """
                struct Car {
                    var plate: String
                    var other: String
                }
                """
        )
        expect(
            """
            struct Car {
                @RegexField("^([A-Z]", maxLength: 9) var plate: String
            }
            """,
            expandsTo: """
                struct Car {
                    var plate: String
                }
                """,
            diagnostics: [
                DiagnosticSpec(
                    message:
                        "'^([A-Z]' is no regular expression: missing ), unterminated subpattern at "
                        + "position 1.",
                    line: 2,
                    column: 17
                )
            ]
        )
    }

    @Test func printsFieldsAndAnInitializer() {
        expect(
            """
            @Form
            public struct ContactForm {
                @CharField(maxLength: 100, label: "Topic") var subject: String
                @ChoiceField(widget: .radioSelect) var size: Size?
                @MultipleChoiceField var days: [Int]
                @DateField(name: "day") var dueDay: CalendarDate
                var sender: EmailAddress
                var extras: [Size]
                var pageURL: String?
                var ccMyself = false
                static let unrelated = 1
                var computed: Int { 1 }
            }
            """,
            expandsTo: """
                public struct ContactForm {
                    var subject: String
                    var size: Size?
                    var days: [Int]
                    var dueDay: CalendarDate
                    var sender: EmailAddress
                    var extras: [Size]
                    var pageURL: String?
                    var ccMyself = false
                    static let unrelated = 1
                    var computed: Int { 1 }
                }

                extension ContactForm: NuagesForms.Form {
                    public static let form = NuagesForms.FormDefinition<ContactForm>([
                        .field("subject", NuagesForms.CharField(maxLength: 100).label("Topic"), \\.subject),
                        .field("size", NuagesForms.ChoiceField<Size>().required(false).widget(.radioSelect), \\.size),
                        .field("days", NuagesForms.MultipleChoiceField<Int>(), \\.days),
                        .field("day", NuagesForms.DateField(), \\.dueDay),
                        .field("sender", EmailAddress.formField, \\.sender),
                        .field("extras", ([Size]).formField, \\.extras),
                        .field("page_url", String.formField.required(false), \\.pageURL),
                        .field("cc_myself", Bool.formField.initial(false as Bool), \\.ccMyself),
                    ])

                    public init(
                        cleaned values: NuagesForms.CleanedValues
                    ) throws(NuagesCore.ValidationError) {
                        self.subject = try values.value(at: 0)
                        self.size = try values.value(at: 1)
                        self.days = try values.value(at: 2)
                        self.dueDay = try values.value(at: 3)
                        self.sender = try values.value(at: 4)
                        self.extras = try values.value(at: 5)
                        self.pageURL = try values.value(at: 6)
                        self.ccMyself = try values.value(at: 7)
                    }
                }
                """
        )
    }

    @Test func aClassCanBecomeAStruct() {
        expect(
            "@Form class ContactForm {}",
            expandsTo: "class ContactForm {}",
            diagnostics: [
                DiagnosticSpec(
                    message: "'@Form' needs a struct; its properties are the fields of the form",
                    line: 1,
                    column: 7,
                    fixIts: [FixItSpec(message: "make it a struct")]
                )
            ],
            fixed: "@Form struct ContactForm {}"
        )
    }

    @Test func anEnumIsRefused() {
        expect(
            "@Form enum ContactForm {}",
            expandsTo: "enum ContactForm {}",
            diagnostics: [
                DiagnosticSpec(
                    message: "'@Form' needs a struct; its properties are the fields of the form",
                    line: 1,
                    column: 1
                )
            ]
        )
    }

    @Test func aGenericStructIsRefused() {
        expect(
            "@Form struct Contact<T> {}",
            expandsTo: "struct Contact<T> {}",
            diagnostics: [
                DiagnosticSpec(
                    message:
                        "'@Form' cannot be attached to a generic struct; its fields are made once",
                    line: 1,
                    column: 21
                )
            ]
        )
    }

    @Test func aConstantWithAValueMustBeAVariable() {
        expect(
            "@Form struct F {\n    let copies = 1\n}",
            expandsTo: "struct F {\n    let copies = 1\n}",
            diagnostics: [
                DiagnosticSpec(
                    message:
                        "the field 'copies' has an initial value and must be a 'var' to take another",
                    line: 2,
                    column: 5,
                    fixIts: [FixItSpec(message: "replace 'let' with 'var'")]
                )
            ],
            fixed: "@Form struct F {\n    var copies = 1\n}"
        )
    }

    @Test func aFieldNeedsAType() {
        expect(
            "@Form struct F {\n    var day = today()\n}",
            expandsTo: "struct F {\n    var day = today()\n}",
            diagnostics: [
                DiagnosticSpec(
                    message: "the field 'day' needs a type, such as 'var day: String'",
                    line: 2,
                    column: 9,
                    fixIts: [FixItSpec(message: "add ': String'")]
                )
            ],
            fixed: "@Form struct F {\n    var day: String = today()\n}"
        )
    }

    @Test func aFieldHasOneAttribute() {
        expect(
            "@Form struct F {\n    @CharField @SlugField var slug: String\n}",
            expandsTo: "struct F {\n    var slug: String\n}",
            diagnostics: [
                DiagnosticSpec(
                    message: "the field 'slug' has two attributes for its field; keep one",
                    line: 2,
                    column: 16
                )
            ]
        )
    }

    @Test func eachFieldIsDeclaredByItself() {
        expect(
            "@Form struct F {\n    var a: Int, b: Int\n}",
            expandsTo: "struct F {\n    var a: Int, b: Int\n}",
            diagnostics: [
                DiagnosticSpec(
                    message: "a form declares each field by a 'var' of its own",
                    line: 2,
                    column: 9
                )
            ]
        )
    }

    @Test func namesAreUnique() {
        expect(
            "@Form struct F {\n    var pageURL: String\n    var page_url: String\n}",
            expandsTo: "struct F {\n    var pageURL: String\n    var page_url: String\n}",
            diagnostics: [
                DiagnosticSpec(
                    message:
                        "the field name 'page_url' is taken by 'pageURL'; name one of them by 'name:'",
                    line: 3,
                    column: 5
                )
            ]
        )
    }

    @Test(arguments: [
        ("subject", "subject"), ("ccMyself", "cc_myself"), ("pageURL", "page_url"),
        ("URLOfPage", "url_of_page"), ("a1B2", "a1_b2"), ("already_snake", "already_snake"),
    ])
    func namesInSnakeCase(_ name: String, expected: String) {
        #expect(FormSnakeCase.of(name) == expected)
    }
}
