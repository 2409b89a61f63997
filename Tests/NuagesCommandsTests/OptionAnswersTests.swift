import Nuages
import Testing

@testable import NuagesCommands

@Suite struct OptionAnswersTests {
    @Test func renamesByOptions() throws {
        let answers = try OptionAnswers(
            renames: ["note.text=title"],
            notRenames: ["Note=Memo"],
            defaults: ["note.made=now", "note.size=leave"],
            otherwise: PreparedAnswers()
        )
        let cases: [(MigrationQuestion, MigrationAnswer?)] = [
            (.renamedField(app: "notes", model: "note", old: "text", new: "title"), .yes),
            (.renamedField(app: "notes", model: "note", old: "text", new: "other"), nil),
            (.renamedModel(app: "notes", old: "Note", new: "Memo"), .no),
            (
                .addedMoment(app: "notes", model: "note", field: "made"),
                .value(.function("Date.now"))
            ),
            (.alteredNotNull(app: "notes", model: "note", field: "size"), .leave),
            (.initial(app: "notes"), .yes),
        ]
        for (question, answer) in cases { #expect(answers.answer(to: question) == answer) }
        try answers.checkAnswers()
        try answers.checkAllUsed()
    }

    private func answers(
        _ defaults: [String],
        to questions: [MigrationQuestion]
    ) throws -> [MigrationAnswer?] {
        let answers = try OptionAnswers(
            renames: [],
            notRenames: [],
            defaults: defaults,
            otherwise: PreparedAnswers()
        )
        let given = questions.map(answers.answer(to:))
        try answers.checkAnswers()
        try answers.checkAllUsed()
        return given
    }

    @Test func anAppBeforeAnAnswerTellsModelsApart() throws {
        let questions: [MigrationQuestion] = [
            .addedNotNull(app: "notes", model: "note", field: "title"),
            .addedNotNull(app: "music", model: "note", field: "title"),
        ]
        #expect(
            try answers(["notes.note.title=1", "music.Note.title=2"], to: questions)
                == [.value(.value(.int(1))), .value(.value(.int(2)))]
        )
        #expect(
            try answers(["notes.note.title=1", "note.title=2"], to: questions)
                == [.value(.value(.int(1))), .value(.value(.int(2)))]
        )
        let error = #expect(throws: CommandFailure.self) {
            try answers(["note.title=1"], to: questions)
        }
        #expect(
            error?.description
                == "'--default note.title=1' fits several: music.note.title, notes.note.title. "
                + "Write the app before it."
        )
    }

    /// The answers that are printed answer the questions that they are printed for, and no others.
    @Test func theAnswersThatArePrintedAreNeverAmbiguous() throws {
        let questions: [MigrationQuestion] = [
            .renamedModel(app: "note", old: "Text", new: "title"),
            .renamedField(app: "music", model: "note", old: "text", new: "title"),
            .renamedField(app: "notes", model: "note", old: "text", new: "title"),
            .addedNotNull(app: "notes", model: "note", field: "size"),
            .addedMoment(app: "music", model: "note", field: "size"),
            .alteredNotNull(app: "note", model: "note", field: "size"),
        ]
        let words = questions.flatMap(\.options).map { option in
            option.filter { $0 != "'" }.replacing("VALUE", with: "1").split(separator: " ")
                .map(String.init)
        }
        #expect(words.allSatisfy { $0.count == 2 })
        for (index, question) in questions.enumerated() {
            // The first and the last option of each question, next to all of the others.
            for last in [true, false] {
                var given: [[String]] = []
                for (other, question) in questions.enumerated() {
                    let options = question.options.map { option in
                        option.filter { $0 != "'" }.replacing("VALUE", with: "1")
                            .split(separator: " ").map(String.init)
                    }
                    let isLast = other == index ? last : !last
                    if let option = isLast ? options.last : options.first { given.append(option) }
                }
                let texts = { (name: String) in
                    given.filter { $0.first == name }.compactMap(\.last)
                }
                let answers = try OptionAnswers(
                    renames: texts("--rename"),
                    notRenames: texts("--no-rename"),
                    defaults: texts("--default"),
                    otherwise: PreparedAnswers()
                )
                let found = questions.map(answers.answer(to:))
                try answers.checkAnswers()
                try answers.checkAllUsed()
                let expected: MigrationAnswer =
                    switch question {
                    case .renamedModel, .renamedField: last ? .no : .yes
                    case .alteredNotNull where last: .leave
                    case .addedMoment: .value(.function("Date.now"))
                    default: .value(.value(.int(1)))
                    }
                #expect(found[index] == expected, "\(question)")
            }
        }
        // A field of a model that is called as an app has its own answer.
        let model = try OptionAnswers(
            renames: ["note.text=title"],
            notRenames: [],
            defaults: [],
            otherwise: PreparedAnswers()
        )
        #expect(questions.prefix(2).map(model.answer(to:)) == [.yes, nil])
        try model.checkAnswers()
    }
}
