import ArgumentParser

/// Where `runserver` listens: `8000`, `0.0.0.0:8000` or `[::1]:8000`.
struct ListenAddress: ExpressibleByArgument, Equatable, CustomStringConvertible {
    static let standard = ListenAddress(host: "127.0.0.1", port: 8000)

    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        let bytes = Array(argument.utf8)
        let colon = bytes.lastIndex(of: UInt8(ascii: ":"))
        let digits = bytes[(colon.map { $0 + 1 } ?? 0)...]
        guard let port = Self.port(digits) else { return nil }
        guard let colon else {
            self.init(host: Self.standard.host, port: port)
            return
        }
        var host = bytes[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(UInt8(ascii: ":")) {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(decoding: host, as: UTF8.self), port: port)
    }

    var defaultValueDescription: String { description }

    /// The address as a URL has it.
    var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func port(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let port = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return port <= 65_535 ? port : nil
    }
}
