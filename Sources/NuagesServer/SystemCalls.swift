#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// How many files the process may have open, connections included.
enum FileLimit {
    /// Files that are left for databases, logs and templates; a quarter where there are few.
    private static let reserve = 256

    /// Raises the soft limit to the hard one, as it is often 1024 for historical reasons.
    ///
    /// - Returns: how many connections may be open at once, or nil where that is not known.
    static func raised() -> Int? {
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        let files = Int(clamping: limit.rlim_cur)
        return max(1, files - min(reserve, files / 4))
    }
}

/// The time that the calling thread has worked.
enum ThreadTime {
    /// Nanoseconds; 0 where the system does not tell.
    static func now() -> Int64 {
        var time = timespec()
        guard clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// An error of the file system.
enum FileError: Error, CustomStringConvertible {
    case cannotOpen(errno: Int32)
    case notAFile
    case cannotRead(errno: Int32)

    var description: String {
        switch self {
        case .cannotOpen(let number): "The file cannot be opened (error \(number))."
        case .notAFile: "The path is not of a regular file."
        case .cannotRead(let number): "The file cannot be read (error \(number))."
        }
    }
}

/// A file that is open for reading.
struct ReadableFile: Sendable {
    private let descriptor: Int32

    /// Opens a regular file.
    init(path: String) throws(FileError) {
        // C ends the path at its first NUL: another file than the one that was asked for.
        guard !path.utf8.contains(0) else { throw .notAFile }
        // Without O_NONBLOCK, opening a named pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = systemClose(descriptor)
            throw .notAFile
        }
        self.descriptor = descriptor
    }

    /// Reads at a position.
    ///
    /// - Parameters:
    ///   - count: how many bytes at most.
    ///   - offset: where.
    /// - Returns: the bytes; none at the end of the file.
    /// - Throws: ``FileError/cannotRead(errno:)``.
    func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var result: Int
            repeat {
                result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            } while result < 0 && errno == EINTR
            if result < 0 { failure = errno }
            initialized = max(0, result)
        }
        guard failure == 0 else { throw .cannotRead(errno: failure) }
        return bytes
    }

    /// Closes the file; it is not to be used afterwards.
    func close() { _ = systemClose(descriptor) }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
