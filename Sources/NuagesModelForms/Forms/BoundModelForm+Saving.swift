import NuagesCore
public import NuagesForms
public import NuagesORM

/// What a database refused though the form was valid: another request was faster.
///
///     do { article = try await form.save() } catch let conflict as ModelFormConflict {
///         return try await render(request, "edit.html", ["form": conflict.form])
///     }
public struct ModelFormConflict: Error, Sendable, CustomStringConvertible {
    /// The form with the errors at their fields.
    public let form: BoundForm

    /// The errors.
    public var description: String { "The database refused the row. \(form.errors.text)" }
}

extension BoundModelForm {
    /// Saves the row and the rows that are related by many-to-many fields, all or nothing.
    ///
    /// Django: `ModelForm.save`.
    ///
    /// - Returns: the row as it was saved.
    /// - Throws: ``ModelFormConflict`` where the database refuses it for a reason that the form can
    ///   show, such as a value that another request has taken meanwhile; ``DatabaseError``.
    @discardableResult
    public mutating func save() async throws -> DynamicRow {
        try await save(checksTargets: true)
    }

    mutating func save(checksTargets: Bool) async throws -> DynamicRow {
        let start = self
        row = try await saving(checksTargets: checksTargets) {
            var row = start.row
            try await row.save(DynamicRow.SaveOptions(forcesInsert: start.mustInsert))
            try await start.saveRelations(of: row)
            return row
        }
        return row
    }

    /// Saves the rows that are related by many-to-many fields, where the program saved the row
    /// itself.
    ///
    /// Django: `save_m2m`.
    ///
    /// - Throws: ``DatabaseError``, `ModelError` for a row that is not saved.
    public func saveRelations() async throws { try await saveRelations(of: row) }

    func saveRelations(of row: DynamicRow) async throws {
        for (name, keys) in sets { try await row.setRelation(name, to: keys) }
    }

    /// Whether a row with the same key must not be changed: the key is one that people enter.
    var mustInsert: Bool {
        let outline = definition.outline
        return row.isNew && !outline.isKeyAutomatic && !outline.hasParents
    }

    /// Runs what saves in a transaction, and turns what constraints refuse into errors of the form.
    ///
    /// With `checksTargets`, rows that are referred to are looked for where a transaction around this
    /// one would find out only when it is committed.
    func saving<Value>(
        checksTargets: Bool = true,
        _ save: () async throws -> Value
    ) async throws -> Value {
        guard form.errors.isEmpty else { throw ModelFormConflict(form: form) }
        let database = try definition.outline.database
        let isNested = checksTargets && database.isInTransaction
        do {
            return try await database.atomic {
                let value = try await save()
                if isNested { try await refuseMissingTargets() }
                return value
            }
        } catch DatabaseError.integrity(let violation) {
            guard let form = try await refused(by: violation) else {
                throw DatabaseError.integrity(violation)
            }
            throw ModelFormConflict(form: form)
        }
    }

    /// Fails where a row is gone that the form has chosen; the others are held until the transaction
    /// ends.
    func refuseMissingTargets() async throws {
        var copy = self
        try await copy.checkTargets()
        if copy.form.errors.isEmpty { try await copy.holdTargets() }
        if copy.form.errors.isEmpty { return }
        try await copy.settle()
        throw ModelFormConflict(form: copy.form)
    }

    /// The form with the error that a violation means; nil where the form cannot show it.
    func refused(by violation: IntegrityViolation) async throws -> BoundForm? {
        var copy = self
        // What was refused is there now, so that the model's own checks name it as they always do.
        if violation.kind == .foreignKey { try await copy.checkTargets() }
        try await copy.checkUnique()
        if copy.form.errors.isEmpty { copy.addError(of: violation) }
        if copy.form.errors.isEmpty { return nil }
        try await copy.settle()
        return copy.form
    }

