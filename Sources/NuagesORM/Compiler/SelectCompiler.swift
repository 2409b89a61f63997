/// Writes a query that reads rows.
///
/// Source: Django's `SQLCompiler`.
struct SelectCompiler {
    struct Column: Hashable {
        var node: Resolved
        var sql: SQL
        var alias: String?
    }

    /// A query as SQL with what its columns are.
    struct Selected {
        var sql: SQL
        var columns: [Column]
        /// Which columns make which models; nil for values.
        var rows: SelectedRows?
    }

    var query: ResolvedQuery
    let writer: NodeWriter
    /// Whether a query that finds nothing is not asked at all.
    var skipsEmpty = true
    var columns: [Column] = []
    var rows: SelectedRows?
    private var usesModelOrdering = false
    private var parts: (rows: WhereGroup?, groups: WhereGroup?, windows: WhereGroup?)

    init(_ query: ResolvedQuery, _ writer: NodeWriter) {
        self.query = query
        self.writer = writer
    }

    private var features: DatabaseFeatures { writer.features }

    /// The query as SQL.
    ///
    /// - Throws: ``ConstantCondition/nothing`` where it can find nothing.
    mutating func select(
        withLimits: Bool = true,
        withAliases: Bool = false
    ) throws -> Selected {
        let aliased = withAliases || query.combination != nil
        try setUp(withAliases: aliased)
        let orderings = try orderTerms()
        parts = try query.condition.split(mustGroup: query.grouping != .none)
        let extra = extraColumns(orderings)
        let groups = try groupTerms(columns + extra, orderings)
        var order: [OrderTerm]? = orderings
        var sql: SQL
        if let combination = query.combination {
            sql = try combined(combination)
        } else if let windows = parts.windows {
            sql = try qualified(windows)
            order = nil
        } else {
            sql = try plain(columns + extra, groups, &order)
        }
        if let explanation = query.explanation {
            sql = "\(sql: try writer.dialect.explanationPrefix(explanation)) \(sql: sql)"
        }
        if let order, !order.isEmpty {
            let terms = SQL.joined(order.map(\.sql))
            if query.combination != nil, features.requiresCompoundOrderSubquery {
                sql = "SELECT * FROM (\(sql: sql)) ORDER BY \(sql: terms)"
            } else {
                sql.append(" ORDER BY \(sql: terms)")
            }
        }
        if withLimits, query.isSliced {
            sql.append(writer.dialect.limits(from: query.start, to: query.end))
        }
        if let lock = try lockClause() { sql.append(" \(sql: lock)") }
        if query.isSubquery, !extra.isEmpty { sql = try withoutExtra(sql) }
        return Selected(sql: sql, columns: columns, rows: rows)
    }

    /// Leaves out the columns that only the order needed.
    private func withoutExtra(_ sql: SQL) throws -> SQL {
        var kept: [SQL] = []
        for column in columns {
            if let alias = column.alias {
                kept.append("\(identifier: "subquery").\(identifier: alias)")
            } else if case .column(let reference) = column.node {
                kept.append("\(identifier: "subquery").\(identifier: reference.field.column)")
            } else {
                kept.append(column.sql)
            }
        }
        return "SELECT \(sql: SQL.joined(kept)) FROM (\(sql: sql)) subquery"
    }

    // MARK: Columns

    mutating func setUp(withAliases: Bool) throws {
        if query.joins.allSatisfy({ $0.useCount == 0 }) { _ = query.initialAlias() }
        let mask = try LoadMask(query)
        let own: [Resolved] =
            query.hasDefaultColumns ? try defaultColumns(mask, of: query.model) : query.selection
        var selected: [(alias: String?, node: Resolved)] = []
        var ownPositions: [Int] = []
        if let outputs = query.outputs {
            for (index, output) in outputs.enumerated() {
                switch output.selected {
                case .annotation(let name):
                    guard let node = query.annotations[name] else { continue }
                    selected.append((output.name, node))
                case .column(let place):
                    guard own.indices.contains(place) else { continue }
                    ownPositions.append(index)
                    if case .columns = own[place] {
                        selected.append((nil, own[place]))
                    } else {
                        selected.append((output.name, own[place]))
                    }
                }
            }
        } else {
            ownPositions = Array(own.indices)
            selected = own.map { (nil, $0) }
            selected += query.selectedAnnotations.elements.map { ($0.name, $0.node) }
        }
        rows = query.hasDefaultColumns ? SelectedRows(query.model, ownPositions) : nil
        if !query.related.isEmpty, var root = rows {
            try selectRelated(&root, &selected, mask)
            rows = root
        }
        var number = 1
        columns = []
        for (alias, node) in selected {
            try node.checkType()
            var alias = alias
            let sql = try columnText(node)
            if alias == nil, withAliases {
                alias = "col\(number)"
                number += 1
            }
            columns.append(Column(node: node, sql: sql, alias: alias))
            if sql.isNumber, node.type?.family == .boolean, writer.features.hasBooleans {
                // A condition that is never true is the number 0, as in Django.
                columns[columns.count - 1].node = .typed(node, .integer)
            }
        }
    }

