import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The models of the corpus.
struct ORMModels: Sendable {
    /// The label of a model by the corpus' name.
    static func label(_ name: String) -> String { "orm.\(name.lowercased())" }

    let json: JSONValue

    /// The models of `MODELS.json`, made known to the ORM.
    init(path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var parser = JSONTextParser(bytes: Array(text.utf8))
        json = try parser.parse()
        var schemas: [ModelSchema] = []
        for model in json["models"]?.elements ?? [] where model["kind"]?.text != "abstract" {
            schemas.append(try Self.schema(model))
        }
        ModelRegistry.register(schemas)
    }

    private static func schema(_ json: JSONValue) throws -> ModelSchema {
        let name = json["name"]?.text ?? ""
        let decoder = FieldDecoder()
        let states = StateDecoder()
        var fields: [FieldSchema] = []
        for field in json["fields"]?.elements ?? [] {
            fields.append(
                try decoder.field(field, name: field["name"]?.text ?? "", app: "orm", model: name)
            )
        }
        var schema = ModelSchema(app: "orm", name: name, fields: fields)
        schema.databaseTable = json["db_table"]?.text
        schema.isProxy = json["kind"]?.text == "proxy"
        schema.bases = (json["bases"]?.elements ?? []).compactMap(\.text).map(label)
        let options = (json["meta"]?.members ?? []).filter { $0.name != "ordering" }
        if let terms = json["meta"]?["ordering"]?.elements {
            schema.orderingTerms = try terms.map { term in
                if let name = term.text { return .name(name) }
                return .expression(try decoder.expression(term))
            }
        }
        try states.setOptions(.object(options), of: &schema)
        return schema
    }
}
