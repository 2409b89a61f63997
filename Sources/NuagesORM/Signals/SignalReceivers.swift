import NuagesCore
import Synchronization

/// What ends the connection of a receiver to a signal.
public final class SignalConnection: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) { self.end = end }

    /// Calls the receiver no more.
    public func disconnect() { end() }
}

/// The receivers of a signal, in the order in which they were connected.
final class SignalReceivers<Receive: Sendable>: Sendable {
    private struct Entry: Sendable {
        let id: Int
        let name: String?
        let receive: Receive
    }

    private struct State {
        var entries: [Entry] = []
        var nextID = 0
    }

    private let state = Mutex(State())
    /// How many there are, so that nobody pays for none.
    private let count = Atomic(0)

    /// Whether anybody listens.
    var isActive: Bool { count.load(ordering: .relaxed) > 0 }

    /// The receivers.
    var all: [Receive] { isActive ? state.withLock { $0.entries.map(\.receive) } : [] }

    /// Adds a receiver, unless there is one of the same name.
    func connect(_ name: String?, _ receive: Receive) -> SignalConnection {
        let id = state.withLock { state -> Int in
            if let name,
                let known = state.entries.first(where: { $0.name?.equalsBytes(name) ?? false })
            {
                return known.id
            }
            state.nextID += 1
            state.entries.append(Entry(id: state.nextID, name: name, receive: receive))
            count.store(state.entries.count, ordering: .relaxed)
            return state.nextID
        }
        return SignalConnection { [weak self] in self?.disconnect(id) }
    }

    private func disconnect(_ id: Int) {
        state.withLock { state in
            state.entries.removeAll { $0.id == id }
            count.store(state.entries.count, ordering: .relaxed)
        }
    }
}

/// The signals of a model.
final class ModelSignals: Sendable {
    typealias Row<Event> = @Sendable (inout SignalRow, Event) async throws -> Void

    let preSave = SignalReceivers<Row<SaveEvent>>()
    let postSave = SignalReceivers<Row<SaveEvent>>()
    let preDelete = SignalReceivers<Row<DeleteEvent>>()
    let postDelete = SignalReceivers<Row<DeleteEvent>>()
    /// The rows in between of a many-to-many relation, where this is the model of them.
    let manyToManyChanged = SignalReceivers<
        @Sendable (ManyToManyChange) async throws -> Void
    >()

    var hasSave: Bool { preSave.isActive || postSave.isActive }
    var hasDelete: Bool { preDelete.isActive || postDelete.isActive }
}

extension SignalReceivers {
    /// Calls the receivers one after the other.
    func send<Event>(
        _ row: inout SignalRow,
        _ event: Event
    ) async throws where Receive == ModelSignals.Row<Event> {
        for receive in all { try await receive(&row, event) }
    }
}

/// A row as receivers get it: a value of its model, or one by names.
enum SignalRow: Sendable {
    case typed(any Model)
    case named(DynamicRow)

    /// Hands the row to a receiver of its model, and takes over what that changes.
    mutating func with<M: Model>(
        _ type: M.Type,
        _ body: (inout M) async throws -> Void
    ) async throws {
        switch self {
        case .typed(let value):
            guard var model = value as? M else { return }
            try await body(&model)
            self = .typed(model)
        case .named(var row):
            var model = try M(named: row)
            let before = model.columnValues
            try await body(&model)
            row.takeChanges(of: model, since: before)
            self = .named(row)
        }
    }
}
