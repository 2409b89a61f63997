#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The storage that has the alias when it is used, whichever that is by then.
///
///     let covers = DefaultStorage(alias: "covers")      // may be made before the site is set up
///
/// Django: `DefaultStorage`, and a storage that a field names by a function.
public struct DefaultStorage: Storage {
    /// The alias.
    public let alias: String

    /// The storage of an alias.
    ///
    /// - Parameter alias: the alias.
    public init(alias: String = Storages.defaultAlias) { self.alias = alias }

    private var storage: any Storage { get throws { try Storages.current[alias] } }

    /// Whether the storage replaces files; false where there is none.
    public var allowsOverwrite: Bool { (try? storage.allowsOverwrite) ?? false }

    /// Opens a file for reading.
    ///
    /// - Parameter name: its name.
    /// - Returns: the file.
    /// - Throws: ``StorageError``.
    public func open(_ name: String) async throws -> File { try await storage.open(name) }

    /// Keeps a file by exactly this name.
    ///
    /// - Parameters:
    ///   - content: the file.
    ///   - name: the name.
    /// - Returns: the name that it has.
    /// - Throws: ``StorageError``.
    public func store(_ content: File, as name: String) async throws -> String {
        try await storage.store(content, as: name)
    }

    /// Removes a file.
    ///
    /// - Parameter name: its name.
    /// - Throws: ``StorageError``.
    public func delete(_ name: String) async throws { try await storage.delete(name) }

    /// Whether there is a file of a name.
    ///
    /// - Parameter name: the name.
    /// - Returns: true if there is.
    /// - Throws: ``StorageError``.
    public func exists(_ name: String) async throws -> Bool { try await storage.exists(name) }

    /// What is in a folder.
    ///
    /// - Parameter path: the folder.
    /// - Returns: the names in it.
    /// - Throws: ``StorageError``.
    public func listdir(_ path: String) async throws -> StorageListing {
        try await storage.listdir(path)
    }

    /// The size of a file in bytes.
    ///
    /// - Parameter name: its name.
    /// - Returns: the size.
    /// - Throws: ``StorageError``.
    public func size(_ name: String) async throws -> Int { try await storage.size(name) }

    /// The address of a file.
    ///
    /// - Parameter name: its name.
    /// - Returns: the address.
    /// - Throws: ``StorageError``.
    public func url(_ name: String) throws -> String { try storage.url(name) }

    /// The address of a file that counts for a while only.
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - expires: how long the address counts.
    ///   - signer: signs it.
    ///   - binding: who may use it; nil for everybody.
    /// - Returns: the address.
    /// - Throws: ``StorageError``.
    public func signedURL(
        _ name: String,
        expires: Duration,
        by signer: MediaSigner,
        boundTo binding: String?
    ) throws -> String {
        try storage.signedURL(name, expires: expires, by: signer, boundTo: binding)
    }

    /// When a file was last read.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError``.
    public func accessedTime(_ name: String) async throws -> Date {
        try await storage.accessedTime(name)
    }

    /// When a file was made.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError``.
    public func createdTime(_ name: String) async throws -> Date {
        try await storage.createdTime(name)
    }

    /// When a file was last changed.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError``.
    public func modifiedTime(_ name: String) async throws -> Date {
        try await storage.modifiedTime(name)
    }

    /// Where a file is on this machine's disk; nil for a storage that is elsewhere.
    ///
    /// - Parameter name: its name.
    /// - Returns: the path.
    /// - Throws: ``StorageError``.
    public func path(_ name: String) throws -> String? { try storage.path(name) }

    /// The name as the storage can keep it.
    ///
    /// - Parameter name: a name without folders.
    /// - Returns: the name.
    /// - Throws: ``StorageError``.
    public func validName(_ name: String) throws -> String { try storage.validName(name) }

    /// Another name for a file whose name is taken.
    ///
    /// - Parameters:
    ///   - root: the name in front of its endings.
    ///   - endings: the endings.
    /// - Returns: the name.
    public func alternativeName(_ root: String, _ endings: String) -> String {
        let storage = (try? self.storage) ?? InMemoryStorage(maxSize: 0)
        return storage.alternativeName(root, endings)
    }
}
