import NuagesCore
import NuagesFiles

/// A model as forms see it: its fields in order, where its relations lead, and its rows by names.
package struct ModelOutline: Sendable {
    let info: ModelInfo

    /// The model of a type.
    package init(_ model: any Model.Type) { info = model.info }

    /// The model that is registered under a label.
    package init(labeled label: String) throws(UsageError) {
        guard let model = ModelRegistry.graph.model(labeled: label) else {
            throw .invalidValue(
                "No model '\(FieldError.shown(label))' is registered; labels are like 'app.model'."
            )
        }
        info = model
    }

    /// The model of a row; nil for values.
    package init?(of row: DynamicRow) {
        guard let model = row.model else { return nil }
        info = model
    }

    /// The names and options of the model.
    package var schema: ModelSchema { info.schema }

    /// The label of the model.
    package var label: String { info.label }

    /// What people call a row, such as `blog entry`.
    package var verboseName: String { info.schema.nameForPeople }

    /// The columns of the parents and the model, then its many-to-many relations.
    package var fields: [FieldSchema] {
        info.members.columns.map(\.schema)
            + info.members.relations.filter { $0.kind == .manyToMany }.map(\.schema)
    }

    /// The field with a name; nil where there is none.
    package func field(_ name: String) -> FieldSchema? {
        if let column = info.members.columns.first(where: { $0.name.equalsBytes(name) }) {
            return column.schema
        }
        return relation(name)?.schema
    }

    private func relation(_ name: String) -> RelationInfo? {
        info.members.relations.first { $0.name.equalsBytes(name) }
    }

    /// The model that a relation leads to.
    package func target(of name: String) -> ModelOutline? {
        relation(name).map { ModelOutline($0.target) }
    }

    /// The name of the target's field whose values a foreign key holds.
    package func targetField(of name: String) -> String? {
        guard let relation = relation(name) else { return nil }
        return relation.pairs.first?.to.attributeName
            ?? relation.throughTarget?.pairs.first?.to.attributeName
    }

    /// The foreign keys that lead to a model or one of its parents.
    package func foreignKeys(to parent: ModelOutline) -> [FieldSchema] {
        info.members.relations.filter { relation in
            relation.field != nil && parent.info.members.inherits(from: relation.target.concrete)
        }.map(\.schema)
    }

    /// The name of the way back of a foreign key.
    package func accessor(of name: String) -> String? { relation(name)?.accessor }

    /// The names of the columns of the primary key.
    package var keyNames: [String] { info.members.primaryKey.map(\.attributeName) }

    /// The field that is the primary key.
    package var primaryKey: FieldSchema { info.primaryKey.schema }

    /// Whether the rows of the model are rows of another, whose key is theirs.
    package var hasParents: Bool { !info.concrete.members.parents.isEmpty }

    /// Whether the database counts the key up, of the model or of the parent whose key it has.
    package var isKeyAutomatic: Bool {
        info.members.primaryKey.allSatisfy { field in
            field.schema.type.isAutomatic || field.schema.relation?.isParentLink == true
        }
    }

    /// The table and the columns of a constraint by the names that databases know, and those of the
    /// fields that they belong to.
    package func fieldNames(ofColumns columns: [String]) -> [String] {
        columns.compactMap { column in
            info.members.columns.first {
                $0.column.equalsBytes(column) || $0.name.equalsBytes(column)
            }?.name
        }
    }

    /// The fields of a unique constraint by its name, or of an index that a field has by itself.
    package func fieldNames(ofConstraint name: String) -> [String] {
        if let own = constraint(name), !own.fields.isEmpty { return own.fields }
        guard let names = try? database.schema.names else { return [] }
        for model in tables {
            let groups = model.schema.uniqueTogether + model.fields.map { [$0.name] }
            for group in groups {
                let columns = group.compactMap { name in
                    model.fields.first { $0.name.equalsBytes(name) }?.column
                }
                guard columns.count == group.count else { continue }
                let own = names.unique(table: model.schema.table, columns: columns)
                if own.equalsBytes(name) { return group }
            }
            // The index of a unique column that is named after it.
            let column = model.fields.first { field in
                field.schema.isUniqueColumn && field.column.equalsBytes(name)
            }
            if let column { return [column.name] }
        }
        return []
    }

    /// The constraint of the model or one of its parents with a name; nil where there is none.
    package func constraint(_ name: String) -> ConstraintSchema? {
        tables.lazy.flatMap(\.schema.constraints).first { $0.name.equalsBytes(name) }
    }

    /// The names and options of the model and of its parents.
    package var schemas: [ModelSchema] { tables.map(\.schema) }

    /// The models whose tables a row is in.
    private var tables: [ModelInfo] {
        var found = [info]
        var rest = info.concrete.members.parents.map(\.model)
        while let next = rest.popLast(), found.count < 64 {
            if !found.contains(next) { found.append(next) }
            rest += next.members.parents.map(\.model)
        }
        return found
    }

    /// Where a browser finds a stored file of a field; empty where its storage has no addresses.
    package static func url(ofFile name: String, in field: FieldSchema) -> String {
        (try? Storages.current[field.storageAlias].url(name)) ?? ""
    }

    /// Whether values of the model hold the files of a field, and not only their names.
    package func holdsFiles(_ name: String) -> Bool {
        info.type.map { Self.holdsFiles(name, $0) } ?? true
    }

    private static func holdsFiles<M: Model>(_ name: String, _ type: M.Type) -> Bool {
        M.meta.files.contains { $0.schema.attributeName == name }
    }

    /// A query with a condition that repeats no row, however many related rows fulfil it.
    ///
    ///     // … WHERE "id" IN (SELECT "id" … JOIN … WHERE …)
    package func limiting(_ query: DynamicQuery, to condition: Q) -> DynamicQuery {
        let isPlain = condition.fieldNames.allSatisfy { name in
            info.members.columns.contains { $0.name == name && !$0.schema.isRelation }
        }
        if isPlain { return query.filter(condition) }
        let rows = DynamicQuery(info, .base).filter(condition).values("pk")
        return query.filter(.condition("pk__in", .subquery(rows)))
    }

    /// A row of the model that is not saved, with the defaults of its fields.
    package func newRow() throws -> DynamicRow {
        if let type = info.type { return try Self.row(of: type) }
        return try DynamicRow(new: info, [])
    }

    private static func row<M: Model>(of type: M.Type) throws -> DynamicRow {
        ModelDraft<M>().newRow
    }

    /// Whether the model says itself where its files go.
    package var placesUploads: Bool { info.type is any UploadPlacing.Type }

    /// The rows that the model shows.
    package var query: DynamicQuery { DynamicQuery(info, .default) }

    /// The database that rows are written to.
    package var database: Database {
        get throws { try Database.routed(.write, info) }
    }

    /// What people read for a row.
    package func text(of row: DynamicRow) -> String {
        if let type = info.type, let text = Self.text(of: row, as: type) { return text }
        let key = row.key.map { $0.asText ?? "None" }.joined(separator: ", ")
        return "\(info.schema.name) object (\(key))"
    }

    private static func text<M: Model>(of row: DynamicRow, as type: M.Type) -> String? {
        guard let value = try? M(named: row) else { return nil }
        switch value.contextDescription {
        case .string(let text): return text
        case .safe(let text): return text.html
        default: return nil
        }
    }

    private init(_ info: ModelInfo) { self.info = info }
}

