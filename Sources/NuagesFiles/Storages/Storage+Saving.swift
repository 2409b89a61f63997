public import NuagesCore

extension Storage {
    /// Keeps a file by a name that no other file has.
    ///
    ///     try await storage.save(File(upload), as: "covers/cat.png")       // covers/cat.png
    ///     try await storage.save(File(another), as: "covers/cat.png")      // covers/cat_kJ3x9Qa.png
    ///
    /// The contents are taken piece by piece; a large upload is moved where that can be done.
    ///
    /// Django: `Storage.save`.
    ///
    /// - Parameters:
    ///   - content: the file.
    ///   - name: the wished name, with folders; nil is the file's own.
    ///   - maxLength: how long the name may be in Unicode scalars; nil for any length.
    /// - Returns: the name that it has.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``,
    ///   ``StorageError/noAvailableName(name:maxLength:)``, and what the storage fails with.
    @discardableResult
    public func save(
        _ content: File,
        as name: String? = nil,
        maxLength: Int? = nil
    ) async throws -> String {
        let wished = name ?? content.name
        try StorageName.validate(wished, allowsRelativePath: true)
        var name = try await availableName(wished, maxLength: maxLength)
        for _ in 0..<20 {
            try StorageName.validate(name, allowsRelativePath: true)
            do {
                let stored = try await store(content, as: try StorageName.normalized(name))
                try StorageName.validate(stored, allowsRelativePath: true)
                return stored
            } catch StorageError.nameTaken {
                // Somebody has taken it since it was looked for.
                let (root, endings) = StorageName.endings(of: StorageName.split(name).base)
                let other = alternativeName(root, endings)
                name = try await availableName(
                    StorageName.joined(StorageName.split(name).folder, other),
                    maxLength: maxLength
                )
            }
        }
        throw StorageError.noAvailableName(name: wished, maxLength: maxLength)
    }

    /// Keeps a file of a posted form, which is not loaded.
    ///
    /// - Parameters:
    ///   - upload: the file.
    ///   - name: the wished name, with folders; nil is what the visitor calls it, made valid.
    ///   - maxLength: how long the name may be in Unicode scalars; nil for any length.
    /// - Returns: the name that it has.
    /// - Throws: as ``save(_:as:maxLength:)``.
    @discardableResult
    public func save(
        _ upload: UploadedFile,
        as name: String? = nil,
        maxLength: Int? = nil
    ) async throws -> String {
        try await save(
            File(upload),
            as: try name ?? validName(upload.name),
            maxLength: maxLength
        )
    }
}
