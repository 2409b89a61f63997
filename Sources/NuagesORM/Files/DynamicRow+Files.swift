import NuagesCore
import NuagesFiles

extension DynamicRow {
    /// Gives a field a file, which is kept in the field's storage when the row is saved; until then
    /// the column has what it had.
    ///
    ///     try row.setFile("cover", to: FieldFile(upload))
    ///     try await row.save()
    ///     row["cover"]                // .text("covers/2026/11/cat.png")
    ///
    /// - Parameters:
    ///   - name: the name of the field.
    ///   - file: the file; one that is in the storage already sets the column to its name.
    /// - Throws: ``UsageError`` for a name that is not that of a field of files.
    public mutating func setFile(_ name: String, to file: FieldFile) throws(UsageError) {
        guard let field = model?.members.columnNamed(name), field.schema.type.isFile else {
            throw .invalidValue("'\(FieldError.shown(name))' is no field of files.")
        }
        let column = field.attributeName
        if self[column] == nil { set(column, to: field.schema.valueOfNoFile) }
        guard file.pending != nil else { return set(column, to: file.sqlValue) }
        files[column] = file
    }

    /// The file that waits for the row to be saved; nil where none does.
    ///
    /// - Parameter name: the name of the field.
    /// - Returns: the file.
    public func waitingFile(_ name: String) -> FieldFile? {
        files[name].flatMap { $0.pending == nil ? nil : $0 }
    }

    /// The files that wait for the row to be saved, by the names of their columns.
    var waiting: [String: FieldFile] {
        files.isEmpty ? files : files.filter { $0.value.pending != nil }
    }

    /// Takes over the files that wait in another state of the row.
    package mutating func takeWaitingFile(_ name: String, of other: DynamicRow) {
        if let file = other.waitingFile(name) { files[name] = file }
    }

    /// The row as its model's rules look at it: columns of files that wait have their names.
    var namingFiles: DynamicRow {
        if files.isEmpty { return self }
        var copy = self
        for (name, file) in waiting {
            if let place = layout.place(of: name) { copy.values[place] = [.text(file.name)] }
        }
        return copy
    }

    /// Gives the columns of files that still wait what they had in `row`.
    mutating func hideFileNames(as row: DynamicRow) {
        for name in waiting.keys {
            guard let place = layout.place(of: name), let value = row[name] else { continue }
            values[place] = [value]
        }
    }

    // MARK: Saving

    /// Keeps the files that wait, saves, and takes them away again where that fails.
    mutating func savingFiles(
        _ fields: [String]?,
        in database: Database,
        _ save: (inout DynamicRow) async throws -> Void
    ) async throws {
        guard let model, model.members.columns.contains(where: { $0.schema.type.isFile }) else {
            return try await save(&self)
        }
        let start = self
        var files = FileCommit(database: database.name)
        let hooks: [Session.Hook]
        do {
            try await files.takingBack { files in try await keepFiles(fields, &files, model) }
            hooks = try await files.committing(
                in: database,
                replacing: { try await replacedFiles(fields, in: database, model) },
                { try await save(&self) }
            )
        } catch {
            // The files still wait, for the case that the row is saved later.
            self = start
            throw error
        }
        try await database.run(hooks)
    }

    /// Keeps the files of several rows, inserts them, and takes the files away where that fails, now
    /// or by the transaction around it.
    static func committingFiles(
        of rows: [DynamicRow],
        _ model: ModelInfo,
        passingOver passesOver: Bool,
        in database: Database,
        _ save: ([DynamicRow]) async throws -> [DynamicRow]
    ) async throws -> [DynamicRow] {
        var rows = rows
        var files = FileCommit(database: database.name)
        try await files.takingBack { files in
            for index in rows.indices { try await rows[index].keepFiles(nil, &files, model) }
            if passesOver { try files.refuseReplacing() }
        }
        let hooks = try await files.committing(in: database) {
            rows = try await save(rows)
            if passesOver { try await files.takeBackUnused(model, database) }
        }
        try await database.run(hooks)
        return rows
    }

