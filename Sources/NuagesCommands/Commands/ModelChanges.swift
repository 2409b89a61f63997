import NuagesORM
import NuagesViews

/// Finds the migrations that the models need besides those there are.
struct ModelChanges {
    let site: SiteContext

    /// The migrations by app.
    func migrations(
        apps: Set<String> = [],
        name: String? = nil,
        questioner: any MigrationQuestioner
    ) throws -> [(app: String, migrations: [Migration])] {
        let loader = try site.migrationLoader()
        try loader.checkConflicts()
        let detector = MigrationAutodetector(
            from: try loader.graph.state(),
            to: site.declaredState,
            questioner: questioner
        )
        return try detector.changes(graph: loader.graph, apps: apps, name: name)
            .sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// The apps whose models have changed, whatever the answers to open questions would be.
    func changedApps() throws -> [String] {
        try migrations(questioner: AnyAnswer()).map(\.app)
    }
}

/// Answers every question somehow: enough to know whether there are changes at all.
private struct AnyAnswer: MigrationQuestioner {
    func answer(to question: MigrationQuestion) -> MigrationAnswer? {
        switch question {
        case .renamedModel, .renamedField: .no
        case .addedNotNull, .addedMoment, .alteredNotNull: .leave
        case .initial: .yes
        }
    }
}
