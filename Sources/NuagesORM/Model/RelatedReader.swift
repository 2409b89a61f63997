/// Reads rows of a model with what was joined to each; made once for a statement.
///
/// What runs for each row can be inlined, so that it is compiled for the model where that is
/// declared: types that are only known at run time would cost more than the reading.
public struct RelatedReader<M: Model>: Sendable {
    /// Reads what was joined behind one relation.
    @usableFromInline typealias Part = @Sendable (inout M, inout Row) throws -> Void

    @usableFromInline let keyPosition: Int
    @usableFromInline let ownCount: Int
    @usableFromInline let columnCount: Int
    @usableFromInline let skippedCount: Int
    @usableFromInline let places: [Int]?
    @usableFromInline let parts: [Part]
    /// Where in the rows of its statement it is.
    @usableFromInline let pass: ReadPass

    @usableFromInline
    init(_ rows: RelatedRows, _ pass: ReadPass = ReadPass()) {
        self.pass = pass
        keyPosition = rows.keyPosition
        ownCount = rows.ownCount
        columnCount = rows.columnCount
        places = rows.places
        skippedCount = rows.skippedCount
        let meta = M.meta
        parts = rows.relations.compactMap { place, rows in
            switch place {
            case .field(let index): meta.allFields[index].link?.keeper.makePart(rows, pass)
            case .relation(let index): meta.relations[index].rows.makePart(rows, pass)
            case .reverse(let index): meta.reverses[index].rows.makePart(rows, pass)
            }
        }
    }

    /// Reads a row with what was joined to it; nil where the join found none.
    ///
    /// - Parameter row: the row, standing at the model's first column.
    /// - Returns: the row of the model.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    @inlinable
    public func read(from row: inout Row) throws -> M? {
        // The first column is the primary key's or not; the key decides whether there is a row.
        if row.isNull(at: keyPosition) {
            row.skip(columnCount)
            return nil
        }
        var model: M
        if let places {
            var whole = Row(ScatteredColumns(row.source, places))
            model = try M(row: &whole)
            row.skip(ownCount)
        } else {
            model = try M(row: &row)
        }
        row.skip(skippedCount)
        try complete(&model, &row)
        return model
    }

    /// Reads what was joined to a row.
    @inlinable
    func complete(_ model: inout M, _ row: inout Row) throws {
        for part in parts { try part(&model, &row) }
    }
}

/// One pass over the rows of a statement, which may be read again from its start.
@usableFromInline
// @unchecked: the rows of a statement are read by one thread at a time.
final class ReadPass: @unchecked Sendable {
    /// The number of the pass; zero where nobody says when it begins.
    @usableFromInline @exclusivity(unchecked) var number = 0

    @usableFromInline init() {}

    /// Begins to read from the first row.
    @inlinable func begin() { number &+= 1 }
}

/// The row that a relation led to last: rows that belong to the same one often come one behind the
/// other, and can share it.
@usableFromInline
// @unchecked: the rows of a statement are read by one thread at a time.
final class LastRelated<Key: RelationKey>: @unchecked Sendable {
    @usableFromInline @exclusivity(unchecked) var pass = 0
    @usableFromInline @exclusivity(unchecked) var kept: Key?

    @usableFromInline init() {}
}

/// Columns of a row that do not stand together: those of a parent, which the row before has, and
/// the model's own.
@usableFromInline
final class ScatteredColumns: RowSource {
    private let source: any RowSource
    private let places: [Int]

    @usableFromInline
    init(_ source: any RowSource, _ places: [Int]) {
        self.source = source
        self.places = places
    }

    @usableFromInline var columnCount: Int { places.count }

    @usableFromInline
    func column(_ index: Int) -> ColumnValue {
        places.indices.contains(index) ? source.column(places[index]) : .null
    }

    @usableFromInline
    func columnName(_ index: Int) -> String {
        places.indices.contains(index) ? source.columnName(places[index]) : ""
    }
}

/// How a model keeps the row that a foreign key leads to, compiled where the model is declared.
@usableFromInline
struct RelationKeeper<M: Model>: Sendable {
    /// Makes what reads the row behind the model's own columns.
    @usableFromInline let makePart: @Sendable (RelatedRows, ReadPass) -> RelatedReader<M>.Part
    /// Keeps one row in many models whose keys lead to it; one of another model changes nothing.
    @usableFromInline let keepInAll: @Sendable (inout [M], any Model) -> Void

    @inlinable
    init<Key: RelationKey>(_ keyPath: any WritableKeyPath<M, Key> & Sendable) {
        makePart = { related, pass in
            let reader = RelatedReader<Key.Target>(related, pass)
            let last = LastRelated<Key>()
            return { model, row in
                if last.pass == pass.number, let kept = last.kept,
                    let key = model[keyPath: keyPath].key, key == kept.key
                {
                    row.skip(reader.columnCount)
                    model[keyPath: keyPath] = kept
                } else if let target = try reader.read(from: &row) {
                    model[keyPath: keyPath].keep(target)
                    guard pass.number > 0 else { return }
                    last.kept = model[keyPath: keyPath]
                    last.pass = pass.number
                }
            }
        }
        keepInAll = { models, row in
            guard let row = row as? Key.Target, !models.isEmpty else { return }
            models[0][keyPath: keyPath].keep(row)
            // The keys are the same, so that all share what the first holds.
            let kept = models[0][keyPath: keyPath]
            for index in 1..<models.count { models[index][keyPath: keyPath] = kept }
        }
    }

    init(
        makePart: @escaping @Sendable (RelatedRows, ReadPass) -> RelatedReader<M>.Part,
        keepInAll: @escaping @Sendable (inout [M], any Model) -> Void
    ) {
        self.makePart = makePart
        self.keepInAll = keepInAll
    }
}
