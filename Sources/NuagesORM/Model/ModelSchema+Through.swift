extension ModelSchema {
    /// The model of the table that the framework makes for a many-to-many field; nil for a field
    /// of another kind, and where the program has a model of its own for it.
    ///
    ///     // Book.authors: orm_book_authors (id, book_id, author_id)
    ///
    /// - Parameters:
    ///   - field: a field of the model.
    ///   - table: the model's table.
    /// - Returns: the model in between.
    func throughSchema(of field: FieldSchema, table: String) -> ModelSchema? {
        guard field.type == .manyToManyField, let relation = field.relation, relation.through == nil
        else { return nil }
        let own = name.lowercased()
        let other = StateKey(label: relation.target).name
        let isReflexive = other == own
        let from = isReflexive ? "from_\(own)" : own
        let to = isReflexive ? "to_\(own)" : other
        var key = FieldSchema("id", .bigAutoField)
        key.isPrimaryKey = true
        key.isAutoCreated = true
        let fields = [(from, label), (to, relation.target)].map { name, target in
            var end = FieldSchema(name, .foreignKey)
            end.relation = Relation(to: target, onDelete: .cascade)
            end.relation?.isEnforced = relation.isEnforced
            end.databaseTablespace = field.databaseTablespace
            // No name that a lookup could have: queries go through the many-to-many field.
            end.relation?.relatedName = "\(self.name)_\(field.name)+"
            return end
        }
        var through = ModelSchema(
            app: app,
            name: "\(name)_\(field.name)",
            fields: [key] + fields
        )
        through.databaseTable = relation.databaseTable ?? "\(table)_\(field.name)"
        through.databaseTablespace = databaseTablespace
        through.uniqueTogether = [[from, to]]
        return through
    }
}
