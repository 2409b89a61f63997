import NuagesCore

/// Looks through the relations of one model.
struct RelationCheck {
    let info: ModelInfo

    var messages: [CheckMessage] {
        clashes + mixedRules + swapped
            + info.fields.filter { $0.model === info }.flatMap(keyMessages)
            + info.schema.fields.filter { $0.type == .manyToManyField }.flatMap(throughMessages)
    }

    private func error(
        _ id: String,
        _ message: String,
        hint: String? = nil,
        _ field: String
    ) -> CheckMessage {
        CheckMessage(
            .error,
            id: id,
            message,
            hint: hint,
            object: "\(info.schema.fullName).\(field)"
        )
    }

    /// Relations with a model that another is in the place of.
    private var swapped: [CheckMessage] {
        info.members.localRelations.filter(\.target.isSwapped).map { relation in
            let target = relation.target.schema
            return error(
                "fields.E301",
                """
                It refers to \(target.fullName), in whose place \(target.swappable ?? "") puts \
                '\(target.swapped ?? "")'.
                """,
                hint: "Make it a \(target.name).SwappableReference.",
                relation.name
            )
        }
    }

    /// Ways back that have the name of a field, or of another way back.
    private var clashes: [CheckMessage] {
        let members = info.members
        let fields = Set(members.columns.map(\.name) + members.relations.map(\.name))
        var names = fields
        return members.reverses.filter { !$0.isHidden }.compactMap { reverse in
            guard !names.insert(reverse.queryName).inserted else { return nil }
            return CheckMessage(
                .error,
                id: fields.contains(reverse.queryName) ? "fields.E303" : "fields.E305",
                """
                The way back of '\(reverse.source.schema.name).\(reverse.name)' is called \
                '\(reverse.queryName)', which \(info.schema.name) already has.
                """,
                hint: "Give the relation a relatedName.",
                object: "\(reverse.source.schema.fullName).\(reverse.name)"
            )
        }
    }

    /// What the database deletes is not seen by what deletes row by row, so a chain of references
    /// has rules of one kind.
    private var mixedRules: [CheckMessage] {
        var messages: [CheckMessage] = []
        for relation in info.members.localRelations {
            if relation.kind == .manyToMany {
                if relation.schema.relation?.through == nil { messages += mixedEnds(of: relation) }
                continue
            }
            guard let rule = relation.deleteRule, rule != .doNothing,
                relation.target.members.hasRules(ofDatabase: !rule.isOfDatabase)
            else { continue }
            let (own, other) = rule.isOfDatabase ? ("database", "ORM") : ("ORM", "database")
            messages.append(
                error(
                    "fields.E323",
                    "The \(own) carries out the rule, and the \(other) one of "
                        + "\(relation.target.schema.name), which it refers to.",
                    hint: "Use rules of one kind along references.",
                    relation.name
                )
            )
        }
        let members = info.members
        if members.hasRules(ofDatabase: true), members.hasRules(ofDatabase: false) {
            messages.append(
                CheckMessage(
                    .error,
                    id: "models.E050",
                    "Some of its rules are carried out by the database, and some by the ORM.",
                    hint: "Use rules of one kind in a model.",
                    object: info.schema.fullName
                )
            )
        }
        return messages
    }

    /// The keys of a table in between that the framework makes have rules of the ORM.
    private func mixedEnds(of relation: RelationInfo) -> [CheckMessage] {
        let ends = relation.source === relation.target ? [info] : [info, relation.target]
        return ends.flatMap { end in
            end.members.relations.filter { $0.deleteRule?.isOfDatabase == true }.map { found in
                CheckMessage(
                    .error,
                    id: "fields.E323",
                    "The database carries out the rule, and the ORM those of the table in between "
                        + "that '\(relation.name)' of \(info.schema.name) makes.",
                    hint: "Change the rule, or give '\(relation.name)' a model in between.",
                    object: "\(end.schema.fullName).\(found.name)"
                )
            }
        }
    }

    /// A key must lead to one column whose values differ.
    private func keyMessages(_ field: FieldInfo) -> [CheckMessage] {
        guard let relation = field.schema.relation, let target = field.target?.info else {
            return []
        }
        guard let name = relation.targetField else {
            guard target.keyFields.count > 1 else { return [] }
            return [
                error(
                    "fields.E347",
                    "The primary key of \(target.schema.name) has several columns.",
                    hint: "Refer to it by @ForeignObject.",
                    field.name
                )
            ]
        }
        guard let end = target.field(name) else {
            return [
                error(
                    "fields.E312",
                    "'to' names '\(name)', which is no field of \(target.schema.name).",
                    field.name
                )
            ]
        }
        guard end.schema.isUniqueColumn else {
            return [
                error(
                    "fields.E311",
                    "'\(target.schema.name).\(name)' must be unique, as a foreign key refers to it.",
                    hint: "Add 'unique: true' to the field.",
                    field.name
                )
            ]
        }
        return []
    }

    /// The model in between must have one key to each end, or say which.
    private func throughMessages(_ field: FieldSchema) -> [CheckMessage] {
        guard let through = info.throughTypes[field.name]?.info,
            let target = info.targets[field.name]?.info,
            field.relation?.throughFields.isEmpty != false
        else { return [] }
        func count(_ end: ModelInfo) -> Int {
            through.fields.filter { $0.target?.info.concrete === end.concrete }.count
        }
        let own = count(info)
        let other = count(target)
        let most = info === target ? 2 : 1
        if own == 0 || other == 0 || own < most {
            return [
                error(
                    "fields.E333",
                    """
                    \(through.schema.name) is in between, but has no foreign keys to both \
                    \(info.schema.name) and \(target.schema.name).
                    """,
                    field.name
                )
            ]
        }
        guard own > most || other > most else { return [] }
        return [
            error(
                own > most ? "fields.E334" : "fields.E335",
                "\(through.schema.name) has more foreign keys than the relation can choose from.",
                hint: "Name them by 'throughFields'.",
                field.name
            )
        ]
    }
}

extension DeleteRule {
    /// Whether the database carries it out.
    var isOfDatabase: Bool {
        switch self {
        case .databaseCascade, .databaseSetNull, .databaseSetDefault: true
        default: false
        }
    }
}

extension ModelMembers {
    /// Whether a reference of the model has a rule that the database carries out, or the ORM.
    fileprivate func hasRules(ofDatabase isOfDatabase: Bool) -> Bool {
        relations.contains { relation in
            guard let rule = relation.deleteRule, rule != .doNothing else { return false }
            return rule.isOfDatabase == isOfDatabase
        }
    }
}
