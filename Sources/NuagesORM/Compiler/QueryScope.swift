/// The names that one `SELECT` knows: its tables, and the conditions on them so far.
struct QueryScope {
    let model: ModelInfo
    let graph: RelationGraph
    let dialect: any SQLDialect
    /// How many queries this one is inside of.
    let depth: Int
    var joins: JoinMap
    /// Whether columns are written with the alias of their table.
    var qualifiesColumns = true
    var conditions: [WhereNode] = []
    /// Conditions on values of several rows.
    var groupConditions: [WhereNode] = []

    init(_ model: ModelInfo, dialect: any SQLDialect, depth: Int = 0) throws(FieldError) {
        // Aliases of nested queries count through the alphabet from U.
        let letters = ["U", "V", "W", "X", "Y", "Z"]
        guard depth <= letters.count else {
            throw .invalidQuery("Queries are nested more than \(letters.count) deep.")
        }
        self.model = model
        self.dialect = dialect
        self.depth = depth
        graph = ModelRegistry.graph
        joins = JoinMap(model, prefix: depth == 0 ? nil : letters[depth - 1])
    }

    /// A column with the field that it holds.
    struct Column {
        let join: Int
        let field: ModelInfo.FieldInfo
        let sql: SQL
    }

    /// The relations of a path, and the field at its end.
    func steps(
        _ path: RelationPath,
        _ name: String
    ) throws(FieldError) -> (steps: [JoinMap.Step], field: ModelInfo.FieldInfo) {
        var steps: [JoinMap.Step] = []
        var info = model
        for relation in path.names {
            if let field = info.field(relation), let target = field.target {
                steps.append(.forward(field, to: target.info))
                info = target.info
            } else if let reverse = graph.reverse(relation, of: info) {
                steps.append(.back(reverse, from: info))
                info = reverse.source
            } else if info.field(relation) != nil {
                throw .notARelation(name: relation, model: info.schema.name)
            } else {
                throw .unknownField(
                    name: relation,
                    model: info.schema.name,
                    choices: LookupPath.choices(info, graph)
                )
            }
        }
        guard let field = info.field(name) else {
            throw .unknownField(
                name: name,
                model: info.schema.name,
                choices: LookupPath.choices(info, graph)
            )
        }
        return (steps, field)
    }

    /// Joins `steps`, one after the other.
    mutating func join(_ steps: [JoinMap.Step], reuse: Set<Int>?) -> [Int] {
        var indices: [Int] = []
        for step in steps {
            indices.append(joins.join(step, on: indices.last ?? 0, reuse: reuse))
        }
        return indices
    }

    /// The column of `field` behind `steps`, without joins whose key the table before them holds.
    mutating func trimmedColumn(
        _ field: ModelInfo.FieldInfo,
        steps: [JoinMap.Step],
        indices: inout [Int]
    ) -> Column {
        var column = field.column
        var target = field
        var remaining = steps
        while let last = remaining.last, last.isForward, last.column == column,
            let index = indices.last
        {
            let parent = indices.dropLast().last ?? 0
            guard
                let key = joins[parent].info.fields.first(where: { $0.column == last.parentColumn })
            else { break }
            joins.release(index)
            indices.removeLast()
            remaining.removeLast()
            column = last.parentColumn
            target = key
        }
        let join = indices.last ?? 0
        return Column(
            join: join,
            field: target,
            sql: qualifiesColumns
                ? "\(identifier: joins[join].alias).\(identifier: column)"
                : "\(identifier: column)"
        )
    }

    /// The column of a path, joined as far as it needs.
    mutating func column(
        _ path: RelationPath,
        _ name: String,
        reuse: Set<Int>?
    ) throws(FieldError) -> Column {
        let (steps, field) = try steps(path, name)
        var indices = join(steps, reuse: reuse)
        return trimmedColumn(field, steps: steps, indices: &indices)
    }
}

extension JoinMap.Step {
    static func forward(_ field: ModelInfo.FieldInfo, to target: ModelInfo) -> Self {
        JoinMap.Step(
            info: target,
            parentColumn: field.column,
            column: target.primaryKey.column,
            leadsToMany: false,
            isNullable: field.schema.isNullable,
            isForward: true
        )
    }

    static func back(_ reverse: RelationGraph.Reverse, from info: ModelInfo) -> Self {
        JoinMap.Step(
            info: reverse.source,
            parentColumn: info.primaryKey.column,
            column: reverse.field.column,
            leadsToMany: !reverse.field.schema.isUniqueColumn,
            isNullable: true,
            isForward: false
        )
    }
}
