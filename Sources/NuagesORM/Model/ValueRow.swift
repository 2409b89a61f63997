/// A row of values that the program has, read as if a database gave it.
final class ValueRow: RowSource {
    private let columns: ColumnArray

    /// A row of `values`.
    ///
    /// - Parameter values: the values in the order of the columns.
    /// - Throws: ``DecodingFailure`` for a value that no column can hold.
    init(_ values: [SQLValue]) throws(DecodingFailure) {
        columns = try ColumnArray(copying: values)
    }

    var columnCount: Int { columns.elements.count }

    func column(_ index: Int) -> ColumnValue {
        columns.elements.indices.contains(index) ? columns.elements[index] : .null
    }

    /// Empty: values have no names.
    func columnName(_ index: Int) -> String { "" }
}
