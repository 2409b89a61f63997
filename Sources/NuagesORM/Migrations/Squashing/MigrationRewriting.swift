/// A migration that others were made into.
public struct RewrittenMigration: Sendable {
    /// The migration.
    public var migration: Migration
    /// The migrations that it was made of.
    public var sources: [MigrationKey]
    /// How many operations these have.
    public var operationCount: Int

    /// Whether it names operations of its sources, whose code has to be moved by hand before their
    /// files go.
    public var borrowsCode: Bool { migration.operations.contains { !$0.canBeWritten } }
}

extension MigrationLoader {
    /// One migration in the place of several of an app (`squashmigrations`).
    ///
    ///     let squashed = try loader.squashing("polls", to: "0004")
    ///     squashed.migration.name         // 0001_squashed_0004_choice_votes
    ///     squashed.migration.replaces     // polls.0001_initial … polls.0004_choice_votes
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - first: the first migration or its beginning; nil for the app's first.
    ///   - last: the last migration or its beginning.
    ///   - name: what the name is after its number; nil for one that tells what is squashed.
    ///   - optimizes: whether operations are replaced by fewer that come to the same.
    /// - Returns: the migration, to be written to a file.
    /// - Throws: ``MigrationError``, such as ``MigrationError/circularDependency(_:)`` where a migration
    ///   of another app comes after some of them and before others.
    public func squashing(
        _ app: String,
        from first: String? = nil,
        to last: String,
        name: String? = nil,
        optimizes: Bool = true
    ) throws(MigrationError) -> RewrittenMigration {
        let end = try migration(startingWith: last, in: app)
        var keys = try graph.forwardsPlan(to: end).filter { $0.app == app }
        var start: MigrationKey?
        if let first {
            let key = try migration(startingWith: first, in: app)
            guard let index = keys.firstIndex(of: key) else {
                throw .notBefore(key, end)
            }
            keys.removeFirst(index)
            start = key
        }
        var operations: [any MigrationOperation] = []
        var dependencies: [MigrationKey] = []
        for (index, key) in keys.enumerated() {
            guard let migration = graph.migrations[key] else { continue }
            operations += migration.portableOperations
            // The first may come after one of the same app.
            dependencies += migration.dependencies.filter { $0.app != app || index == 0 }
        }
        let title = name ?? "squashed_\(end.name)"
        let number = start.map { Self.prefix(of: $0.name) } ?? "0001"
        var squashed = Migration(
            app: app,
            name: start != nil && name == nil
                ? "\(start?.name ?? "")_squashed_\(end.name)" : "\(number)_\(title)",
            isInitial: start == nil ? true : nil,
            isAtomic: keys.allSatisfy { graph.migrations[$0]?.isAtomic ?? true },
            dependencies: dependencies.withoutRepeats.filter { !keys.contains($0) }.sorted(),
            runBefore: keys.flatMap { graph.migrations[$0]?.runBefore ?? [] }.withoutRepeats,
            replaces: keys
        ) {}
        squashed.operations =
            optimizes ? MigrationOptimizer().optimize(operations, app: app) : operations
        if known[squashed.key] != nil { throw .duplicateMigration(squashed.key) }
        // One of another app may come after some of them and before others.
        _ = try with([squashed], applied: [])
        return RewrittenMigration(
            migration: squashed,
            sources: keys,
            operationCount: operations.count
        )
    }

    /// A migration with fewer operations that come to the same (`optimizemigration`).
    ///
    /// Where the file cannot be written anew, since it has code in Swift, the migration gets
    /// another name and replaces the old one.
    ///
    /// - Parameter key: the migration.
    /// - Returns: the migration; its ``RewrittenMigration/operationCount`` is the number of before.
    /// - Throws: ``MigrationError``.
    public func optimizing(_ key: MigrationKey) throws(MigrationError) -> RewrittenMigration {
        guard var migration = known[key] else { throw .nodeNotFound(key, dependencyOf: nil) }
        let count = migration.operations.count
        migration.operations = MigrationOptimizer()
            .optimize(migration.portableOperations, app: key.app)
        var result = RewrittenMigration(
            migration: migration,
            sources: [key],
            operationCount: count
        )
        if result.borrowsCode, migration.operations.count < count {
            guard migration.replaces.isEmpty else { throw .cannotRewrite(key) }
            result.migration.name += "_optimized"
            result.migration.replaces = [key]
        }
        return result
    }

