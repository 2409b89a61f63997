public import NuagesCore

extension ModelRegistry {
    /// What is wrong with the declarations of models.
    ///
    /// - Parameters:
    ///   - models: the models of a site.
    ///   - databases: its databases; what some of them cannot do is looked for in the models that
    ///     are migrated there.
    /// - Returns: messages with Django's ids, empty if all is well.
    public static func check(
        _ models: [any Model.Type],
        on databases: DatabaseGroup = DatabaseGroup()
    ) -> [CheckMessage] {
        noticed(models)
        let infos = models.map { $0.info }
        return infos.flatMap { ModelCheck($0, databases).messages } + sharedTables(infos)
            + infos.flatMap { RelationCheck(info: $0).messages }
            + models.flatMap { ($0 as? any NaturallyKeyed.Type)?.naturalKeyMessages ?? [] }
    }

    private static func sharedTables(_ infos: [ModelInfo]) -> [CheckMessage] {
        Dictionary(grouping: infos.filter { $0.proxied == nil }, by: \.table).sorted {
            $0.key < $1.key
        }
        .filter { $0.value.count > 1 }
        .map { table, infos in
            let names = infos.map(\.schema.fullName).joined(separator: ", ")
            return CheckMessage(
                .error,
                id: "models.E028",
                "The table '\(table)' belongs to several models: \(names).",
                object: table
            )
        }
    }
}

/// Looks through the declaration of one model.
private struct ModelCheck {
    private let info: ModelInfo
    private let schema: ModelSchema
    /// The databases that the model is migrated on, in the order of their names.
    private let databases: [Database]

    init(_ info: ModelInfo, _ group: DatabaseGroup) {
        self.info = info
        schema = info.schema
        let model = (app: info.schema.app, name: info.schema.name.lowercased())
        databases = group.databases.sorted { $0.key < $1.key }.compactMap { name, database in
            let isMigrated =
                group.allowsMigrating(name, app: model.app, model: model.name)
                && info.schema.isPossible(on: database.dialect.vendor, database.features)
            return isMigrated ? database : nil
        }
    }

    var messages: [CheckMessage] {
        schema.fields.flatMap {
            nameMessages($0) + lengthMessages($0) + ruleMessages($0) + validatorMessages($0)
                + fileMessages($0)
        }
            + columnMessages + orderingMessages + groupMessages + schema.swapMessages
    }

    /// The name of the first database that cannot do something; nil where all can.
    private func vendor(without feature: (DatabaseFeatures) -> Bool) -> String? {
        databases.first { !feature($0.features) }?.dialect.vendor
    }

    private func error(
        _ id: String,
        _ message: String,
        hint: String? = nil,
        field: FieldSchema? = nil
    ) -> CheckMessage {
        let suffix = field.map { ".\($0.name)" } ?? ""
        return CheckMessage(.error, id: id, message, hint: hint, object: schema.fullName + suffix)
    }

    private func nameMessages(_ field: FieldSchema) -> [CheckMessage] {
        if field.name.utf8.last == UInt8(ascii: "_") {
            return [
                error("fields.E001", "A field's name must not end in an underscore.", field: field)
            ]
        }
        if field.name.contains("__") {
            return [
                error(
                    "fields.E002",
                    "A field's name must not have two underscores together.",
                    hint: "Lookups are separated by them.",
                    field: field
                )
            ]
        }
        if field.name == "pk" {
            return [error("fields.E003", "'pk' is the name of every primary key.", field: field)]
        }
        return []
    }

    private func fileMessages(_ field: FieldSchema) -> [CheckMessage] {
        guard field.type.isFile else { return [] }
        var messages: [CheckMessage] = []
        if field.isPrimaryKey {
            messages.append(
                error("fields.E201", "A file cannot be a primary key.", field: field)
            )
        }
        if case .text(let folder)? = field.customOptions["upload_to"], folder.utf8.first == 0x2F {
            messages.append(
                error(
                    "fields.E202",
                    "'uploadTo' must be a relative path, not an absolute one.",
                    hint: "Remove the leading slash.",
                    field: field
                )
            )
        }
        return messages
    }

    private func lengthMessages(_ field: FieldSchema) -> [CheckMessage] {
        var messages: [CheckMessage] = []
        if let length = field.maxLength, length < 1 {
            messages.append(
                error("fields.E121", "'maxLength' must be a positive number.", field: field)
            )
        }
        if field.type == .charField, field.maxLength == nil,
            let vendor = vendor(without: \.supportsUnlimitedCharacters)
        {
            messages.append(
                error(
                    "fields.E120",
                    "A CharField must have a 'maxLength' on \(vendor).",
                    hint: "Text of any length is a TextField.",
                    field: field
                )
            )
        }
        let longest = field.choices.map { choice in
            if case .text(let text) = choice.value { text.unicodeScalars.count } else { 0 }
        }.max()
        if let length = field.maxLength, let longest, longest > length {
            messages.append(
                error(
                    "fields.E009",
                    "'maxLength' is too small for the longest choice (\(longest)).",
                    field: field
                )
            )
        }
        return messages + (field.type == .decimalField ? digitMessages(field) : [])
    }