extension ModelSchema {
    /// What people call a row: the name that the model gives, else its own in words.
    package var nameForPeople: String { verboseName ?? PropertyName.words(name).lowercased() }
}

extension FieldSchema {
    /// What people call the field: the name that it gives, else its own in words.
    package var nameForPeople: String {
        verboseName ?? String(name.map { $0 == "_" ? " " : $0 })
    }

    /// The value that forms begin with; nil where the field has no default.
    package var hasFormDefault: Bool { hasDefault || hasDatabaseDefault }

    /// Whether the database counts the values up.
    package var isCountedUp: Bool { isAutoKey }
}

extension String {
    /// The text with a capital in front.
    package var withCapital: String { prefix(1).uppercased() + dropFirst() }
}

extension ModelDraft {
    /// The row by names; what the database or `save` will make is absent.
    package var newRow: DynamicRow {
        var names: [String] = []
        var columns: [[SQLValue]] = []
        for field in M.meta.allFields where field.schema.generated == nil {
            let value = value(of: field)
            if value == nil, field.unset != nil || field.schema.isDatabaseMade { continue }
            names.append(field.schema.attributeName)
            columns.append([value ?? .null])
        }
        var row = DynamicRow(model: M.info, layout: RowLayout(names), values: columns)
        row.isNew = true
        return row
    }
}

extension Model {
    /// The value as forms change it.
    package var formRow: DynamicRow {
        get throws {
            var row = try dynamicRow(isNew: !id.isSaved)
            for field in Self.meta.files {
                guard let file = field.get(self), file.pending != nil else { continue }
                row.set(field.schema.attributeName, to: field.schema.valueOfNoFile)
                row.files[field.schema.attributeName] = file
            }
            return row
        }
    }

