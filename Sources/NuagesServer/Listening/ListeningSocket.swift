internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Listening sockets that NIO does not open itself: Unix domain sockets, and those that another
/// process opened.
enum ListeningSocket {
    /// Why a socket cannot be used; the text says the reason, and `hint` what to do.
    struct Failure: Error {
        let reason: String
        let hint: String
    }

    /// The file of a Unix domain socket, so that only this one is removed at the end.
    struct SocketFile: Sendable {
        let path: String
        private let device: UInt64
        private let number: UInt64

        init?(path: String) {
            guard let status = fileStatus(path) else { return nil }
            self.path = path
            device = UInt64(truncatingIfNeeded: status.st_dev)
            number = UInt64(truncatingIfNeeded: status.st_ino)
        }

        /// Removes the file, unless another process has put its own in its place.
        func remove() {
            guard let now = SocketFile(path: path), now.device == device, now.number == number
            else { return }
            unlink(path)
        }
    }

    // MARK: - Unix domain sockets

    /// Opens a Unix domain socket, in place of one that a process left behind.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - mode: who may connect.
    /// - Returns: the descriptor, bound but not listening.
    /// - Throws: ``Failure``.
    static func bindUnix(path: String, mode: UInt16) throws(Failure) -> Int32 {
        var address = try unixAddress(path)
        try removeStale(path, &address)
        let descriptor = try openSocket()
        // On Linux the file gets the mode of the socket: at no moment may more connect.
        _ = fchmod(descriptor, mode_t(mode))
        guard call(bind, descriptor, &address) == 0 else {
            let number = errno
            close(descriptor)
            throw failure(number)
        }
        guard chmod(path, mode_t(mode)) == 0 else {
            let number = errno
            close(descriptor)
            unlink(path)
            throw failure(number)
        }
        return descriptor
    }

    private static func openSocket() throws(Failure) -> Int32 {
        #if canImport(Darwin)
        let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #else
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { throw failure(errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private static func unixAddress(_ path: String) throws(Failure) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < capacity, !bytes.contains(0) else {
            throw Failure(
                reason: "the path has \(bytes.count) bytes",
                hint: "Paths of sockets have 1 to \(capacity - 1) bytes."
            )
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    /// Removes the socket of a process that is gone; a living one, and other files, stay.
    private static func removeStale(
        _ path: String,
        _ address: inout sockaddr_un
    ) throws(Failure) {
        guard let status = fileStatus(path) else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw Failure(
                reason: "there is a file of that name that is no socket",
                hint: "Choose another path."
            )
        }
        let probe = try openSocket()
        defer { close(probe) }
        guard call(connect, probe, &address) != 0, errno == ECONNREFUSED else {
            throw failure(EADDRINUSE)
        }
        guard unlink(path) == 0 else { throw failure(errno) }
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32,
        _ descriptor: Int32,
        _ address: inout sockaddr_un
    ) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func fileStatus(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    // MARK: - Inherited sockets

    /// The first descriptor that systemd hands over (`SD_LISTEN_FDS_START`).
    private static let firstInherited: Int32 = 3

    /// The sockets that systemd opened for this process, by `LISTEN_PID` and `LISTEN_FDS`.
    ///
    /// - Returns: their descriptors.
    /// - Throws: ``Failure``.
    static func inherited() throws(Failure) -> [Int32] {
        guard let pid = environmentNumber("LISTEN_PID"), pid == Int(getpid()),
            let count = environmentNumber("LISTEN_FDS"), (1...64).contains(count)
        else {
            throw Failure(
                reason: "no sockets were handed to this process",
                hint: "Have systemd start it by a .socket unit, or name one: fd://3."
            )
        }
        var descriptors: [Int32] = []
        for offset in 0..<Int32(count) {
            descriptors.append(try adopt(firstInherited + offset))
        }
        return descriptors
    }

    /// Takes over a socket that was opened by another process.
    ///
    /// - Parameter descriptor: its number.
    /// - Returns: the number.
    /// - Throws: ``Failure`` where it is no stream socket.
    static func adopt(_ descriptor: Int32) throws(Failure) -> Int32 {
        var type: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        #if canImport(Darwin)
        let stream = SOCK_STREAM
        #else
        let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0, type == stream else {
            throw Failure(
                reason: "descriptor \(descriptor) is no stream socket",
                hint: "The process that starts this one must open it, as systemd does with "
                    + "ListenStream=."
            )
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private static func environmentNumber(_ name: String) -> Int? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        guard (1...10).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// Lets as many connections wait as the configuration says; NIO has said 128 by then.
    static func setBacklog(_ backlog: Int, _ descriptor: Int32) {
        _ = listen(descriptor, Int32(clamping: max(1, backlog)))
    }

    static func isUnix(_ descriptor: Int32) -> Bool {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &size)
            }
        }
        return result == 0 && Int32(address.ss_family) == AF_UNIX
    }

    /// The option that lets several processes listen on one port.
    static let sharedPort = NIOBSDSocket.Option(rawValue: CInt(SO_REUSEPORT))

    // MARK: - Reasons

    /// What an error number means for listening.
    ///
    /// - Parameter number: the error of the system.
    /// - Returns: the reason and the remedy.
    static func failure(_ number: Int32) -> Failure {
        switch number {
        case EADDRINUSE:
            Failure(
                reason: "the address is already in use",
                hint: "Stop the program that uses it ('ss -lptn' names it), or choose another "
                    + "address."
            )
        case EACCES, EPERM:
            Failure(
                reason: "permission denied",
                hint: "Ports below 1024 need CAP_NET_BIND_SERVICE or a socket of systemd (fd://); "
                    + "a socket's folder must be writable."
            )
        case EADDRNOTAVAIL:
            Failure(
                reason: "this machine does not have the address",
                hint: "Listen on 0.0.0.0 or [::] for all of its addresses."
            )
        case ENOENT, ENOTDIR:
            Failure(reason: "there is no such folder", hint: "Make the socket's folder first.")
        default:
            Failure(
                reason: String(cString: strerror(number)),
                hint: "Choose another address."
            )
        }
    }
}
