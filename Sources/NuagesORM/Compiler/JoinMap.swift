/// The tables of a query with their aliases, and how they are joined.
///
/// The rules are Django's: an inner join wherever a row that is missing could not match anyway,
/// else a left outer join; a relation to many rows is joined once for each `filter` call.
struct JoinMap {
    struct Join {
        let alias: String
        let info: ModelInfo
        /// Nil for the query's own table.
        var parent: Int?
        let parentColumn: String
        let column: String
        let leadsToMany: Bool
        /// Whether the relation may lead to no row.
        let isNullable: Bool
        var isOuter: Bool
        var useCount: Int

        func isJoin(of step: Step) -> Bool {
            info === step.info && parentColumn == step.parentColumn && column == step.column
        }
    }

    /// One relation on a path.
    struct Step {
        let info: ModelInfo
        let parentColumn: String
        let column: String
        let leadsToMany: Bool
        let isNullable: Bool
        /// Whether the parent's column holds the key, so that the key needs no join.
        let isForward: Bool
    }

    private(set) var joins: [Join] = []
    /// Nil to name the first alias of a table by the table; a letter for subqueries.
    private let prefix: String?

    init(_ info: ModelInfo, prefix: String? = nil) {
        self.prefix = prefix
        joins.append(
            Join(
                alias: prefix.map { "\($0)0" } ?? info.table,
                info: info,
                parent: nil,
                parentColumn: "",
                column: "",
                leadsToMany: false,
                isNullable: false,
                isOuter: false,
                useCount: 1
            )
        )
    }

    subscript(_ index: Int) -> Join { joins[index] }

    /// The join of `step` on `parent`: one that there is, where the rules allow it.
    mutating func join(_ step: Step, on parent: Int, reuse: Set<Int>?) -> Int {
        let mayReuse = step.leadsToMany ? reuse : nil
        let existing = joins.indices.last { index in
            let join = joins[index]
            return join.parent == parent && join.isJoin(of: step)
                && mayReuse?.contains(index) ?? true
        }
        if let existing {
            joins[existing].useCount += 1
            return existing
        }
        joins.append(
            Join(
                alias: newAlias(step.info.table),
                info: step.info,
                parent: parent,
                parentColumn: step.parentColumn,
                column: step.column,
                leadsToMany: step.leadsToMany,
                isNullable: step.isNullable,
                isOuter: joins[parent].isOuter || step.isNullable,
                useCount: 1
            )
        )
        return joins.count - 1
    }

    var indices: Range<Int> { joins.indices }
    var count: Int { joins.count }

    mutating func release(_ index: Int) { joins[index].useCount -= 1 }

    private func newAlias(_ table: String) -> String {
        if let prefix { return "\(prefix)\(joins.count)" }
        let isTaken = joins.contains { $0.alias.utf8.elementsEqual(table.utf8) }
        return isTaken ? "T\(joins.count + 1)" : table
    }

    /// Makes joins keep rows that they find no partner for, with the joins behind them.
    mutating func promote(_ indices: some Sequence<Int>) {
        var pending = indices.sorted()
        while let index = pending.first {
            pending.removeFirst()
            guard let parent = joins[index].parent, !joins[index].isOuter,
                joins[index].isNullable || joins[parent].isOuter
            else { continue }
            joins[index].isOuter = true
            pending += joins.indices.filter { joins[$0].parent == index && !pending.contains($0) }
        }
    }

    /// Makes joins drop rows that they find no partner for, with the joins before them.
    mutating func demote(_ indices: some Sequence<Int>) {
        for start in indices.sorted() {
            var next: Int? = start
            while let index = next, joins[index].isOuter {
                joins[index].isOuter = false
                next = joins[index].parent
            }
        }
    }

    /// The joins that drop rows.
    var innerJoins: Set<Int> { Set(joins.indices.filter { !joins[$0].isOuter }) }

    /// How often each join is used, to find what a condition uses.
    var useCounts: [Int] { joins.map(\.useCount) }

    /// The joins whose use has grown since `counts`.
    func used(since counts: [Int]) -> Set<Int> {
        Set(
            joins.indices.filter { index in
                joins[index].useCount > (index < counts.count ? counts[index] : 0)
            }
        )
    }

    /// Whether a table besides the query's own is used.
    var hasJoins: Bool { joins.dropFirst().contains { $0.useCount > 0 } }

    /// Leaves the query's own table out: the first join takes its place.
    mutating func dropRoot() {
        guard joins.count > 1 else { return }
        joins[0].useCount = 0
        joins[1].parent = nil
    }

    /// `"polls_question" INNER JOIN "polls_choice" ON (…)`.
    var fromClause: SQL {
        var sql = SQL()
        for join in joins where join.useCount > 0 {
            if let parent = join.parent {
                sql.append(join.isOuter ? " LEFT OUTER JOIN " : " INNER JOIN ")
                appendTable(join, to: &sql)
                sql.append(
                    " ON (\(identifier: joins[parent].alias).\(identifier: join.parentColumn) = "
                )
                sql.append("\(identifier: join.alias).\(identifier: join.column))")
            } else {
                appendTable(join, to: &sql)
            }
        }
        return sql
    }

    private func appendTable(_ join: Join, to sql: inout SQL) {
        sql.append(identifier: join.info.table)
        if !join.alias.utf8.elementsEqual(join.info.table.utf8) {
            sql.append(" \(identifier: join.alias)")
        }
    }
}
