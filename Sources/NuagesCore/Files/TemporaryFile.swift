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

    /// What failed and why.
    public var description: String {
        "Could not \(operation) a temporary file: \(String(cString: strerror(errorNumber)))."
    }
}

/// A file only this user can read, which is removed with the object.
package final class TemporaryFile: Sendable {
    package let path: String
    private let descriptor: Int32

    /// A new empty file with mode 0600 in `directory`, whose name nobody can guess.
    package init(directory: String?) throws(TemporaryFileError) {
        let folder = directory ?? Self.systemDirectory
        var name = "nuages-upload-"
        for _ in 0..<2 { name += String(UInt64.random(in: .min ... .max), radix: 36) }
        path = folder.utf8.last == 0x2F ? folder + name : folder + "/" + name
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw TemporaryFileError(operation: "create", errorNumber: errno)
        }
    }

    deinit {
        // A failed `init` ends here too, and must not remove a file of somebody else.
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
    }

    private static var systemDirectory: String {
        guard let folder = getenv("TMPDIR") else { return "/tmp" }
        let path = String(cString: folder)
        return path.isEmpty ? "/tmp" : path
    }

    /// Writes behind what has been written.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(TemporaryFileError) {
        try Self.write(bytes, to: descriptor)
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
            var count = 0
            var failure: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
                repeat {
                    count = pread(descriptor, buffer.baseAddress, size, off_t(offset))
                } while count < 0 && errno == EINTR
                if count < 0 { failure = errno }
                initialized = max(0, count)
            }
            guard count >= 0 else {
                throw TemporaryFileError(operation: "read", errorNumber: failure)
            }
            if count == 0 { return }
            try body(chunk)
            offset += count
        }
    }
}
