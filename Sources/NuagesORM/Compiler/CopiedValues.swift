/// The values of models for a statement that takes values only, such as PostgreSQL's `COPY`.
///
/// The first row says which columns are given: those that the database makes for it, such as its
/// key, it makes for all rows.
package struct CopiedValues<M: Model> {
    /// The table of the rows.
    package var table: String { model.table }
    /// The columns that values are given for; none before the first row.
    package var columns: [String] { fields?.map(\.column) ?? [] }

    private let model: ModelInfo
    private var fields: [FieldInfo]?

    /// - Throws: ``UsageError`` for rows of several tables.
    package init() throws {
        model = M.info.concrete
        guard model.members.parents.isEmpty else {
            throw UsageError.notAllowed(
                "Rows of \(M.schema.name) are parts of several tables, so they are saved one by one."
            )
        }
    }

    /// The values of a new row in the order of ``columns``.
    ///
    /// - Parameter row: the row.
    /// - Returns: the values.
    /// - Throws: ``UsageError`` for expressions, for files that wait to be kept, and for a row that
    ///   gives other columns than the first; ``ModelError/unsaved(model:)``, ``FieldError``.
    package mutating func values(of row: M) throws -> [SQLValue] {
        for file in M.meta.files where !(file.get(row)?.isCommitted ?? true) {
            throw UsageError.waitingFile(of: file.schema)
        }
        var row = row
        if !row.id.isSaved, let key = M.KeyValue.generated() { row.id = PrimaryKey(key) }
        guard M.isPlain else { return try dynamicValues(of: row) }
        try row.setTimes(isNew: true)
        var values = try row.encoded()
        let model = model
        let key = model.primaryKeyIndex
        if row.id.isSaved {
            try settle { model.fields }
            try check(values.count)
        } else {
            values.remove(at: key)
            try settle { model.fields.filter { $0.index != key } }
            try check(values.count)
        }
        return values
    }

    private mutating func dynamicValues(of row: M) throws -> [SQLValue] {
        let model = model
        var row = try row.dynamicRow(isNew: true)
        for field in model.keyFields where row[field.attributeName] ?? .null == .null {
            if case .value(let value)? = field.schema.defaultValue {
                row.set(field.attributeName, to: value)
            }
        }
        let nodes = try row.insertion(model, hasKey: !row.key.contains(.null)).columns
        try settle { model.fields.filter { nodes[$0] != nil } }
        try check(nodes.count)
        return try (fields ?? []).map { field in
            switch nodes[field] {
            case .value(let value, nil)?: return try value.stored(in: field)
            case nil: throw Self.otherColumns
            default:
                throw UsageError.invalidValue(
                    "'\(field.name)' is set to an expression; COPY takes values only."
                )
            }
        }
    }

    /// Takes the columns of the first row.
    private mutating func settle(_ found: () -> [FieldInfo]) throws {
        guard fields == nil else { return }
        let found = found()
        guard !found.isEmpty else {
            throw UsageError.notAllowed("Rows of \(M.schema.name) have no column to be copied.")
        }
        if let name = model.schema.orderWithRespectTo,
            !found.contains(where: { $0.name == "_order" })
        {
            throw UsageError.notAllowed(
                """
                Rows of \(M.schema.name) are numbered within '\(name)' as they are saved: COPY needs their \
                '_order'.
                """
            )
        }
        fields = found
    }

    private func check(_ count: Int) throws {
        if count != fields?.count { throw Self.otherColumns }
    }

    private static var otherColumns: UsageError {
        .invalidValue(
            """
            Rows of \(M.schema.name) that are copied together leave the same columns to the database, \
            such as their keys.
            """
        )
    }
}
