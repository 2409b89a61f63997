extension SelectCompiler {
    /// Finds what the query selects, and which of it makes which models.
    ///
    /// Source: Django's `SQLCompiler.get_select`.
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
            // A condition that is never true is the number 0, as in Django.
            let isNumber =
                sql.isNumber && node.type?.family == .boolean && writer.features.hasBooleans
            columns.append(
                Column(node: isNumber ? .typed(node, .integer) : node, sql: sql, alias: alias)
            )
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
}
