import NuagesCore
import NuagesORM

/// Builds the states of a case.
struct StateDecoder {
    let fields = FieldDecoder()

    func state(_ json: JSONValue?) throws -> MigrationState {
        MigrationState(try (json?.elements ?? []).map(model))
    }

    func model(_ json: JSONValue) throws -> ModelSchema {
        let app = json["app"]?.text ?? ""
        let name = json["name"]?.text ?? ""
        let decoded = try fieldList(json["fields"], app: app, model: name)
        var model = ModelSchema(app: app, name: name, fields: decoded)
        model.bases = bases(json["bases"])
        try setOptions(json["options"], of: &model)
        return model
    }

    func fieldList(_ json: JSONValue?, app: String, model: String) throws -> [FieldSchema] {
        try (json?.elements ?? []).map { pair in
            guard let parts = pair.elements, parts.count == 2, let name = parts[0].text else {
                throw UnsupportedCase("a field")
            }
            return try fields.field(parts[1], name: name, app: app, model: model)
        }
    }

    func bases(_ json: JSONValue?) -> [String] {
        (json?.elements ?? []).compactMap(\.text).filter { $0 != "models.Model" }
            .map { $0.lowercased() }
    }

    func setOptions(_ json: JSONValue?, of model: inout ModelSchema) throws {
        for option in json?.members ?? [] {
            switch option.name {
            case "unique_together":
                model.uniqueTogether = (option.value.elements ?? []).map {
                    ($0.elements ?? []).compactMap(\.text)
                }
            case "indexes": model.indexes = try (option.value.elements ?? []).map(index)
            case "constraints":
                model.constraints = try (option.value.elements ?? []).map(constraint)
            case "proxy": model.isProxy = option.value.flag ?? false
            case "managed": model.isManaged = option.value.flag ?? true
            case "db_table": model.databaseTable = option.value.text
            case "db_table_comment": model.tableComment = option.value.text
            case "order_with_respect_to": model.orderWithRespectTo = option.value.text
            case "swappable": model.swappable = option.value.text
            case "verbose_name": model.verboseName = option.value.text
            case "verbose_name_plural": model.verboseNamePlural = option.value.text
            case "default_related_name": model.defaultRelatedName = option.value.text
            case "base_manager_name": model.baseManagerName = option.value.text
            case "default_manager_name": model.defaultManagerName = option.value.text
            case "required_db_vendor": model.requiredDatabaseVendor = option.value.text
            case "required_db_features":
                model.requiredDatabaseFeatures = strings(option.value).map {
                    DatabaseFeature(rawValue: $0)
                }
            case "select_on_save": model.selectsOnSave = option.value.flag ?? false
            case "ordering": model.ordering = strings(option.value)
            case "get_latest_by": model.latestBy = strings(option.value)
            case "default_permissions": model.defaultPermissions = strings(option.value)
            case "permissions":
                model.permissions = (option.value.elements ?? []).compactMap { pair in
                    let parts = strings(pair)
                    return parts.count == 2 ? PermissionSchema(parts[0], parts[1]) : nil
                }
            case "abstract": break
            default: throw UnsupportedCase("the option '\(option.name)' of a model")
            }
        }
    }

    private func strings(_ json: JSONValue) -> [String] {
        json.text.map { [$0] } ?? (json.elements ?? []).compactMap(\.text)
    }

    func index(_ json: JSONValue) throws -> IndexSchema {
        guard json["type"]?.text ?? "Index" == "Index" else { throw UnsupportedCase("an index") }
        var index = IndexSchema(
            json["fields"].map(strings) ?? [],
            name: json["name"]?.text ?? "",
            condition: try json["condition"].map(fields.condition)
        )
        index.expressions = try (json["expressions"]?.elements ?? []).map(fields.expression)
        index.include = json["include"].map(strings) ?? []
        index.operatorClasses = json["opclasses"].map(strings) ?? []
        index.databaseTablespace = json["db_tablespace"]?.text
        return index
    }

    func constraint(_ json: JSONValue) throws -> ConstraintSchema {
        let name = json["name"]?.text ?? ""
        let condition = try json["condition"].map(fields.condition)
        switch json["type"]?.text {
        case "CheckConstraint":
            return .check(
                name: name,
                condition: condition ?? .all([]),
                violationErrorCode: json["violation_error_code"]?.text,
                violationErrorMessage: json["violation_error_message"]?.text
            )
        case "UniqueConstraint":
            return .unique(
                name: name,
                fields: json["fields"].map(strings) ?? [],
                expressions: try (json["expressions"]?.elements ?? []).map(fields.expression),
                condition: condition,
                deferrable: json["deferrable"]?.text.flatMap {
                    ConstraintSchema.Deferrable(rawValue: $0.uppercased())
                },
                include: json["include"].map(strings) ?? [],
                operatorClasses: json["opclasses"].map(strings) ?? [],
                treatsNullsAsDistinct: json["nulls_distinct"]?.flag,
                violationErrorCode: json["violation_error_code"]?.text,
                violationErrorMessage: json["violation_error_message"]?.text
            )
        default: throw UnsupportedCase("a constraint of kind \(json["type"]?.text ?? "?")")
        }
    }

    /// The operations with fields as Django compares them and groups in one order.
    func normalized(_ operations: [any MigrationOperation]) -> [any MigrationOperation] {
        operations.map { operation in
            switch operation {
            case var create as CreateModel:
                create.model.fields = create.model.fields.map(named)
                create.model.bases = create.model.bases.map { $0.lowercased() }
                create.model.uniqueTogether.sort { $0.lexicographicallyPrecedes($1) }
                return create
            case var add as AddField:
                add.field = named(add.field)
                add.modelName = add.modelName.lowercased()
                return add
            case var alter as AlterField:
                alter.field = named(alter.field)
                alter.modelName = alter.modelName.lowercased()
                return alter
            case var together as AlterUniqueTogether:
                together.uniqueTogether.sort { $0.lexicographicallyPrecedes($1) }
                return together
            default: return operation
            }
        }
    }

    private func named(_ field: FieldSchema) -> FieldSchema {
        var copy = field.normalized()
        copy.name = field.name
        return copy
    }
}
