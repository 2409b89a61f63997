/// A way from a model along relations to a column, with what of the name is left.
struct FoundPath {
    var steps: [FoundStep] = []
    var end: End
    var targets: [FieldInfo]
    /// The model whose columns the targets are.
    var model: ModelInfo
    var rest: [String]

    /// What the last name meant.
    enum End {
        case column(FieldInfo)
        case composite([FieldInfo])
        case relation(RelationInfo, isReverse: Bool)
        case annotation(Resolved)

        var isRelation: Bool {
            if case .relation = self { true } else { false }
        }
    }

    struct FoundStep {
        var step: PathStep
        var filtered: FilteredRelation?
    }
}

/// The tables of a path, joined.
struct JoinedPath {
    var found: FoundPath
    var aliases: [String]
    var targets: [FieldInfo]
    /// Names behind the path that are transforms.
    var transforms: [String]
    /// Why the names behind it are no path, for the message where they are no transforms either.
    var pathError: (any Error)?

    var alias: String { aliases.last ?? "" }
}

/// A relation to many on a path that has to be taken to one only.
struct MultipleJoin: Error {
    /// The names until there, each with its steps.
    let names: [(name: String, steps: [PathStep])]
}

extension ResolvedQuery {
    /// Follows names as far as they are relations and fields.
    func path(
        _ names: [String],
        from start: ModelInfo,
        allowsMany: Bool = true,
        mustBeWhole: Bool = false
    ) throws -> FoundPath {
        var found = FoundPath(end: .composite([]), targets: [], model: start, rest: [])
        var model = start
        var passed: [(name: String, steps: [PathStep])] = []
        for (position, name) in names.enumerated() {
            var walked: [PathStep] = []
            var end: FoundPath.End?
            var filtered: FilteredRelation?
            var lastStep: PathStep?
            switch model.members.member(name) {
            case .column(let field): end = .column(field)
            case .composite(let fields): end = .composite(fields)
            case .relation(let relation, let isReverse)
            where !(isReverse && relation.isHidden && relation.kind != .manyToMany):
                end = .relation(relation, isReverse: isReverse)
            default:
                if let annotation = selectedAnnotations[name] {
                    end = .annotation(annotation)
                } else if position == 0, let relation = filteredRelations[name] {
                    filtered = relation
                    let inner = try path(
                        relation.path,
                        from: model,
                        allowsMany: allowsMany,
                        mustBeWhole: mustBeWhole
                    )
                    end = inner.end
                    found.steps += inner.steps.dropLast()
                    // Of a relation through rows in between, only the last join has conditions.
                    lastStep = inner.steps.last?.step
                    if let before = inner.steps.dropLast().last?.step { model = before.to }
                }
            }
            guard let end else {
                if position == 0 || mustBeWhole { throw unknown(name, model) }
                found.rest = Array(names[position...])
                return found
            }
            if lastStep == nil, let owner = end.owner, owner.concrete !== model.concrete {
                let parents = model.members.path(toParent: owner)
                found.steps += parents.map { FoundPath.FoundStep(step: $0) }
                walked += parents
                model = parents.last?.to ?? model
            }
            found.end = end
            guard case .relation(let relation, let isReverse) = end else {
                switch end {
                case .column(let field): found.targets = [field]
                case .composite(let fields): found.targets = fields
                default: found.targets = []
                }
                if mustBeWhole, position + 1 < names.count {
                    throw FieldError.notJoinable(
                        name: names[position + 1],
                        field: name
                    )
                }
                found.model = model
                found.rest = Array(names[(position + 1)...])
                return found
            }
            let steps =
                lastStep.map { [$0] } ?? (isReverse ? relation.reverseSteps : relation.steps)
            if !allowsMany, let many = steps.firstIndex(where: \.isMany) {
                walked += steps[...many]
                passed.append((name, walked))
                throw MultipleJoin(names: passed)
            }
            for (index, step) in steps.enumerated() {
                let isLast = index == steps.count - 1
                found.steps.append(
                    FoundPath.FoundStep(step: step, filtered: isLast ? filtered : nil)
                )
            }
            walked += steps
            passed.append((name, walked))
            guard let last = steps.last else { throw unknown(name, model) }
            model = last.to
            found.targets = last.targetFields
            found.model = model
        }
        return found
    }

    func unknown(_ name: String, _ model: ModelInfo) -> FieldError {
        .unknownField(
            name: name,
            model: model.schema.name,
            choices: model.members.names + annotations.names + filteredRelations.keys.sorted()
        )
    }