    private func columnText(_ node: Resolved) throws -> SQL {
        do {
            return writer.dialect.selected(try writer.sql(node), node.type)
        } catch ConstantCondition.nothing {
            guard let value = node.emptyResult else { return "0" }
            return writer.dialect.bind(value, node.type)
        } catch ConstantCondition.everything {
            return writer.dialect.bind(.bool(true), .boolean)
        }
    }

    /// The columns of a model, those of its parents by joins.
    mutating func defaultColumns(
        _ mask: LoadMask,
        of model: ModelInfo,
        alias: String? = nil,
        without parent: ModelInfo? = nil
    ) throws -> [Resolved] {
        let start = alias ?? query.initialAlias()
        var known: [ModelInfo: String] = [model.concrete: start]
        var columns: [Resolved] = []
        for field in model.members.columns {
            let owner = field.model.concrete
            if let parent, owner !== model.concrete, parent.members.inherits(from: owner) {
                continue
            }
            guard mask.loads(field) else { continue }
            let alias = try parentAlias(owner, of: model, start, &known)
            columns.append(.column(ColumnReference(alias, field)))
        }
        return columns
    }

    private mutating func parentAlias(
        _ owner: ModelInfo,
        of model: ModelInfo,
        _ start: String,
        _ known: inout [ModelInfo: String]
    ) throws -> String {
        if let alias = known[owner] { return alias }
        var alias = start
        for step in model.members.path(toParent: owner) {
            if let joined = known[step.to.concrete] {
                alias = joined
                continue
            }
            var join = Join(alias: "", model: step.to, parent: alias, step: step)
            join.kind = .inner
            join.isNullable = step.isNullable
            alias = query.add(join)
            known[step.to.concrete] = alias
        }
        return alias
    }

    // MARK: Plain queries

    private mutating func plain(
        _ selected: [Column],
        _ groups: [SQL],
        _ order: inout [OrderTerm]?
    ) throws -> SQL {
        let distinct = try distinctColumns()
        var sql: SQL = "SELECT "
        if query.isDistinct {
            if distinct.isEmpty {
                sql.append("DISTINCT ")
            } else {
                guard features.supportsDistinctOn else {
                    throw DatabaseError.notSupported(
                        "Rows cannot be distinct by fields in this database."
                    )
                }
                sql.append("DISTINCT ON (\(sql: SQL.joined(distinct))) ")
            }
        }
        sql.append(
            SQL.joined(
                selected.map { column in
                    column.alias.map { "\(sql: column.sql) AS \(identifier: $0)" } ?? column.sql
                }
            )
        )
        // Aggregates of nothing are asked all the same: their row has values.
        let condition = try condition(parts.rows)
        let from = try fromClause()
        if !from.isEmpty { sql.append(" FROM \(sql: from)") }
        if let condition { sql.append(" WHERE \(sql: condition)") }
        if !groups.isEmpty {
            if !distinct.isEmpty {
                throw UsageError.notAllowed("Annotated groups cannot be distinct by fields.")
            }
            sql.append(" GROUP BY \(sql: SQL.joined(groups))")
            if usesModelOrdering { order = nil }
        }
        if let groupCondition = try groupCondition() {
            if groups.isEmpty { sql.append(writer.dialect.groupingOfAll) }
            sql.append(" HAVING \(sql: groupCondition)")
        }
        return sql
    }

    private func condition(_ group: WhereGroup?) throws -> SQL? {
        guard let group else { return nil }
        do {
            return try writer.sql(group)
        } catch ConstantCondition.everything {
            return nil
        } catch ConstantCondition.nothing where !skipsEmpty {
            return "0 = 1"
        }
    }

    private func groupCondition() throws -> SQL? {
        guard let groups = parts.groups else { return nil }
        do {
            return try writer.sql(groups)
        } catch ConstantCondition.everything {
            return nil
        }
    }

