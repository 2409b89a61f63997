import NuagesCore

extension Model {
    /// Checks all fields, ``clean()``, unique values and constraints.
    ///
    ///     do {
    ///         try await question.fullClean()
    ///     } catch let error as ValidationError {
    ///         error.items.first?.field      // "question_text"
    ///     }
    ///
    /// As in Django, `save` does not check by itself; forms do.
    ///
    /// - Parameters:
    ///   - checksUnique: whether other rows with the same unique values are looked for.
    ///   - checksConstraints: whether the constraints of the model are checked.
    /// - Throws: `ValidationError`, each problem with the name of its field or none;
    ///   ``FieldError``, ``DatabaseError``.
    public mutating func fullClean(
        checksUnique: Bool = true,
        checksConstraints: Bool = true
    ) async throws {
        try await fullClean(excluding: [], checksUnique, checksConstraints)
    }

    /// Checks all fields but some, ``clean()``, unique values and constraints.
    ///
    /// - Parameters:
    ///   - fields: the fields that are not checked.
    ///   - checksUnique: whether other rows with the same unique values are looked for.
    ///   - checksConstraints: whether the constraints of the model are checked.
    /// - Throws: as ``fullClean(checksUnique:checksConstraints:)``.
    public mutating func fullClean(
        @FieldListBuilder excluding fields: (Fields) -> FieldList,
        checksUnique: Bool = true,
        checksConstraints: Bool = true
    ) async throws {
        try await fullClean(
            excluding: Set(fields(Self.queryFields).paths),
            checksUnique,
            checksConstraints
        )
    }

    private mutating func fullClean(
        excluding fields: Set<String>,
        _ checksUnique: Bool,
        _ checksConstraints: Bool
    ) async throws {
        var validation = try Self.validation(excluding: fields)
        var row = try dynamicRow(isNew: !id.isSaved)
        try await validation.cleanFields(&row)
        try take(row)
        do {
            try clean()
            row = try dynamicRow(isNew: !id.isSaved)
        } catch let error as ValidationError {
            validation.add(error)
        }
        if checksUnique {
            validation.excludeFailed()
            try await validation.checkUnique(row)
        }
        if checksConstraints {
            validation.excludeFailed()
            try await validation.checkConstraints(row)
        }
        try validation.finish()
    }

    private static func validation(excluding fields: Set<String>) throws -> RowValidation {
        RowValidation(
            model: info,
            database: try Database.routed(.read, info),
            excluded: fields
        )
    }

    /// Checks what the parents and abstract models say of their parts, and nothing more.
    ///
    /// - Throws: `ValidationError` for all that is wrong.
    public mutating func clean() throws {
        var items: [ValidationError.Item] = []
        for clean in Self.meta.cleanings {
            do {
                try clean(&self)
            } catch let error as ValidationError {
                items += error.items
            }
        }
        if !items.isEmpty { throw ValidationError(items) }
    }

    // MARK: Parts

    /// Checks each field by itself, and sets the fields to what was cleaned.
    ///
    ///     try await question.cleanFields()
    ///
    /// Django: `clean_fields`.
    ///
    /// - Throws: `ValidationError`, each problem with the name of its field; ``FieldError``,
    ///   ``DatabaseError``.
    public mutating func cleanFields() async throws { try await cleanFields(excluding: []) }

    /// Checks each field but some by itself, and sets the fields to what was cleaned.
    ///
    ///     try await question.cleanFields(excluding: { $0.pubDate })
    ///
    /// - Parameter fields: the fields that are not checked.
    /// - Throws: as ``cleanFields()``.
    public mutating func cleanFields(
        @FieldListBuilder excluding fields: (Fields) -> FieldList
    ) async throws { try await cleanFields(excluding: Set(fields(Self.queryFields).paths)) }

    private mutating func cleanFields(excluding fields: Set<String>) async throws {
        var validation = try Self.validation(excluding: fields)
        var row = try dynamicRow(isNew: !id.isSaved)
        try await validation.cleanFields(&row)
        try take(row)
        try validation.finish()
    }

    /// Looks for other rows with the same unique values: of fields, of groups of fields, and of
    /// fields on a day, in a month or a year.
    ///
    ///     try await person.validateUnique()
    ///     // SELECT 1 AS "a" … WHERE ("email" = ? AND NOT ("id" = ?)) LIMIT 1
    ///
    /// Django: `validate_unique`.
    ///
    /// - Throws: `ValidationError`, each problem with the name of its field, or none for a group;
    ///   ``DatabaseError``.
    public func validateUnique() async throws { try await validateUnique(excluding: []) }

    /// Looks for other rows with the same unique values in all fields but some.
    ///
    /// - Parameter fields: the fields that are not checked, with the groups that they are part of.
    /// - Throws: as ``validateUnique()``.
    public func validateUnique(
        @FieldListBuilder excluding fields: (Fields) -> FieldList
    ) async throws { try await validateUnique(excluding: Set(fields(Self.queryFields).paths)) }

    private func validateUnique(excluding fields: Set<String>) async throws {
        var validation = try Self.validation(excluding: fields)
        try await validation.checkUnique(try dynamicRow(isNew: !id.isSaved))
        try validation.finish()
    }

    /// Checks the constraints of the model.
    ///
    ///     try await booking.validateConstraints()
    ///     // SELECT 1 AS "_check" WHERE COALESCE((? < ?), 1)
    ///
    /// Django: `validate_constraints`.
    ///
    /// - Throws: `ValidationError`; ``FieldError``, ``DatabaseError``.
    public func validateConstraints() async throws { try await validateConstraints(excluding: []) }

    /// Checks the constraints of the model that are not about some fields.
    ///
    /// - Parameter fields: the fields whose constraints are not checked.
    /// - Throws: as ``validateConstraints()``.
    public func validateConstraints(
        @FieldListBuilder excluding fields: (Fields) -> FieldList
    ) async throws { try await validateConstraints(excluding: Set(fields(Self.queryFields).paths)) }

    private func validateConstraints(excluding fields: Set<String>) async throws {
        var validation = try Self.validation(excluding: fields)
        try await validation.checkConstraints(try dynamicRow(isNew: !id.isSaved))
        try validation.finish()
    }

    // MARK: Choices

    /// What people read for the value of a field with choices; the value itself where it is none of
    /// them, and nothing for `NULL`.
    ///
    ///     @Field(maxLength: 1, choices: [.init("S", "Small")]) var size: String
    ///
    ///     shirt.display { $0.size }       // "Small"
    ///
    /// Django: `get_FOO_display`.
    ///
    /// - Parameter field: the field.
    /// - Returns: the label, or the value as text.
    public func display<Value: FieldValue>(
        _ field: (Fields) -> FieldExpression<Value>
    ) -> String {
        guard let field = Self.meta.field(named: field(Self.queryFields).lookupPath) else {
            return ""
        }
        let value = field.value(of: self)
        let choice = field.schema.choices.first { $0.value == value }
        return choice?.label ?? value.asText ?? ""
    }
}
