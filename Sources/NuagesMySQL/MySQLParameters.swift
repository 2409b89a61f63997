import CLibMariaDB
import NuagesORM

/// What libmariadb connects with.
struct MySQLParameters: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// Nothing that is secret.
    var description: String { "MySQLParameters(<redacted>)" }
    /// Nothing that is secret.
    var customMirror: Mirror { Mirror(self, children: []) }

    /// How a connection is kept from others.
    enum Encryption: String, Sendable, CaseIterable {
        /// Not at all.
        case disabled
        /// The connection is encrypted, and may be with anybody.
        case required
        /// The server has a certificate for its name.
        case verifyIdentity = "verify-identity"
    }

    var user: String?
    var password: String?
    /// The host; nil for a Unix socket.
    var host: String?
    var port: UInt32 = 3306
    var database: String?
    /// The Unix socket; nil for the one that libmariadb knows.
    var socket: String?
    var encryption = Encryption.disabled
    /// Whether the URL says how.
    private(set) var saysEncryption = false
    var files: [FileOption: String] = [:]
    var connectTimeout: UInt32 = 10
    /// Seconds that the server has for each answer of a connection that is not asked bit by bit;
    /// nil for no limit.
    var answerTimeout: UInt32?
    /// How long a statement may take, where the URL says it.
    var statementTimeout: Duration?
    /// How far transactions are kept apart, where the URL says it.
    var isolation: IsolationLevel?
    /// Seconds that a statement waits for a locked row.
    var lockTimeout: Int?

    /// An option that names a file.
    enum FileOption: String, Sendable, CaseIterable {
        case authority = "ssl-ca"
        case certificate = "ssl-cert"
        case key = "ssl-key"

        fileprivate var option: mysql_option {
            switch self {
            case .authority: MYSQL_OPT_SSL_CA
            case .certificate: MYSQL_OPT_SSL_CERT
            case .key: MYSQL_OPT_SSL_KEY
            }
        }
    }

    /// The ways to log in that do not tell the server the password as it is, whoever it is; that of
    /// `caching_sha2_password`, which MariaDB's users do not have, does so over TLS.
    private static let logins = "mysql_native_password,client_ed25519,auth_gssapi_client"

    /// Connects, which may take as long as ``connectTimeout``.
    func connect() throws(DatabaseError) -> UnsafeMutablePointer<MYSQL> {
        guard let connection = mysql_init(nil) else {
            throw .operational("There is no memory for a database connection.", statement: nil)
        }
        setOptions(connection)
        let flags = UInt(CLIENT_FOUND_ROWS)
        let isMade =
            mysql_real_connect(connection, host, user, password, database, port, socket, flags)
            != nil
        guard isMade else {
            let error = MySQLError(connection).error(statement: nil)
            mysql_close(connection)
            throw error
        }
        // Unless the server is to be verified, libmariadb goes on in plain text with one that says it
        // knows no TLS (CVE-2015-3152 is about this).
        guard encryption == .disabled || mysql_get_ssl_cipher(connection) != nil else {
            mysql_close(connection)
            throw .operational(
                """
                The server does not speak TLS, which the URL demands: let it have a certificate, or \
                say ssl-mode=disabled where nobody can listen.
                """,
                statement: nil
            )
        }
        return connection
    }

    private func setOptions(_ connection: UnsafeMutablePointer<MYSQL>) {
        if answerTimeout == nil { mysql_options(connection, MYSQL_OPT_NONBLOCK, nil) }
        var timeout = min(connectTimeout, answerTimeout ?? connectTimeout)
        mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &timeout)
        if var answerTimeout {
            mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &answerTimeout)
            mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &answerTimeout)
        }
        // No server may ask for files of this machine.
        var localFiles: UInt32 = 0
        mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &localFiles)
        mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        mysql_options(connection, MARIADB_OPT_RESTRICTED_AUTH, Self.logins)
        var isEncrypted: my_bool = encryption == .disabled ? 0 : 1
        var isVerified: my_bool = encryption == .verifyIdentity ? 1 : 0
        mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &isEncrypted)
        mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &isVerified)
        guard encryption != .disabled else { return }
        for (name, path) in files { mysql_options(connection, name.option, path) }
    }

    /// What the client program is called with, without the password.
    var shellArguments: [String] {
        var list: [String] = []
        if let user { list.append("--user=\(user)") }
        if let host { list += ["--host=\(host)", "--port=\(port)"] }
        if let socket { list.append("--socket=\(socket)") }
        for (name, path) in files.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            list.append("--\(name.rawValue)=\(path)")
        }
        if encryption != .disabled { list.append("--ssl") }
        if encryption == .verifyIdentity { list.append("--ssl-verify-server-cert") }
        if let database { list.append("--database=\(database)") }
        return list
    }
}

