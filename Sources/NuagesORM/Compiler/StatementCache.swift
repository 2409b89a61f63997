import Synchronization

/// The statements of shapes of queries that were compiled.
///
/// A statement is compiled once for a shape; queries of the same shape bind their values to it.
final class StatementCache: Sendable {
    /// What a shape was compiled for.
    enum Purpose: Hashable, Sendable {
        case rows
        case existence
        case aggregates([String], [ExpressionNode])
    }

    private struct Key: Hashable {
        let purpose: Purpose
        let query: Query
        /// The zone that dates are read in, which is part of statements.
        let zone: String
    }

    /// A template with what its columns are.
    private struct Entry {
        let template: StatementTemplate
        let columns: any Sendable
    }

    /// What is known of a shape: its entry, or that it has to be compiled each time.
    private let entries = Mutex<[Key: Entry?]>([:])

    private static let maxCount = 2000

    /// The statement of a query, compiled or found.
    ///
    /// - Parameters:
    ///   - query: the query.
    ///   - purpose: what it is compiled for.
    ///   - compile: compiles a query; nil where no row can be found.
    /// - Returns: the statement with what its columns are; nil where no row can be found.
    /// - Throws: what `compile` throws.
    func statement<Columns: Sendable>(
        _ query: Query,
        _ purpose: Purpose,
        _ compile: (Query) throws -> Compiled<Columns>?
    ) throws -> (statement: SQLStatement, columns: Columns)? {
        guard purpose.canBeKey, let shape = StatementShape(query) else {
            return try compile(query).map { ($0.statement, $0.columns) }
        }
        let key = Key(purpose: purpose, query: shape.query, zone: CurrentZone.name)
        if let known = entries.withLock({ $0[key] }) {
            if let known, let columns = known.columns as? Columns {
                return (known.template.statement(shape.values), columns)
            }
            return try compile(query).map { ($0.statement, $0.columns) }
        }
        // The query itself first: its mistakes are told with its own values.
        let compiled = try compile(query)
        keep(entry(shape, compile), for: key)
        return compiled.map { ($0.statement, $0.columns) }
    }

    private func entry<Columns: Sendable>(
        _ shape: StatementShape,
        _ compile: (Query) throws -> Compiled<Columns>?
    ) -> Entry? {
        guard let compiled = try? compile(shape.query),
            let template = StatementTemplate(
                compiled.statement,
                shape,
                comparisons: compiled.comparisons
            )
        else { return nil }
        return Entry(template: template, columns: compiled.columns)
    }

    private func keep(_ entry: Entry?, for key: Key) {
        entries.withLock { entries in
            if entries.count >= Self.maxCount {
                // Those that are used again are soon back.
                for key in Array(entries.keys.prefix(Self.maxCount / 2)) { entries[key] = nil }
            }
            entries[key] = .some(entry)
        }
    }
}

/// A statement that was compiled.
struct Compiled<Columns> {
    let statement: SQLStatement
    let columns: Columns
    /// How many of its values are compared with as they are.
    let comparisons: Int
}
