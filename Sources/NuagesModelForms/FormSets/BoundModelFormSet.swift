import NuagesCore
public import NuagesForms
public import NuagesORM

/// A set of forms of a model with what was submitted: the rows as they would be saved, or the
/// errors.
public struct BoundModelFormSet: Sendable {
    let definition: ModelFormSetDefinition
    /// The forms, which show themselves with their errors.
    public private(set) var formSet: BoundFormSet
    /// The forms with their rows, in the order in which they are shown.
    public private(set) var forms: [BoundModelForm]

    init(definition: ModelFormSetDefinition, formSet: BoundFormSet, forms: [BoundModelForm]) {
        self.definition = definition
        self.formSet = formSet
        self.forms = forms
    }

    /// Whether nothing is wrong; forms that are to be deleted may have errors.
    public var isValid: Bool { formSet.isValid }

    // MARK: Checking

    /// Checks the number of the forms, and what may occur in one of them only.
    mutating func check(_ list: JSONForms?) {
        if let list {
            list.check(&formSet)
            for index in forms.indices { forms[index].form = formSet.forms[index] }
        }
        formSet.checkCounts()
        if formSet.nonFormErrors.isEmpty { checkUnique() }
    }

    private mutating func checkUnique() {
        let checks = UniqueChecks(definition.form.outline)
        let shared = definition.link?.name
        let kept = forms.indices.filter {
            formSet.forms[$0].isValid && !formSet.isMarkedForDeletion($0)
        }
        var repeated: Set<Int> = []
        var items: [ValidationError.Item] = []
        func check(_ error: ValidationError, _ values: (BoundModelForm) -> [ByteName]?) {
            var seen: Set<[ByteName]> = []
            for index in kept where !repeated.contains(index) {
                guard let key = values(forms[index]) else { continue }
                if seen.insert(key).inserted { continue }
                items += error.items
                repeated.insert(index)
            }
        }
        for group in checks.groups {
            check(UniqueChecks.error(group, shared: shared)) {
                checks.values(group, of: $0, shared: shared)
            }
        }
        for date in checks.dates {
            check(UniqueChecks.error(date)) { checks.values(date, of: $0) }
        }
        guard !items.isEmpty else { return }
        formSet.addErrors(ValidationError(items))
        for index in repeated.sorted() {
            formSet.addErrors(UniqueChecks.formError, toForm: index)
            forms[index].form = formSet.forms[index]
        }
    }

    /// The forms of rows that will be there once the set is saved: of those that are there, and of
    /// those that are made.
    var kept: [BoundModelForm] {
        forms.indices.filter { index in
            isSaved(index)
                || index < formSet.initialFormCount && !formSet.isMarkedForDeletion(index)
                    && !forms[index].row.isNew
        }.map { forms[$0] }
    }

    /// Adds errors of the whole set, which is shown again.
    mutating func refuse(_ error: ValidationError) async throws {
        formSet.addErrors(error)
        try await loadChoices()
    }

    /// Looks up the choices once for all forms, to show them again.
    mutating func loadChoices() async throws {
        try await formSet.loadChoices()
        for index in forms.indices { forms[index].form = formSet.forms[index] }
    }

    private mutating func replace(_ index: Int, _ form: BoundForm) {
        forms[index].form = form
        formSet.replaceForm(at: index, with: form)
    }

    // MARK: Saving

    /// The rows that a set of forms has saved.
    public struct Saved: Sendable {
        /// The rows that were made.
        public internal(set) var new: [DynamicRow] = []
        /// The rows that were changed, with the names of their changed fields.
        public internal(set) var changed: [(row: DynamicRow, fields: [String])] = []
        /// The rows that were deleted.
        public internal(set) var deleted: [DynamicRow] = []
    }

    /// Deletes, changes and makes the rows, all or nothing.
    ///
    /// - Parameter parent: the row that inline forms refer to, where it was saved since.
    /// - Returns: the rows.
    /// - Throws: ``ModelFormSetConflict`` where the database refuses a row for a reason that its form
    ///   can show; `DatabaseError`.
    @discardableResult
    public mutating func save(parent: DynamicRow? = nil) async throws -> Saved {
        guard isValid else { throw ModelFormSetConflict(formSet: formSet) }
        let start = self
        let database = try definition.form.outline.database
        let isNested = database.isInTransaction
        do {
            let (saved, forms) = try await database.atomic {
                var copy = start
                let saved = try await copy.saveAll(parent)
                // A transaction around this one finds out only when it is committed.
                if isNested { try await copy.refuseMissingTargets() }
                return (saved, copy.forms)
            }
            self.forms = forms
            return saved
        } catch DatabaseError.integrity(let violation) {
            // What a database checks when it commits belongs to no form in particular.
            if violation.kind == .foreignKey { try await refuseMissingTargets() }
            throw DatabaseError.integrity(violation)
        }
    }

    private func refuseMissingTargets() async throws {
        for index in forms.indices where isSaved(index) {
            do {
                try await forms[index].refuseMissingTargets()
            } catch let conflict as ModelFormConflict {
                throw try await self.conflict(at: index, conflict.form)
            }
        }
    }

    /// Whether saving the set saves the row of a form.
    private func isSaved(_ index: Int) -> Bool {
        if formSet.isMarkedForDeletion(index) || forms[index].form.changedFields.isEmpty {
            return false
        }
        return index < formSet.initialFormCount || !definition.isEditOnly
    }

    private func conflict(at index: Int, _ form: BoundForm) async throws -> ModelFormSetConflict {
        var copy = self
        copy.replace(index, form)
        try await copy.loadChoices()
        return ModelFormSetConflict(formSet: copy.formSet)
    }

    private mutating func saveAll(_ parent: DynamicRow?) async throws -> Saved {
        var saved = Saved()
        for index in forms.indices where index < formSet.initialFormCount {
            let form = forms[index]
            // A row that is gone, or that is not of the set, is neither changed nor deleted.
            guard !form.row.isNew else { continue }
            if formSet.isMarkedForDeletion(index) {
                saved.deleted.append(form.row)
                var row = form.row
                _ = try await row.delete()
            } else if !form.form.changedFields.isEmpty {
                saved.changed.append((try await save(index), form.form.changedFields))
            }
        }
        if definition.isEditOnly { return saved }
        let key = definition.parentKey(parent?.marked(isNew: false))
        for index in forms.indices where index >= formSet.initialFormCount {
            if forms[index].form.changedFields.isEmpty || formSet.isMarkedForDeletion(index) {
                continue
            }
            if let link = definition.link, key != .null {
                forms[index].row.set(link.schema.attributeName, to: key)
            }
            saved.new.append(try await save(index))
        }
        return saved
    }

    private mutating func save(_ index: Int) async throws -> DynamicRow {
        do {
            return try await forms[index].save(checksTargets: false)
        } catch let conflict as ModelFormConflict {
            throw try await self.conflict(at: index, conflict.form)
        }
    }
}

/// What a database refused though the forms were valid: another request was faster.
public struct ModelFormSetConflict: Error, Sendable, CustomStringConvertible {
    /// The forms with the errors at their fields.
    public let formSet: BoundFormSet

    /// The errors.
    public var description: String {
        "The database refused a row. "
            + formSet.errors.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
