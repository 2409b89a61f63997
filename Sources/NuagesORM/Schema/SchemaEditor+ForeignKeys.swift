extension SchemaEditor {
    /// What makes a column a foreign key where it is added, and the constraint's name; nil for one
    /// that is none.
    package func foreignKeyReference(
        _ field: FieldSchema,
        of model: TableModel
    ) throws(MigrationError) -> (name: String, definition: String)? {
        guard let relation = field.relation, relation.isEnforced, field.hasColumn else {
            return nil
        }
        let name = try foreignKeyName(field, of: model)
        let reference = try referenceText(field, relation, in: model, separator: "")
        return (name, "CONSTRAINT \(quote(name)) \(reference)")
    }

    /// Gives the foreign keys that refer to a renamed model the names that tell of it.
    mutating func renameForeignKeys(to new: TableModel, from old: TableModel) async throws {
        guard dialect.features.supportsAddingForeignKeys, old.table != new.table else { return }
        for key in new.primaryKey {
            for model in new.referrers(to: key) {
                for field in model.columns {
                    guard let target = try? model.target(of: field),
                        target.model.table == new.table,
                        let statement = try foreignKeyStatement(field, of: model),
                        let table = try await introspect(model.table)
                    else { continue }
                    let wanted = try foreignKeyName(field, of: model)
                    let names = table.foreignKeys.filter { $0.columns == [field.column] }
                        .compactMap(\.name).filter { $0 != wanted }
                    for name in names {
                        if dialect.features.supportsDeferrableConstraints {
                            try await execute("SET CONSTRAINTS \(quote(name)) IMMEDIATE")
                        }
                        try await execute(
                            "ALTER TABLE \(quote(model.table)) DROP CONSTRAINT \(quote(name))"
                        )
                    }
                    if !names.isEmpty { try await execute(statement.text) }
                }
            }
        }
    }

    /// Forgets the foreign key of a column that waits to be made.
    @discardableResult
    package mutating func forgetForeignKey(of field: FieldSchema, in model: TableModel) -> Bool {
        let count = deferred.count
        deferred.removeAll { statement in
            statement.table == model.table && statement.columns == [field.column]
                && statement.text.contains(" FOREIGN KEY ")
        }
        return deferred.count < count
    }

    /// The statement of the field's own index.
    package func ownIndexStatement(_ field: FieldSchema, of model: TableModel) -> String? {
        fieldIndexStatement(field, of: model)?.text
    }

    /// Lets statements that wait name a column as it is called now.
    package mutating func renameDeferred(column old: String, to new: String, of table: String) {
        for index in deferred.indices where deferred[index].table == table {
            guard deferred[index].columns.contains(old) else { continue }
            deferred[index].columns = deferred[index].columns.map { $0 == old ? new : $0 }
            deferred[index].text = deferred[index].text.replacing(
                quote(old),
                with: quote(new)
            )
        }
    }
}

extension TableModel {
    /// A model whose table has another name by now.
    package init(renaming model: TableModel, to table: String) {
        var schema = model.schema
        schema.databaseTable = table
        self.init(schema, state: model.state)
    }
}

extension String {
    /// The text with each occurrence of a part in place of which stands another.
    fileprivate func replacing(_ part: String, with other: String) -> String {
        let (text, mark) = (Array(utf8), Array(part.utf8))
        var result: [UInt8] = []
        var position = 0
        while position < text.count {
            let end = position + mark.count
            if end <= text.count, text[position..<end].elementsEqual(mark) {
                result += other.utf8
                position = end
            } else {
                result.append(text[position])
                position += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
