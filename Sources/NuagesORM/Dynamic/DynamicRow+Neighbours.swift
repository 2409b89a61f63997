import NuagesCore

extension DynamicRow {
    /// What people read for the value of a field with choices; the value itself where it is none
    /// of them.
    ///
    /// Django: `get_FOO_display`.
    ///
    /// - Parameter name: the field.
    /// - Returns: the label, or the value.
    public func display(_ name: String) -> SQLValue {
        let value = self[name] ?? .null
        let choices = model?.members.columnNamed(name)?.schema.choices ?? []
        return choices.first { $0.value == value }.map { .text($0.label) } ?? value
    }

    /// The row behind this one, or before it, by a field; rows with equal values go by their keys.
    ///
    /// Django: `get_next_by_FOO`, `get_previous_by_FOO`.
    ///
    /// - Parameters:
    ///   - field: a field, such as a date.
    ///   - isNext: whether it is the row behind this one.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``UsageError``,
    ///   ``DatabaseError``.
    public func neighbour(by field: String, isNext: Bool) async throws -> DynamicRow {
        guard let model, !key.contains(.null), let value = self[field] else {
            throw UsageError.notAllowed("A row that was not saved has no neighbours.")
        }
        let lookup = isNext ? "gt" : "lt"
        let sign = isNext ? "" : "-"
        let rows = try await DynamicQuery(model, .default)
            .filter(
                .anyOf([
                    .allOf([
                        .condition(field, .value(value)), .condition("pk__\(lookup)", .row(self)),
                    ]),
                    .condition("\(field)__\(lookup)", .value(value)),
                ])
            )
            .order(by: "\(sign)\(field)", "\(sign)pk").slice(0, 1).rows()
        guard let row = rows.first else { throw ModelError.doesNotExist(model: model.schema.name) }
        return row
    }

    /// The row behind this one, or before it, in the order that the model keeps.
    ///
    /// Django: `get_next_in_order`, `get_previous_in_order`.
    ///
    /// - Parameter isNext: whether it is the row behind this one.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``UsageError``,
    ///   ``DatabaseError``.
    public func neighbourInOrder(isNext: Bool) async throws -> DynamicRow {
        guard let model, let name = model.schema.orderWithRespectTo,
            let field = model.members.columnNamed(name)
        else { throw UsageError.notAllowed("The model keeps no order of its rows.") }
        let own = DynamicQuery(model, .default).filter(.condition("pk", .row(self))).values(
            "_order"
        )
        return try await DynamicQuery(model, .default)
            .filter(.condition(field.attributeName, .value(self[field.attributeName] ?? .null)))
            .filter(.condition("_order__\(isNext ? "gt" : "lt")", .subquery(own)))
            .order(by: isNext ? "_order" : "-_order").slice(nil, 1).get()
    }

    /// The model that keeps an order of its rows within this one, by its name.
    private func ordered(_ name: String) throws -> (model: ModelInfo, field: FieldInfo) {
        for relation in model?.members.reverses ?? [] {
            guard relation.source.schema.orderWithRespectTo == relation.name,
                relation.source.schema.name.lowercased().equalsBytes(name.lowercased()),
                let field = relation.field
            else { continue }
            return (relation.source, field)
        }
        throw UsageError.notAllowed("'\(FieldError.shown(name))' keeps no order within this row.")
    }

    /// The keys of the rows that belong to this one, in the order that they keep.
    ///
    /// Django: `get_RELATED_order`.
    ///
    /// - Parameter name: the name of their model.
    /// - Returns: the keys.
    /// - Throws: ``UsageError`` where the model keeps no order, ``DatabaseError``.
    public func order(of name: String) async throws -> [SQLValue] {
        let (model, field) = try ordered(name)
        let end = field.targetColumn?.attributeName ?? "pk"
        return try await DynamicQuery(model, .default)
            .filter(.condition(field.attributeName, .value(self[end] ?? .null)))
            .order(by: "_order").values("pk").rows().compactMap(\.columns.first)
    }

    /// Puts the rows that belong to this one into an order.
    ///
    /// Django: `set_RELATED_order`.
    ///
    /// - Parameters:
    ///   - name: the name of their model.
    ///   - keys: their keys.
    /// - Throws: ``UsageError`` where the model keeps no order, ``DatabaseError``.
    public func setOrder(of name: String, _ keys: [SQLValue]) async throws {
        let (model, field) = try ordered(name)
        let end = field.targetColumn?.attributeName ?? "pk"
        let rows = try keys.enumerated().map { place, key -> DynamicRow in
            try DynamicRow(new: model, [("pk", .value(key)), ("_order", .value(.int(place)))])
        }
        _ = try await DynamicQuery(model, .default)
            .filter(.condition(field.attributeName, .value(self[end] ?? .null)))
            .bulkUpdate(rows, ["_order"])
    }
}
