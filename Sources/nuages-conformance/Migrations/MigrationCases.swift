import NuagesCore
import NuagesORM

/// The cases of the autodetector: two states of the models, and the migrations between them.
struct MigrationCases: ConformanceKind {
    func accepts(_ item: JSONCase) -> Bool {
        item["from"]?.elements != nil && item["to"]?.elements != nil && item["expect"] != nil
    }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        let states = StateDecoder()
        let detector = MigrationAutodetector(
            from: try states.state(item["from"]),
            to: try states.state(item["to"]),
            questioner: RecordedAnswers(item["questioner"])
        )
        let converted = Set((item["convert_apps"]?.elements ?? []).compactMap(\.text))
        let got = try detector.detect(convertedApps: converted)
        return .comparing(
            expected: try expectedText(item["expect"], states),
            got: got.sorted { $0.key < $1.key }.map { app, migrations in
                migrations.map {
                    text($0, states.normalized($0.operations), name: $0.suggestedName())
                }
                .joined()
            }.joined()
        )
    }

    private func expectedText(_ json: JSONValue?, _ states: StateDecoder) throws -> String {
        var text = ""
        for app in (json?.members ?? []).sorted(by: { $0.name < $1.name }) {
            for item in app.value.elements ?? [] {
                var migration = Migration(
                    app: app.name,
                    name: item["name"]?.text ?? "",
                    isInitial: item["initial"]?.flag
                ) {}
                for pair in item["dependencies"]?.elements ?? [] {
                    let parts = (pair.elements ?? []).compactMap(\.text)
                    guard parts.count == 2 else { throw UnsupportedCase("a dependency") }
                    migration.dependencies.append(MigrationKey(parts[0], parts[1]))
                }
                let operations = try (item["operations"]?.elements ?? []).map {
                    try states.operation($0, app: app.name)
                }
                text += self.text(
                    migration,
                    states.normalized(operations),
                    name: item["suggested_name"]?.text ?? ""
                )
            }
        }
        return text
    }

    private func text(
        _ migration: Migration,
        _ operations: [any MigrationOperation],
        name: String
    ) -> String {
        var lines = ["\(migration.key) initial=\(migration.isInitial == true) name=\(name)"]
        lines += migration.dependencies.sorted().map { "  after \($0)" }
        lines += operations.map { "  \($0.category.rawValue) \($0.source.text(indent: 4))" }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The answers that a case gives; those it leaves out are "no".
struct RecordedAnswers: MigrationQuestioner {
    private let isRename: Bool
    private let isModelRename: Bool

    init(_ json: JSONValue?) {
        isRename = json?["ask_rename"]?.flag ?? false
        isModelRename = json?["ask_rename_model"]?.flag ?? false
    }

    func answer(to question: MigrationQuestion) -> MigrationAnswer? {
        switch question {
        case .renamedField: isRename ? .yes : .no
        case .renamedModel: isModelRename ? .yes : .no
        case .addedNotNull, .addedMoment, .alteredNotNull: .value(.value(.null))
        case .initial: .yes
        }
    }
}
