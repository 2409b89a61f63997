extension Detection {
    /// Takes a removed and an added field with the same options for one that was renamed.
    mutating func findRenamedFields() {
        var known = oldFields
        for key in newFields.subtracting(known).sorted() {
            guard let (before, after) = pair(key.model),
                let field = after.fields.first(where: { $0.name == key.field })
            else { continue }
            let removed = known.subtracting(newFields).filter { $0.model == key.model }.sorted()
            for oldKey in removed {
                guard let oldField = before.fields.first(where: { $0.name == oldKey.field }),
                    isRename(oldField, field)
                else { continue }
                let question = MigrationQuestion.renamedField(
                    app: key.model.app,
                    model: key.model.name,
                    old: oldKey.field,
                    new: key.field
                )
                guard ask(question, otherwise: .no) == .yes else { continue }
                renames.append(
                    RenamedField(
                        old: oldKey,
                        oldColumn: oldField.databaseColumn,
                        new: key,
                        field: field
                    )
                )
                known.remove(oldKey)
                known.insert(key)
                renamedFields[key] = oldKey.field
                break
            }
        }
    }

    /// Whether the fields are equal but for their names; the new one may keep the old column.
    private func isRename(_ old: FieldSchema, _ new: FieldSchema) -> Bool {
        var before = old.normalized()
        if let target = before.relation?.target, let renamed = renamedLabels[target] {
            before.relation?.target = renamed
        }
        let after = new.normalized()
        if before == after { return true }
        before.databaseColumn = old.column
        return before == after
    }

    mutating func planRenamedFields() {
        for rename in renames {
            let (app, model) = (rename.new.model.app, rename.new.model.name)
            if rename.oldColumn != rename.field.databaseColumn {
                var altered = rename.field
                altered.name = rename.old.field
                plan(app, AlterField(model, altered))
            }
            plan(app, RenameField(model, from: rename.old.field, to: rename.new.field))
            oldFields.remove(rename.old)
            oldFields.insert(rename.new)
        }
    }

    mutating func planAddedFields() {
        for key in newFields.subtracting(oldFields).sorted() { planAddition(of: key) }
    }

    mutating func planRemovedFields() {
        for key in oldFields.subtracting(newFields).sorted() { planRemoval(of: key) }
    }

    private mutating func planAddition(of key: StateFieldKey) {
        guard var field = newField(key) else { return }
        var needed = [OperationDependency(.remove, key.model, field: key.field)]
        needed += dependencies(of: field, in: key.model)
        needed += generatedDependencies(of: field, in: key.model)
        let keepsDefault = field.fillsItself
        if !keepsDefault { field.defaultValue = filler(for: field, in: key.model) }
        plan(
            key.model.app,
            AddField(key.model.name, field, keepsDefault: keepsDefault),
            needing: needed
        )
    }

    private mutating func filler(for field: FieldSchema, in model: StateKey) -> FieldDefault? {
        let question: MigrationQuestion =
            field.isTime && field.isSetOnCreate
            ? .addedMoment(app: model.app, model: model.name, field: field.name)
            : .addedNotNull(app: model.app, model: model.name, field: field.name)
        if case .value(let value) = ask(question, otherwise: .leave) { return value }
        return nil
    }

    private mutating func planRemoval(of key: StateFieldKey) {
        var needed: [OperationDependency] = [
            OperationDependency(.removeOrder, key.model, field: key.field),
            OperationDependency(.alterTogether, key.model, field: key.field),
            OperationDependency(.removeIndexOrConstraint, key.model, field: key.field),
        ]
        for field in pair(key.model)?.old.fields ?? []
        where field.generated?.expression.fieldNames.contains(key.field) == true {
            needed.append(OperationDependency(.remove, key.model, field: field.name))
        }
        plan(key.model.app, RemoveField(key.model.name, key.field), needing: needed)
    }

    /// A generated field comes after the new fields that it reads, and after those that change:
    /// PostgreSQL changes no type that a generated column reads.
    private func generatedDependencies(
        of field: FieldSchema,
        in model: StateKey
    ) -> [OperationDependency] {
        guard let generated = field.generated else { return [] }
        let names = generated.expression.fieldNames
        let created = newFields.subtracting(oldFields).sorted().compactMap { key in
            let added = newField(key)
            return added.map { $0.isRelation || names.contains($0.name) } == true
                ? OperationDependency(.create, key.model, field: key.field) : nil
        }
        return created + names.map { OperationDependency(.alter, model, field: $0) }
    }

    /// The new generated fields of a model that come after other operations, which its new indexes
    /// and constraints may name.
    func delayedFields(of model: StateKey) -> [OperationDependency] {
        newFields.subtracting(oldFields).sorted().compactMap { key in
            guard key.model == model, let field = newField(key) else { return nil }
            let isDelayed = generatedDependencies(of: field, in: model).contains { needed in
                (planned[needed.model.app] ?? []).contains { needed.isMet(by: $0.operation) }
            }
            return isDelayed ? OperationDependency(.create, model, field: key.field) : nil
        }
    }

    private func newField(_ key: StateFieldKey) -> FieldSchema? {
        new.models[key.model.label]?.fields.first { $0.name == key.field }
    }

    mutating func planAlteredFields() {
        for key in oldFields.intersection(newFields).sorted() {
            guard let before = pair(key.model)?.old, let field = newField(key) else { continue }
            let oldName = renamedFields[key] ?? key.field
            guard let oldField = before.fields.first(where: { $0.name == oldName }) else {
                continue
            }
            planAlteration(of: key, from: oldField, to: field)
        }
    }

    private mutating func planAlteration(
        of key: StateFieldKey,
        from oldField: FieldSchema,
        to newField: FieldSchema
    ) {
        let followed = followingRenames(newField, from: oldField, in: key.model)
        let (before, after) = (oldField.normalized(), followed.normalized())
        guard before != after, oldField.name == key.field else { return }
        let needed = dependencies(of: newField, in: key.model) + renamings(of: newField)
        let wasMany = oldField.type == .manyToManyField
        let isMany = newField.type == .manyToManyField
        let leadsElsewhere = wasMany && isMany && before.relation?.target != after.relation?.target
        guard wasMany == isMany, !leadsElsewhere else {
            planRemoval(of: key)
            planAddition(of: key)
            return
        }
        var altered = newField
        var keepsDefault = true
        if oldField.isNullable, !newField.isNullable, !newField.hasDefault,
            !newField.hasDatabaseDefault, !isMany
        {
            let question = MigrationQuestion.alteredNotNull(
                app: key.model.app,
                model: key.model.name,
                field: key.field
            )
            if case .value(let value) = ask(question, otherwise: .leave) {
                altered.defaultValue = value
                keepsDefault = false
            }
        }
        plan(
            key.model.app,
            AlterField(key.model.name, altered, keepsDefault: keepsDefault),
            needing: needed
        )
    }

    /// The renames of the models that a field names by their new names.
    private func renamings(of field: FieldSchema) -> [OperationDependency] {
        [field.relation?.target, field.relation?.through].compactMap { label in
            guard let label, renamedModels[StateKey(label: label)] != nil else { return nil }
            return OperationDependency(.rename, StateKey(label: label))
        }
    }

    /// The new field as it would be without renames of what it refers to, since a rename changes
    /// references on its own.
    private func followingRenames(
        _ field: FieldSchema,
        from oldField: FieldSchema,
        in model: StateKey
    ) -> FieldSchema {
        guard var relation = field.relation else { return field }
        let target = StateKey(label: relation.target)
        if renamedModels[target] != nil, let before = oldField.relation {
            relation.target = before.target
        }
        if let name = relation.targetField, renamedFields[StateFieldKey(target, name)] != nil,
            let before = oldField.relation
        {
            relation.target = before.target
            relation.targetField = before.targetField
        }
        relation.fromFields = relation.fromFields.map {
            renamedFields[StateFieldKey(model, $0)] ?? $0
        }
        relation.toFields = relation.toFields.map { renamedFields[StateFieldKey(target, $0)] ?? $0 }
        if let through = relation.through, renamedModels[StateKey(label: through)] != nil {
            relation.through = oldField.relation?.through
        }
        var result = field
        result.relation = relation
        return result
    }
}

extension FieldSchema {
    /// Whether rows that are there get a value in a new field without someone being asked.
    var fillsItself: Bool {
        isNullable || hasDefault || hasDatabaseDefault || type == .manyToManyField
            || (allowsBlank && type.allowsEmptyStrings) || (isTime && isSetOnSave) || isAutoKey
            || generated != nil
    }

    var isTime: Bool { type == .dateField || type == .dateTimeField || type == .timeField }
}
