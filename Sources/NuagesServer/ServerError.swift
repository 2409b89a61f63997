/// An error of starting a server.
public enum ServerError: Error, Hashable, CustomStringConvertible {
    /// The address could not be listened on.
    case cannotListen(host: String, port: Int, reason: String)

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "Cannot listen on \(host):\(port): \(reason). "
                + "Stop the program that uses it, or choose another address."
        }
    }
}
