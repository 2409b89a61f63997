import NuagesCore
import NuagesORM

/// Builds fields, conditions and expressions from the arguments of Django's `deconstruct()`.
struct FieldDecoder {
    func field(_ json: JSONValue, name: String, app: String, model: String) throws -> FieldSchema {
        var field = FieldSchema(name, FieldType(rawValue: json["type"]?.text ?? ""))
        var relation: Relation?
        if let target = json["options"]?["to"]?.text {
            let rule = json["options"]?["on_delete"]?.text.flatMap(DeleteRule.init(rawValue:))
            relation = Relation(
                to: label(target, app: app, model: model),
                onDelete: rule ?? .cascade
            )
            if let set = json["options"]?["on_delete"]?["set"] {
                relation?.onDelete = .setValue
                relation?.deleteValue = try value(set)
            }
        }
        for option in json["options"]?.members ?? [] {
            if try setFlag(option, of: &field) { continue }
            if try setValue(option, of: &field, app: app, model: model) { continue }
            guard var related = relation else {
                throw UnsupportedCase("the option '\(option.name)' of a field")
            }
            try set(option, of: &related, app: app, model: model)
            relation = related
        }
        field.relation = relation
        return field
    }

    /// A label in lower case, of a name that may have no app or mean the model itself.
    private func label(_ name: String, app: String, model: String) -> String {
        if name == "self" { return "\(app).\(model)".lowercased() }
        return name.utf8.contains(UInt8(ascii: "."))
            ? name.lowercased() : "\(app).\(name)".lowercased()
    }

    private func setFlag(_ option: JSONValue.Member, of field: inout FieldSchema) throws -> Bool {
        let flag = option.value.flag
        switch option.name {
        case "null": field.isNullable = flag ?? false
        case "blank": field.allowsBlank = flag ?? false
        case "primary_key": field.isPrimaryKey = flag ?? false
        case "unique": field.isUnique = flag ?? false
        case "db_index": field.isIndexed = flag
        case "editable": field.isEditable = flag ?? true
        case "auto_now": field.isSetOnSave = flag ?? false
        case "auto_now_add": field.isSetOnCreate = flag ?? false
        case "auto_created": field.isAutoCreated = flag ?? false
        case "serialize": field.isSerialized = flag ?? true
        default: return false
        }
        return true
    }

    private func setValue(
        _ option: JSONValue.Member,
        of field: inout FieldSchema,
        app: String,
        model: String
    ) throws -> Bool {
        let value = option.value
        switch option.name {
        case "max_length": field.maxLength = value.number
        case "max_digits": field.maxDigits = value.number
        case "decimal_places": field.decimalPlaces = value.number
        case "db_column": field.databaseColumn = value.text
        case "db_comment": field.databaseComment = value.text
        case "db_collation": field.databaseCollation = value.text
        case "db_tablespace": field.databaseTablespace = value.text
        case "unique_for_date": field.uniqueForDate = value.text
        case "unique_for_month": field.uniqueForMonth = value.text
        case "unique_for_year": field.uniqueForYear = value.text
        case "verbose_name": field.verboseName = value.text
        case "help_text": field.helpText = value.text ?? ""
        case "default": field.defaultValue = try fieldDefault(value)
        case "db_default":
            if value.members != nil, value.tag == nil {
                field.databaseDefaultExpression = try expression(value)
            } else {
                field.databaseDefault = try self.value(value)
            }
        case "choices":
            field.choices = try choices(value)
        case "validators": field.validators = try (value.elements ?? []).map(validator)
        case "expression", "output_field", "db_persist":
            try setGenerated(option, of: &field, app, model)
        case "fields": field.compositeFields = (value.elements ?? []).compactMap(\.text)
        case "protocol", "upload_to", "encoder", "decoder":
            field.customOptions[option.name] = try self.value(value)
        default: return false
        }
        return true
    }

    /// Choices, of which some may stand in groups.
    private func choices(_ json: JSONValue, group: String? = nil) throws -> [FieldChoice] {
        try (json.elements ?? []).flatMap { pair -> [FieldChoice] in
            let parts = pair.elements ?? []
            if parts.count == 2, let name = parts[0].text, parts[1].elements != nil {
                return try choices(parts[1], group: name)
            }
            return [
                FieldChoice(
                    try self.value(parts.first ?? .null),
                    parts.last?.text ?? "",
                    group: group
                )
            ]
        }
    }

