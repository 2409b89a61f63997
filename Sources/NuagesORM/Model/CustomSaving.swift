/// A model that says itself how a row of it is saved.
///
///     extension Article: CustomSaving {
///         mutating func save(_ options: SaveOptions) async throws {
///             slug = title.lowercased().replacing(" ", with: "-")
///             try await saveBase(options)
///         }
///     }
///     try await Article.objects.create(Article(title: "Django at 20"))
///     // INSERT INTO "news_article" ("title", "slug") VALUES ('Django at 20', 'django-at-20')
///
/// All that saves one row calls it: `save` in its forms, `create`, `getOrCreate`, `updateOrCreate`,
/// those of related sets, and rows by names. `bulkCreate`, `bulkUpdate` and `update` do not, as
/// they make no row or many. Several models share a way of saving by a protocol that refines this
/// one; a proxy and a model with a parent do not take over the parent's.
///
/// Django: `Model.save`, overridden.
public protocol CustomSaving: Model {
    /// Saves the row; ``Model/saveBase(_:)`` is the framework's own saving.
    ///
    /// - Parameter options: what the save is asked to do.
    /// - Throws: what the model refuses, and the errors of ``Model/saveBase(_:)``.
    mutating func save(_ options: SaveOptions) async throws
}

/// What a save is asked to do.
public struct SaveOptions: Sendable {
    /// Whether the row must be new, or there; nil for either.
    public var rule: SaveRule?
    /// The names of the fields that are written, in Django's spelling; nil for all.
    ///
    ///     options.fields?.append("slug")      // writes it, where not all fields are written
    public var fields: [String]?
    /// The database.
    public var database: Database
    /// The row by names that the value stands for.
    var named: NamedRow?

    /// A save.
    ///
    /// - Parameters:
    ///   - rule: whether the row must be new, or there; nil for either.
    ///   - fields: the names of the fields that are written; nil for all.
    ///   - database: the database.
    public init(rule: SaveRule? = nil, fields: [String]? = nil, using database: Database) {
        self.rule = rule
        self.fields = fields
        self.database = database
    }
}

extension CustomSaving {
    /// The row, saved as the model says.
    fileprivate func saved(_ options: SaveOptions) async throws -> Self {
        var row = self
        try await row.save(options)
        return row
    }
}

extension Model {
    /// Saves as the model says; by the framework where it says nothing.
    mutating func save(as options: SaveOptions) async throws {
        guard Self.info.hasOwnSave, let row = self as? any CustomSaving else {
            return try await saveBase(options)
        }
        if let saved = try await row.saved(options) as? Self { self = saved }
    }

    /// Saves the row as the framework does, with its signals: what a ``CustomSaving`` model calls.
    ///
    ///     try await article.saveBase(SaveOptions(using: database))    // whatever the model says
    ///
    /// Django: `super().save(…)`, and `save_base`.
    ///
    /// - Parameter options: what the save is asked to do.
    /// - Throws: ``ModelError/unsaved(model:)``, ``ModelError/notUpdated(model:)``,
    ///   ``UsageError``, ``DatabaseError``.
    public mutating func saveBase(_ options: SaveOptions) async throws {
        guard !Self.meta.files.isEmpty else { return try await saveRow(options) }
        try await savingFiles(options.fields, in: options.database) { row in
            try await row.saveRow(options)
        }
    }

    /// Saves the row, whose files are kept.
    private mutating func saveRow(_ options: SaveOptions) async throws {
        if let named = options.named { return try await saveBase(options, named) }
        guard Self.isPlain, options.fields == nil, options.rule != .update else {
            return try await save(options.byNames, options.database)
        }
        if options.rule == .insert { return try await create(in: options.database) }
        try await saveWhole(in: options.database)
    }

    /// Saves a row by names, with what the model has changed of the value that stands for it.
    private mutating func saveBase(_ options: SaveOptions, _ named: NamedRow) async throws {
        let start = named.row(changedBy: self)
        let how = options.byNames
        let row = try await options.database.use {
            var row = start
            try await row.saveBase(how)
            return row
        }
        try take(row)
        named.set(row, standingFor: self)
    }
}

extension SaveOptions {
    fileprivate var byNames: DynamicRow.SaveOptions {
        DynamicRow.SaveOptions(
            forcesInsert: rule == .insert,
            forcesUpdate: rule == .update,
            fields: fields
        )
    }

    /// A save of a row by names.
    fileprivate init(_ options: DynamicRow.SaveOptions, _ database: Database, _ named: NamedRow) {
        self.init(
            rule: options.forcesInsert ? .insert : options.forcesUpdate ? .update : nil,
            fields: options.fields,
            using: database
        )
        self.named = named
    }
}

extension DynamicRow {
    /// The row, saved as its model says.
    func saved<M: CustomSaving>(as type: M.Type, _ options: SaveOptions) async throws -> Self {
        try options.check()
        let database = try Database.routed(.write, M.info)
        var value = try M(named: try await complete(in: database))
        let named = NamedRow(self, standingFor: value)
        try await value.save(NuagesORM.SaveOptions(options, database, named))
        return named.row(changedBy: value)
    }

    /// The row with the fields that were left out.
    func complete(in database: Database) async throws -> Self {
        let missing = deferredNames
        guard !isNew, !missing.isEmpty else { return self }
        let start = self
        return try await database.use {
            var row = start
            try await row.refresh(missing)
            return row
        }
    }
}

extension DynamicRow.SaveOptions {
    func check() throws(UsageError) {
        if forcesInsert, forcesUpdate || fields != nil {
            throw .notAllowed("A row is either inserted or updated by force.")
        }
    }
}
