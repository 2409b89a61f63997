import NuagesCore

extension DynamicRow {
    /// What a name leads to: one row at most, or many.
    public enum Relationship: Sendable, Hashable {
        /// A foreign key, or the way back of a one-to-one field.
        case one
        /// The way back of a foreign key, or many-to-many.
        case many
    }

    /// Whether a name is a relation, and to how many rows; nil for other names.
    public func relationship(_ name: String) -> Relationship? {
        guard let (relation, isReverse) = model?.members.relation(accessor: name) else {
            return nil
        }
        return relation.leadsToMany(isReverse: isReverse) ? .many : .one
    }

    /// The name under which the rows behind a one-to-one relation refer back to this one.
    public func backName(_ name: String) -> String? {
        guard let (relation, isReverse) = model?.members.relation(accessor: name) else {
            return nil
        }
        if isReverse { return relation.kind == .manyToMany ? nil : relation.name }
        return relation.isUnique && !relation.isHidden ? relation.accessor : nil
    }

    /// The row of a parent, of which the columns are all here; nil for other names.
    public func parentRow(_ name: String) -> DynamicRow? {
        guard let (relation, isReverse) = model?.members.relation(accessor: name), !isReverse,
            relation.isParentLink
        else { return nil }
        let names = relation.target.members.columns.map(\.attributeName)
        let values = names.map { self[$0] }
        guard !values.contains(nil) else { return nil }
        return DynamicRow(
            model: relation.target,
            layout: RowLayout(names),
            values: values.map { [$0 ?? .null] }
        )
    }

    /// Whether a name is the way back of a one-to-one field.
    public func isWayBack(_ name: String) -> Bool {
        model?.members.relation(accessor: name)?.isReverse == true
    }

    /// The names of the columns that a foreign key is made of; none for other names.
    public func keyNames(_ name: String) -> [String] {
        guard let (relation, isReverse) = model?.members.relation(accessor: name), !isReverse else {
            return []
        }
        return relation.pairs.map(\.from.attributeName)
    }

    /// The rows behind a relation, by the name that programs use for it: `publisher`, `book_set`.
    ///
    /// - Returns: a query; nil where a foreign key is NULL.
    /// - Throws: ``FieldError/unknownField(name:model:choices:)``, ``ModelError/unsaved(model:)``.
    public func related(_ name: String) throws -> DynamicQuery? {
        guard let model, let (relation, isReverse) = model.members.relation(accessor: name) else {
            throw FieldError.unknownField(
                name: name,
                model: modelName ?? "values",
                choices: model?.members.accessors ?? []
            )
        }
        return isReverse || relation.kind == .manyToMany
            ? try back(relation, isReverse: isReverse) : forward(relation)
    }

    private func forward(_ relation: RelationInfo) -> DynamicQuery? {
        var conditions: [DynamicExpression] = []
        for pair in relation.pairs {
            guard let value = value(of: pair.from), value != .null else { return nil }
            conditions.append(.condition(pair.to.attributeName, .value(value)))
        }
        return DynamicQuery(relation.target, .base).filter(conditions)
    }

    func back(_ relation: RelationInfo, isReverse: Bool) throws -> DynamicQuery {
        guard !key.contains(.null) else {
            throw ModelError.unsaved(model: modelName ?? "row")
        }
        let target = isReverse ? relation.source : relation.target
        let isMany = relation.leadsToMany(isReverse: isReverse)
        let query = DynamicQuery(target, isMany ? .default : .base)
        guard relation.kind == .manyToMany else {
            if relation.pairs.contains(where: { value(of: $0.to) ?? .null == .null }) {
                return query.none()
            }
            var related = query.filter(.condition(relation.name, .row(self)))
            related.known = [DynamicQuery.KnownRow(relation: relation, row: self)]
            return related
        }
        let end = isReverse ? relation.throughTarget : relation.throughSource
        let name = isReverse ? relation.name : relation.queryName
        let conditions = (end?.pairs ?? []).map { pair -> ExpressionNode in
            let value = value(of: pair.to) ?? .null
            return .condition([name, pair.to.attributeName, "exact"], .value(value))
        }
        return query.adding(.sticky).adding(.filter(.all(conditions), isNegated: false))
    }
}

extension RelationInfo {
    /// Whether a row may have several rows at the other end.
    func leadsToMany(isReverse: Bool) -> Bool {
        kind == .manyToMany || (isReverse && kind != .oneToOne)
    }
}

extension ModelMembers {
    /// The relation that programs reach by a name, and whether against its direction.
    func relation(accessor name: String) -> (RelationInfo, isReverse: Bool)? {
        if let relation = relations.first(where: { $0.name.equalsBytes(name) }) {
            return (relation, false)
        }
        let back = reverses.first { !$0.isHidden && $0.accessor.equalsBytes(name) }
        return back.map { ($0, true) }
    }

    /// The names of relations in programs.
    var accessors: [String] {
        relations.map(\.name) + reverses.filter { !$0.isHidden }.map(\.accessor)
    }
}
