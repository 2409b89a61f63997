/// Where a server listens, once it does.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The IP address; empty for a Unix domain socket.
    public let host: String
    /// The port, also where the system chose it; 0 for a Unix domain socket.
    public let port: Int
    /// The path of a Unix domain socket.
    public let path: String?

    init(host: String, port: Int) {
        self.host = host
        self.port = port
        path = nil
    }

    init(path: String) {
        host = ""
        port = 0
        self.path = path
    }

    /// Host and port, or the path: `127.0.0.1:8000`, `[::1]:8000`, `unix:/run/site.sock`.
    public var description: String {
        if let path { return "unix:\(path)" }
        return host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
