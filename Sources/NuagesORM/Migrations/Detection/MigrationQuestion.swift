/// Something that the models alone do not tell when migrations are made.
public enum MigrationQuestion: Sendable, Hashable, CustomStringConvertible {
    /// Whether a model was renamed rather than removed and another one added.
    case renamedModel(app: String, old: String, new: String)
    /// Whether a field was renamed rather than removed and another one added.
    case renamedField(app: String, model: String, old: String, new: String)
    /// The value that rows get in a new field that takes no null and has no default.
    case addedNotNull(app: String, model: String, field: String)
    /// The moment that rows get in a new field that is set to now on creation.
    case addedMoment(app: String, model: String, field: String)
    /// The value that takes the place of nulls in a field that takes none any more.
    case alteredNotNull(app: String, model: String, field: String)
    /// Whether an app without migrations gets its first one.
    case initial(app: String)

    /// The question in words.
    public var description: String {
        switch self {
        case .renamedModel(let app, let old, let new):
            "Was the model \(app).\(old) renamed to \(new)?"
        case .renamedField(_, let model, let old, let new):
            "Was \(model).\(old) renamed to \(model).\(new)?"
        case .addedNotNull(_, let model, let field):
            "What value do existing rows get in the new field '\(field)' of \(model), "
                + "which takes no null?"
        case .addedMoment(_, let model, let field):
            "What moment do existing rows get in the new field '\(field)' of \(model), "
                + "which is set when a row is created?"
        case .alteredNotNull(_, let model, let field):
            "What value takes the place of nulls in the field '\(field)' of \(model), "
                + "which takes none any more?"
        case .initial(let app): "Does the app '\(app)' get its first migration?"
        }
    }

    /// The options of `makemigrations` that answer the question, to choose one: as they are written on
    /// the command line, `VALUE` aside, and with the app, so that they answer no other question.
    public var options: [String] {
        switch self {
        case .renamedModel(let app, let old, let new):
            ["--rename \(app).\(old)=\(new)", "--no-rename \(app).\(old)=\(new)"]
        case .renamedField(let app, let model, let old, let new):
            ["--rename", "--no-rename"].map { "\($0) \(app).\(model).\(old)=\(new)" }
        case .addedNotNull(let app, let model, let field):
            ["--default '\(app).\(model).\(field)=VALUE'"]
        case .addedMoment(let app, let model, let field):
            ["--default \(app).\(model).\(field)=now"]
        case .alteredNotNull(let app, let model, let field):
            [
                "--default '\(app).\(model).\(field)=VALUE'",
                "--default \(app).\(model).\(field)=leave",
            ]
        case .initial: []
        }
    }
}

/// The answer to a question.
public enum MigrationAnswer: Sendable, Hashable {
    /// Yes.
    case yes
    /// No.
    case no
    /// A value for the rows that are there; it is not kept as the field's default.
    case value(FieldDefault)
    /// Nothing: there are no nulls, or another migration sees to them.
    case leave
}

/// Answers the questions that come up when migrations are made.
public protocol MigrationQuestioner: Sendable {
    /// The answer; nil where nobody knows, which makes the detector fail with the question.
    ///
    /// - Parameter question: what is asked.
    /// - Returns: the answer.
    func answer(to question: MigrationQuestion) -> MigrationAnswer?
}

/// Answers that were given in advance; the rest stays open.
public struct PreparedAnswers: MigrationQuestioner {
    private let answers: [MigrationQuestion: MigrationAnswer]

    /// Answers that are known.
    ///
    /// - Parameter answers: the answers by question.
    public init(_ answers: [MigrationQuestion: MigrationAnswer] = [:]) { self.answers = answers }

    /// The answer that was given; a first migration is always wanted.
    ///
    /// - Parameter question: what is asked.
    /// - Returns: the answer, or nil.
    public func answer(to question: MigrationQuestion) -> MigrationAnswer? {
        if let answer = answers[question] { return answer }
        if case .initial = question { return .yes }
        return nil
    }
}
