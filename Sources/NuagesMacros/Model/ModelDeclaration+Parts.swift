extension ModelDeclaration {
    /// The abstract models that are asked for managers.
    var partsProperty: String? {
        guard !parts.isEmpty else { return nil }
        let types = parts.map { "\($0.type).self" }.joined(separator: ", ")
        return "    \(access)static var abstractParts: [any AbstractModel.Type] { [\(types)] }"
    }

    /// The sets of the abstract models, as sets of the model's rows.
    var setSubscripts: String? {
        let subscripts = parts.map { part in
            """
                \(access)subscript<Target>(dynamicMember member: KeyPath<\(part.type), InheritedSet<Target>>) \
            -> RelatedSet<Target> {
                    self.\(part.property)[keyPath: member].rows(of: self)
                }
            """
        }
        return subscripts.isEmpty ? nil : subscripts.joined(separator: "\n\n")
    }

    /// The way to a set of an abstract model, as it is written in the program: `\Post.tags`.
    var setPathFunction: String? {
        guard !parts.isEmpty else { return nil }
        var lines = parts.map { part in
            "if let path = \(part.type).path(toSet: set) { return \\\(type).[dynamicMember: path] }"
        }
        lines.append(isAbstract ? "return InheritedSet.path(set)" : "return nil")
        let set = isAbstract ? "InheritedSet" : "RelatedSet"
        return """
                \(access)static func path<Part: AbstractModel, Target>(
                    toSet set: any KeyPath<Part, InheritedSet<Target>> & Sendable
                ) -> (any KeyPath<\(type), \(set)<Target>> & Sendable)? {
                    \(lines.joined(separator: "\n        "))
                }
            """
    }

    /// The managers that an abstract model names for the models that have its fields.
    var managerFunctions: String? {
        let functions = ["defaultManager", "baseManager"].compactMap { requirement in
            manager(requirement).map { value in
                """
                    \(access)static func \(requirement)<M>(of objects: QuerySet<M>) -> QuerySet<M>? {
                        \(value)
                    }
                """
            }
        }
        return functions.isEmpty ? nil : functions.joined(separator: "\n\n")
    }

    private func manager(_ requirement: String) -> String? {
        if let own = managers.last(where: { $0.requirement == requirement }) {
            return "\(own.property)(objects)"
        }
        let values = parts.map { "\($0.type).\(requirement)(of: objects)" }
        return values.isEmpty ? nil : values.joined(separator: " ?? ")
    }
}
