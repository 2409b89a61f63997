import NuagesCore

extension RowValidation {
    mutating func checkConstraints(_ row: DynamicRow) async throws {
        for info in classes {
            for constraint in info.schema.constraints {
                switch constraint.kind {
                case .check: try await check(constraint, row, in: info)
                case .unique: try await checkUnique(constraint, row, in: info)
                case .exclusion: try await checkExclusion(constraint, row, in: info)
                }
            }
        }
    }

    private mutating func addViolation(_ constraint: ConstraintSchema) {
        let message = constraint.violationErrorMessage ?? "Constraint “%(name)s” is violated."
        add(
            ValidationError(
                ErrorMessage(message),
                code: constraint.violationErrorCode ?? "",
                parameters: [ErrorParameter("name", constraint.name)]
            ),
            field: nil
        )
    }

    private func touchesExcluded(_ names: Set<String>) -> Bool {
        !excluded.isDisjoint(with: names)
    }

    private mutating func check(
        _ constraint: ConstraintSchema,
        _ row: DynamicRow,
        in info: ModelInfo
    ) async throws {
        guard let condition = constraint.condition, !touchesExcluded(condition.fieldNames) else {
            return
        }
        if try await !holds(condition.node, row, in: info) { addViolation(constraint) }
    }

    /// Whether a condition holds for the values of the row; it does where that is unknown.
    private func holds(
        _ node: ExpressionNode,
        _ row: DynamicRow,
        in info: ModelInfo,
        unknown: Bool = true
    ) async throws -> Bool {
        var query = ResolvedQuery(info)
        for field in info.fields {
            let value = row[field.attributeName] ?? .null
            let node = Resolved.value(value, ValueType(field))
            query.annotations[field.name] = node
            query.annotations[field.attributeName] = node
        }
        var reuse: Set<String>?
        let (group, _) = try query.conditions(.all([node]), reuse: &reuse, FilterContext())
        let writer = database.writer
        do {
            let condition = try writer.sql(group)
            let known = writer.dialect.bind(.bool(unknown), .boolean)
            let sql: SQL =
                "SELECT 1 AS \(identifier: "_check") WHERE COALESCE((\(sql: condition)), \(sql: known))"
            let statement = sql.statement(database.dialect)
            return try await database.perform(statement, mode: .read) { connection in
                var holds = false
                _ = try connection.run(statement) { _ in holds = true }
                return holds
            }
        } catch ConstantCondition.nothing {
            return false
        } catch ConstantCondition.everything {
            return true
        }
    }

    private mutating func checkUnique(
        _ constraint: ConstraintSchema,
        _ row: DynamicRow,
        in info: ModelInfo
    ) async throws {
        guard let conditions = uniqueConditions(constraint, row, in: info) else { return }
        try await checkOthers(constraint, row, conditions, in: info)
    }

    /// Refuses a row where another is like it in all ways.
    private mutating func checkExclusion(
        _ constraint: ConstraintSchema,
        _ row: DynamicRow,
        in info: ModelInfo
    ) async throws {
        guard database.features.supportsExclusionConstraints else { return }
        var conditions: [DynamicExpression] = []
        for part in constraint.exclusions {
            guard ConstraintSchema.isOperator(part.operation) else { return }
            let node = part.expression.withoutOperatorClass.node
            guard excluded.isDisjoint(with: node.fieldNames) else { return }
            let function = SQLFunction("Operator", arguments: 2, gives: .fixed(.boolean)) { call in
                let sign = SQL(unsafe: call.text("sign") ?? "=")
                return "\(sql: call.arguments[0]) \(sql: sign) \(sql: call.arguments[1])"
            }
            let own = ownValues(of: node, row, in: info)
            conditions.append(
                DynamicExpression(
                    .call(
                        FunctionCall(
                            function,
                            [node, own],
                            options: ["sign": .text(part.operation)]
                        )
                    )
                )
            )
        }
        try await checkOthers(constraint, row, conditions, in: info)
    }

