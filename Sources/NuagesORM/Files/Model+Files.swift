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
        var files = FileCommit()
        do {
            try await keepFiles(fields, &files)
            let replaced = try await replacedFiles(fields, in: database)
            try await save(&self)
            files.takeBackOnRollback(database)
            if !replaced.isEmpty {
                try await database.onCommit(robust: true) { try await replaced.remove() }
            }
        } catch {
            await files.takeBack()
            // The files still wait, for the case that the row is saved later.
            for file in Self.meta.files { file.set(&self, file.get(start)) }
            try restoreSizes(of: start)
            throw error
        }
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
        guard let pending = file?.pending?.file else { return nil }
        guard !pending.name.isEmpty else {
            throw UsageError.namelessFile(of: field.schema)
        }
        let storage = try Storages.current[field.storageAlias]
        let name = try await storage.save(
            pending,
            as: try field.generateFilename(self, pending.name, storage),
            maxLength: field.schema.maxLength
        )
        commit.add(name, of: field.schema, storage)
        let stored = FieldFile(stored: name, in: field.storageAlias)
        file = stored
        field.set(&self, stored)
        let (width, height) = field.sizeFields
        return width == nil && height == nil ? nil : try await pending.imageSize()
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
        var files = FileCommit()
        do {
            for index in models.indices { try await models[index].keepFiles(nil, &files) }
            let saved = try await save(models)
            if passesOver { try await files.takeBackUnused(info, database) }
            files.takeBackOnRollback(database)
            return saved
        } catch {
            await files.takeBack()
            throw error
        }
    }
}

/// The files that were kept for rows that are not saved yet.
struct FileCommit: Sendable {
    private var files: [(name: String, field: FieldSchema, storage: any Storage)] = []

    mutating func add(_ name: String, of field: FieldSchema, _ storage: any Storage) {
        files.append((name, field, storage))
    }

    /// Removes those that no row has: a constraint has refused theirs, which were passed over.
    mutating func takeBackUnused(_ model: ModelInfo, _ database: Database) async throws {
        var used: Set<ByteKey> = []
        for (column, files) in Dictionary(grouping: files, by: \.field.attributeName) {
            for batch in files.batches(of: 500) {
                let names = batch.map { DynamicExpression.value(.text($0.name)) }
                let rows = try await DynamicQuery(model, .base).using(database)
                    .filter(.condition("\(column)__in", .list(names)))
                    .values(.field(column)).rows()
                for row in rows {
                    if case .text(let name)? = row[column] { used.insert(ByteKey(name)) }
                }
            }
        }
        var unused = FileCommit()
        unused.files = files.filter { !used.contains(ByteKey($0.name)) }
        files.removeAll { !used.contains(ByteKey($0.name)) }
        await unused.takeBack()
    }

    /// Removes them again where the transaction around the save fails later.
    func takeBackOnRollback(_ database: Database) {
        if files.isEmpty { return }
        database.onRollback { await takeBack() }
    }

    /// Removes them again, as far as the storages let us: the row's error is the one to tell.
    func takeBack() async {
        for file in files.reversed() { try? await file.storage.delete(file.name) }
    }
}

/// The files that go once rows are committed.
struct ReplacedFiles: Sendable {
    private var files: [(name: String, storage: any Storage)] = []

    var isEmpty: Bool { files.isEmpty }

    mutating func add(_ name: String, _ storage: any Storage) { files.append((name, storage)) }

    func remove() async throws {
        for file in files { try await file.storage.delete(file.name) }
    }
}
