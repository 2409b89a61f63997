extension SelectCompiler {
    /// Adds the columns of related models.
    ///
    /// Source: Django's `get_related_selections`.
    mutating func selectRelated(
        _ root: inout SelectedRows,
        _ selected: inout [(alias: String?, node: Resolved)],
        _ mask: LoadMask
    ) throws {
        let alias = query.initialAlias()
        let tree: RelatedTree? = query.related.followsAll ? nil : query.related.tree
        try addRelated(to: &root, alias, tree, &selected, mask, depth: 1)
    }

    private mutating func addRelated(
        to rows: inout SelectedRows,
        _ alias: String,
        _ tree: RelatedTree?,
        _ selected: inout [(alias: String?, node: Resolved)],
        _ mask: LoadMask,
        depth: Int
    ) throws {
        if tree == nil, depth > 5 { return }
        let model = rows.model
        var found: Set<String> = []
        for relation in model.members.relations where relation.field != nil {
            found.insert(relation.name)
            let inner = tree?[relation.name]
            if let tree {
                guard tree[relation.name] != nil else { continue }
            } else if relation.isNullable || relation.isParentLink {
                continue
            }
            if mask.leavesOut(relation) {
                guard tree != nil else { continue }
                throw FieldError.invalidQuery(
                    """
                    '\(model.schema.name).\(relation.name)' cannot be left out and followed \
                    by one query.
                    """
                )
            }
            try add(
                relation,
                isReverse: false,
                named: relation.name,
                to: &rows,
                alias,
                tree == nil ? nil : inner ?? RelatedTree(),
                &selected,
                mask.related(relation.name),
                depth
            )
        }
        guard let tree else { return }
        for relation in model.members.reverses
        where relation.isUnique && !relation.isHidden && relation.kind != .manyToMany {
            found.insert(relation.queryName)
            guard let inner = tree[relation.queryName] else { continue }
            try add(
                relation,
                isReverse: true,
                named: relation.queryName,
                to: &rows,
                alias,
                inner,
                &selected,
                mask.related(relation.queryName),
                depth
            )
        }
        if depth == 1 { try addFiltered(to: &rows, alias, tree, &selected, mask, &found) }
        let unknown = tree.names.filter { !found.contains($0) }
        if let name = unknown.first {
            if case .column = model.members.member(name) {
                throw FieldError.notARelation(name: name, model: model.schema.name)
            }
            throw FieldError.unknownField(
                name: name,
                model: model.schema.name,
                choices: found.sorted()
            )
        }
    }

    private mutating func add(
        _ relation: RelationInfo,
        isReverse: Bool,
        named name: String,
        to rows: inout SelectedRows,
        _ alias: String,
        _ tree: RelatedTree?,
        _ selected: inout [(alias: String?, node: Resolved)],
        _ mask: LoadMask,
        _ depth: Int
    ) throws {
        let model = rows.model
        var reuse: Set<String>?
        let path = try query.joinPath([name], from: model, alias: alias, reuse: &reuse)
        let target = isReverse ? relation.source : relation.target
        var next = SelectedRows(
            target,
            [],
            relation: relation,
            isReverse: isReverse,
            name: name
        )
        let parent =
            isReverse && target !== model && target.members.inherits(from: model) ? model : nil
        try addColumns(of: target, path.alias, &next, &selected, mask, without: parent)
        if parent != nil {
            next.sharedCount = rows.positions.count
            next.positions = rows.positions + next.positions
            // The row that was asked for has all of its columns.
            next.fields = (rows.fields.isEmpty ? model.members.columns : rows.fields) + next.fields
        }
        try addRelated(to: &next, path.alias, tree, &selected, mask, depth: depth + 1)
        rows.related.append(next)
    }

    private mutating func addColumns(
        of model: ModelInfo,
        _ alias: String,
        _ rows: inout SelectedRows,
        _ selected: inout [(alias: String?, node: Resolved)],
        _ mask: LoadMask,
        without parent: ModelInfo?
    ) throws {
        for column in try defaultColumns(mask, of: model, alias: alias, without: parent) {
            rows.positions.append(selected.count)
            if case .column(let reference) = column { rows.fields.append(reference.field) }
            selected.append((nil, column))
        }
    }

    private mutating func addFiltered(
        to rows: inout SelectedRows,
        _ alias: String,
        _ tree: RelatedTree,
        _ selected: inout [(alias: String?, node: Resolved)],
        _ mask: LoadMask,
        _ found: inout Set<String>
    ) throws {
        for (name, inner) in zip(tree.names, tree.trees) where query.filteredRelations[name] != nil
        {
            found.insert(name)
            var reuse: Set<String>?
            let path = try query.joinPath([name], from: rows.model, alias: alias, reuse: &reuse)
            guard case .relation(let relation, let isReverse) = path.found.end else { continue }
            let target = path.found.model
            var next = SelectedRows(
                target,
                [],
                relation: relation,
                isReverse: isReverse,
                name: name
            )
            try addColumns(
                of: target,
                path.alias,
                &next,
                &selected,
                mask.related(name),
                without: nil
            )
            try addRelated(to: &next, path.alias, inner, &selected, mask.related(name), depth: 2)
            rows.related.append(next)
        }
    }
}
