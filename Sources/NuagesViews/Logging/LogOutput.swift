import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the lines of a log go: the standard error, or a file.
///
/// A line is written by one call, and to a file at its end, so that the lines of several processes
/// do not mix, and so that a program may truncate the file to rotate it.
public final class LogOutput: Sendable {
    /// Why a log cannot be written.
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The file cannot be opened.
        case unwritable(path: String, reason: String)

        /// What went wrong, then what to do.
        public var description: String {
            switch self {
            case .unwritable(let path, let reason):
                "The log file '\(path)' cannot be written: \(reason). "
                    + "Give the log a path in a folder that the site may write to."
            }
        }
    }

    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let lock = Mutex(())

    /// The standard error of the process.
    public static let standardError = LogOutput(descriptor: STDERR_FILENO, ownsDescriptor: false)

    /// A file, made with mode 0600 where it is not there, and written at its end.
    ///
    /// - Parameter path: the path.
    /// - Throws: ``Failure/unwritable(path:reason:)``.
    public convenience init(path: String) throws(Failure) {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC
        let descriptor = path.utf8.contains(0) ? -1 : open(path, flags, 0o600)
        guard descriptor >= 0 else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        self.init(descriptor: descriptor, ownsDescriptor: true)
    }

    private init(descriptor: Int32, ownsDescriptor: Bool) {
        self.descriptor = descriptor
        self.ownsDescriptor = ownsDescriptor
    }

    deinit { if ownsDescriptor { close(descriptor) } }

    /// Writes whole lines.
    ///
    /// What the disk does not take is lost: a log must not stop a site.
    func write(_ bytes: [UInt8]) {
        lock.withLock { _ in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { buffer in
                    #if canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                    #elseif canImport(Musl)
                    Musl.write(descriptor, buffer.baseAddress, buffer.count)
                    #else
                    Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                    #endif
                }
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
