extension SQLFunction {
    /// The part of the rows that come before the row or with it: 0 to 1.
    public static let cumeDist = window("CumeDist", "CUME_DIST", .fixed(.float))
    /// The rank of the row, without gaps behind equal rows.
    public static let denseRank = window("DenseRank", "DENSE_RANK", .fixed(.integer))
    /// The value of the first row of the frame.
    public static let firstValue = window("FirstValue", "FIRST_VALUE", .common, 1...1)
    /// The value of the last row of the frame.
    public static let lastValue = window("LastValue", "LAST_VALUE", .common, 1...1)
    /// The value of a row before: one, or so many as the second argument says; the third stands
    /// where there is none.
    public static let lag = shifted("Lag", "LAG")
    /// The value of a row behind: one, or so many as the second argument says; the third stands
    /// where there is none.
    public static let lead = shifted("Lead", "LEAD")
    /// The value of the row with a number in the frame, counted from 1.
    public static let nthValue = window("NthValue", "NTH_VALUE", .first, 1...2) { node in
        var node = node
        node.fill(1, with: .int(1))
        try node.checkNotNull(0, "expression")
        try node.checkNotNull(1, "nth")
        try node.checkNumber(1, "nth", atLeast: 1)
        return node
    }
    /// In which of so many parts of equal size the row is.
    public static let ntile = window("Ntile", "NTILE", .fixed(.integer), 0...1) { node in
        var node = node
        node.fill(0, with: .int(1))
        try node.checkNumber(0, "num_buckets", atLeast: 1)
        return node
    }
    /// The rank of the row as a part of all: 0 to 1.
    public static let percentRank = window("PercentRank", "PERCENT_RANK", .fixed(.float))
    /// The rank of the row, with gaps behind equal rows.
    public static let rank = window("Rank", "RANK", .fixed(.integer))
    /// The number of the row, from 1.
    public static let rowNumber = window("RowNumber", "ROW_NUMBER", .fixed(.integer))

    private static func window(
        _ name: String,
        _ sqlName: String,
        _ output: Output,
        _ arguments: ClosedRange<Int> = 0...0,
        prepare: @escaping @Sendable (FunctionNode) throws -> FunctionNode = { $0 }
    ) -> SQLFunction {
        SQLFunction(
            name,
            sqlName,
            arguments,
            gives: output,
            isWindowOnly: true,
            prepare: prepare
        )
    }

    private static func shifted(_ name: String, _ sqlName: String) -> SQLFunction {
        window(name, sqlName, .first, 1...3) { node in
            var node = node
            node.fill(1, with: .int(1))
            try node.checkNotNull(0, "expression")
            try node.checkNotNull(1, "offset")
            try node.checkNumber(1, "offset", atLeast: 1)
            return node
        }
    }

    static let windows: [SQLFunction] = [
        .cumeDist, .denseRank, .firstValue, .lag, .lastValue, .lead, .nthValue, .ntile,
        .percentRank, .rank, .rowNumber,
    ]
}
