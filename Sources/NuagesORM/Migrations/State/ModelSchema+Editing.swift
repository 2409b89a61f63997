extension ModelSchema {
    /// The field with a name.
    ///
    /// - Parameter name: the name in Django's spelling.
    /// - Returns: the field.
    /// - Throws: ``MigrationError/unknownField(_:model:choices:)`` when there is none.
    func requiredField(_ name: String) throws(MigrationError) -> FieldSchema {
        fields[try fieldIndex(name)]
    }

    func fieldIndex(_ name: String) throws(MigrationError) -> Int {
        guard let index = fields.firstIndex(where: { $0.name == name }) else {
            throw .unknownField(name, model: label, choices: fields.map(\.name))
        }
        return index
    }

    func index(named name: String) throws(MigrationError) -> IndexSchema {
        guard let index = indexes.first(where: { $0.name == name }) else {
            throw .unknownIndex(name, model: label)
        }
        return index
    }

    func constraint(named name: String) throws(MigrationError) -> ConstraintSchema {
        guard let constraint = constraints.first(where: { $0.name == name }) else {
            throw .unknownConstraint(name, model: label)
        }
        return constraint
    }

    mutating func add(_ field: FieldSchema) throws(MigrationError) {
        if fields.contains(where: { $0.name == field.name }) {
            throw .duplicateField(field.name, model: label)
        }
        fields.append(field)
    }

    /// Renames a field, also where the model's own options and fields name it.
    mutating func renameField(_ old: String, to new: String) throws(MigrationError) {
        let index = try fieldIndex(old)
        if fields.contains(where: { $0.name == new }) {
            throw .duplicateField(new, model: label)
        }
        fields[index].name = new
        let renamed = { (name: String) in name == old ? new : name }
        for index in fields.indices {
            var field = fields[index]
            if let names = field.relation?.fromFields {
                field.relation?.fromFields = names.map(renamed)
            }
            field.compositeFields = field.compositeFields.map(renamed)
            fields[index] = field
        }
        uniqueTogether = uniqueTogether.map { $0.map(renamed) }
        // The table's constraints follow the column, and later operations may make them anew.
        for index in constraints.indices {
            constraints[index].fields = constraints[index].fields.map(renamed)
            constraints[index].include = constraints[index].include.map(renamed)
        }
        if orderWithRespectTo == old { orderWithRespectTo = new }
    }

    /// Replaces the options that ``AlterModelOptions`` is about.
    var options: ModelOptions {
        get { ModelOptions(of: self) }
        set { newValue.assign(to: &self) }
    }

    /// The model with names for indexes that have none.
    func namingIndexes() -> ModelSchema {
        var model = self
        for index in model.indexes.indices where model.indexes[index].name.isEmpty {
            let columns = model.indexes[index].fields.map { name -> String in
                let isDescending = name.hasPrefix("-")
                let plain = isDescending ? String(name.dropFirst()) : name
                let column = fields.first { $0.name == plain }?.column ?? plain
                return isDescending ? "-" + column : column
            }
            model.indexes[index].name = SchemaNames.metaIndex(
                table: table,
                columns: columns,
                suffix: model.indexes[index].method?.rawValue ?? "idx"
            )
        }
        return model
    }
}
