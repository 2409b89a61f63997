import CLibPQ

/// What libpq connects with.
struct PostgreSQLParameters: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// Nothing that is secret.
    var description: String { "PostgreSQLParameters(<redacted>)" }
    /// Nothing that is secret.
    var customMirror: Mirror { Mirror(self, children: []) }

    /// A URL or a list of `key=value`, as libpq takes it.
    var url: String
    /// What the URL says that libpq does not know.
    var options: [Option: String] = [:]
    /// Parameters that take precedence over those of the URL.
    var overriding: [String: String] = [:]

    /// Seconds that a host has to answer, unless the URL says otherwise.
    private static let connectTimeout = "10"
    /// Milliseconds after which a network that confirms nothing counts as gone, likewise.
    private static let networkTimeout = "30000"

    /// Connects; the connection's status tells whether it came about.
    func connect() -> OpaquePointer? {
        var pairs = securityDefaults().map { ($0.name, $0.value) }
        // What stands behind the URL takes precedence over it.
        pairs += [
            ("connect_timeout", Self.connectTimeout), ("fallback_application_name", "nuages"),
            ("tcp_user_timeout", Self.networkTimeout), ("keepalives_idle", "30"),
            ("keepalives_interval", "10"), ("keepalives_count", "3"), ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        pairs += overriding.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let keys = CStrings(pairs.map(\.0))
        let values = CStrings(pairs.map(\.1))
        return withExtendedLifetime((keys, values)) {
            PQconnectdbParams(keys.pointers, values.pointers, 1)
        }
    }

    /// The parameters as libpq reads them, `key='value'` each, without those that are secret; and
    /// the password, which is.
    var split: (address: String, password: String?) {
        guard let options = PQconninfoParse(url, nil) else { return ("", nil) }
        defer { PQconninfoFree(options) }
        var parts: [String] = []
        var password: String?
        var option = options
        while let keyword = option.pointee.keyword {
            let key = String(cString: keyword)
            if let value = option.pointee.val.map({ String(cString: $0) }) {
                if key.utf8.elementsEqual("password".utf8) {
                    password = value
                } else if !value.isEmpty, !Self.isSecret(option.pointee) {
                    parts.append("\(key)='\(Self.escaped(value))'")
                }
            }
            option += 1
        }
        parts += securityDefaults().map { "\($0.name)='\(Self.escaped($0.value))'" }
        return (parts.joined(separator: " "), password)
    }

    /// Whether a dialogue would show asterisks in place of the option's value.
    private static func isSecret(_ option: PQconninfoOption) -> Bool {
        option.dispchar.map { $0.pointee == CChar(bitPattern: UInt8(ascii: "*")) } ?? false
    }

    private static func escaped(_ value: String) -> String {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a part of the password would be read as one of the host, which errors tell: a
    /// password with an `@` that is not written as `%40`.
    private var hasStrayAt: Bool {
        let bytes = url.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[colon...].starts(with: "://".utf8)
        else { return false }
        let authority = bytes[colon...].dropFirst(3).prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
        }
        return authority.count { $0 == UInt8(ascii: "@") } > 1
    }

    /// Why libpq cannot read the parameters, without the URL; nil if it can.
    var mistake: String? {
        if hasStrayAt { return "Its password has an '@', which is written as %40." }
        var message: UnsafeMutablePointer<CChar>?
        if let options = PQconninfoParse(url, &message) {
            PQconninfoFree(options)
            return nil
        }
        defer { PQfreemem(message) }
        return "It is no connection URL of PostgreSQL: postgresql://user@host/name is one."
    }
}

/// Strings for C, with a null behind the last one.
private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointers = .allocate(capacity: count + 1)
        for (index, text) in texts.enumerated() { pointers[index] = Self.copy(of: text) }
        pointers[count] = nil
    }

    deinit {
        for index in 0..<count { pointers[index]?.deallocate() }
        pointers.deallocate()
    }

    private static func copy(of text: String) -> UnsafePointer<CChar> {
        let bytes = text.utf8
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
        var end = 0
        for byte in bytes {
            copy[end] = CChar(truncatingIfNeeded: byte)
            end += 1
        }
        copy[end] = 0
        return UnsafePointer(copy)
    }
}
