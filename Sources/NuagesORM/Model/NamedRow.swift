import NuagesCore
import Synchronization

/// A row by names while a value of its model stands for it, so that a model's own saving has a
/// value, and what only the row holds is saved all the same: expressions, and fields left out.
final class NamedRow: Sendable {
    private struct State {
        var row: DynamicRow
        /// The columns of the value when it was as the row.
        var columns: [SQLValue]
    }

    private let state: Mutex<State>

    init<M: Model>(_ row: DynamicRow, standingFor value: M) {
        state = Mutex(State(row: row, columns: value.columnValues))
    }

    /// The row with what was changed of the value since.
    func row<M: Model>(changedBy value: M) -> DynamicRow {
        var (row, columns) = state.withLock { ($0.row, $0.columns) }
        row.takeChanges(of: value, since: columns)
        return row
    }

    func set<M: Model>(_ row: DynamicRow, standingFor value: M) {
        let columns = value.columnValues
        state.withLock { $0 = State(row: row, columns: columns) }
    }
}

extension Model {
    /// The values of all columns, in the order of the fields.
    var columnValues: [SQLValue] { Self.meta.allFields.map { $0.value(of: self) } }

    /// The value of a row by names; what it does not have has its default.
    init(named row: DynamicRow) throws {
        var draft = ModelDraft<Self>()
        for field in Self.meta.allFields {
            let name = field.schema.attributeName
            guard let value = row[name] else { continue }
            // The database has not made it yet.
            let isMade = field.unset != nil || field.schema.relation?.isParentLink == true
            if value == .null, isMade || row.expressions[name] != nil { continue }
            try draft.set(field.schema.name, to: row.holding(value, name))
        }
        self = try draft.model()
        takeFiles(of: row)
    }
}

extension DynamicRow {
    /// Takes what a value has that it had not before.
    mutating func takeChanges<M: Model>(of value: M, since before: [SQLValue]) {
        for (field, values) in zip(M.meta.allFields, zip(before, value.columnValues))
        where values.0 != values.1 {
            set(field.schema.attributeName, to: values.1)
        }
        for field in M.meta.files {
            let (name, file) = (field.schema.attributeName, field.get(value))
            if let file, file.pending != nil || file.kept != nil {
                files[name] = file
            } else if files[name] != nil {
                set(name, to: file?.sqlValue ?? field.schema.valueOfNoFile)
            }
        }
    }

    /// The value of a column; that of no file where one waits for a column that must have one.
    func holding(_ value: SQLValue, _ name: String) -> SQLValue {
        value == .null && files[name] != nil ? .text("") : value
    }
}
