import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps files in a folder of the disk.
///
///     let storage = FileSystemStorage(root: "/srv/media", baseURL: "/media/")
///     try await storage.save(File("hello"), as: "notes/hello.txt")      // notes/hello.txt
///     try storage.url("notes/hello.txt")                                // /media/notes/hello.txt
///
/// No name leads out of the folder, by `..`, by an absolute path or by a symbolic link: below the
/// root links are not followed, neither to write nor to read. A file is written as `.nuages-` with 22
/// random characters, and gets its name in one step when it is complete: nobody reads a part of it,
/// and of two that want the same name one gets another. Where the process is killed meanwhile, the
/// file of that name stays and is nobody's. The mode is 0644 unless given, whatever the process masks.
///
/// Files are not flushed to the disk before ``store(_:as:)`` returns, as in Django: after a loss of
/// power a file may be missing that a row of the database names. With `syncs` they are, and the
/// folder as well.
///
/// Calls that wait for the disk run on threads of their own.
///
/// Django: `django.core.files.storage.FileSystemStorage`.
public struct FileSystemStorage: Storage {
    /// The folder.
    public let root: String
    /// What stands in front of names in addresses, with a slash at its end; nil where files have no
    /// address.
    public let baseURL: String?
    /// The mode of files (Django: `FILE_UPLOAD_PERMISSIONS`).
    public let filePermissions: UInt16
    /// The mode of folders that are made; nil is 0777 without what the process masks (Django:
    /// `FILE_UPLOAD_DIRECTORY_PERMISSIONS`).
    public let directoryPermissions: UInt16?
    /// Whether a file replaces one of the same name, in one step for those who read it.
    public let allowsOverwrite: Bool
    /// Whether files are on the disk before they count as saved.
    public let syncs: Bool

    /// A storage.
    ///
    /// - Parameters:
    ///   - root: the folder; it is made when the first file is saved.
    ///   - baseURL: what stands in front of names in addresses; nil for none.
    ///   - filePermissions: the mode of files.
    ///   - directoryPermissions: the mode of folders that are made.
    ///   - allowsOverwrite: whether a file replaces one of the same name.
    ///   - syncs: whether files are flushed to the disk.
    public init(
        root: String,
        baseURL: String? = nil,
        filePermissions: UInt16 = 0o644,
        directoryPermissions: UInt16? = nil,
        allowsOverwrite: Bool = false,
        syncs: Bool = false
    ) {
        self.root = root
        self.baseURL = baseURL.map { $0.utf8.last == 0x2F ? $0 : $0 + "/" }
        self.filePermissions = filePermissions
        self.directoryPermissions = directoryPermissions
        self.allowsOverwrite = allowsOverwrite
        self.syncs = syncs
    }

    /// Opens a file for reading.
    ///
    /// - Parameter name: its name.
    /// - Returns: the file.
    /// - Throws: ``StorageError``.
    public func open(_ name: String) async throws -> File {
        let parts = try Self.fileParts(name)
        return try await FileThreads.run { [root] in
            let folder = try Folder(root: root, parts: parts.dropLast(), making: nil)
            return try LocalReader.file(
                try folder.open(parts[parts.count - 1], name: name),
                name: name
            )
        }
    }

    /// Removes a file, or an empty folder; one that is not there is no error.
    ///
    /// - Parameter name: its name.
    /// - Throws: ``StorageError``.
    public func delete(_ name: String) async throws {
        let parts = try Self.fileParts(name)
        try await FileThreads.run { [root] in
            do throws(StorageError) {
                let folder = try Folder(root: root, parts: parts.dropLast(), making: nil)
                try folder.remove(parts[parts.count - 1], name: name)
            } catch .notFound {}
        }
    }

    /// Whether there is a file or a folder of a name; a symbolic link is one, wherever it leads.
    ///
    /// - Parameter name: the name.
    /// - Returns: true if there is.
    /// - Throws: ``StorageError``.
    public func exists(_ name: String) async throws -> Bool {
        do {
            _ = try await status(name)
            return true
        } catch StorageError.notFound {
            return false
        }
    }

    /// What is in a folder.
    ///
    /// - Parameter path: the folder; empty for the root.
    /// - Returns: the names in it, in order.
    /// - Throws: ``StorageError``.
    public func listdir(_ path: String) async throws -> StorageListing {
        let parts = try StorageName.parts(path)
        return try await FileThreads.run { [root] in
            try Folder(root: root, parts: parts, making: nil).entries(name: path)
        }
    }

    /// The size of a file in bytes.
    ///
    /// - Parameter name: its name.
    /// - Returns: the size.
    /// - Throws: ``StorageError``.
    public func size(_ name: String) async throws -> Int { try await status(name).size }

    /// The base URL and the name, with `%` where a URL needs it.
    ///
    /// - Parameter name: the file's name.
    /// - Returns: the address.
    /// - Throws: ``StorageError/noURL``, ``StorageError/suspiciousName(_:reason:)``.
    public func url(_ name: String) throws -> String {
        guard let baseURL else { throw StorageError.noURL }
        return baseURL
            + PercentCoding.encode(try StorageName.normalized(name), safe: .path)
    }

    /// When a file was last read.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError``.
    public func accessedTime(_ name: String) async throws -> Date {
        try await status(name).accessed
    }

    /// When the file's entry was last changed, which is when it was made unless it was moved.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError``.
    public func createdTime(_ name: String) async throws -> Date {
        try await status(name).changed
    }

    /// When a file was last changed.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError``.
    public func modifiedTime(_ name: String) async throws -> Date {
        try await status(name).modified
    }

    /// Where a file is on the disk, which says nothing of whether it is there.
    ///
    /// - Parameter name: its name.
    /// - Returns: the path.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``.
    public func path(_ name: String) throws -> String? {
        StorageName.joined(root, try StorageName.normalized(name))
    }

    private func status(_ name: String) async throws -> FileStatus {
        let parts = try Self.fileParts(name)
        return try await FileThreads.run { [root] in
            try Folder(root: root, parts: parts.dropLast(), making: nil)
                .status(of: parts[parts.count - 1], name: name)
        }
    }

    /// The parts of a file's name; there is at least one.
    static func fileParts(_ name: String) throws(StorageError) -> [String] {
        let parts = try StorageName.parts(name)
        guard !parts.isEmpty else {
            throw .suspiciousName(name, reason: "Could not derive file name")
        }
        guard parts.allSatisfy({ $0.utf8.count <= StorageName.maxPartLength }) else {
            throw .nameTooLong(name: name)
        }
        return parts
    }
}
