import NuagesCore

extension DynamicRow {
    /// Checks all fields, the model's own `clean`, unique values and constraints, and sets the
    /// fields to what was cleaned.
    ///
    /// Django: `Model.full_clean`.
    ///
    /// - Parameters:
    ///   - excluded: fields that are not checked.
    ///   - checksUnique: whether other rows with the same unique values are looked for.
    ///   - checksConstraints: whether the constraints of the model are checked.
    /// - Throws: `ValidationError`, each problem with the name of its field or none;
    ///   ``FieldError``, ``DatabaseError``.
    public mutating func fullClean(
        excluding excluded: Set<String> = [],
        checksUnique: Bool = true,
        checksConstraints: Bool = true
    ) async throws {
        var validation = try validation(excluding: excluded)
        let start = self
        self = namingFiles
        defer { hideFileNames(as: start) }
        try await validation.cleanFields(&self)
        do {
            try await clean()
        } catch let error as ValidationError {
            validation.add(error)
        }
        if checksUnique {
            validation.excludeFailed()
            try await validation.checkUnique(self)
        }
        if checksConstraints {
            validation.excludeFailed()
            try await validation.checkConstraints(self)
        }
        try validation.finish()
    }

    /// Checks what the model's own `clean` does, and takes over what that sets.
    ///
    /// A row that lacks what the type of its model needs, such as a number, is not checked.
    ///
    /// Django: `Model.clean`.
    ///
    /// - Throws: `ValidationError` for what is wrong, ``DatabaseError`` for fields that were left out
    ///   and cannot be fetched.
    public mutating func clean() async throws {
        guard let model, let type = model.type else { return }
        try clean(as: type, try await complete(in: try Database.routed(.read, model)))
    }

    private mutating func clean<M: Model>(as type: M.Type, _ row: DynamicRow) throws {
        guard var value = try? M(named: row) else { return }
        let before = value.columnValues
        try value.clean()
        takeChanges(of: value, since: before)
    }

    /// Checks each field by itself, and sets the fields to what was cleaned.
    ///
    /// Django: `Model.clean_fields`.
    ///
    /// - Parameter excluded: fields that are not checked.
    /// - Throws: `ValidationError`, each problem with the name of its field; ``FieldError``,
    ///   ``DatabaseError``.
    public mutating func cleanFields(excluding excluded: Set<String> = []) async throws {
        var validation = try validation(excluding: excluded)
        let start = self
        self = namingFiles
        defer { hideFileNames(as: start) }
        try await validation.cleanFields(&self)
        try validation.finish()
    }

    /// Looks for other rows with the same unique values.
    ///
    /// Django: `Model.validate_unique`.
    ///
    /// - Parameter excluded: fields that are not checked.
    /// - Throws: `ValidationError`, each problem with the name of its field or none;
    ///   ``DatabaseError``.
    public func validateUnique(excluding excluded: Set<String> = []) async throws {
        var validation = try validation(excluding: excluded)
        try await validation.checkUnique(namingFiles)
        try validation.finish()
    }

    /// Checks the constraints of the model.
    ///
    /// Django: `Model.validate_constraints`.
    ///
    /// - Parameter excluded: fields whose constraints are not checked.
    /// - Throws: `ValidationError`; ``FieldError``, ``DatabaseError``.
    public func validateConstraints(excluding excluded: Set<String> = []) async throws {
        var validation = try validation(excluding: excluded)
        try await validation.checkConstraints(namingFiles)
        try validation.finish()
    }

    private func validation(excluding excluded: Set<String>) throws -> RowValidation {
        guard let model else { throw UsageError.notAllowed("Values cannot be checked.") }
        return RowValidation(
            model: model,
            database: try Database.routed(.read, model),
            excluded: excluded
        )
    }
}
