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

    /// The entries of queries by one value of one field, which most are.
    private let plainEntries = Mutex<[PlainFilter: Entry]>([:])

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
        let plain = purpose == .rows ? PlainFilter.of(query) : nil
        if let (filter, value) = plain, let entry = plainEntries.withLock({ $0[filter] }),
            let columns = entry.columns as? Columns
        {
            return (entry.template.statement([value]), columns)
        }
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
        let entry = entry(shape, compile)
        keep(entry, for: key)
        if let filter = plain?.filter, let entry { keep(entry, for: filter) }
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

    private func keep(_ entry: Entry, for filter: PlainFilter) {
        plainEntries.withLock { entries in
            if entries.count >= Self.maxCount { entries = [:] }
            entries[filter] = entry
        }
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

/// The rows of a model whose field is one value, as a key that is made and compared quickly.
private struct PlainFilter: Hashable {
    private let model: ModelInfo
    private let field: String
    /// The kind of the value, and for numbers the range that it is in.
    private let kind: Int

    /// The filter that a query is, with its value; nil where it asks for anything else.
    static func of(_ query: Query) -> (filter: Self, value: SQLValue)? {
        // A model's own order may have expressions, which may be of a zone.
        guard query.steps.count == 1, query.model.defaultOrdering.isEmpty,
            case .filter(let node, false) = query.steps[0],
            case .condition(let path, .value(let value, nil)) = node, path.count == 2,
            path[1].utf8.elementsEqual("exact".utf8), path[0].isShortASCII
        else { return nil }
        let kind: Int
        switch value {
        case .int(let number):
            guard let range = StatementMark.rangeIndex(of: number) else { return nil }
            kind = range
        case .text(let text):
            guard !text.utf8.contains(0) else { return nil }
            kind = -1
        case .uuid: kind = -2
        default: return nil
        }
        let filter = Self(model: query.model, field: path[0], kind: kind)
        return (filter, value)
    }
}
