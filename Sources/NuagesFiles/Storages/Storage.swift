#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps files by their names: on a disk, in memory, or with a service.
///
///     let storage = try Storages.current.default
///     let name = try await storage.save(File(upload), as: "covers/cat.png")
///     try await storage.size(name)
///     try storage.url(name)                       // /media/covers/cat.png
///
/// A storage of your own answers the requirements that have no default.
///
/// Django: `django.core.files.storage.Storage`.
public protocol Storage: Sendable {
    /// Opens a file for reading.
    ///
    /// - Parameter name: its name.
    /// - Returns: the file.
    /// - Throws: ``StorageError/notFound(name:)``, and what the storage fails with.
    func open(_ name: String) async throws -> File

    /// Keeps a file by exactly this name; ``save(_:as:maxLength:)`` is what programs call.
    ///
    /// Where the storage does not overwrite, whether the name is free is decided in one step with
    /// its being taken. A file that could not be written to its end is not left behind.
    ///
    /// Django: `_save`.
    ///
    /// - Parameters:
    ///   - content: the file.
    ///   - name: a name that was validated.
    /// - Returns: the name that the file has.
    /// - Throws: ``StorageError/nameTaken(name:)``, and what the storage fails with.
    func store(_ content: File, as name: String) async throws -> String

    /// Removes a file; one that is not there is no error.
    ///
    /// - Parameter name: its name.
    /// - Throws: what the storage fails with.
    func delete(_ name: String) async throws

    /// Whether there is a file of a name.
    ///
    /// - Parameter name: the name.
    /// - Returns: true if there is.
    /// - Throws: what the storage fails with.
    func exists(_ name: String) async throws -> Bool

    /// What is in a folder.
    ///
    /// - Parameter path: the folder; empty for the root.
    /// - Returns: the names of the folders and the files in it, in order.
    /// - Throws: ``StorageError/notFound(name:)``, and what the storage fails with.
    func listdir(_ path: String) async throws -> StorageListing

    /// The size of a file in bytes.
    ///
    /// - Parameter name: its name.
    /// - Returns: the size.
    /// - Throws: ``StorageError/notFound(name:)``, and what the storage fails with.
    func size(_ name: String) async throws -> Int

    /// The address that a browser gets a file by.
    ///
    /// - Parameter name: its name.
    /// - Returns: such as `/media/covers/cat.png`.
    /// - Throws: ``StorageError/noURL`` where files have no addresses.
    func url(_ name: String) throws -> String

    /// The address of a file that counts for a while only.
    ///
    ///     try storage.signedURL("7.pdf", expires: .seconds(600), by: signer, boundTo: user.key)
    ///
    /// A storage whose service signs addresses itself answers with one of these.
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - expires: how long the address counts.
    ///   - signer: signs it.
    ///   - binding: who may use it; nil for everybody.
    /// - Returns: the address.
    /// - Throws: ``StorageError/noURL``, and what the storage refuses.
    func signedURL(
        _ name: String,
        expires: Duration,
        by signer: MediaSigner,
        boundTo binding: String?
    ) throws -> String

    /// When a file was last read.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError/notFound(name:)``, and what the storage fails with.
    func accessedTime(_ name: String) async throws -> Date

    /// When a file was made.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError/notFound(name:)``, and what the storage fails with.
    func createdTime(_ name: String) async throws -> Date

    /// When a file was last changed.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError/notFound(name:)``, and what the storage fails with.
    func modifiedTime(_ name: String) async throws -> Date

    /// Where a file is on this machine's disk; nil for a storage that is elsewhere.
    ///
    /// - Parameter name: its name.
    /// - Returns: the path.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``.
    func path(_ name: String) throws -> String?

    /// Whether saving a file replaces one of the same name.
    var allowsOverwrite: Bool { get }

    /// The name of a file as the storage can keep it, of what a visitor calls it.
    ///
    /// - Parameter name: a name without folders.
    /// - Returns: the name with letters, digits, `-`, `_` and dots only.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)`` where nothing is left of it.
    func validName(_ name: String) throws -> String

    /// Another name for a file whose name is taken.
    ///
    /// - Parameters:
    ///   - root: the name in front of its endings.
    ///   - endings: the endings, such as `.tar.gz`.
    /// - Returns: such as `cat_kJ3x9Qa.png`.
    func alternativeName(_ root: String, _ endings: String) -> String
}

/// What is in a folder of a storage.
public struct StorageListing: Sendable, Hashable {
    /// The names of the folders.
    public var folders: [String]
    /// The names of the files.
    public var files: [String]

    /// A listing.
    ///
    /// - Parameters:
    ///   - folders: the names of the folders.
    ///   - files: the names of the files.
    public init(folders: [String] = [], files: [String] = []) {
        self.folders = folders
        self.files = files
    }
}
