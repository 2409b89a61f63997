/// Opens databases of one kind by their URLs.
///
/// A site names the drivers it links; `DATABASE_URL` chooses among them by its scheme.
public protocol DatabaseDriver: Sendable {
    /// The schemes of its URLs, such as `["sqlite"]`.
    var schemes: [String] { get }

    /// Opens the database.
    ///
    /// - Parameter url: the whole URL, its scheme among ``schemes``.
    /// - Returns: the database; connections are made when they are needed.
    /// - Throws: ``DatabaseError`` where the URL cannot be one of a database.
    func open(_ url: String) throws -> Database

    /// The command that opens a client program on the database, for `dbshell`.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the program and its arguments.
    func shellCommand(_ url: String) -> [String]

    /// What the environment of the client program has besides, such as a password, which all users
    /// of the machine could read in its arguments.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: variables and their values.
    func shellEnvironment(_ url: String) -> [String: String]
}

extension DatabaseDriver {
    /// Nothing.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: no variables.
    public func shellEnvironment(_ url: String) -> [String: String] { [:] }
}

extension Database {
    /// Opens a database with the driver that its URL's scheme names.
    ///
    /// - Parameters:
    ///   - url: such as `sqlite:db.sqlite3`.
    ///   - drivers: the drivers that the site links.
    /// - Returns: the database.
    /// - Throws: ``DatabaseURLError`` where no driver has the scheme, and what the driver throws.
    public static func open(_ url: String, drivers: [any DatabaseDriver]) throws -> Database {
        try driver(for: url, in: drivers).open(url)
    }

    /// The driver that a URL's scheme names.
    ///
    /// - Parameters:
    ///   - url: such as `sqlite:db.sqlite3`.
    ///   - drivers: the drivers that the site links.
    /// - Returns: the driver.
    /// - Throws: ``DatabaseURLError`` where no driver has the scheme.
    public static func driver(
        for url: String,
        in drivers: [any DatabaseDriver]
    ) throws(DatabaseURLError) -> any DatabaseDriver {
        let choices = drivers.flatMap(\.schemes)
        guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw .noScheme(choices: choices)
        }
        let scheme = url[..<colon].lowercased()
        guard let driver = drivers.first(where: { $0.schemes.contains(scheme) }) else {
            throw .unknownScheme(scheme, choices: choices)
        }
        return driver
    }
}

/// Why a database URL names no database; its text never holds the URL, which may have a password.
public enum DatabaseURLError: Error, Hashable, CustomStringConvertible {
    /// There is no colon.
    case noScheme(choices: [String])
    /// No driver that the site links has the scheme.
    case unknownScheme(String, choices: [String])

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .noScheme(let choices):
            "DATABASE_URL has no scheme. It begins with one of: \(list(choices))."
        case .unknownScheme(let scheme, let choices):
            "DATABASE_URL begins with '\(scheme):', for which this site links no driver. "
                + "Choices are: \(list(choices)). Add a driver to the site's 'databaseDrivers'."
        }
    }

    private func list(_ schemes: [String]) -> String {
        schemes.isEmpty ? "none" : schemes.map { "\($0):" }.joined(separator: ", ")
    }
}