    private mutating func distinctColumns() throws -> [SQL] {
        var columns: [SQL] = []
        for name in query.distinctFields {
            if query.selectedAnnotations[name] != nil {
                columns.append("\(identifier: name)")
                continue
            }
            let alias = query.initialAlias()
            var reuse: Set<String>?
            let path = try query.joinPath(
                NameParts.split(name),
                from: query.model,
                alias: alias,
                reuse: &reuse
            )
            let (targets, end, _) = query.trim(path)
            for target in targets {
                columns.append(try writer.sql(query.column(target, end, path)))
            }
        }
        return columns
    }

    /// The tables and how they are joined.
    func fromClause() throws -> SQL {
        var sql = SQL()
        for join in query.joins where join.useCount > 0 {
            if join.kind != .base, let step = join.step, let parent = join.parent {
                sql.append(join.kind == .outer ? " LEFT OUTER JOIN " : " INNER JOIN ")
                append(join, to: &sql)
                var conditions: [SQL] = step.pairs.map { pair in
                    """
                    \(identifier: parent).\(identifier: pair.from.column) = \
                    \(identifier: join.alias).\(identifier: pair.to.column)
                    """
                }
                if let filtered = join.filtered?.resolved, let text = try filterText(filtered) {
                    conditions.append("(\(sql: text))")
                }
                sql.append(" ON (\(sql: SQL.joined(conditions, separator: " AND ")))")
            } else {
                if !sql.isEmpty { sql.append(", ") }
                append(join, to: &sql)
            }
        }
        return sql
    }

    private func filterText(_ node: Resolved) throws -> SQL? {
        do {
            return try writer.sql(node)
        } catch ConstantCondition.everything {
            return nil
        } catch ConstantCondition.nothing {
            return "0 = 1"
        }
    }

    private func append(_ join: Join, to sql: inout SQL) {
        sql.append(identifier: join.table)
        if join.alias != join.table { sql.append(" \(identifier: join.alias)") }
    }

    private func lockClause() throws -> SQL? {
        guard let lock = query.lock, features.hasRowLocks else { return nil }
        let tables = try lockedTables(lock)
        return try writer.dialect.lock(lock, tables: tables)
    }

    private func lockedTables(_ lock: RowLock) throws -> [String] {
        guard !lock.relations.isEmpty, let rows else { return [] }
        return try lock.relations.map { name in
            guard let alias = rows.alias(of: try NameParts.split(name), columns.map(\.node)) else {
                throw FieldError.unknownField(
                    name: name,
                    model: query.model.schema.name,
                    choices: rows.paths
                )
            }
            return alias
        }
    }

    // MARK: Grouping

    private mutating func groupTerms(
        _ selected: [Column],
        _ orderings: [OrderTerm]
    ) throws -> [SQL] {
        var expressions: [Resolved] = []
        var names: Set<String> = []
        switch query.grouping {
        case .none: return []
        case .model: break
        case .by(let nodes):
            for node in nodes {
                if case .named(let name, let source) = node {
                    if names.insert(name).inserted { expressions.append(source) }
                } else {
                    expressions.append(node)
                }
            }
        }
        var positions: [Resolved: Int] = [:]
        for (index, column) in selected.enumerated() {
            if column.alias != nil { positions[column.node] = index + 1 }
            if let alias = column.alias, names.contains(alias) { continue }
            expressions += column.node.groupingColumns
        }
        if !usesModelOrdering {
            for term in orderings where !term.isReference {
                expressions += term.node.expression.groupingColumns
            }
        }
        let having = parts.groups.map { Resolved.group($0).groupingColumns } ?? []
        expressions += having
        var terms: [SQL] = []
        var seen: Set<SQL> = []
        for expression in collapsed(expressions, having) {
            let sql: SQL
            if features.groupsByPosition, let position = positions[expression] {
                sql = SQL(unsafe: String(position))
            } else {
                do {
                    sql = try writer.sql(expression)
                } catch is ConstantCondition {
                    continue
                }
            }
            if seen.insert(sql).inserted { terms.append(sql) }
        }
        return terms
    }

    /// The primary key stands for all columns of its table, where the database knows that.
    private func collapsed(_ expressions: [Resolved], _ having: [Resolved]) -> [Resolved] {
        guard features.groupsByPrimaryKey else { return expressions }
        var keys: Set<Resolved> = []
        var aliases: Set<String> = []
        for case .column(let column) in expressions
        where column.field.schema.isPrimaryKey && column.field.model.schema.isManaged {
            keys.insert(.column(column))
            aliases.insert(column.alias)
        }
        return expressions.filter { expression in
            guard case .column(let column) = expression else { return true }
            return keys.contains(expression) || having.contains(expression)
                || !aliases.contains(column.alias)
        }
    }

