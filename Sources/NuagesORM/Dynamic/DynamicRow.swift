import NuagesCore

/// A row that a ``DynamicQuery`` found: values by name.
///
///     row["name"]                 // .text("Apress")
///     row["pk"]                   // .int(1)
///     row.row("publisher")        // the row behind a foreign key, where it was fetched too
///     row.rows("book_set")        // those that were prefetched
///
/// The names are Django's: those of fields (`publisher`) and of their values (`publisher_id`), of
/// annotations, and of what `prefetch` was told. A field that was left out has no value here.
public struct DynamicRow: Sendable {
    /// What a row has under a name besides its columns.
    indirect enum Related: Sendable, Hashable {
        /// One row, or none.
        case one(DynamicRow?)
        case many([DynamicRow])
    }

    let model: ModelInfo?
    let layout: RowLayout
    var values: [[SQLValue]]
    var related: [String: Related] = [:]
    /// Columns that are set to what the database computes when the row is saved.
    var expressions: [String: ExpressionNode] = [:]
    /// The files that were assigned, by the names of their columns: those that wait for the row to be
    /// saved, and those that were kept then.
    var files: [String: FieldFile] = [:]
    /// Whether the row is not in the database yet.
    public internal(set) var isNew = false
    /// The rows of the same query, where what was not fetched is fetched for all of them.
    var peers: RowPeers?

    /// The names of the columns, in order.
    public var names: [String] { layout.names }

    /// The label of the model; nil for values.
    public var modelLabel: String? { model?.label }

    /// The name of the model; nil for values.
    public var modelName: String? { model?.schema.name }

    /// The values of the columns, in order; that of a composite key is its first part.
    public var columns: [SQLValue] { values.map { $0.first ?? .null } }

    /// The value under a name; nil where there is none or it was not fetched.
    public subscript(_ name: String) -> SQLValue? { parts(name)?.first }

    /// The values under a name: several for a composite key.
    public func parts(_ name: String) -> [SQLValue]? {
        if let place = layout.place(of: name) { return values[place] }
        guard let model else { return nil }
        if name.equalsBytes("pk") {
            let key = model.members.primaryKey.map { self[$0.attributeName] }
            return key.contains(nil) ? nil : key.map { $0 ?? .null }
        }
        switch model.members.member(name) {
        case .column(let field): return value(of: field).map { [$0] }
        case .relation(let relation, false):
            return relation.field.flatMap { value(of: $0) }.map { [$0] }
        case .composite(let fields):
            let key = fields.map { value(of: $0) }
            return key.contains(nil) ? nil : key.map { $0 ?? .null }
        default: return nil
        }
    }

    /// The value of a column of the model.
    func value(of field: FieldInfo) -> SQLValue? {
        layout.place(of: field.attributeName).flatMap { values[$0].first }
    }

    /// The values of the primary key.
    public var key: [SQLValue] { parts("pk") ?? [.null] }

    /// The row as queries compare with it.
    func reference(_ model: ModelInfo) -> RowReference {
        var values: [String: SQLValue] = [:]
        for (name, parts) in zip(layout.names, self.values) { values[name] = parts.first ?? .null }
        return RowReference(model: model.label, key: key, values: values)
    }

    /// The names of the fields that were not fetched.
    public var deferredNames: [String] {
        (model?.members.columns ?? []).map(\.attributeName).filter {
            layout.place(of: $0) == nil
        }
    }

    /// Sets the value of a field or another name.
    public mutating func set(_ name: String, to value: SQLValue) {
        let column = model?.members.columnName(name) ?? name
        if let place = layout.place(of: column) {
            values[place] = [value]
        } else {
            var copy = DynamicRow(
                model: model,
                layout: RowLayout(layout.names + [column]),
                values: values + [[value]],
                related: related
            )
            copy.expressions = expressions
            copy.files = files
            copy.isNew = isNew
            copy.peers = peers
            self = copy
        }
        expressions[column] = nil
        if !files.isEmpty { files[column] = nil }
    }

    /// The row under the name of a relation, where it was fetched: `.some(nil)` where there is
    /// known to be none.
    public func row(_ name: String) -> DynamicRow?? {
        if case .one(let row)? = related[name] { .some(row) } else { nil }
    }

    /// The rows under the name of a relation, where they were fetched.
    public func rows(_ name: String) -> [DynamicRow]? {
        if case .many(let rows)? = related[name] { rows } else { nil }
    }

    /// The names under which related rows were fetched.
    public var relatedNames: [String] { related.keys.sorted() }
}

extension DynamicRow: Hashable {
    /// Whether both have the same columns with the same values, and the same related rows.
    public static func == (left: Self, right: Self) -> Bool {
        left.model == right.model && left.layout == right.layout && left.values == right.values
            && left.related == right.related && left.expressions == right.expressions
            && left.isNew == right.isNew && left.waiting == right.waiting
    }

    /// Mixes the columns and their values in.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(model)
        hasher.combine(layout)
        hasher.combine(values)
        hasher.combine(isNew)
    }
}

/// The names of the columns of rows, shared by all rows of a query.
final class RowLayout: Sendable, Hashable {
    let names: [String]
    private let places: [String: Int]

    init(_ names: [String]) {
        self.names = names
        places = Dictionary(zip(names, names.indices)) { $1 }
    }

    func place(of name: String) -> Int? { name.utf8.count <= 1000 ? places[name] : nil }

    static func == (left: RowLayout, right: RowLayout) -> Bool { left.names == right.names }
    func hash(into hasher: inout Hasher) { hasher.combine(names) }
}

extension ModelMembers {
    /// The name of the column's value that a name means: `publisher_id` for `publisher`.
    func columnName(_ name: String) -> String? {
        switch member(name) {
        case .column(let field): field.attributeName
        case .relation(let relation, false): relation.field?.attributeName
        default: nil
        }
    }
}
