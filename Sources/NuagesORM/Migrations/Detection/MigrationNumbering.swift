/// Gives new migrations their numbers and names, and lets them follow those there are.
package struct MigrationNumbering {
    let graph: MigrationGraph
    /// The name after the number; nil for one that tells what is done.
    let name: String?
    let questioner: any MigrationQuestioner

    mutating func arrange(
        _ changes: [String: [Migration]]
    ) throws(MigrationError) -> [String: [Migration]] {
        var result = changes
        var names: [MigrationKey: MigrationKey] = [:]
        var open: [MigrationQuestion] = []
        for app in changes.keys.sorted() {
            guard var migrations = changes[app], !migrations.isEmpty else { continue }
            let leaf = graph.leafNodes(of: app).first
            if leaf == nil {
                let answer = questioner.answer(to: .initial(app: app))
                if answer == nil { open.append(.initial(app: app)) }
                guard answer == .yes else {
                    for migration in migrations { names[migration.key] = .first(of: app) }
                    result[app] = nil
                    continue
                }
            }
            number(&migrations, after: leaf, names: &names)
            result[app] = migrations
        }
        if !open.isEmpty { throw .unanswered(open) }
        return result.mapValues { migrations in
            migrations.map { migration in
                var migration = migration
                migration.dependencies = migration.dependencies.map { names[$0] ?? $0 }
                return migration
            }
        }
    }

    private func number(
        _ migrations: inout [Migration],
        after leaf: MigrationKey?,
        names: inout [MigrationKey: MigrationKey]
    ) {
        var next = (leaf.flatMap { Self.number(in: $0.name) } ?? 0) + 1
        for index in migrations.indices {
            if index == 0, let leaf { migrations[index].dependencies.append(leaf) }
            let title: String
            if let name {
                title = name
            } else if index == 0, leaf == nil {
                title = "initial"
            } else {
                title = String(migrations[index].suggestedName().prefix(100))
            }
            let old = migrations[index].key
            migrations[index].name = Self.numbered(next, title)
            names[old] = migrations[index].key
            next += 1
        }
    }

    /// The name of the migration that follows others.
    ///
    ///     MigrationNumbering.next(after: ["0001_initial"], "custom")      // 0002_custom
    package static func next(after names: [String], _ title: String) -> String {
        numbered((names.compactMap { number(in: $0) }.max() ?? 0) + 1, title)
    }

    private static func numbered(_ number: Int, _ title: String) -> String {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
        return "\(zeros)\(digits)_\(title)"
    }

    /// The number that a name starts with; for a squashed migration that of the last it replaces.
    package static func number(in name: String) -> Int? {
        let parts = name.split(separator: "_squashed_")
        if parts.count > 1, let last = parts.last {
            let digits = last.utf8.prefix { (0x30...0x39).contains($0) }
            if let number = Int(String(decoding: digits.prefix(18), as: UTF8.self)) {
                return number
            }
        }
        let digits = name.utf8.prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits.prefix(18), as: UTF8.self))
    }

    /// The changes of `apps` and of the apps that they need.
    static func trim(
        _ changes: [String: [Migration]],
        to apps: Set<String>
    ) -> [String: [Migration]] {
        var needed = apps
        var isGrowing = true
        while isGrowing {
            let dependencies = needed.flatMap { app in
                (changes[app] ?? []).flatMap(\.dependencies).map(\.app)
            }
            let before = needed.count
            needed.formUnion(dependencies)
            isGrowing = needed.count > before
        }
        return changes.filter { needed.contains($0.key) }
    }
}

extension Migration {
    /// A name that tells what the migration does, without the number.
    ///
    ///     // [AddField("question", author), AlterField("choice", votes)]
    ///     migration.suggestedName()       // question_author_alter_choice_votes
    ///
    /// - Parameter now: the moment that an unnameable migration is named after.
    /// - Returns: the name; `auto_20260131_1200` where the operations have no names.
    public func suggestedName(now: CalendarMinute = .current) -> String {
        if isInitial == true { return "initial" }
        let fragments = operations.compactMap(\.nameFragment).filter { !$0.isEmpty }
            .map(Self.wordsOnly)
        guard let first = fragments.first, fragments.count == operations.count else {
            return "auto_\(now)"
        }
        var name = first
        for fragment in fragments.dropFirst() {
            let longer = "\(name)_\(fragment)"
            if longer.unicodeScalars.count > 52 { return "\(name)_and_more" }
            name = longer
        }
        return name
    }

    /// The text with each run of anything but letters, digits and underscores as one underscore.
    private static func wordsOnly(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isInGap = false
        for scalar in text.unicodeScalars {
            let isWord =
                scalar == "_" || scalar.properties.isAlphabetic
                || scalar.properties.numericType != nil
            if isWord {
                result.append(scalar)
            } else if !isInGap {
                result.append("_")
            }
            isInGap = !isWord
        }
        return String(result)
    }
}
