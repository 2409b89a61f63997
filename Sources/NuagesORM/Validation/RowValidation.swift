import NuagesCore

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

    mutating func add(_ error: ValidationError, field: String?) {
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
                let cleaned = try cleaning.cleaned(value)
                // A file that waits is known by its name only here.
                if row.waiting[field.attributeName] == nil {
                    row.set(field.attributeName, to: cleaned)
                }
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
    var classes: [ModelInfo] {
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

    func others(
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
        if try await others(row, conditions, in: info).exists() {
            addUniqueError(names, in: info)
        }
    }

    mutating func addUniqueError(_ names: [String], in info: ModelInfo) {
        let isSingle = names.count == 1
        let all = names.map(label(of:))
        let labels =
            isSingle
            ? all[0] : "\(all.dropLast().joined(separator: ", ")) and \(all.last ?? "")"
        let error = ValidationError(
            isSingle
                ? "%(model_name)s with this %(field_label)s already exists."
                : "%(model_name)s with this %(field_labels)s already exists.",
            code: isSingle ? "unique" : "unique_together",
            parameters: [
                ErrorParameter("model_name", info.schema.nameForPeople.withCapital),
                ErrorParameter(isSingle ? "field_label" : "field_labels", labels),
            ]
        )
        let field = isSingle ? model.members.columnNamed(names[0]) : nil
        add(field?.schema.withOwnMessages(error) ?? error, field: isSingle ? names[0] : nil)
    }

    /// What people call a field, with a capital in front.
    private func label(of name: String) -> String {
        (model.members.columnNamed(name)?.schema.nameForPeople ?? name).withCapital
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
                    ErrorParameter("field_label", label(of: field.name)),
                    ErrorParameter("date_field_label", label(of: other)),
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
}
