import NuagesORM

/// Answers that options of `makemigrations` give, before anybody is asked.
///
///     --rename question.text=title --no-rename choice.votes=score --default 'question.author="?"'
struct OptionAnswers: MigrationQuestioner {
    private var renames: [String: Bool] = [:]
    private var defaults: [String: MigrationAnswer] = [:]
    private let others: any MigrationQuestioner

    /// - Throws: ``CommandFailure`` for an option that does not say what it is about.
    init(
        renames: [String],
        notRenames: [String],
        defaults: [String],
        otherwise others: any MigrationQuestioner
    ) throws {
        self.others = others
        for (texts, isRename) in [(renames, true), (notRenames, false)] {
            for text in texts {
                guard Self.parts(text) != nil else {
                    throw CommandFailure(
                        "'\(text)' is no rename: write model.old=new for a field, Old=New for a model."
                    )
                }
                self.renames[text.lowercased()] = isRename
            }
        }
        for text in defaults {
            guard let (field, value) = Self.parts(text), field.contains(".") else {
                throw CommandFailure("'\(text)' is no default: write model.field=value.")
            }
            if value == "leave" {
                self.defaults[field.lowercased()] = .leave
            } else if let parsed = TerminalQuestioner.value(of: value) {
                self.defaults[field.lowercased()] = .value(parsed)
            } else {
                throw CommandFailure(
                    "'\(value)' is no value for \(field): write a number, a text in double quotes, "
                        + "true, false, now or leave."
                )
            }
        }
    }

    private static func parts(_ text: String) -> (String, String)? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    func answer(to question: MigrationQuestion) -> MigrationAnswer? {
        let known: MigrationAnswer?
        switch question {
        case .renamedModel(_, let old, let new): known = rename("\(old)=\(new)")
        case .renamedField(let model, let old, let new): known = rename("\(model).\(old)=\(new)")
        case .addedNotNull(let model, let field), .addedMoment(let model, let field),
            .alteredNotNull(let model, let field):
            known = defaults["\(model).\(field)".lowercased()]
        case .initial: known = nil
        }
        return known ?? others.answer(to: question)
    }

    private func rename(_ text: String) -> MigrationAnswer? {
        renames[text.lowercased()].map { $0 ? .yes : .no }
    }
}
