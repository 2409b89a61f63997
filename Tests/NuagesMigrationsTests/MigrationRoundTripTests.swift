import DatabaseTestSupport
import Foundation
import NuagesMySQL
import NuagesPostgreSQL
import NuagesSQLite
import Testing

@testable import NuagesORM

/// Random models A and B: migrating A to B makes the tables that B alone makes, keeps the rows that
/// both can hold, and goes back.
///
///     MIGRATION_PAIRS=300 MIGRATION_SEED=1 swift test --filter MigrationRoundTripTests
@Suite(.timeLimit(.minutes(20))) struct MigrationRoundTripTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["MIGRATION_SEED"].flatMap { Int($0) } ?? 1

    private static func pairs(_ backend: TestBackend) -> Int {
        environment["MIGRATION_PAIRS"].flatMap { Int($0) } ?? (backend == .sqlite ? 40 : 5)
    }

    @Test(arguments: TestBackend.installed)
    func migratingMakesWhatCreatingMakes(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        for number in 0..<Self.pairs(backend) {
            let seed = Self.seed &* 100_000 &+ number
            var random = RandomModels(seed: seed)
            let first = random.models()
            let second = random.changed(first)
            do {
                try await RoundTrip(
                    database,
                    backend,
                    from: first,
                    to: second,
                    renames: random.renames,
                    seed: seed
                ).run()
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            try await Self.clear(database, backend)
        }
        await database.close()
    }

    private static func clear(_ database: Database, _ backend: TestBackend) async throws {
        switch backend {
        case .postgresql:
            try await database.execute("DROP SCHEMA public CASCADE")
            try await database.execute("CREATE SCHEMA public")
        case .mysql, .sqlite:
            let off: SQL =
                backend == .mysql ? "SET foreign_key_checks = 0" : "PRAGMA foreign_keys = 0"
            let on: SQL =
                backend == .mysql ? "SET foreign_key_checks = 1" : "PRAGMA foreign_keys = 1"
            try await database.withConnection {
                try await database.execute(off)
                for name in try await database.schema.tableNames(in: database)
                where !name.hasPrefix("sqlite_") {
                    try await database.execute("DROP TABLE \(identifier: name)")
                }
                try await database.execute(on)
            }
        }
    }
}

/// One pair of models, and the way from one to the other and back.
private struct RoundTrip {
    private let database: Database
    private let backend: TestBackend
    private let first: MigrationState
    private let second: MigrationState
    private let renames: Renames
    private let seed: Int

    init(
        _ database: Database,
        _ backend: TestBackend,
        from first: [ModelSchema],
        to second: [ModelSchema],
        renames: Renames,
        seed: Int
    ) {
        self.database = database
        self.backend = backend
        self.first = MigrationState(first)
        self.second = MigrationState(second)
        self.renames = renames
        self.seed = seed
    }