    private mutating func keepFiles(
        _ fields: [String]?,
        _ commit: inout FileCommit,
        _ model: ModelInfo
    ) async throws {
        for field in model.members.columns where field.schema.type.isFile {
            let (name, schema) = (field.attributeName, field.schema)
            guard fields?.contains(name) ?? true, let value = self[name] else { continue }
            guard let pending = waitingFile(name)?.pending else {
                if schema.holdsNoFile(value) { try setSize(nil, schema, model) }
                continue
            }
            let kept = try await commit.keep(pending, of: schema) { storage in
                try schema.generateFilename(
                    pending.file.name,
                    placing: try placing(model),
                    storage
                )
            }
            set(name, to: kept.sqlValue)
            files[name] = kept
            if schema.sizeFields.width != nil || schema.sizeFields.height != nil {
                try setSize(try await pending.file.imageSize(), schema, model)
            }
        }
    }

    /// The row as a model that says itself where its files go.
    private func placing(_ model: ModelInfo) throws -> (any UploadPlacing)? {
        guard let type = model.type as? any UploadPlacing.Type else { return nil }
        return try type.init(named: self)
    }

    private mutating func setSize(
        _ size: ImageSize?,
        _ schema: FieldSchema,
        _ model: ModelInfo
    ) throws {
        let (width, height) = schema.sizeFields
        for (name, number) in [(width, size?.width), (height, size?.height)] {
            guard let name, let field = model.members.columnNamed(name) else { continue }
            let none: SQLValue = field.schema.isNullable ? .null : .int(0)
            set(field.attributeName, to: number.map { .int($0) } ?? none)
        }
    }

    /// The files that the row has in the database and will not have any more, of fields that say
    /// that such files go.
    private func replacedFiles(
        _ fields: [String]?,
        in database: Database,
        _ model: ModelInfo
    ) async throws -> ReplacedFiles {
        var replaced = ReplacedFiles()
        let named = model.members.columns.filter { field in
            field.schema.deletesReplaced && self[field.attributeName] != nil
                && (fields?.contains(field.name) ?? true)
        }
        guard !named.isEmpty, !isNew, !key.contains(.null) else { return replaced }
        let old = try await DynamicQuery(model, .base).using(database)
            .filter(.condition("pk", DynamicExpression(Self.keyNode(key)))).first()
        guard let old else { return replaced }
        for field in named {
            let name = field.attributeName
            guard case .text(let file)? = old[name], !file.isEmpty, self[name] != old[name] else {
                continue
            }
            replaced.add(file, try Storages.current[field.schema.storageAlias])
        }
        return replaced
    }
}

extension Model {
    /// Takes the files that wait in a row by names.
    mutating func takeFiles(of row: DynamicRow) {
        if row.files.isEmpty { return }
        for field in Self.meta.files {
            if let file = row.files[field.schema.attributeName] { field.set(&self, file) }
        }
    }

    /// Saves the value with the files of a row, for which some models have no more than text.
    ///
    /// - Parameters:
    ///   - row: the row.
    ///   - isNew: whether no row may be changed by it.
    /// - Throws: as `save`.
    package mutating func save(withFilesOf row: DynamicRow, isNew: Bool) async throws {
        let database = try Database.routed(.write, Self.info)
        let options = SaveOptions(rule: isNew ? .insert : nil, using: database)
        let own = Set(Self.meta.files.map(\.schema.attributeName))
        let others = row.waiting.filter { !own.contains($0.key) }
        guard !others.isEmpty else { return try await save(as: options) }
        var named = try dynamicRow(isNew: isNew || !id.isSaved)
        named.files = others
        let start = self
        var saved = self
        try await named.savingFiles(nil, in: database) { row in
            var value = start
            try value.take(row)
            try await value.save(as: options)
            saved = value
        }
        self = saved
    }
}

extension FieldSchema {
    /// What the column holds where there is no file.
    var valueOfNoFile: SQLValue { isNullable ? .null : .text("") }

    fileprivate func holdsNoFile(_ value: SQLValue) -> Bool { value == .null || value == .text("") }
}

extension UsageError {
    static func waitingFile(of schema: FieldSchema) -> UsageError {
        .notAllowed("A file of '\(schema.name)' waits to be kept: save its row by 'save'.")
    }

    static func namelessFile(of schema: FieldSchema) -> UsageError {
        .notAllowed("The file of '\(schema.name)' has no name: give it one, File(bytes, name: …).")
    }
}
