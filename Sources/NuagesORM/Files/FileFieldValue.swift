public import NuagesCore
public import NuagesFiles

/// A type of properties that hold files: ``FieldFile``, ``ImageFieldFile``, or one of your own that
/// is made of a ``FieldFile``.
public protocol FileFieldValue: FieldValue, ContextConvertible, CustomStringConvertible
where Base == Self {
    /// The file.
    var fieldFile: FieldFile { get set }

    /// A value of a file.
    ///
    /// - Parameter fieldFile: the file.
    init(fieldFile: FieldFile)
}

extension FileFieldValue {
    /// Reads a name.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything but text.
    public init(column: ColumnValue) throws(DecodingFailure) {
        self.init(fieldFile: FieldFile(stored: try String(column: column)))
    }

    /// The name: in a storage, or of a file that waits.
    public var sqlValue: SQLValue { .text(fieldFile.name) }

    /// The name in the storage, such as `covers/cat.png`; that of the upload until it is kept.
    public var name: String { fieldFile.name }

    /// The name.
    public var description: String { fieldFile.name }

    /// Whether there is no file.
    public var isEmpty: Bool { fieldFile.name.isEmpty && fieldFile.pending == nil }

    /// Whether the file is in the storage, and does not wait for the row to be saved.
    public var isCommitted: Bool { fieldFile.pending == nil }

    /// The storage.
    ///
    /// - Throws: `StorageError.unknownAlias` where the site has none of this alias.
    public var storage: any Storage {
        get throws { try Storages.current[fieldFile.storageAlias] }
    }

    /// The address that a browser gets the file by.
    ///
    /// - Throws: ``UsageError`` without a stored file, and `StorageError.noURL`.
    public var url: String { get throws { try storage.url(try storedName) } }

    /// Where the file is on this machine's disk; nil for a storage that is elsewhere.
    ///
    /// - Throws: ``UsageError`` without a stored file.
    public var path: String? { get throws { try storage.path(try storedName) } }

    /// The size in bytes, of a file that waits as well.
    ///
    /// - Returns: the size.
    /// - Throws: ``UsageError`` without a file, and what the storage fails with.
    public func size() async throws -> Int {
        if let pending = fieldFile.pending { return pending.file.size }
        return try await storage.size(try storedName)
    }

    /// Opens the file for reading; one that waits as well.
    ///
    /// - Returns: the file.
    /// - Throws: ``UsageError`` without a file, and what the storage fails with.
    public func open() async throws -> File {
        if let pending = fieldFile.pending { return pending.file }
        return try await storage.open(try storedName)
    }

    /// Removes the file from its storage, and leaves none; the row is still to be saved.
    ///
    ///     try await article.cover?.delete()
    ///     try await article.save()
    ///
    /// - Throws: what the storage fails with.
    public mutating func delete() async throws {
        if fieldFile.pending == nil, !fieldFile.name.isEmpty {
            try await storage.delete(fieldFile.name)
        }
        fieldFile = FieldFile(stored: "", in: fieldFile.storageAlias)
    }

    /// The name of a file that is in the storage.
    private var storedName: String {
        get throws(UsageError) {
            guard fieldFile.pending == nil || fieldFile.kept?.waitsForCommit == true,
                !fieldFile.name.isEmpty
            else {
                throw .notAllowed("The field has no file in its storage.")
            }
            return fieldFile.name
        }
    }

    /// What a template sees: the name, and `url`, `size`, `width` and `height`.
    public var contextValue: ContextValue { .object(FileContext(file: fieldFile)) }
}

/// What a template sees of a file.
private struct FileContext: ContextObject {
    let file: FieldFile

    func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "name": return .string(file.name)
        case "url": return .lazy { [file] in .string(file.isEmpty ? "" : try file.url) }
        case "size": return bytes
        case "width": return size { .int($0.width) }
        case "height": return size { .int($0.height) }
        default: return nil
        }
    }

    private var bytes: ContextValue {
        .deferred { [file] in
            do { return .int(try await file.size()) } catch StorageError.notFound { return .none }
        }
    }

    /// Nothing for a file that is gone: the page of its row is still shown.
    private func size(_ part: @escaping @Sendable (ImageSize) -> ContextValue) -> ContextValue {
        .deferred { [file] in
            do {
                guard !file.isEmpty, let size = try await file.open().imageSize() else {
                    return .none
                }
                return part(size)
            } catch StorageError.notFound {
                return .none
            }
        }
    }

    var contextDescription: ContextValue { .string(file.name) }
    var contextIsTrue: Bool { !file.isEmpty }
    var contextIdentity: String? { "file \(file.storageAlias) \(file.name)" }
}

/// A property that holds a file, or may.
protocol FileSlot: Sendable {
    var heldFile: FieldFile? { get }
    static func holding(_ file: FieldFile?) -> Self
}

extension Optional: FileSlot where Wrapped: FileFieldValue {
    var heldFile: FieldFile? { self?.fieldFile }
    static func holding(_ file: FieldFile?) -> Self { file.map { Wrapped(fieldFile: $0) } }
}

extension FieldExpression where Value.Base: FileFieldValue {
    /// The name, as text to compare.
    ///
    ///     Article.objects.filter { $0.cover.fileName.hasPrefix("covers/2026/") }
    ///     // … WHERE "blog_article"."cover" LIKE 'covers/2026/%'
    public var fileName: FieldExpression<String> { FieldExpression<String>(path, name) }
}

extension Row {
    /// Reads the name of a file of a storage other than the default one.
    ///
    /// - Parameter alias: the alias of the storage.
    /// - Returns: the file.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    public mutating func read<Value: FieldValue>(
        fromStorage alias: String
    ) throws(DatabaseError) -> Value {
        let value: Value = try read()
        return value.settingStorage(alias)
    }
}

extension FieldValue {
    /// The value with the alias of its storage, where it holds a file.
    func settingStorage(_ alias: String) -> Self {
        guard let (get, set) = Self.fileAccess, var file = get(self) else { return self }
        file.storageAlias = alias
        return set(file) ?? self
    }

    /// Whether it holds a file that waits to be kept.
    var isWaitingFile: Bool { Self.fileAccess?.get(self)?.pending != nil }

    /// How the file of such a value is read and set; nil for other types.
    static var fileAccess:
        (get: @Sendable (Self) -> FieldFile?, set: @Sendable (FieldFile?) -> Self?)?
    {
        if let type = Self.self as? any FileFieldValue.Type {
            return (
                { ($0 as? any FileFieldValue)?.fieldFile },
                { type.init(fieldFile: $0 ?? FieldFile()) as? Self }
            )
        }
        guard let type = Self.self as? any FileSlot.Type else { return nil }
        return ({ ($0 as? any FileSlot)?.heldFile }, { type.holding($0) as? Self })
    }
}
