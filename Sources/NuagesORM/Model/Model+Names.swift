import NuagesCore

extension Model {
    /// The value of a field by its name.
    ///
    /// - Parameter name: the field's name, that of a reference's value (`question_id`), or `pk`.
    /// - Returns: the value, for a composite `pk` a list; nil where there is no such field.
    package func fieldValue(_ name: String) -> SQLValue? {
        if name.utf8.elementsEqual("pk".utf8) { return id.sqlValue }
        return Self.meta.field(named: name)?.value(of: self)
    }

    /// Sets a field by its name.
    ///
    /// - Parameters:
    ///   - name: the field's name, or that of a reference's value (`question_id`).
    ///   - value: the value.
    /// - Throws: ``FieldError``.
    package mutating func setField(_ name: String, to value: SQLValue) throws(FieldError) {
        let key = name.utf8.elementsEqual("pk".utf8) ? Self.info.keyFields.first?.name : nil
        guard let field = Self.meta.field(named: key ?? name) else {
            throw .unknownField(
                name: name,
                model: Self.schema.name,
                choices: Self.meta.allFields.map(\.schema.name)
            )
        }
        if value == .null, let unset = field.unset {
            unset(&self)
        } else {
            try field.set(value, of: &self)
        }
    }

    /// The row that a foreign key, one-to-one relation or link to a parent leads to, if it was
    /// loaded.
    package func loadedRow(_ name: String) -> (any Model)? {
        Self.meta.field(named: name)?.link?.loaded(self)
    }

    /// Keeps the row that a foreign key leads to.
    package mutating func keep(_ row: any Model, as name: String) {
        Self.meta.field(named: name)?.link?.keep(&self, row)
    }

    /// The rows of a relation without a column, by its name in templates, if they were loaded.
    package func loadedRows(_ name: String) -> [any Model]? {
        if let field = Self.meta.related(name) { return field.rows.loaded(self) }
        return Self.meta.parents.lazy.compactMap { $0.get(self).loadedRows(name) }.first
    }

    /// Keeps the rows of a relation without a column, by its name in templates.
    package mutating func keep(rows: [any Model], as name: String) {
        if let field = Self.meta.related(name) { return field.rows.fill(&self, rows) }
        for parent in Self.meta.parents where parent.type.hasRelated(name) {
            var row = parent.get(self)
            row.keep(rows: rows, as: name)
            parent.set(&self, row)
        }
    }

    private static func hasRelated(_ name: String) -> Bool {
        meta.related(name) != nil || meta.parents.contains { $0.type.hasRelated(name) }
    }
}

extension ModelMeta {
    /// The relation without a column with a name: a many-to-many field's, or that of a way back.
    func related(_ name: String) -> ReverseField<M>? {
        relations.first { $0.name.utf8.elementsEqual(name.utf8) }
            ?? reverses.first { $0.accessor.utf8.elementsEqual(name.utf8) }
    }
}
