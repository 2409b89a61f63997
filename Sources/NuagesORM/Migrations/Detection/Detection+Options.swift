extension Detection {
    mutating func planAlteredOptions() {
        let keys =
            comparedModels
            .union(oldUnmanaged.intersection(newModels))
            .union(oldModels.intersection(newUnmanaged))
        for key in keys.sorted() {
            guard let (before, after) = pair(key), before.options != after.options else { continue }
            plan(key.app, AlterModelOptions(key.name, options: after.options))
        }
    }

    mutating func planAlteredComments() {
        for key in comparedModels.sorted() {
            guard let (before, after) = pair(key), before.tableComment != after.tableComment else {
                continue
            }
            plan(key.app, AlterModelTableComment(key.name, comment: after.tableComment))
        }
    }

    mutating func planAlteredTables() {
        for key in comparedModels.sorted() {
            guard let (before, after) = pair(key), before.databaseTable != after.databaseTable
            else {
                continue
            }
            plan(key.app, AlterModelTable(key.name, table: after.databaseTable))
        }
    }

    mutating func planAlteredOrders() {
        for key in keptModels {
            guard let (before, after) = pair(key),
                before.orderWithRespectTo != after.orderWithRespectTo
            else { continue }
            let needed = after.orderWithRespectTo.map {
                [OperationDependency(.create, key, field: $0)]
            }
            let operation = AlterOrderWithRespectTo(key.name, field: after.orderWithRespectTo)
            plan(key.app, operation, needing: needed ?? [])
        }
    }

    /// Groups that go are taken away before fields are removed, new ones come after fields are
    /// added.
    mutating func planUniqueTogether(removing: Bool) {
        for key in keptModels {
            guard let (before, after) = pair(key) else { continue }
            let oldGroups = before.uniqueTogether.map { group in
                group.map { renamedFields[StateFieldKey(key, $0)] ?? $0 }
            }.withoutRepeats
            let newGroups = after.uniqueTogether.withoutRepeats
            guard Set(oldGroups) != Set(newGroups) else { continue }
            let kept = newGroups.filter(oldGroups.contains)
            let groups = removing ? kept : newGroups
            guard removing ? !oldGroups.isEmpty : Set(newGroups) != Set(kept) else { continue }
            // The order of rows stands for the foreign key that it is within.
            var needed = newGroups.joined().compactMap { name in
                let name = name == "_order" ? after.orderWithRespectTo ?? name : name
                return after.fields.first { $0.name == name }
            }.flatMap { dependencies(of: $0, in: key) }
            // Django: only what is named decides, so that a group may come before its new field.
            needed += groups.joined().filter {
                newFields.subtracting(oldFields)
                    .contains(StateFieldKey(key, $0))
            }.map {
                OperationDependency(.create, key, field: $0)
            }
            plan(
                key.app,
                AlterUniqueTogether(key.name, uniqueTogether: groups),
                needing: needed
            )
        }
    }
}
