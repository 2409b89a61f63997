/// How the connections of databases are kept; nil leaves what the driver says.
public struct DatabasePoolSettings: Sendable, Hashable {
    /// The most connections (`DATABASE_POOL_SIZE`).
    public var size: Int?
    /// How long a query waits for a connection (`DATABASE_POOL_TIMEOUT`).
    public var timeout: Duration?
    /// How old a connection gets (`CONN_MAX_AGE`).
    public var maxAge: Duration?
    /// Whether a connection that lay idle has to answer before it is used (`CONN_HEALTH_CHECKS`).
    public var checksHealth: Bool?

    /// As the drivers say.
    public init() {}
}

extension Settings: CustomReflectable {
    /// What a printed description shows: no keys, and no passwords of databases.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "isDebug": isDebug, "allowedHosts": allowedHosts,
                "databaseURL": Self.hidingPasswords(databaseURL),
                "databases": databases.mapValues(Self.hidingPasswords), "timeZone": timeZone,
                "languageCode": languageCode, "staticURL": staticURL, "logLevel": logLevel,
            ]
        )
    }

    /// A URL of a database without what is secret in it: all but its scheme, its hosts and its name.
    ///
    /// - Parameter url: the URL.
    /// - Returns: such as `postgresql://…@db.example/polls?…`.
    public static func hidingPasswords(_ url: String) -> String {
        var text = url.utf8[...]
        var query = ""
        if let mark = text.firstIndex(of: UInt8(ascii: "?")) {
            text = text[..<mark]
            query = "?…"
        }
        guard let at = text.lastIndex(of: UInt8(ascii: "@")),
            let start = text.firstIndex(of: UInt8(ascii: ":"))
        else { return String(Substring(text)) + query }
        let rest = text[start...].dropFirst().prefix { $0 == UInt8(ascii: "/") }
        guard rest.endIndex <= at else { return String(Substring(text)) + query }
        let (scheme, hosts) = (text[..<rest.endIndex], text[at...])
        return String(Substring(scheme)) + "…" + String(Substring(hosts)) + query
    }
}
