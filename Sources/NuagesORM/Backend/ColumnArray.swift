/// The elements of an array in a column, or the ends of a range.
///
/// A driver keeps it as long as the row that the column is of.
public final class ColumnArray {
    /// The elements in order; those of an array of arrays are arrays.
    public let elements: [ColumnValue]
    private let children: [ColumnArray]
    private let owned: [UnsafeMutableBufferPointer<UInt8>]

    /// How deep arrays are nested at most; PostgreSQL's limit is 6.
    static let maxDepth = 16

    /// The elements that a driver has found.
    ///
    /// - Parameters:
    ///   - elements: the elements; what they point to lives as long as the row.
    ///   - children: the arrays among them.
    public init(_ elements: [ColumnValue], children: [ColumnArray] = []) {
        self.elements = elements
        self.children = children
        owned = []
    }

    /// The elements that values have as columns.
    init(copying values: [SQLValue], depth: Int = 0) throws(DecodingFailure) {
        guard depth < Self.maxDepth else { throw DecodingFailure() }
        var copies = Copies()
        do throws(DecodingFailure) {
            for value in values { try copies.append(value, depth) }
        } catch {
            copies.free()
            throw error
        }
        (elements, children, owned) = (copies.elements, copies.children, copies.owned)
    }

    deinit { for buffer in owned { buffer.deallocate() } }

    /// Values on their way to being columns.
    private struct Copies {
        var elements: [ColumnValue] = []
        var children: [ColumnArray] = []
        var owned: [UnsafeMutableBufferPointer<UInt8>] = []

        func free() { for buffer in owned { buffer.deallocate() } }

        mutating func append(_ value: SQLValue, _ depth: Int) throws(DecodingFailure) {
            switch value {
            case .array(let values):
                let child = try ColumnArray(copying: values, depth: depth + 1)
                children.append(child)
                elements.append(.array(Unmanaged.passUnretained(child)))
            case .range(let range):
                let ends = range.isEmpty ? [] : [range.lower, range.upper]
                let child = try ColumnArray(copying: ends, depth: depth + 1)
                children.append(child)
                elements.append(.range(Unmanaged.passUnretained(child), range.bounds))
            default:
                var kept: ColumnValue?
                try value.withColumn { column throws(DecodingFailure) in kept = copy(of: column) }
                elements.append(kept ?? .null)
            }
        }

        private mutating func copy(of column: ColumnValue) -> ColumnValue {
            switch column {
            case .text(let bytes): .text(keep(bytes))
            case .blob(let bytes): .blob(keep(bytes))
            case .decimal(let bytes): .decimal(keep(bytes))
            default: column
            }
        }

        private mutating func keep(
            _ bytes: UnsafeBufferPointer<UInt8>
        ) -> UnsafeBufferPointer<UInt8> {
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
            _ = buffer.update(fromContentsOf: bytes)
            owned.append(buffer)
            return UnsafeBufferPointer(buffer)
        }
    }
}