    /// The value with what a form changed.
    ///
    /// - Throws: ``FieldError/invalidValue(field:expected:)``.
    package mutating func takeForm(_ row: DynamicRow) throws {
        try take(row)
        takeFiles(of: row)
    }

    /// A new value from a row by names; what the row does not have has its default.
    ///
    /// - Throws: ``ModelError/missingValue(model:field:)``.
    package init(form row: DynamicRow) throws {
        var draft = ModelDraft<Self>()
        for field in Self.meta.allFields {
            guard let value = row[field.schema.attributeName] else { continue }
            let isMade = field.unset != nil || field.schema.relation?.isParentLink == true
            let held = row.holding(value, field.schema.attributeName)
            if held == .null, isMade || !field.schema.isNullable { continue }
            try draft.set(field.schema.name, to: held)
        }
        self = try draft.model()
        takeFiles(of: row)
    }

    /// The name of the field or the many-to-many relation that a path leads to.
    package static func fieldName(_ path: PartialKeyPath<Self>) -> String? {
        meta.relationName(path)
    }

    /// Relates rows by a many-to-many relation and no others.
    ///
    /// - Throws: ``DatabaseError``.
    package func setRelation(_ name: String, to keys: [SQLValue]) async throws {
        try await dynamicRow().setRelation(name, to: keys)
    }
}

extension DynamicRow {
    /// The row with the mark of one that is in the database, or is not.
    package func marked(isNew: Bool) -> DynamicRow {
        var copy = self
        copy.isNew = isNew
        return copy
    }

    /// Relates rows by a many-to-many relation and no others.
    ///
    /// - Throws: ``DatabaseError/integrity(_:)`` where one of them is gone, on every database.
    package func setRelation(_ name: String, to keys: [SQLValue]) async throws {
        let relation = try relation(name)
        try await relation.set(keys.map { .key($0) })
        guard !keys.isEmpty, let model,
            try Database.routed(.write, model).features.ignoresMissingTargets
        else { return }
        // Whatever the model's own manager hides is there.
        let targets = DynamicQuery(relation.relation.target, .base)
        var rest = Array(Set(keys))[...]
        while !rest.isEmpty {
            let part = rest.prefix(5000)
            rest = rest.dropFirst(5000)
            let found = targets.filter(
                .condition("pk__in", .list(part.map { .value($0) }))
            )
            guard try await found.forWriting().count() < part.count else { continue }
            throw DatabaseError.integrity(
                IntegrityViolation(.foreignKey, message: "A related row is gone.")
            )
        }
    }
}

extension ModelOutline {
    /// Holds the rows with these values of a field, so that no other transaction deletes them until
    /// this one ends: what a foreign key refers to is there when it is checked.
    ///
    ///     // SELECT "press_writer"."id" … IN (1) ORDER BY 1 ASC FOR KEY SHARE
    ///
    /// - Returns: the values that no row has; none where the database checks references at once.
    /// - Throws: ``DatabaseError``.
    package func missing(_ values: [SQLValue], of field: String) async throws -> [SQLValue] {
        let database = try Database.routed(.write, info)
        guard database.features.checksReferencesAtCommit else { return [] }
        var lock = RowLock()
        lock.keepsKeys = true
        // Whatever the model's own manager hides is there.
        let query = DynamicQuery(info, .base).order(by: field).locked(lock)
        var missing: [SQLValue] = []
        var rest = values[...]
        while !rest.isEmpty {
            let part = rest.prefix(5000)
            rest = rest.dropFirst(5000)
            let wanted = query.filter(
                .condition("\(field)__in", .list(part.map { .value($0) }))
            ).values(.field(field))
            let found: [DynamicRow]
            do {
                found = try await database.atomic { try await wanted.forWriting().rows() }
            } catch DatabaseError.programming, DatabaseError.notSupported {
                // Rows of views, and those that this user may only read, cannot be held: the end of
                // the transaction decides.
                return []
            }
            if found.count == Set(part).count { continue }
            let held = Set(found.compactMap { $0.columns.first?.asText })
            missing += part.filter { value in value.asText.map { !held.contains($0) } ?? true }
        }
        return missing
    }
}

extension SQLValue {
    /// The value as text, as forms show it; nil for `NULL` and bytes.
    package var formText: String? { asText }
}

extension FieldSchema {
    /// Whether the column of a kind takes a value, and the value as it holds it.
    package func columnValue(_ value: SQLValue) -> SQLValue? { ValueType(self).converted(value) }

    /// A value of the field as forms show it.
    package func shown(_ value: SQLValue) -> SQLValue {
        FieldKinds.behaviour(of: type)?.show(value) ?? value
    }
}
