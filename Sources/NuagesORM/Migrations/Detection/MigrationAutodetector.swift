/// Finds what has to be done to get from one state of the models to another.
///
///     let changes = try MigrationAutodetector(from: recorded, to: declared).changes(graph: graph)
///     // ["polls": [Migration(name: "0002_question_author", …)]]
public struct MigrationAutodetector: Sendable {
    /// The state that the migrations so far lead to.
    public var oldState: MigrationState
    /// The state that the models declare.
    public var newState: MigrationState
    /// Who answers what the models alone do not tell.
    public var questioner: any MigrationQuestioner
    /// The apps that have no migrations, whose models are left alone.
    public var unmigratedApps: Set<String>
    /// The models that settings name, such as `["AUTH_USER_MODEL": "auth.user"]`.
    public var swappedModels: [String: String]

    /// A detector.
    ///
    /// - Parameters:
    ///   - oldState: the state that the migrations so far lead to.
    ///   - newState: the state that the models declare.
    ///   - questioner: who answers what the models alone do not tell.
    ///   - unmigratedApps: the apps whose models are left alone.
    ///   - swappedModels: the models that settings name.
    public init(
        from oldState: MigrationState,
        to newState: MigrationState,
        questioner: any MigrationQuestioner = PreparedAnswers(),
        unmigratedApps: Set<String> = [],
        swappedModels: [String: String] = SwappableModels.inPlace
    ) {
        self.oldState = oldState
        self.newState = newState
        self.questioner = questioner
        self.unmigratedApps = unmigratedApps
        self.swappedModels = swappedModels
    }

    /// The migrations that lead to the new state, numbered after those there are.
    ///
    /// - Parameters:
    ///   - graph: the migrations there are.
    ///   - apps: the apps to make migrations for, with those that they need; empty for all.
    ///   - name: the name after the number; nil for one that tells what is done.
    /// - Returns: the migrations by app, in order.
    /// - Throws: ``MigrationError/unanswered(_:)`` where a question stays open, and
    ///   ``MigrationError/unresolvableDependencies(_:)``.
    public func changes(
        graph: MigrationGraph,
        apps: Set<String> = [],
        name: String? = nil
    ) throws(MigrationError) -> [String: [Migration]] {
        let found = try detect(graph: graph)
        var numbering = MigrationNumbering(graph: graph, name: name, questioner: questioner)
        let numbered = try numbering.arrange(found)
        return apps.isEmpty ? numbered : MigrationNumbering.trim(numbered, to: apps)
    }

    /// The migrations that lead to the new state, with provisional names such as `auto_1`.
    ///
    /// - Parameters:
    ///   - graph: the migrations there are, which dependencies lead to.
    ///   - convertedApps: apps without migrations that get their first ones.
    /// - Returns: the migrations by app, in order.
    /// - Throws: ``MigrationError``.
    public func detect(
        graph: MigrationGraph? = nil,
        convertedApps: Set<String> = []
    ) throws(MigrationError) -> [String: [Migration]] {
        var detection = Detection(self, convertedApps: convertedApps)
        detection.findChanges()
        if !detection.openQuestions.isEmpty { throw .unanswered(detection.openQuestions) }
        let scheduler = MigrationScheduler(
            planned: detection.planned,
            existingApps: Set(oldState.orderedModels.map(\.app)),
            swappedModels: swappedModels,
            graph: graph
        )
        return try scheduler.migrations()
    }
}
