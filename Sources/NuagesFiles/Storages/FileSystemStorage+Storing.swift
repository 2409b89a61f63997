import NuagesCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension FileSystemStorage {
    /// Writes a file under exactly this name; ``Storage/save(_:as:maxLength:)`` finds a free one.
    ///
    /// A large upload is not copied where it is on the same disk: its file gets another name.
    ///
    /// - Parameters:
    ///   - content: the file.
    ///   - name: the name.
    /// - Returns: the name.
    /// - Throws: ``StorageError/nameTaken(name:)``, and other ``StorageError``s.
    public func store(_ content: File, as name: String) async throws -> String {
        let parts = try Self.fileParts(name)
        if let bytes = content.bytesInMemory {
            try await FileThreads.run {
                let file = try NewFile(self, parts, name)
                try file.completing {
                    try file.write(bytes[...])
                    try file.finish()
                }
            }
        } else if try await !link(content, parts, name) {
            let file = try await FileThreads.run { try NewFile(self, parts, name) }
            do {
                try await content.forEachChunk(of: 262_144) { piece in
                    try await FileThreads.run { try file.write(piece) }
                }
                try await FileThreads.run { try file.finish() }
            } catch {
                try? await FileThreads.run { file.abandon() }
                throw error
            }
        }
        return parts.joined(separator: "/")
    }

    /// Gives an upload on the same disk its name; false where it has to be copied.
    private func link(_ content: File, _ parts: [String], _ name: String) async throws -> Bool {
        guard let upload = content.upload, let path = upload.temporaryPath else { return false }
        return try await FileThreads.run {
            defer { withExtendedLifetime(upload) {} }
            return try NewFile.link(path, self, parts, name)
        }
    }
}

/// A file that is being written, beside the name that it gets when it is complete.
private final class NewFile: Sendable {
    private let folder: Folder
    private let descriptor: FileDescriptor
    /// The name that it is written by.
    private let part: String
    private let lastPart: String
    private let name: String
    private let storage: FileSystemStorage

    init(
        _ storage: FileSystemStorage,
        _ parts: [String],
        _ name: String
    ) throws(StorageError) {
        self.storage = storage
        self.name = name
        folder = try storage.folder(of: parts)
        lastPart = parts[parts.count - 1]
        try folder.check(lastPart, replaces: storage.allowsOverwrite, name: name)
        part = Folder.temporaryPart
        descriptor = try folder.create(part, name: name)
        _ = flock(descriptor.number, LOCK_EX)
    }

    func write(_ bytes: ArraySlice<UInt8>) throws(StorageError) {
        try descriptor.write(bytes, name: name)
    }

    /// Sets the mode, and gives the file its name.
    func finish() throws(StorageError) {
        guard fchmod(descriptor.number, mode_t(storage.filePermissions)) == 0 else {
            throw StorageError(errno, "set the mode of", name)
        }
        if storage.syncs, fsync(descriptor.number) != 0 {
            throw StorageError(errno, "flush", name)
        }
        try folder.rename(part, to: lastPart, replaces: storage.allowsOverwrite, name: name)
        do {
            try folder.sync(storage.syncs, name: name)
        } catch {
            if !storage.allowsOverwrite { unlinkat(folder.descriptor.number, lastPart, 0) }
            throw error
        }
    }

    func abandon() { unlinkat(folder.descriptor.number, part, 0) }

    func completing(_ body: () throws -> Void) throws {
        do { try body() } catch {
            abandon()
            throw error
        }
    }

    /// Gives the file at `path` a name in the storage; false where the system cannot.
    static func link(
        _ path: String,
        _ storage: FileSystemStorage,
        _ parts: [String],
        _ name: String
    ) throws -> Bool {
        let folder = try storage.folder(of: parts)
        let lastPart = parts[parts.count - 1]
        try folder.check(lastPart, replaces: storage.allowsOverwrite, name: name)
        let file = try FileDescriptor.open(path: path, name: name)
        // Another storage has the upload already: one file would have the mode of both.
        guard try file.status(name: name).links == 1 else { return false }
        let part = storage.allowsOverwrite ? Folder.temporaryPart : lastPart
        let number = folder.descriptor.number
        guard linkat(AT_FDCWD, path, number, part, 0) == 0 else {
            // Another disk, or one without links: it is copied.
            guard errno == EEXIST else { return false }
            throw StorageError.nameTaken(name: name)
        }
        do {
            guard fchmod(file.number, mode_t(storage.filePermissions)) == 0 else {
                throw StorageError(errno, "set the mode of", name)
            }
            if storage.syncs, fsync(file.number) != 0 { throw StorageError(errno, "flush", name) }
            if part != lastPart, renameat(number, part, number, lastPart) != 0 {
                throw StorageError(errno, "rename", name)
            }
            try folder.sync(storage.syncs, name: name)
        } catch {
            unlinkat(number, part, 0)
            throw error
        }
        return true
    }
}

extension FileSystemStorage {
    /// The folder of a file, made where it is not there.
    fileprivate func folder(of parts: [String]) throws(StorageError) -> Folder {
        try Folder(
            root: root,
            parts: parts.dropLast(),
            making: NewFolderMode(exact: directoryPermissions.map { mode_t($0) })
        )
    }
}

extension Folder {
    /// The name of a file that is not complete.
    static var temporaryPart: String {
        ".nuages-" + String(decoding: RandomText.alphanumeric(count: 22), as: UTF8.self)
    }

    /// Refuses a name that a folder has, and that of any file where none is replaced.
    fileprivate func check(
        _ part: String,
        replaces: Bool,
        name: String
    ) throws(StorageError) {
        let found: FileStatus
        do throws(StorageError) {
            found = try status(of: part, name: name)
        } catch .notFound {
            return
        }
        if !replaces { throw .nameTaken(name: name) }
        if found.isFolder { throw .notAFolder(name: name) }
    }

    /// Gives a file its name in one step.
    fileprivate func rename(
        _ part: String,
        to lastPart: String,
        replaces: Bool,
        name: String
    ) throws(StorageError) {
        let number = descriptor.number
        if !replaces {
            if linkat(number, part, number, lastPart, 0) == 0 {
                unlinkat(number, part, 0)
                return
            }
            guard [EPERM, EOPNOTSUPP, ENOTSUP, ENOSYS].contains(errno) else {
                throw StorageError(errno, "rename", name)
            }
            // A disk without links: the name is taken by an empty file.
            _ = try create(lastPart, name: name)
        }
        guard renameat(number, part, number, lastPart) == 0 else {
            let failure = errno
            // The empty file would keep the name.
            if !replaces { unlinkat(number, lastPart, 0) }
            throw StorageError(failure, "rename", name)
        }
    }

    fileprivate func sync(_ isWanted: Bool, name: String) throws(StorageError) {
        if isWanted, fsync(descriptor.number) != 0 { throw StorageError(errno, "flush", name) }
    }

    /// Removes a file or an empty folder.
    func remove(_ part: String, name: String) throws(StorageError) {
        let isFolder = try status(of: part, name: name).isFolder
        guard unlinkat(descriptor.number, part, isFolder ? AT_REMOVEDIR : 0) == 0 else {
            throw StorageError(errno, "delete", name)
        }
    }
}
