import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import SwiftSyntaxMacrosGenericTestSupport
import Testing

@Suite struct ModelMacroTests {
    private func expect(
        _ source: String,
        expandsTo expanded: String,
        diagnostics: [DiagnosticSpec] = [],
        fixed: String? = nil
    ) {
        assertMacroExpansion(
            source,
            expandedSource: expanded,
            diagnostics: diagnostics,
            macroSpecs: [
                "Model": MacroSpec(type: ModelMacro.self, conformances: ["Model"]),
                "Field": MacroSpec(type: FieldMacro.self),
                "ForeignKey": MacroSpec(type: FieldMacro.self),
                "Reverse": MacroSpec(type: RelatedMacro.self),
                "GenericForeignKey": MacroSpec(type: RelatedMacro.self),
            ],
            fixedSource: fixed
        ) { failure in
            Issue.record("\(failure.message)")
        }
    }

    @Test func printsAConformance() {
        expect(
            """
            @Model(ordering: ["-votes"])
            public struct Choice {
                @ForeignKey(onDelete: .cascade) var question: Question.Reference
                @Field("text", maxLength: 200) var choiceText: String
                var votes = 0
                var isLong: Bool { false }
            }
            """,
            expandsTo: #"""
                public struct Choice {
                    var question: Question.Reference
                    var choiceText: String
                    var votes = 0
                    var isLong: Bool { false }

                    public var id: PrimaryKey<Choice> = .unsaved

                    public init(
                        id: PrimaryKey<Choice> = .unsaved,
                        question: some ModelReferenceConvertible<Question>,
                        choiceText: String,
                        votes: Int = 0
                    ) {
                        self.id = id
                        self.question = question.asReference
                        self.choiceText = choiceText
                        self.votes = votes
                    }
                }

                extension Choice: Model {
                    public static var label: String {
                        "testmodule.choice"
                    }

                    public static let meta = ModelMeta<Choice>("Choice") { model in
                        model.primaryKey("id", \.id)
                        model.foreignKey("question", \.question, onDelete: .cascade)
                        model.field("choice_text", \.choiceText) {
                            $0.verboseName = "text"
                            $0.maxLength = 200
                        }
                        model.field("votes", \.votes) {
                            $0.defaultValue = .value(.int(0))
                        }
                        model.options.orderingTerms = ["-votes"]
                    }

                    public struct Fields: ModelFields {
                        public typealias Root = Choice
                        public let _path: RelationPath
                        public init(path: RelationPath) {
                            _path = path
                        }
                        public var id: FieldExpression<PrimaryKey<Choice>> {
                            FieldExpression(_path, "id")
                        }
                        public var question: Question.Fields {
                            Question.Fields(path: _path.following("question"))
                        }
                        public var choiceText: FieldExpression<String> {
                            FieldExpression(_path, "choice_text")
                        }
                        public var votes: FieldExpression<Int> {
                            FieldExpression(_path, "votes")
                        }
                    }

                    public init(row: inout Row) throws(DatabaseError) {
                        self.id = try row.read()
                        self.question = try row.read()
                        self.choiceText = try row.read()
                        self.votes = try row.read()
                    }

                    public func encode(to values: inout FieldValues) throws(ModelError) {
                        values.append(self.id)
                        try values.append(reference: self.question)
                        values.append(self.choiceText)
                        values.append(self.votes)
                    }

                    public func contextMember(_ name: String) -> ContextValue? {
                        switch name {
                        case "id", "pk":
                            ContextValue(field: self.id)
                        case "question":
                            ContextValue(field: self.question)
                        case "question_id", "questionID":
                            ContextValue(field: self.question.key)
                        case "choice_text", "choiceText":
                            ContextValue(field: self.choiceText)
                        case "votes":
                            ContextValue(field: self.votes)
                        default:
                            Self.meta.contextMember(name, of: self)
                        }
                    }
                }
                """#
        )
    }

    @Test func printsTheStorageOfAReverse() {
        expect(
            #"""
            struct Question {
                @Reverse(\Choice.question) var choices: RelatedSet<Choice>
            }
            """#,
            expandsTo: #"""
                struct Question {
                    var choices: RelatedSet<Choice> {
                        get {
                            .init(of: self, by: \Choice.question, loaded: _choices)
                        }
                    }

                    var _choices: PrefetchedRows<Choice>? = nil
                }
                """#
        )
    }

    @Test func printsAReferenceToAnyModel() {
        expect(
            #"""
            struct Tag {
                @GenericForeignKey(\Tag.type, \Tag.key, forConcreteModel: false)
                public var object: GenericObject<Tag>
            }
            """#,
            expandsTo: #"""
                struct Tag {
                    public var object: GenericObject<Tag> {
                        get {
                            .init(of: self, by: Tag.object, kept: _object)
                        }
                    }

                    var _object: KeptObject? = nil

                    public static let object = GenericForeignKey<Tag>(\Tag.type, \Tag.key, forConcreteModel: false, storage: \Tag._object)
                }
                """#
        )
    }

    @Test(arguments: [
        ("questionText", "question_text"), ("homeURL", "home_url"), ("urlPath", "url_path"),
        ("htmlURLParser", "html_url_parser"), ("address2", "address2"), ("votes", "votes"),
        ("userID", "user_id"), ("`default`", "default"), ("line1Text", "line1_text"),
    ])
    func spellsNamesAsDjangoDoes(_ swift: String, _ django: String) {
        #expect(FieldName.snakeCase(swift) == django)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let member: String
        let message: String
        let line: Int
        let column: Int
        var fixIt: String?
        var fixed: String?

        var testDescription: String { member }
    }

    static let faults = [
        Fault(
            member: "let votes: Int",
            message: "The field 'votes' must be a 'var': saving and loading set it.",
            line: 3,
            column: 5,
            fixIt: "Replace 'let' with 'var'",
            fixed: "var votes: Int"
        ),
        Fault(
            member: "var votes = makeVotes()",
            message:
                "Write the type of 'votes': @Model cannot see the type of its initial value.",
            line: 3,
            column: 9
        ),
        Fault(
            member: "var question: Question.Reference",
            message:
                "'question' leads to another model: say with @ForeignKey what its deletion does.",
            line: 3,
            column: 5,
            fixIt: "Add '@ForeignKey(onDelete: .cascade)'",
            fixed: "@ForeignKey(onDelete: .cascade) var question: Question.Reference"
        ),
        Fault(
            member: "@ForeignKey(onDelete: .cascade) var question: Int",
            message:
                "'question' is Int; under @ForeignKey it must be a reference such as "
                + "Question.Reference.",
            line: 3,
            column: 5
        ),
        Fault(
            member: "var a__b: Int",
            message:
                "The field 'a__b' must not have two underscores together: lookups are separated "
                + "by them.",
            line: 3,
            column: 9
        ),
        Fault(
            member: "var a_: Int",
            message: "The field 'a_' must not end in an underscore.",
            line: 3,
            column: 9
        ),
        Fault(
            member: "var pk: Int",
            message: "'pk' cannot be a field: it is the name of every primary key.",
            line: 3,
            column: 9
        ),
        Fault(
            member: #"@GenericForeignKey(\Tag.type, \Tag.key) var object: RelatedOne<Tag>"#,
            message:
                "'object' under @GenericForeignKey must have the type GenericObject of the model, "
                + "such as GenericObject<Tag>.",
            line: 3,
            column: 5
        ),
        Fault(
            member: "@Reverse var choices: RelatedSet<Choice>",
            message:
                "@Reverse of 'choices' needs the key path of a foreign key, such as "
                + #"\Choice.question."#,
            line: 3,
            column: 5
        ),
    ]

    @Test(arguments: faults) func reportsFaults(_ fault: Fault) {
        let source = "@Model\nstruct Choice {\n    \(fault.member)\n}"
        let expansion = try? diagnosed(source)
        #expect(expansion?.map(\.message) == [fault.message])
        #expect(expansion?.first?.line == fault.line)
        #expect(expansion?.first?.column == fault.column)
        #expect(expansion?.first?.fixIt == fault.fixIt)
        #expect(expansion?.first?.fixed == fault.fixed)
    }

    @Test(arguments: [
        ("everything", "everything"), ("all_objects", "allObjects"), ("allObjects", "allObjects"),
    ])
    func namesManagers(_ name: String, as property: String) throws {
        let source = "@Model(defaultManagerName: \"\(name)\")\nstruct Choice {\n}"
        let text = try expanded(source)
        #expect(
            text.contains("static var defaultManager: QuerySet<Choice> { \(property) }"),
            "\(text)"
        )
        #expect(text.contains("model.options.defaultManagerName = \"\(name)\""))
        #expect(!text.contains("baseManager"))
    }

    @Test func refusesManagersThatCannotBeProperties() throws {
        let found = try diagnosed("@Model(baseManagerName: \"all rows\")\nstruct Choice {\n}")
        #expect(
            found.map(\.message)
                == ["'all rows' cannot be a manager: it is no name of a static property."]
        )
    }

    @Test func belongsToStructs() throws {
        let found = try diagnosed("@Model\nfinal class Choice {\n}")
        #expect(
            found.map(\.message)
                == ["@Model belongs to a struct; its values are copied, not shared."]
        )
    }
}
