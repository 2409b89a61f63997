/// The migrations of a project, with those that a database has had.
public struct MigrationLoader: Sendable {
    /// Which come before which; squashed migrations stand for those that they replace, or the
    /// other way round, by what has been applied.
    public private(set) var graph: MigrationGraph
    /// The migrations that the database has had, squashed ones with those that they replace.
    public private(set) var applied: Set<MigrationKey>

    /// The migrations and what a database has had of them.
    ///
    /// - Parameters:
    ///   - migrations: the migrations of all apps, in any order.
    ///   - applied: those that the database records.
    ///   - swappedModels: the models that settings name.
    ///   - unmigratedApps: apps without migrations.
    /// - Throws: ``MigrationError`` for a history that does not fit together.
    public init(
        _ migrations: [Migration],
        applied: Set<MigrationKey> = [],
        swappedModels: [String: String] = SwappableModels.inPlace,
        unmigratedApps: Set<String> = []
    ) throws(MigrationError) {
        self.applied = applied
        graph = try MigrationGraph(
            migrations,
            swappedModels: swappedModels,
            unmigratedApps: unmigratedApps
        )
        for migration in migrations.sorted(by: { $0.key < $1.key })
        where !migration.replaces.isEmpty {
            let replaced = Set(migration.replaces)
            let done = replaced.intersection(self.applied)
            if done == replaced { self.applied.insert(migration.key) }
            if done.isEmpty || done == replaced {
                if done.isEmpty { self.applied.remove(migration.key) }
                graph.replace(replaced, by: migration.key)
            } else {
                self.applied.remove(migration.key)
                graph.removeReplacement(migration.key, replacing: replaced)
            }
        }
    }

    /// Fails when a migration is applied before one that it needs.
    ///
    /// - Throws: ``MigrationError/inconsistentHistory(applied:before:)``.
    public func checkHistory() throws(MigrationError) {
        for key in applied.sorted() where graph.migrations[key] != nil {
            for parent in graph.parents(of: key) where !applied.contains(parent) {
                if let replaces = graph.migrations[parent]?.replaces, !replaces.isEmpty,
                    applied.isSuperset(of: replaces)
                {
                    continue
                }
                throw .inconsistentHistory(applied: key, before: parent)
            }
        }
    }

    /// The apps with several last migrations.
    public var conflicts: [String: [String]] {
        var names: [String: [String]] = [:]
        for leaf in graph.leafNodes() { names[leaf.app, default: []].append(leaf.name) }
        return names.filter { $0.value.count > 1 }
    }

    /// Fails when an app has several last migrations.
    ///
    /// - Throws: ``MigrationError/conflict(app:leaves:)``.
    public func checkConflicts() throws(MigrationError) {
        if let (app, leaves) = conflicts.min(by: { $0.key < $1.key }) {
            throw .conflict(app: app, leaves: leaves)
        }
    }

    /// The migration of an app whose name starts with a prefix, such as `0002`.
    ///
    /// - Parameters:
    ///   - prefix: the name or its beginning.
    ///   - app: the label of the app.
    /// - Returns: the key.
    /// - Throws: ``MigrationError/unknownApp(_:choices:)`` and
    ///   ``MigrationError/ambiguousPrefix(app:prefix:matches:)``.
    public func migration(
        startingWith prefix: String,
        in app: String
    ) throws(MigrationError) -> MigrationKey {
        guard graph.apps.contains(app) else { throw .unknownApp(app, choices: graph.apps) }
        let exact = MigrationKey(app, prefix)
        if graph.migrations[exact] != nil { return exact }
        let matches = graph.migrations.keys.filter { key in
            key.app == app && key.name.utf8.starts(with: prefix.utf8)
        }.sorted()
        guard let match = matches.first, matches.count == 1 else {
            throw .ambiguousPrefix(app: app, prefix: prefix, matches: matches.map(\.name))
        }
        return match
    }

    /// What `showmigrations` shows: the migrations of each app in order, and whether they are
    /// applied.
    ///
    /// - Parameter apps: the apps; empty for all.
    /// - Returns: the migrations by app, apps in order.
    /// - Throws: ``MigrationError``.
    public func overview(
        of apps: [String] = []
    ) throws(MigrationError) -> [(app: String, migrations: [(name: String, isApplied: Bool)])] {
        var result: [(app: String, migrations: [(name: String, isApplied: Bool)])] = []
        for app in apps.isEmpty ? graph.apps : apps {
            guard graph.apps.contains(app) else { throw .unknownApp(app, choices: graph.apps) }
            var names: [(name: String, isApplied: Bool)] = []
            for leaf in graph.leafNodes(of: app) {
                for key in try graph.forwardsPlan(to: leaf)
                where key.app == app && !names.contains(where: { $0.name == key.name }) {
                    names.append((key.name, applied.contains(key)))
                }
            }
            result.append((app, names))
        }
        return result
    }
}
