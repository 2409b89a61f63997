import NuagesCore

extension NaturallyKeyed {
    /// What is wrong with the declaration of the natural key.
    static var naturalKeyMessages: [CheckMessage] {
        do {
            _ = try naturalKey.parts.nodes()
        } catch {
            return [
                CheckMessage(
                    .error,
                    id: "models.E101",
                    "\(error)",
                    hint: "A natural key is made of stored properties of the model.",
                    object: schema.fullName
                )
            ]
        }
        let names = naturalKey.parts.list.compactMap { $0.schema?.name }
        guard !isUnique(names) else { return [] }
        return [
            CheckMessage(
                .warning,
                id: "models.W101",
                "Several rows may have the same natural key: \(names.joined(separator: ", ")).",
                hint: "Let a field of it be unique, or name them together in 'uniqueTogether'.",
                object: schema.fullName
            )
        ]
    }

    /// Whether no two rows have the same values in some fields.
    private static func isUnique(_ names: [String]) -> Bool {
        let fields = meta.allFields.map(\.schema).filter { names.contains($0.name) }
        if fields.contains(where: \.isUniqueColumn) { return true }
        let schemas = [schema] + meta.parents.map { $0.type.schema }
        return schemas.contains { schema in
            let groups =
                schema.uniqueTogether
                + schema.constraints.filter { $0.kind == .unique && $0.condition == nil }
                .map(\.fields)
            return groups.contains { group in
                !group.isEmpty && group.allSatisfy { names.contains($0) }
            }
        }
    }
}
