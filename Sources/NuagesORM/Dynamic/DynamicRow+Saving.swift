import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DynamicRow {
    /// How a row is saved.
    public struct SaveOptions: Sendable, Hashable {
        /// Whether the row must be new (`force_insert`).
        public var forcesInsert = false
        /// Whether the row must be there (`force_update`).
        public var forcesUpdate = false
        /// The fields that are saved; nil for all (`update_fields`).
        public var fields: [String]?

        /// All fields, of a row that may be new.
        public init(forcesInsert: Bool = false, forcesUpdate: Bool = false, fields: [String]? = nil)
        {
            self.forcesInsert = forcesInsert
            self.forcesUpdate = forcesUpdate
            self.fields = fields
        }
    }

    /// Writes the row, and those of its parents, into the database; as the model says where it is
    /// ``CustomSaving``.
    ///
    /// Django: `Model.save`.
    ///
    /// - Throws: ``UsageError``, ``ModelError/notUpdated(model:)``, ``FieldError``,
    ///   ``DatabaseError``.
    public mutating func save(_ options: SaveOptions = SaveOptions()) async throws {
        guard let model, model.hasOwnSave, let type = model.type as? any CustomSaving.Type else {
            guard let model else { return try await saveBase(options) }
            let database = try Database.routed(.write, model)
            return try await savingFiles(options.fields, in: database) { row in
                try await row.saveBase(options)
            }
        }
        self = try await saved(as: type, options)
    }

    /// Writes the row as the framework does, whatever the model says.
    mutating func saveBase(_ options: SaveOptions) async throws {
        guard let model else { throw UsageError.notAllowed("Values cannot be saved.") }
        var options = options
        try options.check()
        if let fields = options.fields {
            if fields.isEmpty { return }
            let known = model.members.savedNames
            for name in fields where !known.contains(name) {
                throw UsageError.invalidValue(
                    "'\(FieldError.shown(name))' of \(model.schema.name) cannot be saved by name."
                )
            }
        } else if !isNew, !options.forcesInsert {
            let missing = Set(deferredNames)
            if !missing.isEmpty {
                let loaded = model.members.columns.filter {
                    !missing.contains($0.attributeName) && $0.schema.generated == nil
                        && !model.members.primaryKey.contains($0)
                }
                options.fields = loaded.map(\.attributeName)
                if loaded.isEmpty { return }
            }
        }
        let database = try Database.routed(.write, model)
        var copy = self
        let signals = model.signals
        var event = SaveEvent(fields: options.fields, database: database)
        if signals.hasSave { try await copy.send(signals.preSave, event) }
        if model.concrete.members.parents.isEmpty, !database.isInTransaction {
            event.isNew = try await !copy.write(model.concrete, options, database)
        } else {
            // An error leaves the transaction around it one that can only be rolled back.
            let start = copy
            (copy, event.isNew) = try await database.atomic(savepoint: false) {
                var inner = start
                let inserted = try await inner.writeParents(model.concrete, options, database)
                var own = options
                own.forcesInsert = options.forcesInsert || inserted
                let isFound = try await inner.write(model.concrete, own, database)
                return (inner, !isFound)
            }
        }
        copy.isNew = false
        if signals.hasSave { try await copy.send(signals.postSave, event) }
        self = copy
    }

    /// Tells receivers of the row, and takes over what they change.
    private mutating func send<Event>(
        _ signal: SignalReceivers<ModelSignals.Row<Event>>,
        _ event: Event
    ) async throws {
        var row = SignalRow.named(self)
        try await signal.send(&row, event)
        if case .named(let changed) = row { self = changed }
    }

    /// Writes the rows of the parents; tells whether one was new.
    private mutating func writeParents(
        _ model: ModelInfo,
        _ options: SaveOptions,
        _ database: Database
    ) async throws -> Bool {
        var inserted = false
        for (parent, link) in model.members.parents {
            guard let pair = link.pairs.first else { continue }
            let (own, other) = (pair.from.attributeName, pair.to.attributeName)
            if self[other] ?? .null == .null, let key = self[own], key != .null {
                set(other, to: key)
            }
            var rest = options
            rest.forcesInsert = options.forcesInsert && isNew
            let above = try await writeParents(parent, rest, database)
            rest.forcesInsert = rest.forcesInsert || above
            if try await !write(parent, rest, database) { inserted = true }
            set(own, to: self[other] ?? .null)
        }
        return inserted
    }

    /// Writes the columns of one table; tells whether the row was there.
    @discardableResult
    private mutating func write(
        _ model: ModelInfo,
        _ options: SaveOptions,
        _ database: Database
    ) async throws -> Bool {
        let key = model.keyFields
        for field in key where self[field.attributeName] ?? .null == .null {
            if case .value(let value)? = field.schema.defaultValue {
                set(field.attributeName, to: value)
            }
        }
        let hasKey = key.allSatisfy { self[$0.attributeName] ?? .null != .null }
        let mustUpdate = options.forcesUpdate || options.fields != nil
        if !hasKey, mustUpdate {
            throw UsageError.notAllowed("A row without a primary key cannot be updated by force.")
        }
        var forcesInsert = options.forcesInsert
        if !forcesInsert, !options.forcesUpdate, isNew,
            key.allSatisfy({ $0.schema.hasDefault || $0.schema.databaseDefault != nil })
        {
            forcesInsert = true
        }
        if hasKey, !forcesInsert {
            let updated = try await update(model, options, database)
            if mustUpdate, !updated { throw ModelError.notUpdated(model: model.schema.name) }
            if updated { return true }
        }
        try await insert(model, hasKey: hasKey, database)
        return false
    }

    private mutating func update(
        _ model: ModelInfo,
        _ options: SaveOptions,
        _ database: Database
    ) async throws -> Bool {
        let key = model.keyFields
        var assignments: [(field: String, value: ExpressionNode)] = []
        for field in model.fields where !key.contains(field) && field.schema.generated == nil {
            if let names = options.fields,
                !names.contains(field.name), !names.contains(field.attributeName)
            {
                continue
            }
            settle(field, isNew: false)
            guard let node = try node(field) else { continue }
            assignments.append((field.name, node))
        }
        let condition = ExpressionNode.condition(["pk", "exact"], keyNode(model))
        let query = Query(model).adding(.filter(condition, isNegated: false))
        guard !assignments.isEmpty else {
            if options.fields != nil { return true }
            var rows = DynamicQuery(model)
            rows.query = query
            return try await rows.using(database).exists()
        }
        if model.schema.selectsOnSave, !options.forcesUpdate, options.fields == nil {
            var rows = DynamicQuery(model)
            rows.query = query
            guard try await rows.using(database).exists() else { return false }
        }
        let compiler = UpdateCompiler(query: query, writer: database.writer)
        guard let statement = try compiler.statement(assignments) else { return false }
        let made = model.fields.filter {
            $0.schema.generated != nil || expressions[$0.attributeName] != nil
        }
        guard !made.isEmpty, database.features.supportsReturning else {
            let count = try await database.write(statement)
            return count > 0
        }
        let insertion = RowInsertion(model: model, database: database)
        let found = try await insertion.update(statement, of: query, returning: made)
        guard let values = found.first else { return false }
        for (field, value) in zip(made, values) { set(field.attributeName, to: value) }
        return true
    }

    private mutating func insert(
        _ model: ModelInfo,
        hasKey: Bool,
        _ database: Database
    ) async throws {
        if let name = model.schema.orderWithRespectTo {
            try await settleOrder(model, within: name, database)
        }
        let (columns, returning) = try insertion(model, hasKey: hasKey)
        let insertion = RowInsertion(model: model, database: database)
        let results = try await insertion.insert([columns], returning: returning)
        guard let values = results.first else { return }
        for (field, value) in zip(returning, values) { set(field.attributeName, to: value) }
    }

    /// The columns that are inserted, and those that the database makes.
    mutating func insertion(
        _ model: ModelInfo,
        hasKey: Bool
    ) throws -> (columns: [FieldInfo: ExpressionNode], returning: [FieldInfo]) {
        try model.history?.checkInsertion(model)
        let key = model.keyFields
        var columns: [FieldInfo: ExpressionNode] = [:]
        var returning: [FieldInfo] = []
        for field in model.fields {
            if field.schema.generated != nil {
                returning.append(field)
                continue
            }
            settle(field, isNew: true)
            if !hasKey, key.contains(field), field.schema.type.isAutomatic {
                returning.append(field)
                continue
            }
            guard let node = try node(field) else {
                returning.append(field)
                continue
            }
            if expressions[field.attributeName] != nil { returning.append(field) }
            columns[field] = node
        }
        return (columns, returning)
    }

    /// The number of the row among those of the same other row.
    private mutating func settleOrder(
        _ model: ModelInfo,
        within name: String,
        _ database: Database
    ) async throws {
        guard let relation = model.members.relations.first(where: { $0.name == name }),
            let field = relation.field, self["_order"] ?? .null == .null || isNew
        else { return }
        let row = try await DynamicQuery(model).using(database)
            .filter(.condition(field.attributeName, .value(self[field.attributeName] ?? .null)))
            .aggregate([("last", .aggregate("Max", [.field("_order")]))])
        if case .int(let last)? = row["last"] {
            set("_order", to: .int(last + 1))
        } else {
            set("_order", to: .int(0))
        }
    }

    /// Sets times that each save, or the first, sets.
    mutating func settle(_ field: FieldInfo, isNew: Bool) {
        guard field.schema.isSetOnSave || (isNew && field.schema.isSetOnCreate),
            let now = field.schema.type.now()
        else { return }
        set(field.attributeName, to: now)
    }

    /// What a column is set to; nil where the database decides.
    private func node(_ field: FieldInfo) throws -> ExpressionNode? {
        if let node = expressions[field.attributeName] { return node }
        guard let value = self[field.attributeName] else { return nil }
        if value == .null, field.schema.type.isFile { return .value(.text("")) }
        return .value(try value.stored(in: field))
    }

    private func keyNode(_ model: ModelInfo) -> ExpressionNode {
        let values = model.keyFields.map { self[$0.attributeName] ?? .null }
        return values.count == 1 ? .value(values[0]) : .list(values.map { .value($0) })
    }

    /// Deletes the row, and what the rules of foreign keys say; as the model says where it is
    /// ``CustomDeleting``.
    ///
    /// - Throws: ``UsageError`` for a row that was not saved, ``ModelError``, ``DatabaseError``.
    public mutating func delete(keepsParents: Bool = false) async throws -> Deletion {
        guard let model, model.hasOwnDelete, !key.contains(.null),
            let type = model.type as? any CustomDeleting.Type
        else { return try await deleteBase(keepsParents: keepsParents) }
        return try await delete(as: type, keepsParents: keepsParents)
    }

    /// Deletes the row as the framework does, whatever the model says.
    mutating func deleteBase(keepsParents: Bool) async throws -> Deletion {
        guard let model, !key.contains(.null) else {
            throw UsageError.notAllowed("A row that was not saved cannot be deleted.")
        }
        var collector = DeletionCollector(try Database.routed(.write, model))
        collector.keepsParents = keepsParents
        var values: [FieldInfo: SQLValue] = [:]
        for field in model.members.columns { values[field] = self[field.attributeName] }
        let deletion = try await collector.delete(
            model,
            DeletionCollector.Instance(key: key, values: values)
        )
        let key = model.members.primaryKey
        if key.count == 1, let field = key.first { set(field.attributeName, to: .null) }
        for (parent, link) in model.concrete.members.parents where !keepsParents {
            for field in parent.keyFields { set(field.attributeName, to: .null) }
            if let pair = link.pairs.first { set(pair.from.attributeName, to: .null) }
        }
        return deletion
    }

    /// Reads the row again, or some of its fields.
    ///
    /// - Throws: ``ModelError/doesNotExist(model:)``, ``FieldError``, ``DatabaseError``.
    public mutating func refresh(_ names: [String]? = nil) async throws {
        guard let model else { throw UsageError.notAllowed("Values cannot be read again.") }
        var columns: [String] = []
        var relations: [String] = []
        for name in names ?? [] {
            if name.utf8.contains(UInt8(ascii: "_")), try NameParts.split(name).count > 1 {
                throw UsageError.invalidValue("'\(name)' is a path; fields are read again by name.")
            }
            if let (relation, _) = model.members.relation(accessor: name) {
                relations.append(relation.name)
            }
            if model.members.columnNamed(name) != nil {
                columns.append(name)
            } else {
                related[name] = nil
            }
        }
        if names != nil, columns.isEmpty { return }
        var query = DynamicQuery(model, .base).filter(.condition("pk", .row(self)))
        let missing = deferredNames
        if names != nil {
            query = query.only(columns)
        } else if !missing.isEmpty {
            query = query.deferring(missing)
        }
        let found = try await query.get()
        for (name, value) in zip(found.layout.names, found.values) {
            set(name, to: value.first ?? .null)
        }
        if names == nil {
            related = [:]
        } else {
            for name in relations { related[name] = nil }
        }
    }
}

extension FieldType {
    /// Whether the values are names of files, of which none is the empty one.
    var isFile: Bool { self == .fileField || self == .imageField }

    /// Whether the database counts the values up.
    var isAutomatic: Bool { self == .autoField || self == .bigAutoField || self == .smallAutoField }
}

extension ModelMembers {
    /// The names of fields that can be saved by name.
    var savedNames: Set<String> {
        Set(
            columns.filter { !primaryKey.contains($0) && $0.schema.generated == nil }
                .flatMap { [$0.name, $0.attributeName] }
        )
    }
}
