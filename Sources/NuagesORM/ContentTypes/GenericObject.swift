public import NuagesCore

/// The row of whichever model that a row refers to by a `GenericForeignKey`.
///
///     @GenericForeignKey(\Tag.contentType, \Tag.objectID) var object: GenericObject<Tag>
///
///     try await tag.object.find()                         // the row, or nil
///     try await tag.object.find(as: Animal.self)          // nil where it is of another model
///
///     for tag in try await Tag.objects.prefetch(\.object).all() {
///         tag.object.loaded                               // no query
///     }
///
/// Django: `tag.content_object`.
public struct GenericObject<Source: Model>: Sendable {
    let reference: GenericForeignKey<Source>
    private let source: Source
    private let kept: KeptObject?

    /// The row that a row refers to.
    ///
    /// - Parameters:
    ///   - source: the row that refers.
    ///   - reference: the reference.
    ///   - kept: the row it refers to, if it was loaded.
    public init(of source: Source, by reference: GenericForeignKey<Source>, kept: KeptObject?) {
        self.reference = reference
        self.source = source
        // A row that refers to another row since then has not loaded that.
        let isCurrent = kept?.address == reference.address(of: source)
        self.kept = isCurrent ? kept : nil
    }

    /// Whether the row was loaded, or is known not to be there.
    public var isLoaded: Bool { kept != nil }

    /// The row, if it was loaded.
    public var loaded: (any Model)? { kept?.row }

    /// The row; no query where it was loaded.
    ///
    /// - Returns: a row of whichever model it is; nil where the row refers to none, or to one that is
    ///   gone.
    /// - Throws: ``DatabaseError``.
    public func find() async throws -> (any Model)? {
        if let kept { return kept.row }
        return try await reference.object(of: source)
    }

    /// The row, where it is of a model; no query where it was loaded.
    ///
    /// - Parameter type: the model.
    /// - Returns: the row; nil where there is none or it is of another model.
    /// - Throws: ``DatabaseError``.
    public func find<M: Model>(as type: M.Type) async throws -> M? { try await find() as? M }
}

extension GenericObject: ContextConvertible {
    /// The row, queried when a template needs it; none where there is none.
    public var contextValue: ContextValue {
        if let kept { return kept.row.map { .object($0) } ?? .none }
        return .deferred { try await self.find().map { .object($0) } ?? .none }
    }
}

/// A row that was loaded along a generic reference, kept with the row that refers to it.
public struct KeptObject: Sendable {
    let row: (any Model)?
    /// What the row was found by.
    let address: [SQLValue]

    init<Source: Model>(
        of source: Source,
        along reference: GenericForeignKey<Source>,
        _ row: (any Model)?
    ) {
        self.row = row
        address = reference.address(of: source)
    }
}

extension QuerySet {
    /// The rows with the rows of any model that they refer to, in one further query for each model.
    ///
    ///     let tags = try await Tag.objects.prefetch(\.object).all()
    ///     tags[0].object.loaded                   // no further query
    ///
    /// Of a model that is named only the rows of the query set are loaded, with what the query set
    /// was told to select and prefetch:
    ///
    ///     Tag.objects.prefetch(\.object, GenericRows(Animal.objects.selectRelated(\.zoo)))
    ///
    /// Content types that are not known yet take one query in all. Django: `prefetch_related` of a
    /// `GenericForeignKey`, and `GenericPrefetch`.
    ///
    /// - Parameters:
    ///   - relation: the property under `@GenericForeignKey`.
    ///   - rows: the query sets that rows of their models are taken from; of other models all rows.
    /// - Returns: a query set.
    public func prefetch(
        _ relation: any KeyPath<M, GenericObject<M>> & Sendable,
        _ rows: GenericRows...
    ) -> Self {
        var copy = with { _ in }
        copy.prefetches.append(
            Prefetch { models, database in
                guard let first = models.first else { return }
                try await first[keyPath: relation].reference.load(&models, rows, database)
            }
        )
        return copy
    }
}