    func run() async throws {
        let initial = try migrations(from: MigrationState(), to: first, after: [])
        try await executor(initial).migrate()
        let before = try await tables()
        let rows = try await insertRows()
        let change = try migrations(from: first, to: second, after: initial)
        do {
            try await executor(initial + change).migrate()
        } catch {
            Issue.record("seed \(seed): \(steps(change))")
            throw error
        }
        let migrated = try await tables()
        try await expectRowsThere(rows)
        guard let last = initial.last else { return }
        try await executor(initial + change).migrate(to: [.migration(last.key)])
        let after = try await tables()
        #expect(
            after.subtracting(before) == before.subtracting(after),
            "seed \(seed), back: \(steps(change))"
        )
        try await expectRowsBack(rows)
        try await executor(initial).migrate(to: [.zero(app: "polls")])
        let left = try await database.schema.tableNames(in: database)
            .filter { $0 != MigrationRecorder.table && !$0.hasPrefix("sqlite_") }
        #expect(left == [], "seed \(seed)")
        try await executor(migrations(from: MigrationState(), to: second, after: [])).migrate()
        let created = try await tables()
        #expect(
            migrated.subtracting(created) == created.subtracting(migrated),
            "seed \(seed): \(steps(change))"
        )
    }

    private func steps(_ migrations: [Migration]) -> [String] {
        migrations.flatMap { migration in migration.operations.map { $0.describe() } }
    }

    private func executor(_ migrations: [Migration]) async throws -> MigrationExecutor {
        try await MigrationExecutor(database, migrations: migrations)
    }

    private func migrations(
        from old: MigrationState,
        to new: MigrationState,
        after: [Migration]
    ) throws -> [Migration] {
        let detector = MigrationAutodetector(
            from: old,
            to: new,
            questioner: Answers(renames: renames)
        )
        return try detector.changes(graph: MigrationGraph(after))["polls"] ?? []
    }

    /// What is renamed is what was chosen; nulls give way to the field's default.
    private struct Answers: MigrationQuestioner {
        let renames: Renames

        func answer(to question: MigrationQuestion) -> MigrationAnswer? {
            switch question {
            case .renamedModel(let app, let old, let new):
                isSame(renames.labels["\(app).\(old.lowercased())"], "\(app).\(new.lowercased())")
            case .renamedField(let app, let model, let old, let new):
                isSame(renames.fields["\(app).\(model.lowercased())"]?[old], new)
            case .initial: .yes
            default: .leave
            }
        }

        private func isSame(_ one: String?, _ other: String) -> MigrationAnswer {
            one == other ? .yes : .no
        }
    }

    // MARK: Tables

    /// What the database says of its tables, in one line each, without the order of columns and
    /// without names that are the framework's own: Django keeps those of indexes and keys where a
    /// table or a column gets another name.
    private func tables() async throws -> Set<String> {
        var lines: [String] = []
        for name in try await database.schema.tableNames(in: database)
        where name != MigrationRecorder.table && !name.hasPrefix("sqlite_") {
            guard let table = try await database.schema.table(name, in: database) else { continue }
            lines += table.columns.map { column in
                var column = column
                // PostgreSQL keeps the type that the default of a column had at first.
                if column.defaultText?.hasSuffix("'::text") == true {
                    column.defaultText?.removeLast("text".count)
                    column.defaultText?.append("character varying")
                }
                return "\(name): \(column)"
            }
            lines += table.foreignKeys.map { key in
                var key = key
                key.name = nil
                return "\(name): \(key)"
            }
            lines += table.checks.map { check in
                var check = check
                if !Self.isDeclared(check.name) { check.name = "" }
                return "\(name): \(check)"
            }
            // MariaDB makes an index for a foreign key, unless another one serves, and drops it when
            // one comes; it stays when the key goes.
            let isFree = { (index: IntrospectedTable.Index) in
                backend == .mysql && !index.isUnique && index.columns.count == 1
                    && index.columns[0]?.hasSuffix("_id") == true
            }
            lines += table.indexes.filter { !isFree($0) }.map { index in
                var index = index
                index.definition = nil
                if !Self.isDeclared(index.name) { index.name = "" }
                // Both are one class, under the names of two types.
                index.operatorClasses = index.operatorClasses.map {
                    $0 == "text_pattern_ops" ? "varchar_pattern_ops" : $0
                }
                return "\(name): \(index)"
            }
        }
        // Two that are alike are two.
        var counts: [String: Int] = [:]
        return Set(
            lines.map { line in
                counts[line, default: 0] += 1
                return "\(line) \(counts[line] ?? 0)"
            }
        )
    }

    private static func isDeclared(_ name: String) -> Bool {
        ["_idx", "_check", "_unique", "_some"].contains { ending in
            ["alpha", "beta", "gamma", "delta"].contains { name == $0 + ending }
        }
    }

    // MARK: Rows

    /// What is in the columns of fields, and in the tables of relations, by model and field.
    private typealias Contents = [String: [String: [[SQLValue]]]]

    private static let rowCount = 2

    /// Puts rows into each table, which refer to each other.
    private func insertRows() async throws -> Contents {
        let isOff = backend == .mysql
        try await database.withConnection {
            if isOff { try await database.execute("SET foreign_key_checks = 0") }
            try await database.atomic {
                for schema in first.orderedModels {
                    let model = TableModel(schema, state: first)
                    for row in 1...Self.rowCount { try await insert(row, into: model) }
                    for (_, through) in try model.throughModels() { try await fill(through) }
                }
            }
            if isOff { try await database.execute("SET foreign_key_checks = 1") }
        }
        return try await contents(of: first)
    }

    private func insert(_ row: Int, into model: TableModel) async throws {
        var columns: SQL = "id"
        var values: SQL = "\(sql: SQL(unsafe: "\(row)"))"
        for field in model.columns where !field.isPrimaryKey && field.generated == nil {
            // References of one row to another are as they are; their numbers are those of rows.
            let value = field.relation == nil ? Self.sample(field.type, row) : .int(row)
            let literal = SQL(unsafe: try database.dialect.literal(value))
            columns = "\(sql: columns), \(identifier: field.column)"
            values = "\(sql: values), \(sql: literal)"
        }
        try await database.execute(
            "INSERT INTO \(identifier: model.table) (\(sql: columns)) VALUES (\(sql: values))"
        )
    }

    private func fill(_ through: TableModel) async throws {
        let ends = through.columns.filter { !$0.isPrimaryKey }.map(\.column)
        for (from, to) in [(1, 1), (1, 2), (2, 1)] {
            try await database.execute(
                """
                INSERT INTO \(identifier: through.table) (\(identifier: ends[0]), \(identifier: ends[1]))
                VALUES (\(from), \(to))
                """
            )
        }
    }

    private static func sample(_ type: FieldType, _ row: Int) -> SQLValue {
        switch type {
        case .booleanField: .bool(row == 2)
        case .charField, .textField, .slugField, .emailField, .urlField: .text("it's é \(row)")
        case .floatField: .double(Double(row) + 0.25)
        case .decimalField: .text("1\(row).25")
        case .jsonField: .text("{\"a\": [1, \(row)]}")
        case .uuidField: .text("0f1c0c8e5a3b4b0f9d1f3c2b1a0d9e8\(row)")
        case .dateField: .text("2025-02-2\(row)")
        case .dateTimeField: .text("2025-02-28 23:59:5\(row)")
        case .timeField: .text("23:59:5\(row)")
        case .durationField: .duration(.seconds(100_000 + row))
        case .binaryField: .blob([0, 255, UInt8(row)])
        default: .int(40 + row)
        }
    }

    private func contents(of state: MigrationState) async throws -> Contents {
        var result: Contents = [:]
        for schema in state.orderedModels {
            let model = TableModel(schema, state: state)
            var fields: [String: [[SQLValue]]] = [:]
            for field in model.columns {
                fields[field.name] = try await database.rows(
                    """
                    SELECT id, \(identifier: field.column) FROM \(identifier: model.table) ORDER BY id
                    """
                )
            }
            for (field, through) in try model.throughModels() {
                let ends = through.columns.filter { !$0.isPrimaryKey }.map(\.column)
                fields[field.name] = try await database.rows(
                    """
                    SELECT \(identifier: ends[0]), \(identifier: ends[1])
                    FROM \(identifier: through.table) ORDER BY 1, 2
                    """
                )
            }
            result[schema.label] = fields
        }
        return result
    }

    /// Whether the rows are there in the second state, with their values in the fields that are
    /// kept.
    private func expectRowsThere(_ rows: Contents) async throws {
        let found = try await contents(of: second)
        for (label, fields) in rows {
            for (name, values) in fields {
                guard let field = kept(name, of: label) else { continue }
                let now = found[renames.label(label)]?[field.name] ?? []
                #expect(
                    Self.plain(now, field) == Self.plain(values, field),
                    "seed \(seed): \(label).\(name)"
                )
            }
        }
    }

    /// Whether the rows are there in the first state again, with their values in the fields that
    /// the second state kept.
    private func expectRowsBack(_ rows: Contents) async throws {
        let found = try await contents(of: first)
        for (label, fields) in rows {
            for (name, values) in fields {
                guard let field = kept(name, of: label) else { continue }
                let now = found[label]?[name] ?? []
                #expect(
                    Self.plain(now, field) == Self.plain(values, field),
                    "seed \(seed), back: \(label).\(name)"
                )
            }
        }
    }

    /// The field of the second state that holds the values of one of the first state.
    private func kept(_ name: String, of label: String) -> FieldSchema? {
        guard var old = first.models[label]?.fields.first(where: { $0.name == name }) else {
            return nil
        }
        if let target = old.relation?.target { old.relation?.target = renames.label(target) }
        return second.models[renames.label(label)]?.fields.first {
            $0.name == renames.field(name, of: label) && RandomModels.holds(old, $0)
        }
    }

    /// Values as they compare: 1.50 and 1.500 are one number.
    private static func plain(_ rows: [[SQLValue]], _ field: FieldSchema) -> [[SQLValue]] {
        guard field.type == .decimalField else { return rows }
        return rows.map { row in
            row.map { value in
                switch value {
                case .text(let text): Double(text).map { .double($0) } ?? value
                case .decimal(let number): .double(NSDecimalNumber(decimal: number).doubleValue)
                case .int(let number): .double(Double(number))
                default: value
                }
            }
        }
    }
}
