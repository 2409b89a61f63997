import NuagesCore
import NuagesFiles

/// The files that were kept for rows that are not saved yet.
struct FileCommit: Sendable {
    private struct Entry: Sendable {
        let name: String
        let field: FieldSchema
        let storage: any Storage
        let file: PendingFile
        let kept: KeptFile
        /// Whether it replaces a file of its name: then it is not in the storage before the commit.
        let replaces: Bool
    }

    private let database: String
    private var files: [Entry] = []

    /// - Parameter database: the name of the database, for those who hear of failures.
    init(database: String) { self.database = database }

    /// Keeps a file by a free name.
    ///
    /// Where the storage replaces files, the one of this name belongs to another row, or to this one
    /// as it is now: it stays until the row is committed, and this one waits.
    ///
    /// - Parameters:
    ///   - pending: the file.
    ///   - schema: its field.
    ///   - wish: the name that it should have.
    /// - Returns: the file with its name.
    /// - Throws: ``UsageError`` for a file without a name, and what the storage fails with.
    mutating func keep(
        _ pending: PendingFile,
        of schema: FieldSchema,
        as wish: (any Storage) throws -> String
    ) async throws -> FieldFile {
        guard !pending.file.name.isEmpty else { throw UsageError.namelessFile(of: schema) }
        let storage = try Storages.current[schema.storageAlias]
        let (wished, kept) = (try wish(storage), KeptFile())
        let name: String
        if storage.allowsOverwrite {
            name = try await storage.availableName(wished, maxLength: schema.maxLength)
            kept.wait(pending, forCommit: true)
        } else {
            name = try await storage.save(pending.file, as: wished, maxLength: schema.maxLength)
        }
        files.append(
            Entry(
                name: name,
                field: schema,
                storage: storage,
                file: pending,
                kept: kept,
                replaces: storage.allowsOverwrite
            )
        )
        return FieldFile(name, in: schema.storageAlias, kept: kept)
    }

    /// Runs `body`, and removes what was kept where it fails.
    mutating func takingBack(_ body: (inout FileCommit) async throws -> Void) async throws {
        do {
            try await body(&self)
        } catch {
            await takeBack()
            throw error
        }
    }

    /// Saves the row of the files, and removes them again where it is not committed.
    ///
    /// A statement on its own whose answer is lost may be committed, and so may one whose receivers
    /// fail: so it gets a transaction, or a savepoint of that around it, of which is known whether it
    /// was rolled back.
    ///
    /// - Parameters:
    ///   - database: where the row is.
    ///   - replacing: finds the files that go once the row is committed.
    ///   - save: saves the row.
    /// - Returns: what is to run now that the row is committed.
    /// - Throws: what `save` throws.
    func committing(
        in database: Database,
        replacing: () async throws -> ReplacedFiles = { ReplacedFiles() },
        _ save: () async throws -> Void
    ) async throws -> [Session.Hook] {
        guard !files.isEmpty else {
            let replaced = try await replacing()
            try await save()
            return try await register(replaced, database)
        }
        var begun = false
        do {
            return try await database.transaction(Database.BlockOptions()) {
                takeBackOnRollback(database)
                begun = true
                let replaced = try await replacing()
                try await save()
                _ = try await register(replaced, database)
            }.1
        } catch {
            if !begun { await takeBack() }
            throw error
        }
    }

    /// Lets the transaction do what waits for its commit; what is to be done at once, without one.
    private func register(
        _ replaced: ReplacedFiles,
        _ database: Database
    ) async throws -> [Session.Hook] {
        var hooks: [Session.Hook] = []
        if files.contains(where: \.replaces) {
            hooks.append(Session.Hook(isRobust: false, isFirst: true) { try await replace() })
        }
        if !replaced.isEmpty {
            let name = database.name
            hooks.append(
                Session.Hook(isRobust: true, isFirst: true) {
                    await replaced.remove(database: name)
                }
            )
        }
        return hooks.filter { !database.registerOnCommit($0) }
    }

    /// Removes those that no row has: a constraint has refused theirs, which were passed over.
    func takeBackUnused(_ model: ModelInfo, _ database: Database) async throws {
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
        var unused = FileCommit(database: self.database)
        unused.files = files.filter { !used.contains(ByteKey($0.name)) }
        await unused.takeBack()
    }

    /// Refuses files that replace others of their names: of a row that is passed over nobody could
    /// tell whether the file of its name is its own.
    func refuseReplacing() throws(UsageError) {
        guard let file = files.first(where: \.replaces) else { return }
        throw .notAllowed(
            """
            Rows that may be passed over cannot bring files for '\(file.field.name)', whose storage \
            replaces files of the same name. Save them one by one.
            """
        )
    }

    /// Removes them again where the transaction around the save fails later.
    private func takeBackOnRollback(_ database: Database) {
        database.onRollback { await takeBack() }
    }

    /// Removes them again, as far as the storages let us: the row's error is the one to tell.
    ///
    /// A file that was taken back already stays what it is: its name may be that of another by now.
    func takeBack() async {
        for file in files where file.replaces { file.kept.wait(file.file) }
        let files = files.filter { !$0.replaces && $0.kept.waiting == nil }
        if files.isEmpty { return }
        await uncancelled {
            for file in files.reversed() {
                await reporting(to: database) { try await file.storage.delete(file.name) }
                file.kept.wait(file.file)
            }
        }
    }

    /// Puts those into the storages that replace others.
    private func replace() async throws {
        let files = files.filter(\.replaces)
        // Also where the client has left.
        try await Task {
            for file in files {
                _ = try await file.storage.store(file.file.file, as: file.name)
                file.kept.keep()
            }
        }.value
    }
}

/// The files that go once rows are committed.
struct ReplacedFiles: Sendable {
    private var files: [(name: String, storage: any Storage)] = []

    var isEmpty: Bool { files.isEmpty }

    mutating func add(_ name: String, _ storage: any Storage) { files.append((name, storage)) }

    func remove(database: String) async {
        await uncancelled {
            for file in files {
                await reporting(to: database) { try await file.storage.delete(file.name) }
            }
        }
    }
}

/// Runs `body` to its end, also where the client has left and the task of the request is cancelled:
/// a storage that is elsewhere would not be asked at all.
private func uncancelled(_ body: @escaping @Sendable () async -> Void) async {
    await Task { await body() }.value
}

/// Runs `body`, whose failure is for those who look after the site: a file is left.
private func reporting(
    to database: String,
    _ body: () async throws -> Void
) async {
    do {
        try await body()
    } catch {
        DatabaseObservers.tell { $0.hookFailed(error, database: database) }
    }
}
