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
    public func selectRelated(_ paths: String...) -> Self { selecting(related: paths) }

    func selecting(related paths: [String]) -> Self {
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

    /// The rows with the rows that relations lead to, in the same query.
    ///
    ///     Choice.objects.selectRelated { $0.question }
    ///     Book.objects.selectRelated { ($0.author, $0.editor) }
    ///     Place.objects.selectRelated { $0.bar }                 // back along a one-to-one relation
    ///     // … LEFT OUTER JOIN "places_bar" ON ("places_place"."id" = "places_bar"."place_id")
    ///
    /// A path goes on behind a relation: `{ $0.chapter.book }` loads both. A relation to many rows
    /// is a ``FieldError`` when the query runs; `prefetch` is for those.
    ///
    /// - Parameter relations: foreign keys, one-to-one relations and ways back of these.
    /// - Returns: a query set.
    public func selectRelated(
        @RelationListBuilder _ relations: (M.Fields) -> FieldList
    ) -> Self {
        selecting(related: relations(M.queryFields).paths)
    }

    /// The rows without the rows of relations that were to be selected.
    ///
    /// - Returns: a query set.
    public func selectRelatedNone() -> Self { with { $0.add(.related(.none)) } }
}
