import NuagesCore
import Synchronization

/// Rows of a model with only some of their fields.
///
///     for question in try await Question.objects.only({ $0.questionText }).all() {
///         try question.questionText.value         // was loaded
///         try await question.pubDate.get()        // one query
///     }
///
/// The type is another than the model's, so that what is missing shows. Django: `only`, `defer`.
public struct PartialSet<M: Model>: Sendable {
    var query: Query
    var database: Database?
    let fetchMode: FetchMode

    /// The rows.
    ///
    /// - Returns: the rows in their order.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func all() async throws -> [Partial<M>] {
        let rows = try await dynamic.rows()
        let peers = Partial<M>.Peers(fetchMode, fetchMode == .peers ? rows.map(\.key) : [])
        return rows.map { Partial(row: $0, peers: peers) }
    }

    /// The only row.
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``, ``DatabaseError``.
    public func get() async throws -> Partial<M> {
        let row = try await dynamic.get()
        return Partial(row: row, peers: Partial<M>.Peers(fetchMode, [row.key]))
    }

    /// The row with a primary key.
    ///
    /// - Parameter id: the key.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``DatabaseError``.
    public func get(_ id: PrimaryKey<M>) async throws -> Partial<M> {
        var copy = self
        copy.query.add(.filter(.condition(["pk", "exact"], id.operand), isNegated: false))
        return try await copy.get()
    }

    /// The rows in an order, in the dynamic form.
    ///
    /// - Parameter names: fields, with `-` for descending; none clears the order.
    /// - Returns: the rows in the order.
    public func order(by names: String...) -> Self {
        var copy = self
        copy.query.add(.order(names.map { Ordering(name: $0) }))
        return copy
    }

    /// The first row; by the primary key where there is no order.
    ///
    /// - Returns: the row; nil if there is none.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func first() async throws -> Partial<M>? {
        guard let row = try await dynamic.first() else { return nil }
        return Partial(row: row, peers: Partial<M>.Peers(fetchMode, [row.key]))
    }

    private var dynamic: DynamicQuery {
        var dynamic = DynamicQuery(M.info)
        dynamic.query = query
        dynamic.database = database
        return dynamic
    }
}

extension QuerySet {
    /// The rows with only some of the fields; the primary key is always among them.
    ///
    ///     try await Question.objects.only { $0.questionText }.all()
    ///     // SELECT "polls_question"."id", "polls_question"."question_text" FROM "polls_question"
    ///
    /// - Parameter fields: the fields that are loaded.
    /// - Returns: rows of which the other fields are fetched when they are asked for.
    public func only(
        @FieldListBuilder _ fields: (M.Fields) -> FieldList
    ) -> PartialSet<M> {
        PartialSet(
            query: query.adding(.only(fields(M.queryFields).paths)),
            database: database,
            fetchMode: fetchMode
        )
    }

    /// The rows without some of the fields.
    ///
    ///     try await Book.objects.deferring { $0.text }.all()
    ///
    /// Django: `defer`.
    ///
    /// - Parameter fields: the fields that are not loaded.
    /// - Returns: rows of which these fields are fetched when they are asked for.
    public func deferring(
        @FieldListBuilder _ fields: (M.Fields) -> FieldList
    ) -> PartialSet<M> {
        PartialSet(
            query: query.adding(.deferring(fields(M.queryFields).paths)),
            database: database,
            fetchMode: fetchMode
        )
    }
}

/// A row of a model with only some of its fields.
@dynamicMemberLookup
public struct Partial<M: Model>: Sendable {
    var row: DynamicRow
    let peers: Peers

    /// The primary key.
    public var id: PrimaryKey<M> {
        get throws {
            guard row.key.count == 1, let value = row.key.first else {
                throw UsageError.notAllowed("The key of \(M.schema.name) has several columns.")
            }
            return try value.read()
        }
    }

    /// A field, which may be loaded or not.
    ///
    /// - Parameter member: the field.
    public subscript<Value: FieldValue>(
        dynamicMember member: KeyPath<M.Fields, FieldExpression<Value>>
    ) -> PartialField<M, Value> {
        PartialField(row: self, name: M.queryFields[keyPath: member].name)
    }

    /// The key that a foreign key holds, which may be loaded or not.
    ///
    ///     try book.author.id.value
    ///
    /// - Parameter member: the foreign key.
    public subscript<Relation: RelationFields>(
        dynamicMember member: KeyPath<M.Fields, Relation>
    ) -> PartialReference<M, Relation.Root> {
        PartialReference(row: self, name: M.queryFields[keyPath: member].lookupPath)
    }