    /// Joins the tables of a path; what stands behind its longest part that is one are transforms.
    mutating func joinPath(
        _ names: [String],
        from model: ModelInfo,
        alias: String,
        reuse: inout Set<String>?,
        allowsMany: Bool = true
    ) throws -> JoinedPath {
        var found: FoundPath?
        var pathError: (any Error)?
        var pivot = names.count
        while pivot > 0 {
            do {
                found = try path(
                    Array(names[..<pivot]),
                    from: model,
                    allowsMany: allowsMany,
                    mustBeWhole: true
                )
                break
            } catch let error as FieldError {
                if pivot == 1 { throw error }
                pathError = error
            }
            pivot -= 1
        }
        guard let found else { throw FieldError.invalidName(names.joined(separator: "__")) }
        var aliases = [alias]
        for entry in found.steps {
            let step = entry.step
            var join = Join(alias: "", model: step.to, parent: aliases.last, step: step)
            join.kind = .inner
            join.isNullable = step.isDirect ? step.isNullable : true
            join.filtered = entry.filtered
            join.alias = entry.filtered?.name ?? ""
            let next = try addResolving(join, reuse: step.isMany ? reuse : nil)
            if entry.filtered != nil { reuse?.insert(next) }
            aliases.append(next)
        }
        return JoinedPath(
            found: found,
            aliases: aliases,
            targets: found.targets,
            transforms: Array(names[pivot...]),
            pathError: pathError
        )
    }

    /// Adds a join; the conditions of a new filtered one are looked up.
    private mutating func addResolving(_ join: Join, reuse: Set<String>?) throws -> String {
        let count = joins.count
        let alias = add(join, reuse: reuse)
        guard let filtered = join.filtered, joins.count > count,
            let index = index(of: alias)
        else { return alias }
        let known = joins.count
        var reuse = reuse.map { $0.union([alias]) } ?? Set(joins.map(\.alias))
        let resolved = try filteredCondition(filtered.condition, reuse: &reuse)
        joins[index].filtered?.resolved = .group(resolved)
        // The condition's own joins have to stand in front.
        if joins.count > known { joins.append(joins.remove(at: index)) }
        return alias
    }

    /// Leaves out joins whose only use is a key that the table before holds too.
    mutating func trim(
        _ path: JoinedPath
    ) -> (targets: [FieldInfo], alias: String, aliases: [String]) {
        var aliases = path.aliases
        var targets = path.targets
        for entry in path.found.steps.reversed() {
            guard aliases.count > 1, entry.step.isDirect, entry.filtered == nil else { break }
            let pairs = entry.step.pairs
            let known = Set(pairs.map(\.to.column))
            guard targets.allSatisfy({ known.contains($0.column) }) else { break }
            targets = targets.compactMap { target in
                pairs.first { $0.to.column == target.column }?.from
            }
            release(aliases.removeLast())
        }
        return (targets, aliases.last ?? "", aliases)
    }

    /// A column of a path, with its transforms.
    func column(_ field: FieldInfo, _ alias: String, _ path: JoinedPath) throws -> Resolved {
        let type: ValueType? =
            if case .relation = path.found.end { relationType(field) } else { nil }
        var node = Resolved.column(ColumnReference(alias, field, type: type))
        for name in path.transforms {
            do {
                node = try transformed(node, name, among: path.transforms)
            } catch {
                throw path.found.end.isField ? path.pathError ?? error : error
            }
        }
        return node
    }

    private func relationType(_ field: FieldInfo) -> ValueType { ValueType(field) }
}

extension FoundPath.End {
    var owner: ModelInfo? {
        switch self {
        case .column(let field): field.model
        case .composite(let fields): fields.first?.model
        case .relation(let relation, let isReverse): isReverse ? relation.target : relation.source
        case .annotation: nil
        }
    }

    /// Whether it is a column or a foreign key, not a way back.
    var isField: Bool {
        switch self {
        case .column, .composite: true
        case .relation(_, let isReverse): !isReverse
        case .annotation: false
        }
    }
}

extension ResolvedQuery {
    /// Whether a model can be ordered by a name.
    static func isOrdering(_ name: String, of model: ModelInfo) -> Bool {
        guard case .name(let path) = Ordering(name: name).term else { return true }
        var query = ResolvedQuery(model)
        guard let names = try? NameParts.split(path) else { return false }
        return (try? query.resolve(.reference(names))) != nil
    }
}
