/// A moment before something happens to a row of a model, which a receiver may change.
///
///     Article.preSave.connect { article, save in
///         if article.slug.isEmpty { article.slug = slugify(article.title) }
///     }
///
/// Receivers are called in the order in which they were connected, each after the one before it has
/// returned. What a receiver throws leaves the call that saves or deletes, and later receivers are
/// not called. `bulkCreate`, `update` and what the database deletes on its own send no signals.
///
/// Django: `pre_save`, `pre_delete`.
public struct PreSignal<M: Model, Event: Sendable>: Sendable {
    let receivers: SignalReceivers<ModelSignals.Row<Event>>

    /// Calls `receiver` from now on.
    ///
    /// - Parameters:
    ///   - name: a receiver of the same name that is connected already stays the only one
    ///     (`dispatch_uid`).
    ///   - receiver: is given the row and what happens to it.
    /// - Returns: what ends the connection.
    @discardableResult
    public func connect(
        name: String? = nil,
        _ receiver: @escaping @Sendable (inout M, Event) async throws -> Void
    ) -> SignalConnection {
        receivers.connect(name) { row, event in
            try await row.with(M.self) { model in try await receiver(&model, event) }
        }
    }

    /// Whether a receiver is connected.
    public var hasReceivers: Bool { receivers.isActive }
}

/// A moment after something has happened to a row of a model.
///
///     Question.postDelete.connect { question, deletion in
///         try await deletion.database.onCommit { await search.forget(question.id) }
///     }
///
/// The order and errors of receivers are those of ``PreSignal``.
///
/// Django: `post_save`, `post_delete`.
public struct PostSignal<M: Model, Event: Sendable>: Sendable {
    let receivers: SignalReceivers<ModelSignals.Row<Event>>

    /// Calls `receiver` from now on.
    ///
    /// - Parameters:
    ///   - name: a receiver of the same name that is connected already stays the only one
    ///     (`dispatch_uid`).
    ///   - receiver: is given the row and what happened to it.
    /// - Returns: what ends the connection.
    @discardableResult
    public func connect(
        name: String? = nil,
        _ receiver: @escaping @Sendable (M, Event) async throws -> Void
    ) -> SignalConnection {
        receivers.connect(name) { row, event in
            try await row.with(M.self) { model in try await receiver(model, event) }
        }
    }

    /// Whether a receiver is connected.
    public var hasReceivers: Bool { receivers.isActive }
}

/// How a row is saved.
public struct SaveEvent: Sendable {
    /// Whether the row was inserted and not updated; false before it is known.
    public internal(set) var isNew = false
    /// The names of the fields that are written; nil for all.
    public internal(set) var fields: [String]?
    /// The database.
    public internal(set) var database: Database
}

/// How a row is deleted.
public struct DeleteEvent: Sendable {
    /// The label of the model whose deletion led to this one, such as `polls.question`.
    public internal(set) var origin: String
    /// The database.
    public internal(set) var database: Database
}

extension Model {
    /// Before a row is saved; it may still be changed.
    public static var preSave: PreSignal<Self, SaveEvent> {
        PreSignal(receivers: info.signals.preSave)
    }

    /// After a row was saved.
    public static var postSave: PostSignal<Self, SaveEvent> {
        PostSignal(receivers: info.signals.postSave)
    }

    /// Before a row is deleted, in the transaction that deletes it.
    public static var preDelete: PostSignal<Self, DeleteEvent> {
        PostSignal(receivers: info.signals.preDelete)
    }

    /// After a row was deleted, in the transaction that deletes it.
    public static var postDelete: PostSignal<Self, DeleteEvent> {
        PostSignal(receivers: info.signals.postDelete)
    }

    /// A change of the rows that a many-to-many relation of the model leads to, from either end.
    ///
    ///     Book.manyToManyChanged(\.authors).connect { change in
    ///         print(change.action, change.keys ?? [])
    ///     }
    ///
    /// Django: `m2m_changed` with the relation's `through` as its sender.
    ///
    /// - Parameter relation: the relation.
    /// - Returns: the signal; one that is never sent for a property that is no such relation.
    public static func manyToManyChanged<Target: Model>(
        _ relation: any KeyPath<Self, RelatedSet<Target>> & Sendable
    ) -> ManyToManySignal {
        let name = meta.relationName(relation)
        let through = info.members.relations.first { $0.name == name }?.through
        return ManyToManySignal(
            receivers: through?.signals.manyToManyChanged ?? ModelSignals().manyToManyChanged
        )
    }

    /// Saves with the signals around it.
    mutating func signalling(
        _ database: Database,
        _ write: (inout Self) async throws -> Bool
    ) async throws {
        let signals = Self.info.signals
        var event = SaveEvent(database: database)
        var row = SignalRow.typed(self)
        try await signals.preSave.send(&row, event)
        if case .typed(let value) = row, let changed = value as? Self { self = changed }
        event.isNew = try await write(&self)
        row = .typed(self)
        try await signals.postSave.send(&row, event)
    }
}

/// Changes of a many-to-many relation.
public struct ManyToManySignal: Sendable {
    let receivers: SignalReceivers<@Sendable (ManyToManyChange) async throws -> Void>

    /// Calls `receiver` from now on.
    ///
    /// - Parameters:
    ///   - name: a receiver of the same name that is connected already stays the only one.
    ///   - receiver: is given the change, before and after it is made.
    /// - Returns: what ends the connection.
    @discardableResult
    public func connect(
        name: String? = nil,
        _ receiver: @escaping @Sendable (ManyToManyChange) async throws -> Void
    ) -> SignalConnection { receivers.connect(name, receiver) }

    /// Whether a receiver is connected.
    public var hasReceivers: Bool { receivers.isActive }
}

/// A change of the rows that a many-to-many relation leads to.
public struct ManyToManyChange: Sendable {
    /// What is done.
    public enum Action: String, Sendable, Hashable {
        /// Rows are going to be related.
        case preAdd = "pre_add"
        /// Rows were related.
        case postAdd = "post_add"
        /// Rows are going to be unrelated.
        case preRemove = "pre_remove"
        /// Rows were unrelated.
        case postRemove = "post_remove"
        /// All rows are going to be unrelated.
        case preClear = "pre_clear"
        /// All rows were unrelated.
        case postClear = "post_clear"
    }

    /// What is done.
    public internal(set) var action: Action
    /// The row whose relation is changed.
    public let row: DynamicRow
    /// Whether the relation is changed from the end that does not declare it.
    public let isReverse: Bool
    /// The label of the model at the other end.
    public let model: String
    /// The keys of the rows at the other end; nil where all are unrelated.
    public let keys: [SQLValue]?
    /// The database.
    public let database: Database
}
