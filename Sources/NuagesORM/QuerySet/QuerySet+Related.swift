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
            var selection = RelatedSelection()
            for path in paths {
                do throws(FieldError) {
                    selection.tree.add(try NameParts.split(path)[...])
                } catch {
                    query.add(.invalid(error))
                }
            }
            query.add(.related(selection))
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
                            .condition(["pk", "in"], .list(batch.map(\.operand))),
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
