/// Orders the operations of each app, and cuts them into migrations that can depend on each other.
struct MigrationScheduler {
    private typealias Planned = Detection.Planned

    private var planned: [String: [Planned]]
    private let existingApps: Set<String>
    private let swappedModels: [String: StateKey]
    private let graph: MigrationGraph?
    private var made: [String: [Migration]] = [:]

    init(
        planned: [String: [Detection.Planned]],
        existingApps: Set<String>,
        swappedModels: [String: String],
        graph: MigrationGraph?
    ) {
        self.planned = planned
        self.existingApps = existingApps
        self.swappedModels = swappedModels.mapValues { StateKey(label: $0) }
        self.graph = graph
    }

    /// The migrations by app.
    func migrations() throws(MigrationError) -> [String: [Migration]] {
        var copy = self
        for (app, operations) in planned {
            copy.planned[app] = try copy.sorted(operations, app: app)
        }
        try copy.cut()
        copy.finish()
        return copy.made
    }

    private func resolve(_ dependency: OperationDependency) -> OperationDependency {
        guard let setting = dependency.setting, let model = swappedModels[setting] else {
            return dependency
        }
        var resolved = dependency
        resolved.model = model
        return resolved
    }

    /// The operations after those of the same app that they need, level by level, otherwise in
    /// the order in which they were found.
    private func sorted(
        _ operations: [Planned],
        app: String
    ) throws(MigrationError) -> [Planned] {
        var order = LevelOrder(count: operations.count)
        for (index, item) in operations.enumerated() {
            order.touch(index)
            for dependency in item.dependencies.map(resolve) where dependency.model.app == app {
                let needed = operations.indices.filter {
                    dependency.isMet(by: operations[$0].operation)
                }
                order.add(index, after: needed)
            }
        }
        guard let sorted = order.sorted() else {
            throw .unresolvableDependencies(operations.map { $0.operation.describe() })
        }
        return sorted.map { operations[$0] }
    }

    /// Goes round the apps and takes from each the operations whose needs in other apps are met;
    /// a part of an app's operations is only cut off when a whole round changed nothing.
    private mutating func cut() throws(MigrationError) {
        var mayCut = false
        var left = planned.values.reduce(0) { $0 + $1.count }
        while left > 0 {
            for app in planned.keys.sorted() {
                if cutFirst(of: app, partly: mayCut) { mayCut = false }
            }
            let now = planned.values.reduce(0) { $0 + $1.count }
            if now == left {
                guard !mayCut else {
                    let open = planned.values.joined().map { $0.operation.describe() }
                    throw .unresolvableDependencies(open.sorted())
                }
                mayCut = true
            }
            left = now
        }
    }

    /// Makes a migration of the operations that are ready; true when it made one.
    private mutating func cutFirst(of app: String, partly: Bool) -> Bool {
        let operations = planned[app] ?? []
        var ready: [any MigrationOperation] = []
        var dependencies: Set<MigrationKey> = []
        for item in operations {
            guard let needed = externalDependencies(of: item, app: app, partly: partly) else {
                break
            }
            ready.append(item.operation)
            dependencies.formUnion(needed)
        }
        guard !ready.isEmpty, partly || ready.count == operations.count else { return false }
        planned[app] = Array(operations.dropFirst(ready.count))
        let number = (made[app]?.count ?? 0) + 1
        var migration = Migration(
            app: app,
            name: "auto_\(number)",
            isInitial: !existingApps.contains(app),
            dependencies: Array(dependencies)
        ) {}
        migration.operations = ready
        made[app, default: []].append(migration)
        return true
    }

    /// The migrations of other apps that an operation needs; nil while they are not made.
    private func externalDependencies(
        of item: Planned,
        app: String,
        partly: Bool
    ) -> Set<MigrationKey>? {
        var result: Set<MigrationKey> = []
        for dependency in item.dependencies {
            let resolved = resolve(dependency)
            guard resolved.model.app != app else { continue }
            let isOpen = (planned[resolved.model.app] ?? []).contains {
                resolved.isMet(by: $0.operation)
            }
            if isOpen { return nil }
            if let setting = dependency.setting {
                result.insert(.swappable(setting))
            } else if let last = made[resolved.model.app]?.last {
                result.insert(last.key)
            } else if partly {
                let leaf = graph?.leafNodes(of: resolved.model.app).first
                result.insert(leaf ?? .first(of: resolved.model.app))
            } else {
                return nil
            }
        }
        return result
    }

    /// Chains the migrations of an app and optimizes each.
    private mutating func finish() {
        for (app, migrations) in made {
            var finished = migrations
            for index in finished.indices {
                if index > 0 { finished[index].dependencies.append(finished[index - 1].key) }
                finished[index].dependencies = finished[index].dependencies.withoutRepeats.sorted()
                finished[index].operations = MigrationOptimizer().optimize(
                    finished[index].operations,
                    app: app
                )
            }
            made[app] = finished
        }
    }
}

/// Sorts items after those that they need, level by level; within a level by when they were first
/// named.
struct LevelOrder {
    private var nodes: [Int] = []
    private var isKnown: [Bool]
    private var waiting: [Int]
    private var successors: [[Int]]

    init(count: Int) {
        isKnown = Array(repeating: false, count: count)
        waiting = Array(repeating: 0, count: count)
        successors = Array(repeating: [], count: count)
    }

    /// Names an item.
    mutating func touch(_ node: Int) {
        guard !isKnown[node] else { return }
        isKnown[node] = true
        nodes.append(node)
    }

    mutating func add(_ node: Int, after needed: [Int]) {
        touch(node)
        waiting[node] += needed.count
        for other in needed {
            touch(other)
            successors[other].append(node)
        }
    }

    /// The items in order; nil when some need each other in a circle.
    func sorted() -> [Int]? {
        var waiting = waiting
        var result: [Int] = []
        var ready = nodes.filter { waiting[$0] == 0 }
        while !ready.isEmpty {
            result += ready
            var next: [Int] = []
            for node in ready {
                for successor in successors[node] {
                    waiting[successor] -= 1
                    if waiting[successor] == 0 { next.append(successor) }
                }
            }
            ready = next
        }
        return result.count == nodes.count ? result : nil
    }
}