    /// The last migrations of apps with more operations (`makemigrations --update`).
    ///
    /// Where the changes of one app come after those of another, its migration comes after that one's,
    /// by its new name.
    ///
    /// - Parameters:
    ///   - changes: what is to be added, by app.
    ///   - name: what the names are after their numbers; nil for some that tell what is done.
    /// - Returns: the migrations, each to be written in place of its source.
    /// - Throws: ``MigrationError/cannotUpdate(_:reason:)`` where others build on a migration,
    ///   ``MigrationError/circularDependency(_:)`` where the changes of two apps need each other, and
    ///   other cases.
    public func updating(
        _ changes: [(app: String, migrations: [Migration])],
        name: String? = nil
    ) throws(MigrationError) -> [RewrittenMigration] {
        var results: [RewrittenMigration] = []
        var newKeys: [MigrationKey: MigrationKey] = [:]
        for (app, migrations) in changes {
            let result = try updating(app, with: migrations, name: name)
            for migration in migrations { newKeys[migration.key] = result.migration.key }
            results.append(result)
        }
        for index in results.indices {
            let dependencies = results[index].migration.dependencies
            results[index].migration.dependencies =
                dependencies.map { newKeys[$0] ?? $0 }.withoutRepeats
        }
        _ = try with(
            results.map(\.migration),
            without: Set(results.flatMap(\.sources)),
            applied: []
        )
        return results
    }

    /// An app's last migration with more operations (`makemigrations --update`).
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - changes: what is to be added.
    ///   - name: what the name is after its number; nil for one that tells what is done.
    /// - Returns: the migration, to be written in place of its source.
    /// - Throws: ``MigrationError/cannotUpdate(_:reason:)`` where others build on the migration, and
    ///   other cases.
    public func updating(
        _ app: String,
        with changes: [Migration],
        name: String? = nil
    ) throws(MigrationError) -> RewrittenMigration {
        guard let leaf = graph.leafNodes(of: app).first, var migration = known[leaf] else {
            throw .cannotUpdate(MigrationKey(app, "?"), reason: "The app has no migrations.")
        }
        if !migration.replaces.isEmpty {
            throw .cannotUpdate(leaf, reason: "It replaces others.")
        }
        if recorded.contains(leaf) { throw .cannotUpdate(leaf, reason: "It is applied.") }
        // Its name goes, and with it all that says it.
        let followers = known.values.filter { other in
            other.dependencies.contains(leaf) || other.runBefore.contains(leaf)
                || other.replaces.contains(leaf)
        }.map(\.key).sorted()
        if !followers.isEmpty {
            let names = followers.map(\.description).joined(separator: ", ")
            throw .cannotUpdate(leaf, reason: "\(names) depend on it.")
        }
        let operations = migration.portableOperations + changes.flatMap(\.operations)
        let added = changes.flatMap(\.dependencies).filter { $0.app != app }
        migration.dependencies = (migration.dependencies + added).withoutRepeats
        migration.operations = MigrationOptimizer().optimize(operations, app: app)
        let title = name ?? migration.suggestedName()
        let suggested = "\(Self.prefix(of: leaf.name))_\(title)"
        migration.name = suggested == leaf.name ? leaf.name + "_updated" : suggested
        return RewrittenMigration(
            migration: migration,
            sources: [leaf],
            operationCount: operations.count
        )
    }

    /// The migrations of one of several branches, since they parted.
    public struct Branch: Sendable {
        /// The last migration.
        public var leaf: MigrationKey
        /// What the branch does.
        public var operations: [any MigrationOperation]
    }

    /// A migration that comes after all last ones of an app (`makemigrations --merge`).
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - name: what the name is after its number; nil for one that names the branches.
    /// - Returns: the migration, which changes nothing, and the branches.
    /// - Throws: ``MigrationError/noCommonAncestor(_:)`` for branches that never were one.
    public func merging(
        _ app: String,
        name: String? = nil
    ) throws(MigrationError) -> (migration: Migration, branches: [Branch]) {
        let leaves = graph.leafNodes(of: app)
        var plans: [[MigrationKey]] = []
        for leaf in leaves {
            plans.append(try graph.forwardsPlan(to: leaf).filter { $0.app == app })
        }
        let shared = plans.dropFirst().reduce(Set(plans.first ?? [])) { $0.intersection($1) }
        if shared.isEmpty { throw .noCommonAncestor(leaves) }
        let branches = zip(leaves, plans).map { leaf, plan in
            Branch(
                leaf: leaf,
                operations: plan.filter { !shared.contains($0) }
                    .flatMap { graph.migrations[$0]?.operations ?? [] }
            )
        }
        let names = leaves.map(\.name).joined(separator: "_")
        let title =
            name ?? "merge_" + (names.utf8.count > 47 ? CalendarMinute.current.description : names)
        let migration = Migration(
            app: app,
            name: MigrationNumbering.next(after: leaves.map(\.name), title),
            dependencies: leaves
        ) {}
        return (migration, branches)
    }

    /// The number that a name begins with, with its zeros.
    private static func prefix(of name: String) -> String {
        name.utf8.split(separator: UInt8(ascii: "_"), maxSplits: 1).first
            .map { String(Substring($0)) } ?? name
    }
}