    /// Looks again for the rows that were chosen.
    private mutating func checkTargets() async throws {
        guard let input = form.input else { return }
        for name in definition.names {
            guard let index = form.form.index(of: name),
                let field = form.form.entries[index].field as? any QueryingField
            else { continue }
            let entry = form.form.entries[index]
            let initial = form.form.initialValue(entry)
            let raw =
                field.options.isDisabled
                ? initial : entry.widget.value(from: input, name: form.form.controlName(name))
            do {
                _ = try await field.cleanQuerying(raw, initial: initial)
            } catch let error as ValidationError {
                add(error, to: name)
            }
        }
    }

    /// Holds the rows that were chosen, so that none is gone when a transaction around this one is
    /// committed.
    private mutating func holdTargets() async throws {
        let outline = definition.outline
        for name in definition.names {
            guard let schema = outline.field(name), let target = outline.target(of: name),
                let index = form.form.index(of: name),
                form.form.entries[index].field is any QueryingField
            else { continue }
            let isSet = schema.type == .manyToManyField
            let key = isSet ? nil : outline.targetField(of: name)
            let values =
                isSet
                ? sets.first { $0.name == name }?.keys ?? []
                : [row[schema.attributeName] ?? .null].filter { $0 != .null }
            let field = key ?? target.primaryKey.attributeName
            for value in try await target.missing(values, of: field) {
                let text = FormValue(value).text
                let entry = form.form.entries[index]
                add(entry.field.error("invalid_choice", [ErrorParameter("value", text)]), to: name)
            }
        }
    }

    mutating func add(_ error: ValidationError, to name: String?) {
        add(
            ValidationError(
                error.items.map { item in
                    var item = item
                    item.field = name
                    return item
                }
            )
        )
    }

    /// Says what the names mean that the database told.
    private mutating func addError(of violation: IntegrityViolation) {
        let outline = definition.outline
        let constraint = violation.constraint.flatMap { outline.constraint($0) }
        if violation.kind == .check || violation.kind == .other {
            guard let constraint else { return }
            return add(
                ValidationError(
                    ErrorMessage(
                        constraint.violationErrorMessage ?? "Constraint “%(name)s” is violated."
                    ),
                    code: constraint.violationErrorCode ?? "",
                    parameters: [ErrorParameter("name", constraint.name)]
                ),
                to: nil
            )
        }
        var names = outline.fieldNames(ofColumns: violation.columns)
        if names.isEmpty, let constraint = violation.constraint {
            names = outline.fieldNames(ofConstraint: constraint)
        }
        guard names.contains(where: { name in form.form.index(of: name) != nil }) else { return }
        switch violation.kind {
        case .unique, .primaryKey:
            add(Self.uniqueError(names, outline), to: names.count == 1 ? names[0] : nil)
        case .foreignKey:
            guard let name = names.first, let index = form.form.index(of: name) else { return }
            let field = form.form.entries[index].field
            let value = form.cleaned(name)?.text ?? ""
            add(field.error("invalid_choice", [ErrorParameter("value", value)]), to: name)
        case .notNull:
            add(ValidationError("This field cannot be null.", code: "null"), to: names.first)
        case .check, .other: break
        }
    }

    /// The error of values that another row has.
    static func uniqueError(_ names: [String], _ outline: ModelOutline) -> ValidationError {
        let labels = names.map { (outline.field($0)?.nameForPeople ?? $0).withCapital }
        let isSingle = names.count == 1
        let model = ErrorParameter("model_name", outline.verboseName.withCapital)
        if isSingle {
            return ValidationError(
                "%(model_name)s with this %(field_label)s already exists.",
                code: "unique",
                parameters: [model, ErrorParameter("field_label", labels[0])]
            )
        }
        let text = "\(labels.dropLast().joined(separator: ", ")) and \(labels.last ?? "")"
        return ValidationError(
            "%(model_name)s with this %(field_labels)s already exists.",
            code: "unique_together",
            parameters: [model, ErrorParameter("field_labels", text)]
        )
    }
}
