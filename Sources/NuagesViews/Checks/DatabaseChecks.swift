import NuagesCore
import NuagesORM

extension SiteContext {
    /// Relations that lead from one database to another, which no database can join or enforce.
    func databaseChecks() throws -> [CheckMessage] {
        guard !databases.routers.isEmpty else { return [] }
        var messages: [CheckMessage] = []
        let schemas = declaredModels.map { model in model.schema }
        let byLabel = Dictionary(schemas.map { ($0.label, $0) }) { first, _ in first }
        for schema in schemas {
            for field in schema.fields {
                guard let relation = field.relation,
                    let target = byLabel[relation.target.lowercased()],
                    try !databases.allowsRelation(schema, target)
                else { continue }
                messages.append(
                    CheckMessage(
                        .error,
                        id: "databases.E001",
                        "'\(field.name)' refers to '\(target.label)' in another database.",
                        hint: "Route both models to one database, keep the key in a plain field, "
                            + "or say in 'allowRelation' of a router that the rows may refer.",
                        object: schema.label
                    )
                )
            }
        }
        return messages
    }
}
