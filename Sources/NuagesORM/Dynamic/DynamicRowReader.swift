/// Reads rows of a statement into ``DynamicRow``s.
struct DynamicRowReader: Sendable {
    /// A column of the row: where it begins, and the types of its parts.
    private struct Column: Sendable {
        let start: Int
        let types: [ValueType?]
    }

    private struct Model: Sendable {
        let model: ModelInfo?
        let layout: RowLayout
        let columns: [Column]
        /// The place of the key that is NULL where an outer join found no row.
        var key: Column?
        var name = ""
        var isReverse = false
        var relation: RelationInfo?
        var related: [Model] = []

        /// The name under which a row of the related model refers back.
        var backName: String? {
            guard let relation, relation.isUnique || isReverse else { return nil }
            return isReverse ? relation.name : relation.accessor
        }
    }

    private let root: Model

    init(_ query: ResolvedQuery, _ selected: SelectCompiler.Selected) {
        var start = 0
        let columns = selected.columns.map { column -> Column in
            let types: [ValueType?] =
                if case .columns(let parts) = column.node { parts.map(\.type) } else {
                    [column.node.type]
                }
            defer { start += types.count }
            return Column(start: start, types: types)
        }
        guard let rows = selected.rows, !query.isValues else {
            root = Model(
                model: nil,
                layout: RowLayout(Self.valueNames(query, selected)),
                columns: columns
            )
            return
        }
        var root = Self.model(rows, columns, selected)
        let taken = Self.positions(rows)
        let annotations = selected.columns.enumerated().filter { place, column in
            column.alias != nil && !taken.contains(place)
        }
        let names = query.selectedAnnotations.names
        var extra: [(name: String, column: Column)] = []
        for ((place, column), name) in zip(annotations, names) {
            extra.append(
                (column.alias.flatMap { names.contains($0) ? $0 : nil } ?? name, columns[place])
            )
        }
        if !extra.isEmpty {
            root = Model(
                model: root.model,
                layout: RowLayout(root.layout.names + extra.map(\.name)),
                columns: root.columns + extra.map(\.column),
                key: root.key,
                related: root.related
            )
        }
        self.root = root
    }

    /// The names that `values()` gives its columns.
    private static func valueNames(
        _ query: ResolvedQuery,
        _ selected: SelectCompiler.Selected
    ) -> [String] {
        if let outputs = query.outputs { return outputs.map(\.name) }
        let names = query.selectedNames + query.selectedAnnotations.names
        return selected.columns.indices.map { place in
            names.indices.contains(place)
                ? names[place] : selected.columns[place].alias ?? "\(place)"
        }
    }

    private static func positions(_ rows: SelectedRows) -> Set<Int> {
        rows.related.reduce(into: Set(rows.positions)) { $0.formUnion(positions($1)) }
    }

    private static func model(
        _ rows: SelectedRows,
        _ columns: [Column],
        _ selected: SelectCompiler.Selected
    ) -> Model {
        var names: [String] = []
        var places: [Column] = []
        for position in rows.positions {
            guard case .column(let column) = selected.columns[position].node else { continue }
            names.append(column.field.attributeName)
            places.append(columns[position])
        }
        let layout = RowLayout(names)
        let key = rows.model.members.primaryKey.first.flatMap { layout.place(of: $0.attributeName) }
        return Model(
            model: rows.model,
            layout: layout,
            columns: places,
            key: key.map { places[$0] },
            name: rows.name,
            isReverse: rows.isReverse,
            relation: rows.relation,
            related: rows.related.map { model($0, columns, selected) }
        )
    }

    /// The row that the statement stands on.
    func read(_ row: inout Row) throws(DatabaseError) -> DynamicRow {
        try read(root, row.source)
    }

    private func read(_ model: Model, _ source: any RowSource) throws(DatabaseError) -> DynamicRow {
        var values: [[SQLValue]] = []
        values.reserveCapacity(model.columns.count)
        for column in model.columns { values.append(try read(column, source)) }
        var result = DynamicRow(model: model.model, layout: model.layout, values: values)
        for next in model.related {
            if let key = next.key, case .null = source.column(key.start) {
                result.related[next.name] = .one(nil)
                continue
            }
            let row = try read(next, source)
            result.related[next.name] = .one(row)
        }
        return result
    }

    private func read(_ column: Column, _ source: any RowSource) throws(DatabaseError) -> [SQLValue]
    {
        var values: [SQLValue] = []
        for (offset, type) in column.types.enumerated() {
            let place = column.start + offset
            let found = source.column(place)
            do throws(DecodingFailure) {
                values.append(try type?.value(of: found) ?? found.sqlValue)
            } catch {
                throw Row.mismatch(place, type?.field.rawValue ?? "a value", found)
            }
        }
        return values
    }
}

extension DynamicRowReader {
    /// The names of the columns of `values()`.
    static func names(of query: ResolvedQuery) -> [String] {
        query.outputs.map { $0.map(\.name) }
            ?? query.selectedNames + query.selectedAnnotations.names
    }
}
