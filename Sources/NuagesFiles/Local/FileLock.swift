#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock on a file that other programs that ask for one respect as well.
///
///     let lock = try await FileLock.acquire("/srv/media/.import.lock")
///     defer { lock.release() }
///
/// It goes with the value, and with the process.
///
/// Django: `django.core.files.locks`.
public final class FileLock: Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Waits for the lock, on a thread of its own.
    ///
    /// - Parameters:
    ///   - path: the file, which is made where it is not there.
    ///   - isShared: whether others may have the lock as well that want it shared.
    /// - Returns: the lock.
    /// - Throws: ``StorageError/system(operation:name:errorNumber:)``.
    public static func acquire(_ path: String, isShared: Bool = false) async throws -> FileLock {
        while true {
            if let lock = try await tryAcquire(path, isShared: isShared) { return lock }
            // A call that waits would keep a thread from all other files.
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The lock, or nil where somebody else has it.
    ///
    /// - Parameters:
    ///   - path: the file, which is made where it is not there.
    ///   - isShared: whether others may have the lock as well that want it shared.
    /// - Returns: the lock, if it was free.
    /// - Throws: ``StorageError/system(operation:name:errorNumber:)``.
    public static func tryAcquire(
        _ path: String,
        isShared: Bool = false
    ) async throws -> FileLock? {
        try await FileThreads.run {
            #if canImport(Glibc)
            let number = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            #elseif canImport(Musl)
            let number = Musl.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            #else
            let number = Darwin.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            #endif
            guard number >= 0 else { throw StorageError(errno, "lock", path) }
            let descriptor = FileDescriptor(number)
            let operation = (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB
            if flock(number, operation) == 0 { return FileLock(descriptor) }
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw StorageError(errno, "lock", path)
            }
            return nil
        }
    }

    /// Lets others have the lock.
    public func release() { _ = flock(descriptor.number, LOCK_UN) }
}
