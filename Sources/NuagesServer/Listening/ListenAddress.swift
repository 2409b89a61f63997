/// Where a server listens.
///
/// As text it is `8000`, `127.0.0.1:8000`, `[::1]:8000`, `[::]:8000`, `unix:/run/site.sock`,
/// `fd://` for the sockets that systemd opened, or `fd://3` for one socket by its number.
public enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An address or name, and a port; port 0 lets the system choose a free one.
    case tcp(host: String, port: Int)
    /// A Unix domain socket.
    case unix(path: String)
    /// Sockets that the process got from the one that started it: one by its number, or all that
    /// systemd announced (`LISTEN_FDS`).
    case inherited(descriptor: Int32?)

    /// Port 8000 of this machine, as in Django.
    public static let standard = ListenAddress.tcp(host: "127.0.0.1", port: 8_000)

    /// Reads an address.
    ///
    ///     ListenAddress("[::1]:8000")   // Optional(.tcp(host: "::1", port: 8000))
    ///
    /// - Parameter text: the address.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        if bytes.starts(with: Array("unix:".utf8)) {
            // `unix:/run/a.sock` and `unix:///run/a.sock` are one and the same.
            var path = bytes.dropFirst(5)
            if path.starts(with: Array("//".utf8)) { path = path.dropFirst(2) }
            guard !path.isEmpty, !path.contains(0) else { return nil }
            self = .unix(path: String(decoding: path, as: UTF8.self))
        } else if bytes.starts(with: Array("fd://".utf8)) {
            let digits = bytes.dropFirst(5)
            guard let number = Self.number(digits, upTo: 65_535) ?? (digits.isEmpty ? -1 : nil)
            else { return nil }
            self = .inherited(descriptor: number < 0 ? nil : Int32(number))
        } else {
            guard let address = Self.tcp(bytes) else { return nil }
            self = address
        }
    }

    private static func tcp(_ bytes: [UInt8]) -> Self? {
        let colon = bytes.lastIndex(of: UInt8(ascii: ":"))
        guard let port = number(bytes[(colon.map { $0 + 1 } ?? 0)...], upTo: 65_535) else {
            return nil
        }
        guard let colon else { return .tcp(host: "127.0.0.1", port: port) }
        var host = bytes[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(UInt8(ascii: ":")) {
            return nil
        }
        guard !host.isEmpty, !host.contains(0) else { return nil }
        return .tcp(host: String(decoding: host, as: UTF8.self), port: port)
    }

    private static func number(_ digits: ArraySlice<UInt8>, upTo limit: Int) -> Int? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return number <= limit ? number : nil
    }

    /// The address as text that ``init(_:)`` reads.
    public var description: String {
        switch self {
        case .tcp(let host, let port):
            host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .inherited(let descriptor): "fd://\(descriptor.map { "\($0)" } ?? "")"
        }
    }
}
