import NuagesCore
public import NuagesORM

extension SiteContext {
    /// The setting that holds the URL of a database.
    ///
    /// - Parameter name: the name of the database.
    /// - Returns: `DATABASE_URL`, or such as `DATABASE_URL_REPLICA`.
    public static func urlSetting(of name: String) -> String {
        name.equalsBytes(DatabaseGroup.mainName)
            ? "DATABASE_URL" : "DATABASE_URL_\(name.uppercased())"
    }

    /// A database of the site by its name.
    ///
    /// - Parameter name: such as `default`.
    /// - Returns: the database.
    /// - Throws: ``SiteError/unknownDatabase(_:choices:)``.
    public func database(named name: String) throws(SiteError) -> Database {
        guard let database = databases.databases[name] else {
            throw .unknownDatabase(name, choices: databases.databases.keys.sorted())
        }
        return database
    }

    /// The URL of a database of the site; it may hold a password.
    ///
    /// - Parameter name: such as `default`.
    /// - Returns: the URL.
    /// - Throws: ``SiteError/unknownDatabase(_:choices:)``.
    public func databaseURL(of name: String) throws(SiteError) -> String {
        var name = name
        // A mirror has the URL of another; two that mirror each other are refused when they open.
        while let url = settings.databases[name], let other = Self.mirrored(url) { name = other }
        if name.equalsBytes(DatabaseGroup.mainName) { return settings.databaseURL }
        guard let url = settings.databases[name] else {
            throw .unknownDatabase(name, choices: databases.databases.keys.sorted())
        }
        return url
    }

    /// Closes the connections of all databases.
    public func closeDatabases() async {
        for database in databases.databases.values { await database.close() }
    }

    /// The database that a URL is another name of.
    private static func mirrored(_ url: String) -> String? {
        let scheme = "mirror:".utf8
        guard url.utf8.starts(with: scheme) else { return nil }
        return String(Substring(url.utf8.dropFirst(scheme.count)))
    }

    static func openDatabases(
        _ settings: Settings,
        _ drivers: [any DatabaseDriver],
        _ routers: [any DatabaseRouter],
        limitsStatements: Bool
    ) throws -> DatabaseGroup {
        var group = DatabaseGroup(routers: routers)
        func open(_ name: String, _ url: String) throws -> Database {
            try Database.open(url, drivers: drivers, setting: urlSetting(of: name))
                .configured(name: name) {
                    $0.take(settings.databasePool)
                    $0.limitStatements(limitsStatements ? settings.databasePool : nil)
                }
        }
        group.databases[DatabaseGroup.mainName] =
            try open(DatabaseGroup.mainName, settings.databaseURL)
        for (name, url) in settings.databases where mirrored(url) == nil {
            group.databases[name] = try open(name, url)
        }
        for (name, url) in settings.databases {
            guard let other = mirrored(url) else { continue }
            guard mirrored(settings.databases[other] ?? "") == nil,
                let database = group.databases[other]
            else {
                let choices = settings.databases.filter { mirrored($0.value) == nil }.keys
                throw SiteError.unknownDatabase(
                    other,
                    choices: choices.sorted() + [DatabaseGroup.mainName]
                )
            }
            group.databases[name] = database
        }
        return group
    }
}

extension PoolOptions {
    /// Takes over what settings say.
    fileprivate mutating func take(_ settings: DatabasePoolSettings) {
        if let size = settings.size { maxConnections = max(1, size) }
        if let timeout = settings.timeout { self.timeout = timeout }
        if let age = settings.maxAge { maxAge = age }
        switch settings.checksHealth {
        case true?: healthCheckAfter = healthCheckAfter ?? .seconds(30)
        case false?: healthCheckAfter = nil
        case nil: break
        }
    }

    /// A request that waits longer for one statement has lost its client long since.
    private static let requestLimit = Duration.seconds(30)

    /// Limits the statements of requests; nil for those of commands, which may take long.
    fileprivate mutating func limitStatements(_ settings: DatabasePoolSettings?) {
        guard let settings else {
            statementTimeout = nil
            return
        }
        statementTimeout = statementTimeout ?? settings.statementTimeout ?? Self.requestLimit
    }
}
