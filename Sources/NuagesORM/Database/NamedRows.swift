/// The rows of a statement of one's own with the names of its columns.
///
///     let found = try await database.namedRows("SELECT id, votes FROM polls_choice")
///     for row in found { print(row["votes"] ?? .null) }
///
/// Django: a cursor's `description` and rows.
public struct NamedRows: Sendable, Hashable {
    /// The names of the columns as the statement gives them, in its order; two may be the same.
    public let columns: [String]
    /// The values of each row, in the order of the columns.
    public let rows: [[SQLValue]]
    private let places: [String: Int]

    init(columns: [String], rows: [[SQLValue]]) {
        self.columns = columns
        self.rows = rows
        places = Dictionary(columns.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// A row of a statement with the names of its columns.
    public struct Element: Sendable, Hashable {
        /// The values in the order of the columns.
        public let values: [SQLValue]
        fileprivate let places: [String: Int]

        /// The value of the first column of a name; nil where no column has it.
        ///
        /// - Parameter name: the name.
        public subscript(name: String) -> SQLValue? { places[name].map { values[$0] } }

        /// The value of a column.
        ///
        /// - Parameter position: the place of the column, from 0.
        public subscript(position: Int) -> SQLValue { values[position] }
    }
}

extension NamedRows: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { rows.count }

    /// A row.
    ///
    /// - Parameter position: the place of the row, from 0.
    public subscript(position: Int) -> Element {
        Element(values: rows[position], places: places)
    }
}
