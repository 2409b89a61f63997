import NuagesCore

extension DynamicRow {
    /// Checks all fields, the model's own `clean`, unique values and constraints, and sets the
    /// fields to what was cleaned.
    ///
    /// Django: `Model.full_clean`.
    ///
    /// - Parameters:
    ///   - excluded: fields that are not checked.
    ///   - checksUnique: whether other rows with the same unique values are looked for.
    ///   - checksConstraints: whether the constraints of the model are checked.
    /// - Throws: `ValidationError`, each problem with the name of its field or none;
    ///   ``FieldError``, ``DatabaseError``.
    public mutating func fullClean(
        excluding excluded: Set<String> = [],
        checksUnique: Bool = true,
        checksConstraints: Bool = true
    ) async throws {
        var validation = try validation(excluding: excluded)
        try await validation.cleanFields(&self)
        do {
            try await clean()
        } catch let error as ValidationError {
            validation.add(error)
        }
        if checksUnique {
            validation.excludeFailed()
            try await validation.checkUnique(self)
        }
        if checksConstraints {
            validation.excludeFailed()
            try await validation.checkConstraints(self)
        }
        try validation.finish()
    }

    /// Checks what the model's own `clean` does, and takes over what that sets.
    ///
    /// A row that lacks what the type of its model needs, such as a number, is not checked.
    ///
    /// Django: `Model.clean`.
    ///
    /// - Throws: `ValidationError` for what is wrong, ``DatabaseError`` for fields that were left out
    ///   and cannot be fetched.
    public mutating func clean() async throws {
        guard let model, let type = model.type else { return }
        try clean(as: type, try await complete(in: try Database.routed(.read, model)))
    }

    private mutating func clean<M: Model>(as type: M.Type, _ row: DynamicRow) throws {
        guard var value = try? M(named: row) else { return }
        let before = value.columnValues
        try value.clean()
        takeChanges(of: value, since: before)
    }

    /// Checks each field by itself, and sets the fields to what was cleaned.
    ///
    /// Django: `Model.clean_fields`.
    ///
    /// - Parameter excluded: fields that are not checked.
    /// - Throws: `ValidationError`, each problem with the name of its field; ``FieldError``,
    ///   ``DatabaseError``.
    public mutating func cleanFields(excluding excluded: Set<String> = []) async throws {
        var validation = try validation(excluding: excluded)
        try await validation.cleanFields(&self)
        try validation.finish()
    }

    /// Looks for other rows with the same unique values.
    ///
    /// Django: `Model.validate_unique`.
    ///
    /// - Parameter excluded: fields that are not checked.
    /// - Throws: `ValidationError`, each problem with the name of its field or none;
    ///   ``DatabaseError``.
    public func validateUnique(excluding excluded: Set<String> = []) async throws {
        var validation = try validation(excluding: excluded)
        try await validation.checkUnique(self)
        try validation.finish()
    }

    /// Checks the constraints of the model.
    ///
    /// Django: `Model.validate_constraints`.
    ///
    /// - Parameter excluded: fields whose constraints are not checked.
    /// - Throws: `ValidationError`; ``FieldError``, ``DatabaseError``.
    public func validateConstraints(excluding excluded: Set<String> = []) async throws {
        var validation = try validation(excluding: excluded)
        try await validation.checkConstraints(self)
        try validation.finish()
    }

    private func validation(excluding excluded: Set<String>) throws -> RowValidation {
        guard let model else { throw UsageError.notAllowed("Values cannot be checked.") }
        return RowValidation(
            model: model,
            database: try Database.routed(.read, model),
            excluded: excluded
        )
    }
}

/// Checks a row before it is saved, and gathers what is wrong.
struct RowValidation {
    let model: ModelInfo
    let database: Database
    var excluded: Set<String>
    private(set) var items: [ValidationError.Item] = []

    init(model: ModelInfo, database: Database, excluded: Set<String>) {
        self.model = model
        self.database = database
        self.excluded = excluded
    }

    private mutating func add(_ error: ValidationError, field: String?) {
        items += error.items.map { item in
            var copy = item
            copy.field = field
            return copy
        }
    }

    /// Adds problems that name their fields themselves.
    mutating func add(_ error: ValidationError) { items += error.items }

    /// Throws what was found.
    func finish() throws(ValidationError) {
        if !items.isEmpty { throw ValidationError(items) }
    }

    /// Leaves fields with problems out of further checks.
    mutating func excludeFailed() { excluded.formUnion(items.compactMap(\.field)) }

    // MARK: Fields

    mutating func cleanFields(_ row: inout DynamicRow) async throws {
        for field in model.members.columns where !excluded.contains(field.name) {
            try FieldValidators.verify(field.schema)
        }
        for field in model.members.columns {
            let schema = field.schema
            guard !excluded.contains(field.name), schema.generated == nil,
                schema.relation?.isParentLink != true
            else { continue }
            guard row.expressions[field.attributeName] == nil,
                let value = row[field.attributeName]
            else { continue }
            if schema.allowsBlank || schema.type.isAutomatic, FieldCleaning.isEmpty(value) {
                continue
            }
            let cleaning = FieldCleaning(field: field, dialect: database.dialect)
            do throws(ValidationError) {
                row.set(field.attributeName, to: try cleaning.cleaned(value))
            } catch {
                add(error, field: field.name)
                continue
            }
            try await checkTarget(of: field, row[field.attributeName] ?? .null)
        }
    }

