/// What has to be done to the indexes of a model.
struct IndexChange {
    var added: [IndexSchema] = []
    var removed: [IndexSchema] = []
    var renamed: [(old: String, new: String)] = []
}

/// What has to be done to the constraints of a model.
struct ConstraintChange {
    var added: [ConstraintSchema] = []
    var removed: [ConstraintSchema] = []
    var altered: [ConstraintSchema] = []
}

extension Detection {
    mutating func findIndexChanges() {
        for key in keptModels {
            guard let (before, after) = pair(key) else { continue }
            var change = IndexChange()
            change.added = after.indexes.filter { !before.indexes.contains($0) }
            change.removed = before.indexes.filter { !after.indexes.contains($0) }
            var renamedNew: [IndexSchema] = []
            var renamedOld: [IndexSchema] = []
            for index in change.added {
                for oldIndex in change.removed where index.isRenamed(oldIndex) {
                    change.renamed.append((oldIndex.name, index.name))
                    renamedNew.append(index)
                    renamedOld.append(oldIndex)
                }
            }
            change.added.removeAll { renamedNew.contains($0) }
            change.removed.removeAll { renamedOld.contains($0) }
            indexChanges.append((key, change))
        }
    }

    mutating func planAddedIndexes() {
        for (key, change) in indexChanges {
            let needed = dependencies(ofModel: key) + delayedFields(of: key)
            for index in change.added {
                plan(key.app, AddIndex(key.name, index), needing: needed)
            }
        }
    }

    mutating func planRemovedIndexes() {
        for (key, change) in indexChanges {
            for index in change.removed { plan(key.app, RemoveIndex(key.name, index.name)) }
        }
    }

    mutating func planRenamedIndexes() {
        for (key, change) in indexChanges {
            for (old, new) in change.renamed {
                plan(key.app, RenameIndex(key.name, from: old, to: new))
            }
        }
    }

    mutating func findConstraintChanges() {
        for key in keptModels {
            guard let (before, after) = pair(key) else { continue }
            var change = ConstraintChange()
            for old in before.constraints {
                change.altered += after.constraints.filter { new in
                    new.name == old.name && new != old && isSameRule(old, new, of: key)
                }
            }
            let altered = Set(change.altered.map(\.name))
            change.added = after.constraints.filter {
                !before.constraints.contains($0) && !altered.contains($0.name)
            }
            change.removed = before.constraints.filter {
                !after.constraints.contains($0) && !altered.contains($0.name)
            }
            constraintChanges.append((key, change))
        }
    }

    /// Whether the database sees no difference between two constraints: one in their messages, or
    /// in the name of a field whose column stays.
    private func isSameRule(
        _ old: ConstraintSchema,
        _ new: ConstraintSchema,
        of model: StateKey
    ) -> Bool {
        var after = new.withoutMessages
        for rename in renames where rename.new.model == model {
            guard let column = rename.field.databaseColumn, column == rename.oldColumn else {
                continue
            }
            if let index = after.fields.firstIndex(of: rename.new.field) {
                after.fields[index] = rename.old.field
            }
        }
        return old.withoutMessages == after
    }

    mutating func planAddedConstraints() {
        for (key, change) in constraintChanges {
            let needed = dependencies(ofModel: key) + delayedFields(of: key)
            for constraint in change.added {
                plan(key.app, AddConstraint(key.name, constraint), needing: needed)
            }
        }
    }

    mutating func planRemovedConstraints() {
        for (key, change) in constraintChanges {
            for constraint in change.removed {
                plan(key.app, RemoveConstraint(key.name, constraint.name))
            }
        }
    }

    mutating func planAlteredConstraints() {
        for (key, change) in constraintChanges {
            let needed = dependencies(ofModel: key)
            for constraint in change.altered {
                plan(key.app, AlterConstraint(key.name, constraint), needing: needed)
            }
        }
    }
}

extension IndexSchema {
    /// Whether only the names differ.
    fileprivate func isRenamed(_ other: IndexSchema) -> Bool {
        var copy = other
        copy.name = name
        return copy == self && other.name != name
    }
}

extension ConstraintSchema {
    fileprivate var withoutMessages: ConstraintSchema {
        var copy = self
        copy.violationErrorCode = nil
        copy.violationErrorMessage = nil
        return copy
    }
}
