extension QuerySet {
    /// The rows with the rows that a foreign key leads to, in the same query.
    ///
    ///     let choices = try await Choice.objects.selectRelated(\.question).all()
    ///     choices[0].question.loaded      // no further query
    ///
    /// - Parameter relation: the foreign key.
    /// - Returns: a query set.
    public func selectRelated<Key: RelationKey>(
        _ relation: any KeyPath<M, Key> & Sendable
    ) -> Self {
        guard let field = M.meta.field(relation) else { return self }
        return selectRelated(field.schema.name)
    }

    /// The rows with the rows that foreign keys lead to, in the dynamic form.
    ///
    ///     Choice.objects.selectRelated("question__author")
    ///
    /// A name that is no foreign key is a ``FieldError`` when the query runs.
    ///
    /// - Parameter paths: paths of foreign keys.
    /// - Returns: a query set.
    public func selectRelated(_ paths: String...) -> Self {
        with { query in
            guard case .model(var related) = query.selection else { return }
            for path in paths {
                do throws(FieldError) {
                    try related.add(RelationPath(splitting: path).names[...], of: query.model)
                } catch {
                    query.filters.append(
                        Query.FilterCall(condition: .invalid(error), isNegated: false)
                    )
                }
            }
            query.selection = .model(related)
        }
    }

    /// The rows with the rows that refer to them, in one further query for all.
    ///
    ///     let questions = try await Question.objects.prefetch(\.choices).all()
    ///     questions[0].choices.loaded     // no further query
    ///
    /// - Parameter relation: a set of related rows.
    /// - Returns: a query set.
    public func prefetch<Source: Model>(
        _ relation: any KeyPath<M, RelatedSet<Source>> & Sendable
    ) -> Self {
        guard let reverse = M.meta.reverses.first(where: { $0.keyPath == relation }) else {
            return self
        }
        var copy = with { _ in }
        if let load = reverse.prefetch { copy.prefetches.append(Prefetch(load: load)) }
        return copy
    }

    /// The rows with the rows that a foreign key leads to, in one further query for all.
    ///
    /// - Parameter relation: the foreign key.
    /// - Returns: a query set.
    public func prefetch<Target: Model>(
        _ relation: any WritableKeyPath<M, ModelReference<Target>> & Sendable
    ) -> Self {
        var copy = with { _ in }
        copy.prefetches.append(
            Prefetch { models, database in
                let keys = Array(Set(models.map { $0[keyPath: relation].id }))
                var byKey: [PrimaryKey<Target>: Target] = [:]
                for batch in keys.batches(of: database.features.maxBindings) {
                    let rows = try await Target.objects.using(database)
                        .filtered(
                            .lookup(
                                .in,
                                .field(RelationPath(), "pk"),
                                .values(batch.map(\.operand))
                            ),
                            isNegated: false
                        ).all()
                    for row in rows { byKey[row.id] = row }
                }
                for index in models.indices {
                    if let row = byKey[models[index][keyPath: relation].id] {
                        models[index][keyPath: relation] = ModelReference(row)
                    }
                }
            }
        )
        return copy
    }
}

/// Loads related rows of models that were fetched.
struct Prefetch<M: Model>: Sendable {
    let load: @Sendable (inout [M], Database) async throws -> Void
}

extension RelationPath {
    /// The path of a text such as `question__author`.
    init(splitting text: String) {
        var names: [String] = []
        var rest = Substring(text)
        while let index = rest.utf8Index(ofPair: UInt8(ascii: "_")) {
            names.append(String(rest[..<index]))
            rest = rest[rest.utf8.index(index, offsetBy: 2)...]
        }
        names.append(String(rest))
        self.init(names: names)
    }

    init(names: [String]) { self.names = names }
}

extension Substring {
    /// Where `byte` first stands twice, not at the very beginning.
    fileprivate func utf8Index(ofPair byte: UInt8) -> Index? {
        var previous: Index?
        for index in utf8.indices.dropFirst() {
            if let previous, utf8[previous] == byte, utf8[index] == byte { return previous }
            previous = index
        }
        return nil
    }
}

extension RelatedRows {
    /// Adds the relations that `names` lead through.
    mutating func add(_ names: ArraySlice<String>, of info: ModelInfo) throws(FieldError) {
        guard let name = names.first else { return }
        guard let field = info.field(name), let target = field.target else {
            throw .unknownField(
                name: name,
                model: info.schema.name,
                choices: info.fields.filter { $0.target != nil }.map(\.schema.name)
            )
        }
        guard names.count <= 16 else { throw .invalidName(names.joined(separator: "__")) }
        if let position = relations.firstIndex(where: { $0.field == field.index }) {
            try relations[position].rows.add(names.dropFirst(), of: target.info)
        } else {
            var rows = RelatedRows()
            try rows.add(names.dropFirst(), of: target.info)
            relations.append((field.index, rows))
        }
    }
}