    // MARK: Order

    struct OrderTerm {
        var node: OrderingNode
        var sql: SQL
        /// Whether it names a selected column.
        var isReference: Bool
    }

    mutating func orderTerms() throws -> [OrderTerm] {
        var result: [OrderTerm] = []
        var seen: Set<SQL> = []
        for (node, source, isReference) in try orderPairs() {
            var node = node
            if !isReference, query.combination != nil, !columns.isEmpty {
                node = try combinedOrder(node, source)
            }
            let sql = try writer.sql(node)
            var plain = node
            plain.nulls = nil
            plain.isDescending = false
            guard seen.insert(try writer.sql(plain)).inserted else { continue }
            result.append(OrderTerm(node: node, sql: sql, isReference: isReference))
        }
        return result
    }

    /// A term for the order of combined rows: it has to be among their columns.
    private mutating func combinedOrder(
        _ node: OrderingNode,
        _ source: ExpressionNode?
    ) throws -> OrderingNode {
        var node = node
        for column in columns where column.node == node.expression {
            if query.outputs != nil, let alias = column.alias,
                query.selectedAnnotations[alias] != nil, source != .reference([alias])
            {
                continue
            }
            let name: String
            if let alias = column.alias {
                name = alias
            } else if case .column(let reference) = column.node {
                name = reference.field.column
            } else {
                continue
            }
            node.expression = .named(name, column.node)
            return node
        }
        let name = "__orderbycol\(query.selection.count + 1)"
        for index in query.parts.indices {
            if query.parts[index].outputs != nil {
                throw DatabaseError.programming(
                    "Combined rows are ordered by their columns only.",
                    statement: nil
                )
            }
            if let source { try query.parts[index].annotate(name, source) }
        }
        node.expression = .named(name, node.expression)
        return node
    }

    private mutating func orderPairs() throws -> [(OrderingNode, ExpressionNode?, Bool)] {
        var terms = query.orderings
        if terms.isEmpty, query.usesDefaultOrdering {
            terms = query.model.defaultOrdering
            usesModelOrdering = !terms.isEmpty
        }
        var byName: [String: Int] = [:]
        var byNode: [Resolved: Int] = [:]
        for (index, column) in columns.enumerated() {
            if byNode[column.node] == nil { byNode[column.node] = index + 1 }
            if let alias = column.alias { byName[alias] = index + 1 }
        }
        var pairs: [(OrderingNode, ExpressionNode?, Bool)] = []
        for ordering in terms {
            let ordering = query.isReversed ? ordering.reversed : ordering
            switch ordering.term {
            case .random:
                let node = try query.function(.random, [])
                pairs.append((OrderingNode(expression: node, isDescending: false), nil, false))
            case .expression(let expression):
                pairs.append(try orderPair(expression, ordering, byName, byNode))
            case .name(let name):
                if let position = byName[name] {
                    let column = columns[position - 1]
                    var node = OrderingNode(
                        expression: column.node,
                        isDescending: ordering.isDescending
                    )
                    node.position = position
                    pairs.append((node, nil, true))
                } else {
                    pairs += try namedOrder(name, ordering)
                }
            }
        }
        return pairs
    }

    private mutating func orderPair(
        _ expression: ExpressionNode,
        _ ordering: Ordering,
        _ byName: [String: Int],
        _ byNode: [Resolved: Int]
    ) throws -> (OrderingNode, ExpressionNode?, Bool) {
        var resolved: Resolved
        var position: Int?
        if case .reference(let names) = expression,
            let found = byName[names.joined(separator: "__")]
        {
            position = found
            resolved = columns[found - 1].node
        } else {
            resolved = try query.resolve(expression)
            position = byNode[resolved]
        }
        if case .value(let value, let type) = resolved, let type = type ?? ValueType(of: value) {
            resolved = try query.function(.cast, [resolved], type: type)
        }
        var node = OrderingNode(
            expression: resolved,
            isDescending: ordering.isDescending,
            nulls: ordering.nulls
        )
        if ordering.nulls == nil || features.supportsNullsModifier { node.position = position }
        return (node, expression, position != nil)
    }

