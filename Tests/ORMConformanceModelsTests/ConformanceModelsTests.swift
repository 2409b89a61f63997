import Foundation
import NuagesCore
import NuagesSQLite
import ORMConformanceModels
import Testing

@testable import NuagesORM

/// The files of the corpus, where it is at hand.
private enum Corpus {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/conformance/orm").standardizedFileURL

    struct Document: Decodable {
        let models: [ModelEntry]
    }

    struct ModelEntry: Decodable {
        let name: String
        let fields: [Field]
        let pk: [String]?
    }

    struct Field: Decodable {
        let name: String
        let accessor: String?
        let queryName: String?
        let m2mTable: String?
        let m2mColumns: [String?]?
    }

    static var isThere: Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "MODELS.json").path)
    }
}

@Suite(.enabled(if: Corpus.isThere)) struct ConformanceModelsTests {
    /// The schema that Django's editor writes for the same models.
    @Test func declareTheTablesOfDjango() async throws {
        let schemas = ConformanceModels.all.map { $0.schema }
        let state = MigrationState(schemas.filter { !$0.isProxy })
        let database = try SQLiteDatabase.open(path: ":memory:")
        var editor = SchemaEditor(collectingFor: try database.schema)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        let text = try String(
            contentsOf: Corpus.folder.appending(path: "SCHEMA.sqlite.sql"),
            encoding: .utf8
        )
        let expected = text.split(separator: "\n").map { String($0) }
            .filter { $0.utf8.starts(with: "CREATE".utf8) }
        let found = editor.collected
        #expect(Set(found).subtracting(expected).sorted() == [])
        #expect(Set(expected).subtracting(found).sorted() == [])
    }

    /// Names that queries know, by what Django's `_meta` says of each field.
    @Test func knowTheNamesOfRelations() throws {
        let data = try Data(contentsOf: Corpus.folder.appending(path: "MODELS.json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let document = try decoder.decode(Corpus.Document.self, from: data)
        var count = 0
        for model in document.models {
            guard let type = ConformanceModels.byName[model.name] else { continue }
            count += 1
            let members = type.info.members
            for field in model.fields {
                #expect(members.member(field.name) != nil, "\(model.name).\(field.name)")
                if field.queryName != nil { check(field, of: members) }
            }
            #expect(members.primaryKey.map(\.attributeName) == model.pk)
        }
        #expect(count == 85)
    }

    private func check(_ field: Corpus.Field, of members: ModelMembers) {
        guard case .relation(let relation, isReverse: false)? = members.member(field.name),
            let query = field.queryName,
            case .relation(let back, isReverse: true)? = relation.target.members.member(query)
        else {
            Issue.record("\(members.model.label) and its target do not know '\(field.name)'")
            return
        }
        #expect(relation.queryName == query)
        #expect(relation.accessor == field.accessor)
        #expect(back == relation)
        guard let table = field.m2mTable else { return }
        #expect(relation.through?.table == table)
        let columns = [relation.throughSource, relation.throughTarget].map { $0?.field?.column }
        #expect(columns == field.m2mColumns)
    }

    /// The rows of a database that Django made.
    @Test func readTheRowsOfDjango() async throws {
        let copy = FileManager.default.temporaryDirectory
            .appending(path: "nuages-orm-\(UUID()).sqlite3")
        try FileManager.default.copyItem(
            at: Corpus.folder.appending(path: "fixtures.sqlite3"),
            to: copy
        )
        defer { try? FileManager.default.removeItem(at: copy) }
        let database = try SQLiteDatabase.open(path: copy.path)
        var count = 0
        for type in ConformanceModels.all { count += try await read(type, in: database) }
        #expect(count > 300)
    }

    private func read<M: Model>(_ type: M.Type, in database: Database) async throws -> Int {
        let columns = type.info.members.columns
        #expect(columns.map(\.name) == M.meta.allFields.map(\.schema.name))
        let rows = try await database.rows(SQL(unsafe: select(type.info)))
        for values in rows {
            var row = Row(try ValueRow(values))
            let model = try M(row: &row)
            #expect(row.position == columns.count)
            for (field, raw) in zip(M.meta.allFields, values) {
                // Documents may be spelt in another way, and decimals are doubles in SQLite.
                if [.jsonField, .decimalField].contains(field.schema.type) { continue }
                var stored = SQLValue.null
                try field.value(of: model).withColumn { stored = $0.sqlValue }
                #expect(stored == raw, "\(type).\(field.schema.name)")
            }
            var copy = ModelDraft<M>()
            for field in M.meta.allFields {
                try copy.set(field.schema.name, to: field.value(of: model))
            }
            let same = try copy.model()
            #expect(
                M.meta.allFields.map { $0.value(of: same) }
                    == M.meta.allFields.map { $0.value(of: model) }
            )
        }
        return rows.count
    }

    private func select(_ info: ModelInfo) -> String {
        let columns = info.members.columns
        var joined: [ModelInfo] = []
        var text =
            "SELECT \(columns.map { "\"\($0.model.table)\".\"\($0.column)\"" }.joined(separator: ", "))"
        text += " FROM \"\(info.table)\""
        for column in columns {
            for step in info.members.path(toParent: column.model) where !joined.contains(step.to) {
                joined.append(step.to)
                let pair = step.pairs[0]
                text +=
                    " JOIN \"\(step.to.table)\" ON \"\(step.from.table)\".\"\(pair.from.column)\""
                text += " = \"\(step.to.table)\".\"\(pair.to.column)\""
            }
        }
        return text
    }
}
