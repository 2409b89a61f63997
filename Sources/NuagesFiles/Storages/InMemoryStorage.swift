import NuagesCore
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps files in memory, for tests and for what need not outlive the process.
///
///     try await Storages(["default": InMemoryStorage()]).use { … }
///
/// Django: `django.core.files.storage.InMemoryStorage`, which grows without bound.
public final class InMemoryStorage: Storage {
    /// What stands in front of names in addresses, with a slash at its end.
    public let baseURL: String?
    /// How many bytes all files may have together.
    public let maxSize: Int

    private let state = Mutex(State())

    fileprivate struct State {
        /// By bytes: a name is another than one that looks the same.
        var files: [ByteKey: Entry] = [:]
        var size = 0
    }

    fileprivate struct Entry {
        let bytes: [UInt8]
        let created: Date
        let modified: Date
        var accessed: Date
    }

    /// A storage without files.
    ///
    /// - Parameters:
    ///   - baseURL: what stands in front of names in addresses; nil for none.
    ///   - maxSize: how many bytes all files may have together.
    public init(baseURL: String? = nil, maxSize: Int = 67_108_864) {
        self.baseURL = baseURL.map { $0.utf8.last == 0x2F ? $0 : $0 + "/" }
        self.maxSize = maxSize
    }

    /// Opens a file, as it is now, for reading.
    ///
    /// - Parameter name: its name.
    /// - Returns: the file.
    /// - Throws: ``StorageError/notFound(name:)``.
    public func open(_ name: String) async throws -> File {
        let key = ByteKey(try StorageName.normalized(name))
        let bytes = state.withLock { state -> [UInt8]? in
            state.files[key]?.accessed = Date()
            return state.files[key]?.bytes
        }
        guard let bytes else { throw StorageError.notFound(name: name) }
        return File(bytes, name: name)
    }

    /// Keeps a file by exactly this name.
    ///
    /// - Parameters:
    ///   - content: the file.
    ///   - name: the name.
    /// - Returns: the name.
    /// - Throws: ``StorageError/nameTaken(name:)``, ``StorageError/tooLarge(name:limit:)``,
    ///   ``StorageError/notAFolder(name:)``.
    public func store(_ content: File, as name: String) async throws -> String {
        guard let bytes = try await content.bytes(upTo: maxSize) else {
            throw StorageError.tooLarge(name: name, limit: maxSize)
        }
        let parts = try FileSystemStorage.fileParts(name)
        let path = parts.joined(separator: "/")
        let key = ByteKey(path)
        try state.withLock { state in
            guard state.files[key] == nil else { throw StorageError.nameTaken(name: name) }
            for end in parts.indices.dropFirst() {
                let folder = parts[..<end].joined(separator: "/")
                if state.files[ByteKey(folder)] != nil {
                    throw StorageError.notAFolder(name: folder)
                }
            }
            if state.isFolder(path) { throw StorageError.notAFolder(name: name) }
            guard state.size + bytes.count <= maxSize else {
                throw StorageError.tooLarge(name: name, limit: maxSize)
            }
            let now = Date()
            state.files[key] = Entry(bytes: bytes, created: now, modified: now, accessed: now)
            state.size += bytes.count
        }
        return path
    }

    /// Removes a file, or a folder with all that is in it; one that is not there is no error.
    ///
    /// - Parameter name: its name.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``.
    public func delete(_ name: String) async throws {
        let key = try FileSystemStorage.fileParts(name).joined(separator: "/")
        state.withLock { state in
            for path in state.files.keys where path == ByteKey(key) || path.name.isBelow(key) {
                state.size -= state.files.removeValue(forKey: path)?.bytes.count ?? 0
            }
        }
    }

    /// Whether there is a file or a folder of a name.
    ///
    /// - Parameter name: the name.
    /// - Returns: true if there is.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``.
    public func exists(_ name: String) async throws -> Bool {
        let key = try StorageName.normalized(name)
        return state.withLock { $0.files[ByteKey(key)] != nil || $0.isFolder(key) }
    }

    /// What is in a folder.
    ///
    /// - Parameter path: the folder; empty for the root.
    /// - Returns: the names in it, in order.
    /// - Throws: ``StorageError/notFound(name:)``, ``StorageError/notAFolder(name:)``.
    public func listdir(_ path: String) async throws -> StorageListing {
        let key = try StorageName.normalized(path)
        return try state.withLock { state in
            if state.files[ByteKey(key)] != nil { throw StorageError.notAFolder(name: path) }
            guard key.isEmpty || state.isFolder(key) else {
                throw StorageError.notFound(name: path)
            }
            var (folders, files) = (Set<ByteKey>(), Set<ByteKey>())
            for name in state.files.keys.map(\.name) where key.isEmpty || name.isBelow(key) {
                let rest = name.utf8.dropFirst(key.isEmpty ? 0 : key.utf8.count + 1)
                let first = String(Substring(rest.prefix { $0 != 0x2F }))
                if first.utf8.count < rest.count {
                    folders.insert(ByteKey(first))
                } else {
                    files.insert(ByteKey(first))
                }
            }
            return StorageListing(
                folders: folders.map(\.name).sorted(),
                files: files.map(\.name).sorted()
            )
        }
    }

    /// The size of a file in bytes.
    ///
    /// - Parameter name: its name.
    /// - Returns: the size.
    /// - Throws: ``StorageError/notFound(name:)``.
    public func size(_ name: String) async throws -> Int { try entry(name).bytes.count }

    /// The base URL and the name.
    ///
    /// - Parameter name: the file's name.
    /// - Returns: the address.
    /// - Throws: ``StorageError/noURL``.
    public func url(_ name: String) throws -> String {
        guard let baseURL else { throw StorageError.noURL }
        return baseURL + PercentCoding.encode(try StorageName.normalized(name), safe: .path)
    }

    /// When a file was last opened.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError/notFound(name:)``.
    public func accessedTime(_ name: String) async throws -> Date { try entry(name).accessed }

    /// When a file was saved.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError/notFound(name:)``.
    public func createdTime(_ name: String) async throws -> Date { try entry(name).created }

    /// When a file was saved.
    ///
    /// - Parameter name: its name.
    /// - Returns: the moment.
    /// - Throws: ``StorageError/notFound(name:)``.
    public func modifiedTime(_ name: String) async throws -> Date { try entry(name).modified }

    private func entry(_ name: String) throws -> Entry {
        let key = try StorageName.normalized(name)
        guard let entry = state.withLock({ $0.files[ByteKey(key)] }) else {
            throw StorageError.notFound(name: name)
        }
        return entry
    }
}

extension InMemoryStorage.State {
    /// Whether there are files below a name.
    func isFolder(_ key: String) -> Bool { files.keys.contains { $0.name.isBelow(key) } }
}

extension String {
    /// Whether a name is in a folder, or in one below it.
    fileprivate func isBelow(_ folder: String) -> Bool {
        utf8.count > folder.utf8.count && utf8.starts(with: folder.utf8)
            && utf8.dropFirst(folder.utf8.count).first == 0x2F
    }
}