extension MySQLParameters {
    /// The parameters that a URL names.
    ///
    /// - Throws: `DatabaseError.operational`, whose text never holds the URL.
    init(url: String) throws(DatabaseError) {
        let bytes = Array(url.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[colon...].starts(with: "://".utf8), !bytes.contains(0)
        else { throw Self.unreadable("It begins with mysql://.") }
        var rest = bytes[(colon + 3)...]
        if let question = rest.firstIndex(of: UInt8(ascii: "?")) {
            try read(options: rest[(question + 1)...])
            rest = rest[..<question]
        }
        if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
            let name = try Self.decoded(rest[(slash + 1)...])
            database = name.isEmpty ? nil : name
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            let login = rest[..<at].split(separator: UInt8(ascii: ":"), maxSplits: 1)
            user = try login.first.map(Self.decoded)
            password = login.count > 1 ? try Self.decoded(login[1]) : nil
            rest = rest[(at + 1)...]
        }
        try read(address: rest)
    }

    private mutating func read(address: ArraySlice<UInt8>) throws(DatabaseError) {
        var name = address
        if name.first == UInt8(ascii: "["), let end = name.firstIndex(of: UInt8(ascii: "]")) {
            // An address of IPv6.
            let behind = name[(end + 1)...]
            name = name[(name.startIndex + 1)..<end]
            if let port = behind.dropFirst().first.map({ _ in behind.dropFirst() }) {
                self.port = try Self.number(port, "port", 1...65_535)
            }
        } else if let colon = name.firstIndex(of: UInt8(ascii: ":")) {
            port = try Self.number(name[(colon + 1)...], "port", 1...65_535)
            name = name[..<colon]
        }
        let host = try Self.decoded(name)
        let isLocal = host.isEmpty || host.utf8.elementsEqual("localhost".utf8)
        if host.utf8.first == UInt8(ascii: "/") {
            socket = host
        } else if !isLocal {
            guard socket == nil else {
                throw Self.unreadable("It names a host or a socket, not both.")
            }
            self.host = host
        }
        if !saysEncryption, let host = self.host, !Self.isThisMachine(host) {
            encryption = .verifyIdentity
        }
    }

    private static func isThisMachine(_ host: String) -> Bool {
        if host.utf8.elementsEqual("::1".utf8) { return true }
        // Four numbers; a name such as 127.example.com may be anywhere.
        let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { UInt8(String(decoding: $0, as: UTF8.self)) }
        return parts.count == 4 && !parts.contains(nil) && parts.first == 127
    }

    private mutating func read(options: ArraySlice<UInt8>) throws(DatabaseError) {
        for pair in options.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = try Self.decoded(parts[0]).lowercased()
            let value = parts.count > 1 ? try Self.decoded(parts[1]) : ""
            if let file = FileOption(rawValue: name) {
                files[file] = value
                continue
            }
            switch name {
            case "socket": socket = value
            case "ssl-mode": try read(encryption: value)
            case "connect-timeout":
                connectTimeout = try Self.number(Array(value.utf8)[...], name, 1...3600)
            case "lock-timeout":
                lockTimeout = Int(try Self.number(Array(value.utf8)[...], name, 1...86_400))
            case "statement-timeout":
                guard let timeout = SessionOption.timeout(value) else {
                    throw Self.unreadable("Its \(name) is a number of seconds, 0 for no limit.")
                }
                statementTimeout = timeout
            case "isolation-level":
                guard let level = SessionOption.isolation(value) else {
                    throw Self.unreadable(
                        "Choices for \(name) are: \(SessionOption.isolationChoices)."
                    )
                }
                isolation = level
            default:
                let choices =
                    [
                        "connect-timeout", "isolation-level", "lock-timeout", "socket", "ssl-mode",
                        "statement-timeout",
                    ]
                    + FileOption.allCases.map(\.rawValue)
                throw Self.unreadable(
                    """
                    It has an option that is not known. \
                    Choices are: \(choices.sorted().joined(separator: ", ")).
                    """
                )
            }
        }
    }

    private mutating func read(encryption text: String) throws(DatabaseError) {
        guard let found = Encryption(rawValue: text) else {
            let choices = Encryption.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.unreadable("Choices for ssl-mode are: \(choices).")
        }
        encryption = found
        saysEncryption = true
    }

    private static func number(
        _ bytes: ArraySlice<UInt8>,
        _ name: String,
        _ range: ClosedRange<UInt32>
    ) throws(DatabaseError) -> UInt32 {
        guard let number = UInt32(String(decoding: bytes, as: UTF8.self)), range.contains(number)
        else { throw unreadable("Its \(name) is a number from \(range.lowerBound) on.") }
        return number
    }

    private static func unreadable(_ reason: String) -> DatabaseError {
        .operational(
            """
            The URL is none of a MariaDB; mysql://user@host/name is one. \(reason)
            """,
            statement: nil
        )
    }

    /// Text without its percent signs.
    private static func decoded(_ bytes: ArraySlice<UInt8>) throws(DatabaseError) -> String {
        var result: [UInt8] = []
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard position + 1 < bytes.endIndex, let high = digit(bytes[position]),
                let low = digit(bytes[position + 1]), high << 4 | low != 0
            else { throw unreadable("A percent sign stands before two hexadecimal digits.") }
            result.append(high << 4 | low)
            position += 2
        }
        guard let text = String(validating: result, as: UTF8.self) else {
            throw unreadable("It is UTF-8.")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