    /// An expression with the fields of the row replaced by their values.
    private func ownValues(
        of node: ExpressionNode,
        _ row: DynamicRow,
        in info: ModelInfo
    ) -> ExpressionNode {
        node.replacingFields { name in
            guard let field = info.members.columnNamed(name) else { return nil }
            return .value(row[field.attributeName] ?? .null, ValueType(field))
        }
    }

    private mutating func checkOthers(
        _ constraint: ConstraintSchema,
        _ row: DynamicRow,
        _ conditions: [DynamicExpression],
        in info: ModelInfo
    ) async throws {
        let others = others(row, conditions, in: info)
        guard let condition = constraint.condition else {
            guard try await others.exists() else { return }
            if !constraint.fields.isEmpty, constraint.violationErrorMessage == nil {
                addUniqueError(constraint.fields, in: info)
            } else {
                addViolation(constraint)
            }
            return
        }
        guard !touchesExcluded(condition.fieldNames) else { return }
        let node = ExpressionNode.all([
            condition.node, .exists(others.filter(condition).query),
        ])
        if try await holds(node, row, in: info, unknown: false) { addViolation(constraint) }
    }

    /// What other rows have in common with this one; nil where nothing can be.
    private func uniqueConditions(
        _ constraint: ConstraintSchema,
        _ row: DynamicRow,
        in info: ModelInfo
    ) -> [DynamicExpression]? {
        var conditions: [DynamicExpression] = []
        for name in constraint.fields {
            guard !excluded.contains(name), let field = info.members.columnNamed(name) else {
                return nil
            }
            let value = row[field.attributeName] ?? .null
            if value == .null {
                guard constraint.treatsNullsAsDistinct == false else { return nil }
                conditions.append(.condition("\(field.attributeName)__isnull", true))
                continue
            }
            conditions.append(.condition(field.attributeName, .value(value)))
        }
        for expression in constraint.expressions {
            let node = expression.withoutOperatorClass.node
            guard excluded.isDisjoint(with: node.fieldNames) else { return nil }
            let own = ownValues(of: node, row, in: info)
            conditions.append(DynamicExpression(.lookup(.exact, node, own)))
        }
        return conditions
    }
}

extension Q {
    /// The names of the fields that it is about.
    var fieldNames: Set<String> {
        var names: Set<String> = []
        var rest = [self]
        while let next = rest.popLast() {
            switch next {
            case .all(let parts), .any(let parts), .oddCount(let parts): rest += parts
            case .not(let part): rest.append(part)
            case .lookup(let path, let operand):
                if let name = (try? NameParts.split(path))?.first { names.insert(name) }
                if case .field(let other) = operand,
                    let name = (try? NameParts.split(other))?.first
                {
                    names.insert(name)
                }
            }
        }
        return names
    }
}

extension ExpressionNode {
    /// The names of the fields that an expression of a constraint is made of.
    var fieldNames: Set<String> {
        switch self {
        case .reference(let names): Set(names.prefix(1))
        case .combined(_, let left, let right): left.fieldNames.union(right.fieldNames)
        case .call(let call): call.arguments.reduce(into: []) { $0.formUnion($1.fieldNames) }
        case .typed(let node, _), .not(let node), .transform(_, let node): node.fieldNames
        default: []
        }
    }

    /// The expression with fields replaced by values.
    func replacingFields(_ value: (String) -> ExpressionNode?) -> ExpressionNode {
        switch self {
        case .reference(let names):
            guard let name = names.first, var node = value(name) else { return self }
            for transform in names.dropFirst() { node = .transform(transform, node) }
            return node
        case .combined(let operation, let left, let right):
            return .combined(operation, left.replacingFields(value), right.replacingFields(value))
        case .call(var call):
            call.arguments = call.arguments.map { $0.replacingFields(value) }
            return .call(call)
        case .typed(let node, let type): return .typed(node.replacingFields(value), type)
        case .transform(let name, let node): return .transform(name, node.replacingFields(value))
        default: return self
        }
    }
}
