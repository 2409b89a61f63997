/// The migrations of a project and which come before which.
public struct MigrationGraph: Sendable {
    /// The migrations by key.
    public private(set) var migrations: [MigrationKey: Migration] = [:]
    private var parents: [MigrationKey: Set<MigrationKey>] = [:]
    private var children: [MigrationKey: Set<MigrationKey>] = [:]

    /// No migrations.
    public init() {}

    /// The graph of `migrations`.
    ///
    /// - Parameters:
    ///   - migrations: the migrations of all apps, in any order.
    ///   - swappedModels: the models that settings name, such as `["AUTH_USER_MODEL": "auth.user"]`.
    ///   - unmigratedApps: apps without migrations, which nothing needs to wait for.
    /// - Throws: ``MigrationError`` for missing, double and circular migrations.
    public init(
        _ migrations: [Migration],
        swappedModels: [String: String] = SwappableModels.inPlace,
        unmigratedApps: Set<String> = []
    ) throws(MigrationError) {
        for migration in migrations {
            guard self.migrations.updateValue(migration, forKey: migration.key) == nil else {
                throw .duplicateMigration(migration.key)
            }
            parents[migration.key] = []
            children[migration.key] = []
        }
        let links = LinkResolver(
            migrations: migrations,
            swappedModels: swappedModels,
            unmigratedApps: unmigratedApps
        )
        for migration in migrations {
            for dependency in migration.dependencies {
                guard let parent = links.resolve(dependency, from: migration) else { continue }
                try connect(migration.key, to: parent, namedBy: migration.key)
            }
            for dependency in migration.runBefore {
                guard let child = links.resolve(dependency, from: migration) else { continue }
                try connect(child, to: migration.key, namedBy: migration.key)
            }
        }
        try checkForCircles()
    }

    private mutating func connect(
        _ child: MigrationKey,
        to parent: MigrationKey,
        namedBy source: MigrationKey
    ) throws(MigrationError) {
        guard migrations[child] != nil else { throw .nodeNotFound(child, dependencyOf: source) }
        guard migrations[parent] != nil else { throw .nodeNotFound(parent, dependencyOf: source) }
        parents[child, default: []].insert(parent)
        children[parent, default: []].insert(child)
    }

    /// The labels of the apps in order.
    public var apps: [String] { Set(migrations.keys.map(\.app)).sorted() }

    /// The migrations that come directly before one.
    ///
    /// - Parameter key: the migration.
    /// - Returns: their keys in order.
    public func parents(of key: MigrationKey) -> [MigrationKey] { (parents[key] ?? []).sorted() }

    /// The migrations that come directly after one.
    ///
    /// - Parameter key: the migration.
    /// - Returns: their keys in order.
    public func children(of key: MigrationKey) -> [MigrationKey] { (children[key] ?? []).sorted() }

    /// The migrations that no other one of their app comes before.
    ///
    /// - Parameter app: the app; nil for all.
    /// - Returns: their keys in order.
    public func rootNodes(of app: String? = nil) -> [MigrationKey] {
        nodes(of: app) { parents[$0] ?? [] }
    }

    /// The migrations that no other one of their app comes after.
    ///
    /// - Parameter app: the app; nil for all.
    /// - Returns: their keys in order.
    public func leafNodes(of app: String? = nil) -> [MigrationKey] {
        nodes(of: app) { children[$0] ?? [] }
    }

    private func nodes(
        of app: String?,
        neighbours: (MigrationKey) -> Set<MigrationKey>
    ) -> [MigrationKey] {
        migrations.keys.filter { key in
            (app == nil || key.app == app) && !neighbours(key).contains { $0.app == key.app }
        }.sorted()
    }

    /// What has to be applied up to a migration, in order, with the migration at the end.
    ///
    /// - Parameter target: the migration.
    /// - Returns: the keys.
    /// - Throws: ``MigrationError/nodeNotFound(_:dependencyOf:)``.
    public func forwardsPlan(to target: MigrationKey) throws(MigrationError) -> [MigrationKey] {
        try visit(target) { parents[$0] ?? [] }
    }

    /// What has to be undone down to a migration, in order, with the migration at the end.
    ///
    /// - Parameter target: the migration.
    /// - Returns: the keys.
    /// - Throws: ``MigrationError/nodeNotFound(_:dependencyOf:)``.
    public func backwardsPlan(to target: MigrationKey) throws(MigrationError) -> [MigrationKey] {
        try visit(target) { children[$0] ?? [] }
    }

    /// All migrations, each after those that it needs.
    public var fullPlan: [MigrationKey] {
        var seen: Set<MigrationKey> = []
        var plan: [MigrationKey] = []
        for leaf in leafNodes() {
            for key in (try? forwardsPlan(to: leaf)) ?? [] where seen.insert(key).inserted {
                plan.append(key)
            }
        }
        return plan
    }

    /// The models after `targets` and what they need are applied.
    ///
    /// - Parameters:
    ///   - targets: the migrations; nil for all.
    ///   - includesTargets: whether the targets themselves are applied.
    /// - Returns: the state.
    /// - Throws: ``MigrationError``.
    public func state(
        at targets: [MigrationKey]? = nil,
        includingTargets includesTargets: Bool = true
    ) throws(MigrationError) -> MigrationState {
        var seen: Set<MigrationKey> = []
        var state = MigrationState()
        for target in targets ?? leafNodes() {
            for key in try forwardsPlan(to: target) where seen.insert(key).inserted {
                if !includesTargets, (targets ?? []).contains(key) { continue }
                try migrations[key]?.mutate(&state)
            }
        }
        return state
    }

