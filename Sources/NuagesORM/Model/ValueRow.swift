/// A row of values that the program has, read as if a database gave it.
final class ValueRow: RowSource {
    private var columns: [ColumnValue] = []
    private var buffers: [UnsafeMutableBufferPointer<UInt8>] = []

    /// A row of `values`.
    ///
    /// - Parameter values: the values in the order of the columns.
    /// - Throws: ``DecodingFailure`` for a value that no column can hold.
    init(_ values: [SQLValue]) throws(DecodingFailure) {
        columns.reserveCapacity(values.count)
        for value in values {
            try value.withColumn { column throws(DecodingFailure) in columns.append(copy(column)) }
        }
    }

    deinit { for buffer in buffers { buffer.deallocate() } }

    private func copy(_ column: ColumnValue) -> ColumnValue {
        switch column {
        case .null, .int, .double, .bool, .date, .time, .dateTime, .duration, .uuid: column
        case .decimal(let digits): .decimal(copy(digits))
        case .text(let bytes): .text(copy(bytes))
        case .blob(let bytes): .blob(copy(bytes))
        }
    }

    private func copy(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = buffer.initialize(from: bytes)
        buffers.append(buffer)
        return UnsafeBufferPointer(buffer)
    }

    var columnCount: Int { columns.count }

    func column(_ index: Int) -> ColumnValue {
        columns.indices.contains(index) ? columns[index] : .null
    }
}
