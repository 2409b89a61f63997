import NuagesCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The file that keeps a generated secret key, readable by its owner only (mode 0600).
struct SecretKeyFile {
    /// Why the key could not be read or written.
    enum Failure: Error, CustomStringConvertible {
        case unreadable(path: String, reason: String)
        case readableByOthers(path: String, mode: UInt32)

        /// What went wrong, then what to do.
        var description: String {
            switch self {
            case .unreadable(let path, let reason):
                "The secret key file '\(path)' cannot be read or made: \(reason). "
                    + "Set SECRET_KEY, or SECRET_KEY_FILE to a path that can be written."
            case .readableByOthers(let path, let mode):
                "The secret key file '\(path)' has mode \(String(mode, radix: 8)), so others "
                    + "can read it. Run: chmod 600 '\(path)'"
            }
        }
    }

    var path: String

    /// Reads the key; makes the file with a random key where there is none.
    func load() throws(Failure) -> SecretKey {
        if access(path, F_OK) != 0, errno == ENOENT { try create() }
        return try read()
    }

    /// Writes a key to a file beside, then gives it the name: a process that starts at the same
    /// time finds a whole key or none, and of two keys the first stays.
    private func create() throws(Failure) {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        let bytes = Array(SecretKey.random().value.utf8)
        guard fchmod(descriptor, 0o600) == 0, writeAll(descriptor, bytes) == bytes.count,
            fsync(descriptor) == 0
        else { throw failure() }
        guard link(temporary, path) == 0 || errno == EEXIST else { throw failure() }
    }

    private func read() throws(Failure) -> SecretKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & 0o077 == 0 else {
            throw .readableByOthers(path: path, mode: UInt32(status.st_mode & 0o777))
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = readSome(descriptor, &bytes)
        guard count > 0 else {
            throw count < 0 ? failure() : .unreadable(path: path, reason: "it is empty")
        }
        let blanks: Set<UInt8> = [0x09, 0x0A, 0x0D, 0x20]
        let text = bytes[..<count].drop { blanks.contains($0) }
        let end = text.lastIndex { !blanks.contains($0) }
        guard let end, let key = String(validating: text[...end], as: UTF8.self) else {
            throw .unreadable(path: path, reason: "it holds no text")
        }
        return SecretKey(key)
    }

    private func failure() -> Failure {
        .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
}

/// Writes all of `bytes`; returns how many were written.
private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}

/// Reads at most `bytes.count` bytes.
private func readSome(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Int {
    bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
}
