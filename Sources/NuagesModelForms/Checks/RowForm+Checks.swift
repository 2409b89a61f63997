public import NuagesCore
import NuagesForms
import NuagesORM

extension ModelForm {
    /// What is wrong with the fields that the form lists; `check` prints it for the forms of
    /// ``FormApp`` and of class-based views.
    ///
    ///     #expect(ArticleForm.checks().isEmpty)
    ///
    /// - Returns: messages, empty if all is well.
    public static func checks() -> [CheckMessage] { checks(fields) }
}

extension RowForm {
    /// What is wrong with fields that the form or a view lists.
    ///
    /// - Parameters:
    ///   - fields: the fields.
    ///   - owner: what lists them, for people; the form where nothing is said.
    /// - Returns: messages, empty if all is well.
    package static func checks(
        _ fields: ModelFormFields<Object>,
        of owner: String? = nil
    ) -> [CheckMessage] {
        ModelFormChecks(
            fields,
            declared: form.dynamic.entries.map(\.name),
            owner: owner ?? "\(Self.self)"
        ).messages
    }
}

/// Compares the fields that a model form lists with those of its model.
struct ModelFormChecks<M: Model> {
    private let fields: ModelFormFields<M>
    /// The fields that the form declares itself.
    private let declared: [String]
    private let owner: String
    private let outline = ModelOutline(M.self)

    init(_ fields: ModelFormFields<M>, declared: [String], owner: String) {
        self.fields = fields
        self.declared = declared
        self.owner = owner
    }

    var messages: [CheckMessage] { listed + excluded + changes }

    // MARK: The list

    private var listed: [CheckMessage] {
        guard case .paths(let paths) = fields.selection else { return [] }
        var seen: Set<ByteName> = []
        return paths.compactMap { path in
            guard let name = M.fieldName(path) else { return unknown(path) }
            guard seen.insert(ByteName(name)).inserted else {
                return message(
                    .warning,
                    "forms.W003",
                    "The form lists '\(name)' twice.",
                    "Take one of them away."
                )
            }
            return isDeclared(name) ? nil : refused(name)
        }
    }

    private var excluded: [CheckMessage] {
        guard case .all(let paths) = fields.selection else { return [] }
        return paths.compactMap { M.fieldName($0) == nil ? unknown($0) : nil }
    }

    private func isDeclared(_ name: String) -> Bool {
        declared.contains { $0.equalsBytes(name) }
    }

    private func unknown(_ path: ModelFormFields<M>.Path) -> CheckMessage {
        message(
            .error,
            "forms.E001",
            "\(path) is no field of \(M.schema.name), and the form lists it.",
            choices("List stored properties and many-to-many relations of the model.")
        )
    }

    /// Why a field of the model cannot be in a form; nil where it can.
    private func refused(_ name: String) -> CheckMessage? {
        guard let schema = outline.field(name) else { return nil }
        let take = "Take it from the form's fields"
        if schema.generated != nil {
            return message(
                .error,
                "forms.E003",
                "'\(name)' cannot be in a form of \(M.schema.name): the database generates it.",
                choices("\(take); list the fields that it is computed from.")
            )
        }
        if !schema.isEditable {
            return message(
                .error,
                "forms.E002",
                "'\(name)' cannot be in a form of \(M.schema.name): it cannot be edited.",
                choices("\(take), or take 'editable: false' from the field.")
            )
        }
        guard FormFieldMaker(outline, schema).field() == nil else { return nil }
        return message(
            .error,
            "forms.E003",
            "'\(name)' cannot be in a form of \(M.schema.name): "
                + (schema.isCountedUp
                    ? "the database counts it up."
                    : "forms have no field for \(schema.type.rawValue)."),
            choices("\(take), or declare a property of the form with its name.")
        )
    }

    // MARK: What is said of fields

    /// The fields of the model that are in the form and that it does not declare itself.
    private var made: [String] {
        let shown = outline.formFieldNames
        switch fields.selection {
        case .paths(let paths):
            let names = paths.compactMap { M.fieldName($0) }
            return names.filter { !isDeclared($0) }
        case .all(let paths):
            let left = paths.compactMap { M.fieldName($0) }
            return shown.filter { name in
                !isDeclared(name) && !left.contains { $0.equalsBytes(name) }
            }
        }
    }

    private var changes: [CheckMessage] {
        let made = made
        return fields.changes.compactMap { change in
            guard let name = M.fieldName(change.path) else { return unknown(change.path) }
            guard made.contains(where: { $0.equalsBytes(name) }) else {
                return unused(change.function, name, made)
            }
            let isOfRelations = ["choices", "labels", "emptyLabel"].contains(change.function)
            guard isOfRelations, !isReplaced(name),
                let schema = outline.field(name),
                !schema.isRelation, schema.type != .manyToManyField
            else { return nil }
            return message(
                .warning,
                "forms.W002",
                "'.\(change.function)' says something of '\(name)', which leads to no rows.",
                "Take it away, or give the form a ModelChoiceField by '.field'."
            )
        }
    }

    private func isReplaced(_ name: String) -> Bool {
        fields.changes.contains { change in
            change.function == "field" && M.fieldName(change.path)?.equalsBytes(name) == true
        }
    }

    private func unused(_ function: String, _ name: String, _ made: [String]) -> CheckMessage {
        let text = "'.\(function)' says something of '\(name)', "
        if isDeclared(name) {
            return message(
                .warning,
                "forms.W001",
                text + "which the form declares itself: it has no effect.",
                "Say it at the property of the form."
            )
        }
        return message(
            .warning,
            "forms.W001",
            text + "which is not among the fields of the form: it has no effect.",
            "Add the field to the form, or take it away. Fields of the form are: "
                + "\(made.joined(separator: ", "))."
        )
    }

    // MARK: Messages

    private func choices(_ remedy: String) -> String {
        "\(remedy) Choices are: \(outline.formFieldNames.joined(separator: ", "))."
    }

    private func message(
        _ level: CheckMessage.Level,
        _ id: String,
        _ text: String,
        _ hint: String
    ) -> CheckMessage {
        CheckMessage(level, id: id, text, hint: hint, object: owner)
    }
}

extension ModelOutline {
    /// The fields of the model that forms can have.
    var formFieldNames: [String] {
        fields.filter { $0.isEditable && FormFieldMaker(self, $0).field() != nil }.map(\.name)
    }
}