    /// A foreign key has to lead to a row that may be chosen.
    private mutating func checkTarget(of field: FieldInfo, _ value: SQLValue) async throws {
        guard let relation = field.relation, value != .null, let end = relation.pairs.first?.to
        else { return }
        var query = DynamicQuery(relation.target, .base).using(database)
            .filter(.condition(end.attributeName, .value(value)))
        if let condition = field.schema.relation?.choicesCondition {
            query = query.filter(condition)
        }
        if try await query.exists() { return }
        add(
            field.schema.withOwnMessages(
                ValidationError(
                    "%(model)s instance with %(field)s %(value)s is not a valid choice.",
                    code: "invalid",
                    parameters: [
                        ErrorParameter("model", relation.target.schema.name),
                        ErrorParameter("field", end.name),
                        ErrorParameter("value", value.asText ?? "?"),
                    ]
                )
            ),
            field: field.name
        )
    }

    // MARK: Unique values

    /// The model and those that it inherits from.
    private var classes: [ModelInfo] {
        var classes = [model]
        var rest = model.concrete.members.parents.map(\.model)
        while let next = rest.popLast(), classes.count < 64 {
            if !classes.contains(next) { classes.append(next) }
            rest += next.members.parents.map(\.model)
        }
        return classes
    }

    mutating func checkUnique(_ row: DynamicRow) async throws {
        for info in classes {
            for names in info.schema.uniqueTogether where excluded.isDisjoint(with: names) {
                try await checkUnique(row, names, in: info)
            }
        }
        for info in classes {
            if info.keyFields.count > 1, excluded.isDisjoint(with: info.keyFields.map(\.name)) {
                try await checkUnique(row, info.keyFields.map(\.name), in: info)
            }
            for field in info.fields where !excluded.contains(field.name) {
                if field.schema.isUniqueColumn, info.keyFields.count == 1 || field.schema.isUnique {
                    try await checkUnique(row, [field.name], in: info)
                }
            }
        }
        for info in classes {
            for field in info.fields where !excluded.contains(field.name) {
                try await checkDates(row, field, in: info)
            }
        }
    }

    private func others(
        _ row: DynamicRow,
        _ conditions: [DynamicExpression],
        in info: ModelInfo
    ) -> DynamicQuery {
        let query = DynamicQuery(info, .default).using(database).filter(conditions)
        let key = info.keyFields.map { row[$0.attributeName] ?? .null }
        guard !row.isNew, !key.contains(.null) else { return query }
        return query.exclude(.condition("pk", DynamicExpression(DynamicRow.keyNode(key))))
    }

    private mutating func checkUnique(
        _ row: DynamicRow,
        _ names: [String],
        in info: ModelInfo
    ) async throws {
        var conditions: [DynamicExpression] = []
        for name in names {
            guard let field = model.members.columnNamed(name),
                let value = row[field.attributeName], value != .null
            else { return }
            if info.keyFields.contains(field), !row.isNew { return }
            conditions.append(.condition(field.attributeName, .value(value)))
        }
        if try await others(row, conditions, in: info).exists() { addUniqueError(names) }
    }

    private mutating func addUniqueError(_ names: [String]) {
        let isSingle = names.count == 1
        let labels = names.joined(separator: ", ")
        let error = ValidationError(
            isSingle
                ? "%(model_name)s with this %(field_label)s already exists."
                : "%(model_name)s with this %(field_labels)s already exists.",
            code: isSingle ? "unique" : "unique_together",
            parameters: [
                ErrorParameter("model_name", model.schema.verboseName ?? model.schema.name),
                ErrorParameter(isSingle ? "field_label" : "field_labels", labels),
            ]
        )
        let field = isSingle ? model.members.columnNamed(names[0]) : nil
        add(field?.schema.withOwnMessages(error) ?? error, field: isSingle ? names[0] : nil)
    }

    /// A value may occur only once on a day, in a month or a year.
    private mutating func checkDates(
        _ row: DynamicRow,
        _ field: FieldInfo,
        in info: ModelInfo
    ) async throws {
        let rules: [(period: String, other: String?)] = [
            ("date", field.schema.uniqueForDate), ("year", field.schema.uniqueForYear),
            ("month", field.schema.uniqueForMonth),
        ]
        for (period, other) in rules {
            guard let other, !excluded.contains(other), let day = Self.day(row[other] ?? .null)
            else { continue }
            var conditions: [DynamicExpression] = []
            if period != "month" {
                conditions.append(.condition("\(other)__year", .value(.int(day.year))))
            }
            if period != "year" {
                conditions.append(.condition("\(other)__month", .value(.int(day.month))))
            }
            if period == "date" {
                conditions.append(.condition("\(other)__day", .value(.int(day.day))))
            }
            conditions.append(
                .condition(field.attributeName, .value(row[field.attributeName] ?? .null))
            )
            guard try await others(row, conditions, in: info).exists() else { continue }
            let error = ValidationError(
                "%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s.",
                code: "unique_for_date",
                parameters: [
                    ErrorParameter("field_label", field.name),
                    ErrorParameter("date_field_label", other),
                    ErrorParameter("lookup_type", period),
                ]
            )
            add(field.schema.withOwnMessages(error), field: field.name)
        }
    }

    private static func day(_ value: SQLValue) -> CalendarDate? {
        switch value {
        case .date(let day): day
        case .dateTime(let moment):
            LocalDateTime(moment, in: StoredZone.named(CurrentZone.name) ?? .utc)?.date
        default: nil
        }
    }

    // MARK: Constraints

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
                addUniqueError(constraint.fields)
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