    /// The three options of a generated field come in any order.
    private func setGenerated(
        _ option: JSONValue.Member,
        of field: inout FieldSchema,
        _ app: String,
        _ model: String
    ) throws {
        let known = field.generated
        var expression = known?.expression ?? .raw("")
        var output = known?.output ?? FieldSchema("", .integerField)
        var isStored = known?.isStored ?? false
        switch option.name {
        case "expression": expression = try self.expression(option.value)
        case "output_field":
            output = try self.field(option.value, name: field.name, app: app, model: model)
        default: isStored = option.value.flag ?? false
        }
        field.generated = .expression(expression, output: output, isStored: isStored)
    }

    private func set(
        _ option: JSONValue.Member,
        of relation: inout Relation,
        app: String,
        model: String
    ) throws {
        let value = option.value
        let names = (value.elements ?? []).compactMap(\.text)
        switch option.name {
        case "to", "on_delete": break
        case "related_name": relation.relatedName = value.text
        case "related_query_name": relation.relatedQueryName = value.text
        case "to_field": relation.targetField = value.text
        case "db_constraint": relation.isEnforced = value.flag ?? true
        case "through": relation.through = value.text.map { label($0, app: app, model: model) }
        case "through_fields": relation.throughFields = names
        case "symmetrical": relation.isSymmetrical = value.flag
        case "db_table": relation.databaseTable = value.text
        case "parent_link": relation.isParentLink = value.flag ?? false
        case "limit_choices_to": relation.choicesCondition = try condition(value)
        case "swappable": relation.swappableSetting = value.text
        case "from_fields": relation.fromFields = names
        case "to_fields": relation.toFields = names
        default: throw UnsupportedCase("the option '\(option.name)' of a relation")
        }
    }

    private func fieldDefault(_ json: JSONValue) throws -> FieldDefault {
        if json.tag == "callable" { return .function(json["v"]?.text ?? "") }
        return .value(try value(json))
    }

    private func validator(_ json: JSONValue) throws -> ValidatorSchema {
        var arguments: [String: SQLValue] = [:]
        for member in json.members ?? [] where member.name != "type" {
            arguments[member.name] = try value(member.value)
        }
        return ValidatorSchema(json["type"]?.text ?? "", arguments)
    }

    /// A value of a case.
    func value(_ json: JSONValue) throws -> SQLValue {
        switch json {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        case .string(let text): return .text(text)
        case .array: return .json(json)
        case .object:
            let text = json["v"]?.text ?? ""
            switch json.tag {
            case "decimal": return .parsed(.decimal, text)
            case "date": return .parsed(.date, text)
            case "time": return .parsed(.time, text)
            case "datetime": return .parsed(.dateTime, text)
            case "bytes": return .blob(bytes(text))
            case "uuid": return .parsed(.uuid, text)
            case "duration": return .duration(.microseconds(json["v"]?.number ?? 0))
            case "json": return .json(json["v"] ?? .null)
            case "dict": return .json(json["v"] ?? .null)
            default: throw UnsupportedCase("a value of kind '\(json.tag ?? "")'")
            }
        }
    }

    private func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8)
        return stride(from: 0, to: digits.count - digits.count % 2, by: 2).compactMap { start in
            UInt8(String(decoding: digits[start..<(start + 2)], as: UTF8.self), radix: 16)
        }
    }

    /// A condition of a case.
    func condition(_ json: JSONValue) throws -> Q {
        if let path = json["k"]?.text {
            let value = json["v"] ?? .null
            if let field = value["f"]?.text { return .lookup(path, .field(field)) }
            if let list = value.elements { return .lookup(path, .values(try list.map(self.value))) }
            return .lookup(path, .value(try self.value(value)))
        }
        if let parts = json["and"]?.elements { return .all(try parts.map(condition)) }
        if let parts = json["or"]?.elements { return .any(try parts.map(condition)) }
        if let parts = json["xor"]?.elements { return .oddCount(try parts.map(condition)) }
        if let part = json["not"] { return .not(try condition(part)) }
        // A dictionary of lookups, as `limit_choices_to` takes it.
        if json.tag == nil, let members = json.members {
            return .all(try members.map { .lookup($0.name, .value(try value($0.value))) })
        }
        throw UnsupportedCase("a condition")
    }

    /// An expression of a case.
    func expression(_ json: JSONValue) throws -> SchemaExpression {
        if let name = json["f"]?.text { return .field(name) }
        if let value = json["val"] { return .value(try self.value(value)) }
        if let name = json["fn"]?.text {
            return .function(name, try (json["args"]?.elements ?? []).map(expression))
        }
        if let sign = json["op"]?.text, let parts = json["args"]?.elements, parts.count == 2 {
            return .operation(try expression(parts[0]), sign, try expression(parts[1]))
        }
        if let inner = json["order"] {
            return .ordered(try expression(inner), isDescending: json["desc"]?.flag ?? false)
        }
        if case .object = json { throw UnsupportedCase("an expression") }
        return .value(try value(json))
    }
}
