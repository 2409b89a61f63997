import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The disk failed while an uploaded file was kept there.
public struct TemporaryFileError: Error, Hashable, CustomStringConvertible {
    /// What was being done: `create`, `write`, `read`.
    public let operation: String
    /// The system's error number.
    public let errorNumber: Int32

    package init(operation: String, errorNumber: Int32) {
        self.operation = operation
        self.errorNumber = errorNumber
    }

    /// Whether there was no room.
    package var isDiskFull: Bool { errorNumber == ENOSPC || errorNumber == EDQUOT }

    /// What failed and why.
    public var description: String {
        "Could not \(operation) a temporary file: \(String(cString: strerror(errorNumber)))."
    }
}

/// A file only this user can read, which is removed with the object.
package final class TemporaryFile: Sendable {
    package let path: String
    private let descriptor: Int32
    private let written = Atomic(0)
    private let limit: Int?

    /// What the names of all files begin with.
    static let prefix = "nuages-upload-"
    /// The bytes in all files of this process.
    private static let total = Atomic(0)

    /// The bytes in all files of this process.
    package static var totalSize: Int { total.load(ordering: .relaxed) }

    /// A new empty file with mode 0600 in `directory`, whose name nobody can guess.
    ///
    /// It is locked for as long as the object is there, by which ``removeLeftovers(in:)`` knows it.
    package init(directory: String?, limit: Int? = nil) throws(TemporaryFileError) {
        self.limit = limit
        let folder = directory ?? Self.systemDirectory
        var name = Self.prefix
        for _ in 0..<2 { name += String(UInt64.random(in: .min ... .max), radix: 36) }
        path = folder.utf8.last == 0x2F ? folder + name : folder + "/" + name
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw TemporaryFileError(operation: "create", errorNumber: errno)
        }
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        // A failed `init` ends here too, and must not remove a file of somebody else.
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
        Self.total.subtract(written.load(ordering: .relaxed), ordering: .relaxed)
    }

    private static var systemDirectory: String {
        guard let folder = getenv("TMPDIR") else { return "/tmp" }
        let path = String(cString: folder)
        return path.isEmpty ? "/tmp" : path
    }

    /// Writes behind what has been written; an error of `ENOSPC` where all files of this process
    /// would have more than the limit.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(TemporaryFileError) {
        let (_, total) = Self.total.add(bytes.count, ordering: .relaxed)
        if let limit, total > limit {
            Self.total.subtract(bytes.count, ordering: .relaxed)
            throw TemporaryFileError(operation: "write", errorNumber: ENOSPC)
        }
        written.add(bytes.count, ordering: .relaxed)
        try Self.write(bytes, to: descriptor)
    }

    /// Writes behind what has been written.
    package func write(_ bytes: ArraySlice<UInt8>) throws(TemporaryFileError) {
        var failure: TemporaryFileError?
        bytes.withUnsafeBytes { buffer in
            do throws(TemporaryFileError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes all of `bytes`, however many calls of the system that takes.
    static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32
    ) throws(TemporaryFileError) {
        var rest = bytes
        while !rest.isEmpty {
            #if canImport(Darwin)
            let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
            #elseif canImport(Musl)
            let count = Musl.write(descriptor, rest.baseAddress, rest.count)
            #else
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw TemporaryFileError(operation: "write", errorNumber: errno)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Reads from the start, leaving the place for writing as it is.
    package func forEachChunk(of size: Int, _ body: ([UInt8]) throws -> Void) throws {
        var offset = 0
        while true {
            let chunk = try read(at: offset, count: size)
            if chunk.isEmpty { return }
            try body(chunk)
            offset += chunk.count
        }
    }

    /// Up to `count` bytes from `offset` on; none at the end.
    package func read(at offset: Int, count: Int) throws(TemporaryFileError) -> [UInt8] {
        var failure: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var result = 0
            repeat {
                result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            } while result < 0 && errno == EINTR
            if result < 0 { failure = errno }
            initialized = max(0, result)
        }
        guard failure == 0 else {
            throw TemporaryFileError(operation: "read", errorNumber: failure)
        }
        return chunk
    }

    /// Removes the files that processes which are gone have left in a folder: those that nobody has
    /// locked and that are older than a minute.
    ///
    /// - Parameters:
    ///   - directory: the folder; nil is the system's temporary folder.
    ///   - age: how many seconds a file must be old.
    /// - Returns: how many were removed.
    @discardableResult
    package static func removeLeftovers(in directory: String?, olderThan age: Int = 60) -> Int {
        let folder = directory ?? systemDirectory
        guard let list = opendir(folder) else { return 0 }
        defer { closedir(list) }
        var count = 0
        while let entry = readdir(list) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.utf8.starts(with: prefix.utf8) else { continue }
            if removeLeftover(folder + "/" + name, olderThan: age) { count += 1 }
        }
        return count
    }

    private static func removeLeftover(_ path: String, olderThan age: Int) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_uid == geteuid()
        else { return false }
        #if canImport(Darwin)
        let changed = status.st_mtimespec.tv_sec
        #else
        let changed = status.st_mtim.tv_sec
        #endif
        // A file that was made this moment may not be locked yet.
        guard time(nil) - changed >= age, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            return false
        }
        return unlink(path) == 0
    }
}