    /// The digits of a decimal are said both, or neither where the database can do without.
    private func digitMessages(_ field: FieldSchema) -> [CheckMessage] {
        if let places = field.decimalPlaces, places < 0 {
            return [error("fields.E131", "'decimalPlaces' must not be negative.", field: field)]
        }
        if let digits = field.maxDigits, digits < 1 {
            return [error("fields.E133", "'maxDigits' must be a positive number.", field: field)]
        }
        switch (field.maxDigits, field.decimalPlaces) {
        case (let digits?, let places?):
            guard places > digits else { return [] }
            return [
                error("fields.E134", "'maxDigits' must be at least 'decimalPlaces'.", field: field)
            ]
        case (nil, nil):
            guard let vendor = vendor(without: \.supportsUnlimitedDecimals) else { return [] }
            return [
                error(
                    "fields.E130",
                    "A Decimal must have 'decimalPlaces' on \(vendor).",
                    field: field
                ),
                error("fields.E132", "A Decimal must have 'maxDigits' on \(vendor).", field: field),
            ]
        default:
            return [
                error(
                    "fields.E135",
                    "A Decimal has both 'maxDigits' and 'decimalPlaces', or neither.",
                    field: field
                )
            ]
        }
    }

    private func validatorMessages(_ field: FieldSchema) -> [CheckMessage] {
        FieldValidators.mistakes(of: field).map { validator, mistake in
            error(
                "fields.E008",
                "The validator '\(validator)' cannot be used.",
                hint: mistake.reason,
                field: field
            )
        }
    }

    private func ruleMessages(_ field: FieldSchema) -> [CheckMessage] {
        var messages: [CheckMessage] = []
        let times = [field.isSetOnSave, field.isSetOnCreate, field.defaultValue != nil]
        if times.count(where: { $0 }) > 1 {
            messages.append(
                error(
                    "fields.E160",
                    "'autoNow', 'autoNowAdd' and an initial value exclude each other.",
                    field: field
                )
            )
        }
        if field.type == .genericIPAddressField, field.allowsBlank, !field.isNullable {
            messages.append(
                error(
                    "fields.E150",
                    "An address that may be blank must be one that may be nil.",
                    hint: "Make the property optional.",
                    field: field
                )
            )
        }
        return messages + deletionMessages(field)
    }

    private func deletionMessages(_ field: FieldSchema) -> [CheckMessage] {
        switch field.relation?.onDelete {
        case .setNull? where !field.isNullable, .databaseSetNull? where !field.isNullable:
            let rule = field.relation?.onDelete == .setNull ? "setNull" : "databaseSetNull"
            return [
                error(
                    "fields.E320",
                    "The rule '.\(rule)' needs a reference that may be empty.",
                    hint: "Make the property optional, or change the rule.",
                    field: field
                )
            ]
        case .setDefault? where field.defaultValue == nil:
            return [error("fields.E321", "The rule '.setDefault' needs a default.", field: field)]
        case .databaseSetDefault?:
            var messages: [CheckMessage] = []
            if field.databaseDefault == nil, field.databaseDefaultExpression == nil {
                messages.append(
                    error(
                        "fields.E322",
                        "The rule '.databaseSetDefault' needs a 'databaseDefault'.",
                        hint: "Add one, or change the rule.",
                        field: field
                    )
                )
            }
            if let vendor = vendor(without: \.supportsSetDefaultOnDelete) {
                messages.append(
                    error(
                        "fields.E324",
                        "\(vendor) has no rule '.databaseSetDefault'.",
                        hint: "Change the rule to '.setDefault'.",
                        field: field
                    )
                )
            }
            return messages
        default: return []
        }
    }

    private var columnMessages: [CheckMessage] {
        var seen: Set<String> = []
        return info.fields.filter { !seen.insert($0.column).inserted }.map {
            error(
                "models.E007",
                "The column '\($0.column)' belongs to two fields.",
                hint: "Give one of them a 'column'.",
                field: $0.schema
            )
        }
    }

    private var orderingMessages: [CheckMessage] {
        schema.ordering.compactMap { name in
            guard !ResolvedQuery.isOrdering(name, of: info) else { return nil }
            return error(
                "models.E015",
                "'ordering' names '\(name)', which is no field or relation."
            )
        }
    }

    private var groupMessages: [CheckMessage] {
        let groups =
            schema.uniqueTogether.map { ("uniqueTogether", $0) }
            + schema.indexes.map { ("indexes", $0.fields) }
            + schema.constraints.map { ("constraints", $0.fields) }
        return groups.flatMap { option, names in
            names.compactMap { name in
                let plain = name.utf8.first == UInt8(ascii: "-") ? String(name.dropFirst()) : name
                switch info.members.member(plain) {
                case .column(let field) where field.model === info.concrete: return nil
                case .relation(let relation, isReverse: false)
                where relation.source === info.concrete && relation.kind != .manyToMany:
                    return nil
                case .relation(let relation, isReverse: false) where relation.kind == .manyToMany:
                    return error(
                        "models.E013",
                        "'\(option)' names '\(plain)', which has no column in the table."
                    )
                case .column, .relation(_, isReverse: false):
                    return error(
                        "models.E016",
                        "'\(option)' names '\(plain)', whose column is in a parent's table."
                    )
                case .composite, .relation, nil:
                    return error(
                        "models.E012",
                        "'\(option)' names '\(plain)', which is no field."
                    )
                }
            }
        }
    }
}