    /// Depth first from `start`, each node after its neighbours.
    private func visit(
        _ start: MigrationKey,
        neighbours: (MigrationKey) -> Set<MigrationKey>
    ) throws(MigrationError) -> [MigrationKey] {
        guard migrations[start] != nil else { throw .nodeNotFound(start, dependencyOf: nil) }
        var visited: [MigrationKey] = []
        var seen: Set<MigrationKey> = []
        var open: Set<MigrationKey> = []
        var stack = [(start, false)]
        while let (key, isExpanded) = stack.popLast() {
            if seen.contains(key) { continue }
            if isExpanded {
                seen.insert(key)
                open.remove(key)
                visited.append(key)
            } else {
                guard open.insert(key).inserted else {
                    throw .circularDependency(Self.circle(in: open, neighbours))
                }
                stack.append((key, true))
                stack += neighbours(key).sorted().map { ($0, false) }
            }
        }
        return visited
    }

    /// Fails when migrations wait for each other.
    func checkForCircles() throws(MigrationError) {
        var waiting = parents.mapValues(\.count)
        var ready = waiting.filter { $0.value == 0 }.map(\.key)
        while let key = ready.popLast() {
            waiting[key] = nil
            for child in children[key] ?? [] {
                guard let count = waiting[child] else { continue }
                waiting[child] = count - 1
                if count == 1 { ready.append(child) }
            }
        }
        if !waiting.isEmpty {
            throw .circularDependency(Self.circle(in: Set(waiting.keys)) { parents[$0] ?? [] })
        }
    }

    /// One circle among migrations that each have a neighbour among them.
    private static func circle(
        in open: Set<MigrationKey>,
        _ neighbours: (MigrationKey) -> Set<MigrationKey>
    ) -> [MigrationKey] {
        guard var key = open.min() else { return [] }
        var path: [MigrationKey] = []
        while !path.contains(key) {
            path.append(key)
            guard let next = neighbours(key).intersection(open).min() else { return path }
            key = next
        }
        return Array(path.drop { $0 != key })
    }

    /// The graph without some migrations, whose neighbours are linked to those that stay in
    /// their place.
    mutating func replace(_ replaced: Set<MigrationKey>, by key: MigrationKey) {
        for old in replaced {
            for child in children[old] ?? [] where !replaced.contains(child) && child != key {
                parents[child]?.remove(old)
                parents[child]?.insert(key)
                children[key, default: []].insert(child)
            }
            for parent in parents[old] ?? [] where !replaced.contains(parent) && parent != key {
                children[parent]?.remove(old)
                children[parent, default: []].insert(key)
                parents[key, default: []].insert(parent)
            }
        }
        for old in replaced {
            migrations[old] = nil
            parents[old] = nil
            children[old] = nil
            parents[key]?.remove(old)
            children[key]?.remove(old)
        }
    }

    /// The graph without a squashed migration, where only a part of what it replaces is applied.
    ///
    /// Those that `replaced` names may be squashed ones with what these replace; only some of them
    /// are in the graph.
    mutating func removeReplacement(_ key: MigrationKey, replacing replaced: Set<MigrationKey>) {
        let replaced = replaced.intersection(migrations.keys).subtracting([key])
        let last = replaced.filter { (children[$0] ?? []).isDisjoint(with: replaced) }
        for child in children[key] ?? [] {
            parents[child]?.remove(key)
            for old in last where old != child {
                parents[child]?.insert(old)
                children[old]?.insert(child)
            }
        }
        for parent in parents[key] ?? [] { children[parent]?.remove(key) }
        migrations[key] = nil
        parents[key] = nil
        children[key] = nil
    }
}

/// Finds the migrations that symbolic dependencies such as `__first__` mean.
private struct LinkResolver {
    private let byApp: [String: [Migration]]
    private let swappedModels: [String: String]
    private let unmigratedApps: Set<String>
    /// The squashed migrations that stand for such as have no file any more.
    private let replacements: [MigrationKey: MigrationKey]

    init(
        migrations: [Migration],
        swappedModels: [String: String],
        unmigratedApps: Set<String>
    ) {
        byApp = Dictionary(grouping: migrations, by: \.app)
        var replacements: [MigrationKey: MigrationKey] = [:]
        for migration in migrations {
            for key in migration.replaces { replacements[key] = migration.key }
        }
        for migration in migrations { replacements[migration.key] = nil }
        self.replacements = replacements
        self.swappedModels = swappedModels
        self.unmigratedApps = unmigratedApps
    }

    /// The migration that is meant; nil where there is nothing to wait for.
    func resolve(_ key: MigrationKey, from migration: Migration) -> MigrationKey? {
        var key = key
        if key.app == "__setting__", let label = swappedModels[key.name] {
            key = .first(of: StateKey(label: label).app)
        }
        guard key.name == "__first__" || key.name == "__latest__" else {
            guard let squashed = replacements[key] else { return key }
            return squashed == migration.key ? nil : squashed
        }
        guard key.app != migration.app, !unmigratedApps.contains(key.app) else { return nil }
        let own = byApp[key.app] ?? []
        let ends = key.name == "__first__" ? roots(of: own) : leaves(of: own)
        return ends.min() ?? key
    }

    private func roots(of own: [Migration]) -> [MigrationKey] {
        own.filter { migration in !migration.dependencies.contains { $0.app == migration.app } }
            .map(\.key)
    }

    private func leaves(of own: [Migration]) -> [MigrationKey] {
        let needed = Set(own.flatMap(\.dependencies))
        return own.map(\.key).filter { !needed.contains($0) }
    }
}
