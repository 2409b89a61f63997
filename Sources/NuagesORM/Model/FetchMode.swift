import NuagesCore
import Synchronization

/// What happens when a row or field is asked for that was not loaded.
///
///     for choice in try await Choice.objects.fetchMode(.peers).all() {
///         try await choice.question.get()         // one query for the questions of all choices
///     }
///
/// Django: `QuerySet.fetch_mode`.
public enum FetchMode: Sendable, Hashable {
    /// It is fetched by a query of its own.
    case one
    /// It is fetched for all rows that came from the same query, by one query.
    case peers
    /// It is an error, ``ModelError/fetchBlocked(model:)``: nothing is fetched that was not asked
    /// for.
    case raises
}

extension QuerySet {
    /// The rows with a rule for what is behind their foreign keys and was not loaded with them.
    ///
    ///     try await Choice.objects.fetchMode(.raises).all()[0].question.get()     // throws
    ///
    /// It holds for references and for the fields that ``only(_:)`` leaves out; a ``RelatedSet`` is
    /// always a query of its own, and so is a ``RelatedOne`` back along a one-to-one relation.
    ///
    /// - Parameter mode: the rule.
    /// - Returns: a query set.
    public func fetchMode(_ mode: FetchMode) -> Self {
        var copy = with { _ in }
        copy.fetchMode = mode
        return copy
    }

    /// Makes the rows of one query know of each other, as the rule asks.
    func join(_ models: inout [M]) {
        guard fetchMode != .one else { return }
        for field in M.meta.allFields { field.link?.join(&models, fetchMode) }
    }
}

/// The rows that references of one query lead to, fetched together.
public final class FetchGroup<Target: Model>: Sendable {
    /// The name of the field whose values the references hold.
    private let field: String
    private let values: [SQLValue]
    private let isBlocked: Bool
    private let rows = Mutex<[SQLValue: Target]?>(nil)

    init(_ mode: FetchMode, _ field: String, _ values: [SQLValue]) {
        self.field = field
        self.values = values
        isBlocked = mode == .raises
    }

    /// The row with a value, if the rows were fetched.
    @usableFromInline
    func loaded(_ value: SQLValue) -> Target? { rows.withLock { $0?[value] } }

    /// The row with a value; the first call fetches all.
    func get(_ value: SQLValue) async throws -> Target {
        if isBlocked { throw ModelError.fetchBlocked(model: Target.schema.name) }
        if rows.withLock({ $0 == nil }) {
            let found = try await fetched()
            rows.withLock { $0 = found }
        }
        guard let row = loaded(value) else {
            throw ModelError.doesNotExist(model: Target.schema.name)
        }
        return row
    }

    private func fetched() async throws -> [SQLValue: Target] {
        let set = Target.baseManager.filtered(
            .condition([field, "in"], .list(values.map { .value($0) })),
            isNegated: false
        )
        let end = Target.meta.field(named: field)
        var found: [SQLValue: Target] = [:]
        for row in try await set.order(by: []).all() {
            found[end?.value(of: row) ?? row.id.sqlValue] = row
        }
        return found
    }
}
