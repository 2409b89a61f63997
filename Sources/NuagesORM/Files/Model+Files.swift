import NuagesCore
import NuagesFiles

extension Model {
    /// Keeps the files that wait, saves, and takes them away again where that fails.
    ///
    /// - Parameters:
    ///   - fields: the names of the fields that are saved; nil for all.
    ///   - database: where the row is.
    ///   - save: saves the row.
    /// - Throws: what `save` throws, and what a storage fails with.
    mutating func savingFiles(
        _ fields: [String]?,
        in database: Database,
        _ save: (inout Self) async throws -> Void
    ) async throws {
        let start = self
        var files = FileCommit(database: database.name)
        let hooks: [Session.Hook]
        do {
            try await files.takingBack { files in try await keepFiles(fields, &files) }
            hooks = try await files.committing(
                in: database,
                replacing: { try await replacedFiles(fields, in: database) },
                { try await save(&self) }
            )
        } catch {
            // The files still wait, for the case that the row is saved later.
            for file in Self.meta.files { file.set(&self, file.get(start)) }
            try restoreSizes(of: start)
            throw error
        }
        try await database.run(hooks)
    }

    /// Keeps the files that wait in the storages of their fields.
    mutating func keepFiles(_ fields: [String]?, _ commit: inout FileCommit) async throws {
        for field in Self.meta.files where fields?.contains(field.schema.name) ?? true {
            var file = field.get(self)
            let size = try await keep(&file, of: field, &commit)
            try await setSize(size, of: file, field)
        }
    }

    /// Keeps one file; its size in pixels, where it is an image that was kept just now.
    private mutating func keep(
        _ file: inout FieldFile?,
        of field: ModelFile<Self>,
        _ commit: inout FileCommit
    ) async throws -> ImageSize? {
        guard let pending = file?.pending else { return nil }
        let stored = try await commit.keep(pending, of: field.schema) { storage in
            try field.generateFilename(self, pending.file.name, storage)
        }
        file = stored
        field.set(&self, stored)
        let (width, height) = field.sizeFields
        return width == nil && height == nil ? nil : try await pending.file.imageSize()
    }

    /// Sets the fields for the size of an image.
    private mutating func setSize(
        _ size: ImageSize?,
        of file: FieldFile?,
        _ field: ModelFile<Self>
    ) async throws {
        let (width, height) = field.sizeFields
        let fields = [width, height].map { $0.flatMap { Self.meta.field(named: $0) } }
        guard fields.contains(where: { $0 != nil }) else { return }
        var size = size
        if size == nil, let file, !file.isEmpty {
            // A stored image whose size is known already is not read again.
            let isKnown = fields.compactMap(\.self).allSatisfy { field in
                ![.null, .int(0)].contains(field.value(of: self))
            }
            if isKnown { return }
            size = try await Self.storedSize(file)
        }
        for (field, number) in zip(fields, [size?.width, size?.height]) {
            guard let field else { continue }
            let none: SQLValue = field.schema.isNullable ? .null : .int(0)
            try field.set(number.map { .int($0) } ?? none, of: &self)
        }
    }

    /// The size of a stored image; nil for one that is not there, as on a developer's machine.
    private static func storedSize(_ file: FieldFile) async throws -> ImageSize? {
        do {
            return try await file.open().imageSize()
        } catch StorageError.notFound {
            return nil
        }
    }

    private mutating func restoreSizes(of start: Self) throws {
        for file in Self.meta.files {
            for name in [file.sizeFields.width, file.sizeFields.height].compactMap(\.self) {
                guard let field = Self.meta.field(named: name) else { continue }
                try field.set(field.value(of: start), of: &self)
            }
        }
    }

    /// The files that the row has in the database and will not have any more, of fields that say
    /// that such files go.
    private func replacedFiles(
        _ fields: [String]?,
        in database: Database
    ) async throws -> ReplacedFiles {
        var replaced = ReplacedFiles()
        let named = Self.meta.files.filter {
            $0.deletesReplaced && (fields?.contains($0.schema.name) ?? true)
        }
        guard !named.isEmpty, id.isSaved else { return replaced }
        let rows = QuerySet<Self>().filtered(
            .condition(["pk", "exact"], id.operand),
            isNegated: false
        )
        guard let old = try await rows.using(database).first() else { return replaced }
        for field in named {
            guard let file = field.get(old), !file.isEmpty,
                field.get(self).map({ !$0.name.equalsBytes(file.name) }) ?? true
            else { continue }
            replaced.add(file.name, try Storages.current[field.storageAlias])
        }
        return replaced
    }

    /// Keeps the files of several rows, inserts them, and takes the files away where that fails, now
    /// or by the transaction around it.
    ///
    /// - Parameters:
    ///   - models: the rows.
    ///   - passesOver: whether some of them may not get into the table.
    ///   - database: where the rows are.
    ///   - save: inserts them.
    /// - Returns: what `save` returns.
    /// - Throws: what `save` throws, and what a storage fails with.
    static func committingFiles(
        of models: [Self],
        passingOver passesOver: Bool,
        in database: Database,
        _ save: ([Self]) async throws -> [Self]
    ) async throws -> [Self] {
        var models = models
        var files = FileCommit(database: database.name)
        try await files.takingBack { files in
            for index in models.indices { try await models[index].keepFiles(nil, &files) }
            if passesOver { try files.refuseReplacing() }
        }
        let hooks = try await files.committing(in: database) {
            models = try await save(models)
            if passesOver { try await files.takeBackUnused(info, database) }
        }
        try await database.run(hooks)
        return models
    }
}
