/// The migrations of a project, with those that a database has had.
public struct MigrationLoader: Sendable {
    /// Which come before which; squashed migrations stand for those that they replace, or the
    /// other way round, by what has been applied.
    public private(set) var graph: MigrationGraph
    /// The migrations that the database has had, squashed ones with those that they replace.
    public private(set) var applied: Set<MigrationKey>
    /// The migrations that the database records, whether they exist or not.
    public let recorded: Set<MigrationKey>
    /// All migrations of the program, squashed ones and those that they replace.
    public let known: [MigrationKey: Migration]
    private let swappedModels: [String: String]
    private let unmigratedApps: Set<String>

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
        recorded = applied
        self.swappedModels = swappedModels
        self.unmigratedApps = unmigratedApps
        graph = try MigrationGraph(
            migrations,
            swappedModels: swappedModels,
            unmigratedApps: unmigratedApps
        )
        known = graph.migrations
        var seen: Set<MigrationKey> = []
        for migration in migrations.sorted(by: { $0.key < $1.key }) {
            try replace(with: migration, inside: [], &seen)
        }
        try graph.checkForCircles()
    }

    /// The loader of the same program with other migrations, and with what a database has had.
    func with(
        _ added: [Migration] = [],
        without removed: Set<MigrationKey> = [],
        applied: Set<MigrationKey>
    ) throws(MigrationError) -> MigrationLoader {
        try MigrationLoader(
            known.values.filter { !removed.contains($0.key) } + added,
            applied: applied,
            swappedModels: swappedModels,
            unmigratedApps: unmigratedApps
        )
    }

    /// Lets a squashed migration take the place of those that it stands for, or leaves it out where
    /// only some of them are applied; squashed ones among them come first.
    private mutating func replace(
        with migration: Migration,
        inside path: [MigrationKey],
        _ seen: inout Set<MigrationKey>
    ) throws(MigrationError) {
        if let start = path.firstIndex(of: migration.key) {
            throw .circularDependency(Array(path[start...]))
        }
        guard !migration.replaces.isEmpty, seen.insert(migration.key).inserted else { return }
        for key in migration.replaces {
            if let inner = known[key] {
                try replace(with: inner, inside: path + [migration.key], &seen)
            }
        }
        let ends = origins(of: migration)
        let done = ends.intersection(applied)
        if done == ends {
            applied.insert(migration.key)
        } else {
            applied.remove(migration.key)
        }
        if done.isEmpty || done == ends {
            graph.replace(Set(migration.replaces), by: migration.key)
        } else {
            let missing = ends.filter { known[$0] == nil }
            if let first = missing.min() { throw .halfSquashed(migration.key, missing: first) }
            graph.removeReplacement(migration.key, replacing: Set(records(of: migration)))
        }
    }

    /// The migrations that a squashed one stands for in the end.
    private func origins(of migration: Migration) -> Set<MigrationKey> {
        var found: Set<MigrationKey> = []
        var open = migration.replaces
        var seen: Set<MigrationKey> = [migration.key]
        while let key = open.popLast() {
            guard seen.insert(key).inserted else { continue }
            if let inner = known[key], !inner.replaces.isEmpty {
                open += inner.replaces
            } else {
                found.insert(key)
            }
        }
        return found
    }

    /// What is recorded of a migration: what it replaces, and itself at the end.
    func records(of migration: Migration) -> [MigrationKey] {
        migration.replaces.flatMap { key in
            guard let inner = known[key] else { return [key] }
            return records(of: inner)
        }.withoutRepeats + [migration.key]
    }

    /// The squashed migrations whose replaced ones are all recorded, and that are not.
    var unrecordedReplacements: [MigrationKey] {
        known.values.filter { migration in
            !migration.replaces.isEmpty && !recorded.contains(migration.key)
                && recorded.isSuperset(of: origins(of: migration))
        }.map(\.key).sorted()
    }

    /// What the database records of an app and the program does not have any more.
    ///
    /// - Parameter app: the label of the app.
    /// - Returns: the keys in order.
    public func unknownMigrations(of app: String) -> [MigrationKey] {
        recorded.filter { $0.app == app && known[$0] == nil }.sorted()
    }

    /// Fails when a migration is applied before one that it needs.
    ///
    /// - Throws: ``MigrationError/inconsistentHistory(applied:before:)``.
    public func checkHistory() throws(MigrationError) {
        for key in applied.sorted() where graph.migrations[key] != nil {
            for parent in graph.parents(of: key) where !applied.contains(parent) {
                if let migration = graph.migrations[parent], !migration.replaces.isEmpty,
                    applied.isSuperset(of: origins(of: migration))
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
        let found = graph.migrations.keys.filter { key in
            key.app == app && key.name.utf8.starts(with: prefix.utf8)
        }.sorted()
        let matches = found.isEmpty ? try replacements(startingWith: prefix, in: app) : found
        guard let match = matches.first, matches.count == 1 else {
            throw .ambiguousPrefix(app: app, prefix: prefix, matches: matches.map(\.name))
        }
        return match
    }

    /// What stands for migrations that are not in the graph: the squashed one that took the place of
    /// a replaced one, or the last one that a squashed one which is left out would replace.
    private func replacements(
        startingWith prefix: String,
        in app: String
    ) throws(MigrationError) -> [MigrationKey] {
        let hidden = known.keys.filter { key in
            key.app == app && key.name.utf8.starts(with: prefix.utf8)
        }
        guard hidden.count == 1, let key = hidden.first else { return hidden.sorted() }
        if let last = known[key]?.replaces.last, graph.migrations[last] != nil { return [last] }
        let squashed = graph.migrations.values.first { origins(of: $0).contains(key) }
        return squashed.map { [$0.key] } ?? []
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
