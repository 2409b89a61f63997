import NuagesCore
import NuagesORM

extension StateDecoder {
    /// The operation that a case expects.
    func operation(_ json: JSONValue, app: String) throws -> any MigrationOperation {
        let name = json["name"]?.text ?? ""
        let model = json["model_name"]?.text ?? ""
        let old = json["old_name"]?.text ?? ""
        let new = json["new_name"]?.text ?? ""
        switch json["op"]?.text {
        case "CreateModel": return try creation(json, app: app, name: name)
        case "DeleteModel": return DeleteModel(name)
        case "RenameModel": return RenameModel(from: old, to: new)
        case "AlterModelTable": return AlterModelTable(name, table: json["table"]?.text)
        case "AlterModelTableComment":
            return AlterModelTableComment(name, comment: json["table_comment"]?.text)
        case "AlterModelOptions": return try options(json, name: name)
        case "AlterUniqueTogether":
            var schema = ModelSchema(app: app, name: name, fields: [])
            let value = json["unique_together"] ?? .array([])
            try setOptions(.object([.init("unique_together", value)]), of: &schema)
            return AlterUniqueTogether(name, uniqueTogether: schema.uniqueTogether)
        case "AlterOrderWithRespectTo":
            return AlterOrderWithRespectTo(name, field: json["order_with_respect_to"]?.text)
        case "AddField", "AlterField":
            let field = try fields.field(json["field"] ?? .null, name: name, app: app, model: model)
            let keeps = json["preserve_default"]?.flag ?? true
            return json["op"]?.text == "AddField"
                ? AddField(model, field, keepsDefault: keeps)
                : AlterField(model, field, keepsDefault: keeps)
        case "RemoveField": return RemoveField(model, name)
        case "RenameField": return RenameField(model, from: old, to: new)
        case "AddIndex": return AddIndex(model, try index(json["index"] ?? .null))
        case "RemoveIndex": return RemoveIndex(model, name)
        case "RenameIndex": return RenameIndex(model, from: old, to: new)
        case "AddConstraint":
            return AddConstraint(model, try constraint(json["constraint"] ?? .null))
        case "RemoveConstraint": return RemoveConstraint(model, name)
        case "AlterConstraint":
            return AlterConstraint(model, try constraint(json["constraint"] ?? .null))
        default: throw UnsupportedCase("the operation \(json["op"]?.text ?? "?")")
        }
    }

    private func creation(_ json: JSONValue, app: String, name: String) throws -> CreateModel {
        var schema = ModelSchema(app: app, name: name, fields: [])
        try setOptions(json["options"], of: &schema)
        return CreateModel(
            name,
            fields: try fieldList(json["fields"], app: app, model: name),
            bases: bases(json["bases"])
        ) { model in
            let (fields, bases) = (model.fields, model.bases)
            schema.app = model.app
            model = schema
            model.fields = fields
            model.bases = bases
        }
    }

    private func options(_ json: JSONValue, name: String) throws -> AlterModelOptions {
        var schema = ModelSchema(app: "", name: name, fields: [])
        try setOptions(json["options"], of: &schema)
        return AlterModelOptions(name, options: ModelOptions(of: schema))
    }
}
