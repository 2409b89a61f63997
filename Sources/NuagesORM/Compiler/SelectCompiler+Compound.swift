extension SelectCompiler {
    /// The parts of a combined query.
    mutating func combined(_ combination: Query.Combination) throws -> SQL {
        let features = writer.features
        var compilers = query.parts.map { SelectCompiler($0, writer) }
        for index in compilers.indices { compilers[index].skipsEmpty = skipsEmpty }
        if !features.supportsOrderedParts {
            for compiler in compilers {
                if compiler.query.isSliced {
                    throw DatabaseError.operational(
                        "The parts of combined queries cannot be sliced in this database.",
                        statement: nil
                    )
                }
                var probe = compiler
                try probe.setUp(withAliases: true)
                if try !probe.orderTerms().isEmpty {
                    throw DatabaseError.operational(
                        "The parts of combined queries cannot be ordered in this database.",
                        statement: nil
                    )
                }
            }
        }
        var texts: [SQL] = []
        var empty: SelectCompiler?
        for compiler in compilers {
            do {
                texts.append(try part(compiler))
            } catch ConstantCondition.nothing {
                guard combination == .union || (combination == .difference && !texts.isEmpty) else {
                    throw ConstantCondition.nothing
                }
                empty = compiler
            }
        }
        guard !texts.isEmpty else { throw ConstantCondition.nothing }
        if texts.count == 1, combination == .union, query.isSliced, var empty {
            empty.skipsEmpty = false
            texts.append(try part(empty))
        }
        if !query.isSubquery, features.supportsOrderedParts {
            texts = texts.map { "(\(sql: $0))" }
        }
        let all = query.combinesAll && combination == .union ? " ALL" : ""
        return SQL.joined(texts, separator: SQL(unsafe: " \(combination.rawValue)\(all) "))
    }

    private func part(_ compiler: SelectCompiler) throws -> SQL {
        var compiler = compiler
        if let outputs = query.outputs, compiler.query.outputs == nil {
            try compiler.query.setValues(outputs.map { .field($0.name) })
        }
        let isCombined = compiler.query.combination != nil
        let sql = try compiler.select(withAliases: true).sql
        let features = writer.features
        if isCombined {
            if !features.supportsParenthesesInCompound { return "SELECT * FROM (\(sql: sql))" }
            if query.isSubquery || !features.supportsOrderedParts { return "(\(sql: sql))" }
        } else if query.isSubquery, features.supportsOrderedParts {
            return "(\(sql: sql))"
        }
        return sql
    }

    /// Conditions on windows: the rows are found inside, and filtered outside.
    mutating func qualified(_ windows: WhereGroup) throws -> SQL {
        var inner = query
        inner.isSubquery = true
        let (rows, groups, _) = try query.condition.split(mustGroup: query.grouping != .none)
        inner.condition = WhereGroup(
            children: [rows, groups].compactMap { group in group.map { .group($0) } }
        )
        var aliased = self
        try aliased.setUp(withAliases: true)
        var names: [Resolved: String] = [:]
        for column in aliased.columns { if let alias = column.alias { names[column.node] = alias } }
        let selected = aliased.columns.compactMap(\.alias)
        var replacements: [Resolved: Resolved] = [:]
        var added: [String] = []
        func collect(_ start: [Resolved]) {
            var pending = start
            while let node = pending.popLast() {
                if replacements[node] != nil { continue }
                if let name = names[node] {
                    replacements[node] = .named(name, node)
                } else if case .lookup = node {
                    pending += node.sources
                } else if case .named(let name, _) = node {
                    if !selected.contains(name) { pending += node.sources }
                } else if case .group = node {
                    pending += node.sources
                } else {
                    let name = "qual\(added.count)"
                    added.append(name)
                    inner.annotate(name, node)
                    replacements[node] = .named(name, node)
                }
            }
        }
        collect(windows.leaves)
        let test = Resolved.group(windows).replacing(replacements)
        var terms: [OrderingNode] = []
        for term in try aliased.orderTerms() {
            collect([term.node.expression])
            var node = term.node
            node.position = nil
            node.expression = node.expression.replacing(replacements)
            terms.append(node)
        }
        var compiler = SelectCompiler(inner, writer)
        compiler.skipsEmpty = skipsEmpty
        let text = try compiler.select(withLimits: false, withAliases: true).sql
        var sql: SQL = """
            SELECT * FROM (\(sql: text)) \(identifier: "qualify") WHERE \(sql: try writer.sql(test))
            """
        if !added.isEmpty {
            sql = """
                SELECT \(identifiers: selected) FROM (\(sql: sql)) \(identifier: "qualify_mask")
                """
        }
        if !terms.isEmpty {
            sql.append(" ORDER BY \(sql: SQL.joined(try terms.map { try writer.sql($0) }))")
        }
        return sql
    }

    /// Aggregates as SQL.
    static func aggregate(_ aggregate: AggregateQuery, _ writer: NodeWriter) throws -> SQL {
        guard let inner = aggregate.inner else {
            var compiler = SelectCompiler(aggregate.query, writer)
            compiler.skipsEmpty = aggregate.answersEmpty
            return try compiler.select().sql
        }
        var compiler = SelectCompiler(inner, writer)
        compiler.skipsEmpty = aggregate.answersEmpty
        let text = try compiler.select(withAliases: true).sql
        let columns = try zip(aggregate.names, aggregate.nodes).map { name, node -> SQL in
            "\(sql: writer.dialect.selected(try writer.argument(node), node.type))"
        }
        return "SELECT \(sql: SQL.joined(columns)) FROM (\(sql: text)) subquery"
    }
}