    private mutating func namedOrder(
        _ name: String,
        _ ordering: Ordering
    ) throws -> [(OrderingNode, ExpressionNode?, Bool)] {
        let names = try NameParts.split(name)
        var annotation = query.annotations[name]
        var transforms: ArraySlice<String> = []
        if annotation == nil, let first = names.first {
            annotation = query.annotations[first]
            transforms = names.dropFirst()
        }
        if var node = annotation {
            for transform in transforms {
                node = try query.transformed(node, transform, among: Array(transforms))
            }
            if case .value(let value, let type) = node, let type = type ?? ValueType(of: value) {
                node = try query.function(.cast, [node], type: type)
            }
            return [
                (
                    OrderingNode(expression: node, isDescending: ordering.isDescending),
                    .reference(names), false
                )
            ]
        }
        if query.combination != nil, !columns.isEmpty {
            let node = try query.resolve(.reference(names))
            return [
                (
                    OrderingNode(expression: node, isDescending: ordering.isDescending),
                    .reference(names), false
                )
            ]
        }
        var seen: Set<[String]> = []
        let alias = query.initialAlias()
        let nodes = try modelOrder(names, of: query.model, alias, ordering.isDescending, &seen)
        return nodes.map { ($0, .reference(names), false) }
    }

    /// The order that a name stands for: that of the model behind a relation, or a column.
    private mutating func modelOrder(
        _ names: [String],
        of model: ModelInfo,
        _ alias: String,
        _ isDescending: Bool,
        _ seen: inout Set<[String]>
    ) throws -> [OrderingNode] {
        var reuse: Set<String>?
        let path = try query.joinPath(names, from: model, alias: alias, reuse: &reuse)
        let target = path.found.model
        if case .relation(let relation, _) = path.found.end, !target.defaultOrdering.isEmpty,
            relation.field?.attributeName != names.last, names != ["pk"], path.transforms.isEmpty
        {
            // The columns of the joins tell whether the order leads in a circle.
            let columns = path.aliases.flatMap { alias in
                query.join(alias)?.step?.pairs.flatMap { [$0.from.column, $0.to.column] } ?? []
            }
            guard seen.insert(columns).inserted, seen.count < 32 else {
                throw FieldError.invalidQuery("The order of the models leads in a circle.")
            }
            return try targetOrder(target, path, isDescending, &seen)
        }
        let (targets, end, _) = query.trim(path)
        return try targets.map { target in
            OrderingNode(
                expression: try query.column(target, end, path),
                isDescending: isDescending
            )
        }
    }

    private mutating func targetOrder(
        _ target: ModelInfo,
        _ path: JoinedPath,
        _ isDescending: Bool,
        _ seen: inout Set<[String]>
    ) throws -> [OrderingNode] {
        var result: [OrderingNode] = []
        for ordering in target.defaultOrdering {
            switch ordering.term {
            case .random: continue
            case .name(let name):
                result += try modelOrder(
                    NameParts.split(name),
                    of: target,
                    path.alias,
                    isDescending != ordering.isDescending,
                    &seen
                )
            case .expression(let node):
                let expression = try query.resolve(node, at: path.alias, of: target)
                result.append(
                    OrderingNode(
                        expression: expression,
                        isDescending: ordering.isDescending,
                        nulls: ordering.nulls
                    )
                )
            }
        }
        return result
    }

    /// Columns that only the order of distinct rows needs.
    private func extraColumns(_ orderings: [OrderTerm]) -> [Column] {
        guard query.isDistinct, query.distinctFields.isEmpty else { return [] }
        let selected = Set(columns.map(\.sql))
        return orderings.compactMap { term in
            guard !term.isReference, let sql = try? writer.sql(term.node.expression),
                !selected.contains(sql)
            else { return nil }
            return Column(node: term.node.expression, sql: sql, alias: nil)
        }
    }
}

extension ResolvedQuery {
    /// An expression of the order of a model whose table is joined already.
    mutating func resolve(
        _ node: ExpressionNode,
        at alias: String,
        of model: ModelInfo
    ) throws -> Resolved {
        switch node {
        case .reference(let names):
            var reuse: Set<String>?
            let path = try joinPath(names, from: model, alias: alias, reuse: &reuse)
            let (targets, end, _) = trim(path)
            guard let target = targets.first else {
                throw unknown(names.joined(separator: "__"), model)
            }
            return try column(target, end, path)
        case .call(let call):
            var arguments: [Resolved] = []
            for argument in call.arguments {
                arguments.append(try resolve(argument, at: alias, of: model))
            }
            return try function(call.function, arguments, options: call.options, type: call.type)
        case .combined(let operation, let left, let right):
            let first = try resolve(left, at: alias, of: model)
            return try combined(operation, first, try resolve(right, at: alias, of: model))
        default: return try resolve(node)
        }
    }
}