    /// The names of the fields that were not loaded, in Django's spelling.
    ///
    /// Django: `get_deferred_fields`.
    public var deferredNames: [String] { row.deferredNames }

    /// The whole row; no query where nothing is missing.
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)``, ``ModelError/fetchBlocked(model:)``,
    ///   ``DatabaseError``.
    public func complete() async throws -> M {
        if row.deferredNames.isEmpty { return try M(row) }
        if peers.mode == .raises { throw ModelError.fetchBlocked(model: M.schema.name) }
        let condition = ExpressionNode.condition(["pk", "exact"], DynamicRow.keyNode(row.key))
        return try await M.baseManager.filtered(condition, isNegated: false).get()
    }

    /// Sets a field, which is then saved with those that were loaded.
    ///
    /// - Parameters:
    ///   - member: the field.
    ///   - value: the value.
    public mutating func set<Value: FieldValue>(
        _ member: KeyPath<M.Fields, FieldExpression<Value>>,
        to value: Value
    ) { row.set(M.queryFields[keyPath: member].name, to: value.sqlValue) }

    /// Writes the fields that were loaded or set; the others stay as they are in the database.
    ///
    /// - Parameter database: the database; nil for the current one.
    /// - Throws: ``ModelError/notUpdated(model:)`` where the row is not there, ``DatabaseError``.
    public mutating func save(using database: Database? = nil) async throws {
        let start = row
        row = try await (try database ?? Database.routed(.write, M.info)).use {
            var row = start
            try await row.save()
            return row
        }
    }

    /// The rows of one query, and what was fetched of them later.
    final class Peers: Sendable {
        let mode: FetchMode
        private let keys: [[SQLValue]]
        private let values = Mutex<[String: [[SQLValue]: SQLValue]]>([:])

        init(_ mode: FetchMode, _ keys: [[SQLValue]]) {
            self.mode = mode
            self.keys = keys
        }

        /// The value of a field of a row; with ``FetchMode/peers`` it is fetched for all of them.
        func value(_ name: String, of row: DynamicRow) async throws -> SQLValue {
            if mode == .raises { throw ModelError.fetchBlocked(model: M.schema.name) }
            if let value = values.withLock({ $0[name]?[row.key] }) { return value }
            let keys = mode == .peers ? keys : [row.key]
            let list = keys.map { DynamicExpression(DynamicRow.keyNode($0)) }
            let condition: DynamicExpression =
                mode == .peers ? .condition("pk__in", .list(list)) : .condition("pk", list[0])
            var found: [[SQLValue]: SQLValue] = [:]
            let query = DynamicQuery(M.info, .base).filter(condition).only([name])
            let rows =
                mode == .peers
                ? try await query.order(by: [Ordering]()).rows() : [try await query.get()]
            for other in rows { found[other.key] = other[name] ?? .null }
            if mode == .peers { values.withLock { $0[name] = found } }
            guard let value = found[row.key] else {
                throw ModelError.doesNotExist(model: M.schema.name)
            }
            return value
        }
    }
}

/// A field of a row that may not have been loaded.
public struct PartialField<M: Model, Value: FieldValue>: Sendable {
    let row: Partial<M>
    let name: String

    /// Whether the field was loaded.
    public var isLoaded: Bool { row.row[name] != nil }

    /// The value.
    ///
    /// - Throws: ``FieldError/notLoaded(field:model:)`` where it was not loaded.
    public var value: Value {
        get throws {
            guard let value = row.row[name] else {
                throw FieldError.notLoaded(field: name, model: M.schema.name)
            }
            return try value.read()
        }
    }

    /// The value; fetched where it was not loaded.
    ///
    /// - Returns: the value.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where the row was deleted,
    ///   ``ModelError/fetchBlocked(model:)``, ``DatabaseError``.
    public func get() async throws -> Value {
        if let value = row.row[name] { return try value.read() }
        return try await row.peers.value(name, of: row.row).read()
    }
}

/// A foreign key of a row that may not have been loaded.
public struct PartialReference<M: Model, Target: Model>: Sendable {
    let row: Partial<M>
    let name: String

    /// The key that the foreign key holds, nil where it leads nowhere.
    public var id: PartialField<M, PrimaryKey<Target>?> { PartialField(row: row, name: name) }

    /// The row that the foreign key leads to; nil where it leads nowhere.
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError``, ``DatabaseError``.
    public func get() async throws -> Target? {
        guard let key = try await id.get() else { return nil }
        return try await Target.baseManager.get(key)
    }
}
