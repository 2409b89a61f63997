import Testing

@testable import NuagesORM

@Suite struct MigrationGraphTests {
    private func node(_ app: String, _ name: String, after: MigrationKey...) -> Migration {
        Migration(app: app, name: name, dependencies: after) {}
    }

    private func key(_ app: String, _ name: String) -> MigrationKey { MigrationKey(app, name) }

    @Test func plansDependenciesFirst() throws {
        let graph = try MigrationGraph([
            node("a", "0001"), node("a", "0002", after: key("a", "0001"), key("b", "0001")),
            node("b", "0001"), node("b", "0002", after: key("b", "0001")),
        ])
        #expect(
            try graph.forwardsPlan(to: key("a", "0002")).map(\.description)
                == ["b.0001", "a.0001", "a.0002"]
        )
        #expect(
            try graph.backwardsPlan(to: key("b", "0001")).map(\.description)
                == ["b.0002", "a.0002", "b.0001"]
        )
        #expect(graph.leafNodes() == [key("a", "0002"), key("b", "0002")])
        #expect(graph.rootNodes(of: "a") == [key("a", "0001")])
    }

    @Test func resolvesFirstAndLatestMigrations() throws {
        let graph = try MigrationGraph([
            node("a", "0001", after: .first(of: "b")),
            node("a", "0002", after: key("a", "0001"), .latest(of: "b")),
            node("b", "0001"), node("b", "0002", after: key("b", "0001")),
        ])
        #expect(graph.parents(of: key("a", "0001")) == [key("b", "0001")])
        #expect(graph.parents(of: key("a", "0002")) == [key("a", "0001"), key("b", "0002")])
    }

    @Test func resolvesTheAppOfASetting() throws {
        let graph = try MigrationGraph(
            [node("a", "0001", after: .swappable("AUTH_USER_MODEL")), node("users", "0001")],
            swappedModels: ["AUTH_USER_MODEL": "users.User"]
        )
        #expect(graph.parents(of: key("a", "0001")) == [key("users", "0001")])
    }

    @Test func runsBeforeMigrationsOfOtherApps() throws {
        let early = Migration(app: "z", name: "0001", runBefore: [key("a", "0001")]) {}
        let graph = try MigrationGraph([node("a", "0001"), early])
        #expect(graph.fullPlan == [key("z", "0001"), key("a", "0001")])
    }

    @Test func namesAMissingMigration() {
        let error = #expect(throws: MigrationError.self) {
            try MigrationGraph([self.node("a", "0002", after: self.key("a", "0001"))])
        }
        #expect(
            error?.description
                == "Migration a.0002 depends on a.0001, which does not exist. Restore it, or correct the "
                + "dependencies of a.0002."
        )
    }

    @Test func namesACircle() {
        let error = #expect(throws: MigrationError.self) {
            try MigrationGraph([
                self.node("a", "0001", after: self.key("c", "0001")),
                self.node("b", "0001", after: self.key("a", "0001")),
                self.node("c", "0001", after: self.key("b", "0001")), self.node("d", "0001"),
                self.node("e", "0001", after: self.key("a", "0001")),
            ])
        }
        #expect(
            error?.description
                == "Migrations depend on each other in a circle: a.0001, c.0001, b.0001."
        )
    }

    @Test func findsConflictingLastMigrations() throws {
        let loader = try MigrationLoader([
            node("a", "0001"), node("a", "0002_x", after: key("a", "0001")),
            node("a", "0002_y", after: key("a", "0001")),
        ])
        #expect(throws: MigrationError.conflict(app: "a", leaves: ["0002_x", "0002_y"])) {
            try loader.checkConflicts()
        }
    }

    @Test(arguments: [
        ("0001", "0001_initial"), ("0002_x", "0002_x"), ("0001_initial", "0001_initial"),
    ])
    func findsAMigrationByItsPrefix(prefix: String, expected: String) throws {
        let loader = try MigrationLoader([
            node("a", "0001_initial"), node("a", "0002_x", after: key("a", "0001_initial")),
        ])
        #expect(try loader.migration(startingWith: prefix, in: "a").name == expected)
    }

    @Test func namesWhatAPrefixCouldMean() throws {
        let loader = try MigrationLoader([
            node("a", "0001_x"), node("a", "0001_y", after: key("a", "0001_x")),
        ])
        #expect(
            throws: MigrationError.ambiguousPrefix(
                app: "a",
                prefix: "0001",
                matches: ["0001_x", "0001_y"]
            )
        ) {
            try loader.migration(startingWith: "0001", in: "a")
        }
        #expect(throws: MigrationError.ambiguousPrefix(app: "a", prefix: "0009", matches: [])) {
            try loader.migration(startingWith: "0009", in: "a")
        }
        #expect(throws: MigrationError.unknownApp("b", choices: ["a"])) {
            try loader.migration(startingWith: "0001", in: "b")
        }
    }

    @Test func aSquashedMigrationStandsForThoseItReplaces() throws {
        let squashed = Migration(
            app: "a",
            name: "0001_squashed_0002",
            replaces: [key("a", "0001"), key("a", "0002")]
        ) {}
        let migrations = [
            node("a", "0001"), node("a", "0002", after: key("a", "0001")), squashed,
            node("a", "0003", after: key("a", "0002")),
        ]
        let fresh = try MigrationLoader(migrations)
        #expect(fresh.graph.fullPlan.map(\.name) == ["0001_squashed_0002", "0003"])
        let partly = try MigrationLoader(migrations, applied: [key("a", "0001")])
        #expect(partly.graph.fullPlan.map(\.name) == ["0001", "0002", "0003"])
        let wholly = try MigrationLoader(migrations, applied: [key("a", "0001"), key("a", "0002")])
        #expect(wholly.applied.contains(squashed.key))
        #expect(try wholly.plan().map(\.migration.name) == ["0003"])
    }

    @Test func showsWhatIsApplied() throws {
        let loader = try MigrationLoader(
            [node("a", "0001"), node("a", "0002", after: key("a", "0001"))],
            applied: [key("a", "0001")]
        )
        let lines = try loader.overview().flatMap { app, migrations in
            [app] + migrations.map { " [\($0.isApplied ? "X" : " ")] \($0.name)" }
        }
        #expect(lines == ["a", " [X] 0001", " [ ] 0002"])
    }
}
