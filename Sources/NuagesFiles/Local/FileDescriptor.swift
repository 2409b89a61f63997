import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open file or folder, closed with the object.
final class FileDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// A file, opened for reading; nothing is waited for where it is no regular one.
    static func open(path: String, name: String) throws(StorageError) -> FileDescriptor {
        // C would read the path up to its first NUL.
        guard !path.utf8.isEmpty, !path.utf8.contains(0) else { throw .notFound(name: name) }
        #if canImport(Glibc)
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #elseif canImport(Musl)
        let number = Musl.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #else
        let number = Darwin.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #endif
        guard number >= 0 else { throw StorageError(errno, "open", name) }
        return FileDescriptor(number)
    }

    /// What the system knows of the file.
    func status(name: String) throws(StorageError) -> FileStatus {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw StorageError(errno, "look at", name) }
        return FileStatus(status)
    }

    /// Writes all of `bytes`, however many calls of the system that takes.
    func write(_ bytes: ArraySlice<UInt8>, name: String) throws(StorageError) {
        var failure: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty, failure == 0 {
                let count = putBytes(number, UnsafeRawBufferPointer(rebasing: rest))
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    failure = errno
                }
            }
        }
        if failure != 0 { throw StorageError(failure, "write", name) }
    }

    /// Reads up to `count` bytes from `offset` on; none behind the end.
    func read(_ count: Int, at offset: Int, name: String) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var found = 0
            repeat {
                found = pread(number, buffer.baseAddress, count, off_t(offset))
            } while found < 0 && errno == EINTR
            if found < 0 { failure = errno }
            initialized = max(0, found)
        }
        if failure != 0 { throw StorageError(failure, "read", name) }
        return bytes
    }
}

private func putBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
    Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #else
    Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
}

/// What the system knows of a file.
struct FileStatus: Sendable {
    let size: Int
    /// How many names the file has.
    let links: Int
    let isFolder: Bool
    let isRegular: Bool
    let isLink: Bool
    let accessed: Date
    let changed: Date
    let modified: Date
    let version: FileVersion

    init(_ status: stat) {
        size = Int(status.st_size)
        links = Int(status.st_nlink)
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        isRegular = status.st_mode & S_IFMT == S_IFREG
        isLink = status.st_mode & S_IFMT == S_IFLNK
        #if canImport(Darwin)
        accessed = Self.date(status.st_atimespec)
        changed = Self.date(status.st_ctimespec)
        modified = Self.date(status.st_mtimespec)
        version = Self.version(status.st_mtimespec, size)
        #else
        accessed = Self.date(status.st_atim)
        changed = Self.date(status.st_ctim)
        modified = Self.date(status.st_mtim)
        version = Self.version(status.st_mtim, size)
        #endif
    }

    private static func version(_ time: timespec, _ size: Int) -> FileVersion {
        let seconds = UInt64(bitPattern: Int64(time.tv_sec))
        let moment = seconds &* 1_000_000_000 &+ UInt64(time.tv_nsec)
        return FileVersion(
            entityTag: "\"\(String(moment, radix: 16))-\(String(size, radix: 16))\"",
            modified: Int(time.tv_sec)
        )
    }

    private static func date(_ time: timespec) -> Date {
        Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
}

/// What tells one version of a file from another.
package struct FileVersion: Sendable, Hashable {
    /// A strong tag: time to the nanosecond and size, in hexadecimal.
    package let entityTag: String
    /// When it was last changed, in seconds since 1970.
    package let modified: Int
}

/// Reads an open file of the disk.
struct LocalReader: FileReader {
    private let descriptor: FileDescriptor
    private let name: String
    /// The version that was opened, where that was looked at.
    let version: FileVersion?

    init(_ descriptor: FileDescriptor, name: String, version: FileVersion? = nil) {
        self.descriptor = descriptor
        self.name = name
        self.version = version
    }

    /// A regular file as it is now.
    static func file(_ descriptor: FileDescriptor, name: String) throws(StorageError) -> File {
        let status = try descriptor.status(name: name)
        guard status.isRegular else { throw .notAFolder(name: name) }
        return File(
            name: name,
            size: status.size,
            reader: LocalReader(descriptor, name: name, version: status.version)
        )
    }

    /// Up to `count` bytes from an offset on; it waits for the disk.
    func read(_ count: Int, at offset: Int) throws(TemporaryFileError) -> [UInt8] {
        do throws(StorageError) {
            return try descriptor.read(count, at: offset, name: name)
        } catch {
            guard case .system(_, _, let number) = error else {
                throw TemporaryFileError(operation: "read", errorNumber: EIO)
            }
            throw TemporaryFileError(operation: "read", errorNumber: number)
        }
    }

    func forEachChunk(
        of size: Int,
        in range: Range<Int>,
        _ body: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let (from, count) = (offset, min(size, range.upperBound - offset))
            let piece = try await FileThreads.run {
                try descriptor.read(count, at: from, name: name)
            }
            guard !piece.isEmpty else { throw StorageError.truncated(name: name) }
            offset += piece.count
            try await body(piece[...])
        }
    }
}

extension StorageError {
    /// The error that a call of the system failed with.
    init(_ errorNumber: Int32, _ operation: String, _ name: String) {
        switch errorNumber {
        case ENOENT: self = .notFound(name: name)
        case EEXIST: self = .nameTaken(name: name)
        case ENAMETOOLONG: self = .nameTooLong(name: name)
        case ENOTDIR, EISDIR: self = .notAFolder(name: name)
        case ELOOP, EMLINK:
            self = .suspiciousName(name, reason: "A symbolic link would lead out of the storage")
        default: self = .system(operation: operation, name: name, errorNumber: errorNumber)
        }
    }
}
