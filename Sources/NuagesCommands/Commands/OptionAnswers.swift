import NuagesORM
import Synchronization

/// Answers that options of `makemigrations` give, before anybody is asked.
///
///     --rename question.text=title --no-rename choice.votes=score --default 'question.author="?"'
///
/// A label of an app may stand before what an option is about: `polls.question.text=title`.
struct OptionAnswers: MigrationQuestioner {
    private struct Option {
        /// What was written on the command line.
        var text: String
        var answer: MigrationAnswer
    }

    /// What became of the options.
    private final class Uses: Sendable {
        /// The fields and models that each option was about, with their apps.
        let subjects = Mutex<[String: Set<String>]>([:])
        /// The first option that is no answer to the question that it was about.
        let mistake = Mutex<String?>(nil)
    }

    private var options: [String: Option] = [:]
    private let uses = Uses()
    private let others: any MigrationQuestioner

    /// - Throws: ``CommandFailure`` for an option that does not say what it is about, and for two that
    ///   contradict each other.
    init(
        renames: [String],
        notRenames: [String],
        defaults: [String],
        otherwise others: any MigrationQuestioner
    ) throws {
        self.others = others
        for (texts, name, answer) in [
            (renames, "--rename", MigrationAnswer.yes), (notRenames, "--no-rename", .no),
        ] {
            for text in texts {
                guard Self.parts(text) != nil else {
                    throw CommandFailure(
                        "'\(text)' is no rename: write model.old=new for a field, Old=New for a model."
                    )
                }
                try add(Option(text: "\(name) \(text)", answer: answer), for: text)
            }
        }
        for text in defaults {
            guard let (field, value) = Self.parts(text), field.contains(".") else {
                throw CommandFailure("'\(text)' is no default: write model.field=value.")
            }
            let answer: MigrationAnswer
            if value == "leave" {
                answer = .leave
            } else if let parsed = TerminalQuestioner.value(of: value) {
                answer = .value(parsed)
            } else {
                throw CommandFailure(
                    "'\(value)' is no value for \(field): write a number, a text in double quotes, "
                        + "true, false, now or leave."
                )
            }
            try add(Option(text: "--default \(text)", answer: answer), for: field)
        }
    }

    private mutating func add(_ option: Option, for subject: String) throws {
        let old = options.updateValue(option, forKey: subject.lowercased())
        guard let old, old.answer != option.answer else { return }
        throw CommandFailure("'\(old.text)' and '\(option.text)' contradict each other.")
    }

    private static func parts(_ text: String) -> (String, String)? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    func answer(to question: MigrationQuestion) -> MigrationAnswer? {
        guard let (app, subject) = Self.subject(of: question) else {
            return others.answer(to: question)
        }
        let full = "\(app).\(subject)"
        guard
            let key = [full, subject].first(where: { options[$0] != nil && !isTaken($0, full) }),
            let option = options[key]
        else { return others.answer(to: question) }
        uses.subjects.withLock { _ = $0[key, default: []].insert(full) }
        if option.answer == .leave, !question.mayLeave {
            uses.mistake.withLock {
                $0 = $0 ?? "'\(option.text)' leaves rows without a value: \(question)"
            }
            return nil
        }
        return option.answer
    }

    /// Whether an option is the whole answer to another question: `polls.text=title` renames a model
    /// of the app `polls`, about which is asked first, and not a field of a model `Polls`.
    private func isTaken(_ key: String, _ full: String) -> Bool {
        key != full && uses.subjects.withLock { $0[key]?.contains(key) ?? false }
    }

    /// The app that a question is about, and what an option that answers it names.
    private static func subject(of question: MigrationQuestion) -> (app: String, name: String)? {
        let (app, name) =
            switch question {
            case .renamedModel(let app, let old, let new): (app, "\(old)=\(new)")
            case .renamedField(let app, let model, let old, let new):
                (app, "\(model).\(old)=\(new)")
            case .addedNotNull(let app, let model, let field),
                .addedMoment(let app, let model, let field),
                .alteredNotNull(let app, let model, let field):
                (app, "\(model).\(field)")
            case .initial: ("", "")
            }
        return name.isEmpty ? nil : (app.lowercased(), name.lowercased())
    }

    /// Fails for an option that was no answer, or the answer to several questions.
    ///
    /// - Throws: ``CommandFailure``.
    func checkAnswers() throws {
        if let mistake = uses.mistake.withLock({ $0 }) { throw CommandFailure(mistake) }
        for (key, subjects) in uses.subjects.withLock({ $0 }).sorted(by: { $0.key < $1.key })
        where subjects.count > 1 {
            throw CommandFailure(
                "'\(options[key]?.text ?? key)' fits several: \(subjects.sorted().joined(separator: ", ")). "
                    + "Write the app before it."
            )
        }
    }

    /// Fails for an option that answered nothing.
    ///
    /// - Throws: ``CommandFailure``.
    func checkAllUsed() throws {
        let used = uses.subjects.withLock { Set($0.keys) }
        guard let unused = options.filter({ !used.contains($0.key) }).map(\.value.text).min() else {
            return
        }
        throw CommandFailure(
            "'\(unused)' answers no question. Leave it out, or correct the names in it."
        )
    }
}

extension MigrationQuestion {
    /// Whether rows may stay as they are.
    fileprivate var mayLeave: Bool {
        if case .alteredNotNull = self { true } else { false }
    }
}
