/// An error of starting a server.
public enum ServerError: Error, Hashable, CustomStringConvertible {
    /// The address could not be listened on.
    case cannotListen(ListenAddress, reason: String, hint: String)

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .cannotListen(let address, let reason, let hint):
            "Cannot listen on \(address): \(reason). \(hint)"
        }
    }
}
