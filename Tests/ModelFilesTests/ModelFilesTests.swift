import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesFiles
import Testing

@testable import NuagesORM

@Suite struct ModelFilesTests {
    private let main = InMemoryStorage(baseURL: "/media/")
    private let secret = InMemoryStorage()

    private func with(
        _ backend: TestBackend,
        _ body: (Database) async throws -> Void
    ) async throws {
        let database = try await backend.open()
        try await Storages(["default": main, "private": secret]).use {
            try await database.use {
                var editor = try SchemaEditor(database)
                let state = MigrationState([Picture.schema, Report.schema])
                for label in state.labels { try await editor.create(TableModel(label, in: state)) }
                try await editor.finish()
                try await body(database)
            }
        }
        await database.close()
    }

    private var year: String {
        "\(Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: Date()).year ?? 0)"
    }

    @Test(arguments: TestBackend.installed)
    func keepsAFileWhenTheRowIsSaved(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var picture = Picture(title: "cat", cover: ImageFieldFile(Samples.upload("my cat.png")))
            #expect(picture.cover?.isCommitted == false)
            #expect(try await picture.cover?.size() == Samples.png.count)
            #expect(throws: UsageError.self) { try picture.cover?.url }
            try await picture.save()
            let name = "covers/\(year)/my_cat.png"
            #expect(picture.cover?.name == name)
            #expect(picture.cover?.isCommitted == true)
            #expect(try picture.cover?.url == "/media/\(name)")
            #expect(picture.width == 640)
            #expect(picture.height == 1024)
            #expect(try await main.open(name).bytes(upTo: 1000) == Samples.png)

            let found = try await Picture.objects.get(picture.id)
            #expect(found.cover == picture.cover)
            #expect(found.width == 640)
            #expect(try await found.cover?.open().size == Samples.png.count)
            #expect(try await found.cover?.imageSize() == ImageSize(width: 640, height: 1024))
            // Saving again keeps no second file.
            var again = found
            try await again.save()
            #expect(try await main.listdir("covers/\(year)").files == ["my_cat.png"])
        }
    }

    @Test(arguments: TestBackend.installed)
    func findsRowsByTheNameOfTheFile(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            try await Picture.objects.create(
                Picture(title: "a", cover: ImageFieldFile(stored: "covers/a.png"))
            )
            try await Picture.objects.create(Picture(title: "b"))
            let named = Picture.objects.filter { $0.cover == "covers/a.png" }
            #expect(try await named.all().map(\.title) == ["a"])
            let begun = Picture.objects.filter { $0.cover.fileName.hasPrefix("covers/") }
            #expect(try await begun.all().map(\.title) == ["a"])
            let none = Picture.objects.filter { $0.cover == nil }
            #expect(try await none.all().map(\.title) == ["b"])
        }
    }

    @Test(arguments: TestBackend.installed)
    func usesTheStorageOfTheField(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var picture = Picture(title: "a")
            #expect(picture.paper.isEmpty)
            picture.paper = FieldFile(File("secret", name: "p.txt"))
            try await picture.save()
            #expect(try await secret.exists("papers/p.txt"))
            #expect(try await !main.exists("papers/p.txt"))
            let found = try await Picture.objects.get(picture.id)
            #expect(found.paper.storageAlias == "private")
            #expect(throws: StorageError.noURL) { try found.paper.url }
            var refreshed = picture
            try await refreshed.refresh()
            #expect(try await refreshed.paper.open().bytes(upTo: 9) == Array("secret".utf8))
            try await picture.paper.delete()
            try await picture.save()
            #expect(try await !secret.exists("papers/p.txt"))
            #expect(try await Picture.objects.get(picture.id).paper.isEmpty)
        }
    }

    @Test(arguments: TestBackend.installed)
    func takesTheFileAwayWhereTheRowIsRefused(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            try await Picture.objects.create(Picture(title: "same"))
            var picture = Picture(title: "same", cover: ImageFieldFile(Samples.upload("a.png")))
            await #expect(throws: DatabaseError.self) { try await picture.save() }
            #expect(try await main.exists("covers/\(year)/a.png") == false)
            #expect(picture.cover?.isCommitted == false)
            #expect(picture.width == nil)
            // The file still waits.
            picture.title = "other"
            try await picture.save()
            #expect(try await main.exists("covers/\(year)/a.png"))
        }
    }

    @Test(arguments: TestBackend.installed)
    func keepsTheFilesOfManyRowsOrNone(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let rows = ["a", "b", "a"].map {
                Picture(title: $0, cover: ImageFieldFile(Samples.upload("x.png")))
            }
            await #expect(throws: DatabaseError.self) { try await Picture.objects.bulkCreate(rows) }
            #expect(try await main.listdir("").folders.isEmpty)
            let kept = try await Picture.objects.bulkCreate(Array(rows.prefix(2)))
            #expect(Set(kept.compactMap(\.cover?.name)).count == 2)
            #expect(try await main.listdir("covers/\(year)").files.count == 2)
            await #expect(throws: UsageError.self) {
                try await Picture.objects.bulkUpdate(rows) { $0.cover }
            }
        }
    }

    /// How rows with files are stored in bulk: by values, or by names.
    enum BulkWrite: CaseIterable {
        case typed, typedInBatches, byNames

        func run(_ titles: [String], ignoringConflicts: Bool = false) async throws {
            let rows = titles.map {
                Picture(title: $0, cover: ImageFieldFile(Samples.upload("\($0).png")))
            }
            switch self {
            case .typed:
                try await Picture.objects.bulkCreate(rows, ignoringConflicts: ignoringConflicts)
            case .typedInBatches:
                try await Picture.objects.bulkCreate(
                    rows,
                    batchSize: 1,
                    onConflict: ignoringConflicts ? .ignore : .fail
                )
            case .byNames:
                let model = Picture.info
                let named = try titles.map { title in
                    var row = try DynamicRow(new: model, [("title", .value(.text(title)))])
                    try row.setFile("cover", to: FieldFile(Samples.upload("\(title).png")))
                    return row
                }
                var options = DynamicQuery.BulkOptions()
                options.ignoresConflicts = ignoringConflicts
                let saved = try await DynamicQuery(model).bulkCreate(named, options)
                if !ignoringConflicts {
                    #expect(saved.allSatisfy { $0["width"] == .int(640) })
                }
            }
        }
    }

    @Test(arguments: TestBackend.installed, BulkWrite.allCases)
    func takesTheFilesOfManyRowsBackWithTheTransaction(
        _ backend: TestBackend,
        _ write: BulkWrite
    ) async throws {
        try await with(backend) { database in
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    try await write.run(["a", "b"])
                    #expect(try await main.listdir("covers/\(year)").files == ["a.png", "b.png"])
                    throw Undo()
                }
            }
            #expect(try await main.listdir("").folders.isEmpty)
            #expect(try await Picture.objects.count() == 0)
            // A block inside takes back its own, and the block around it keeps the others.
            try await database.atomic {
                try await write.run(["a"])
                await #expect(throws: Undo.self) {
                    try await database.atomic {
                        try await write.run(["b"])
                        throw Undo()
                    }
                }
                let savepoint = try await database.savepoint()
                try await write.run(["c"])
                try await database.rollBack(to: savepoint)
            }
            #expect(try await main.listdir("covers/\(year)").files == ["a.png"])
            #expect(try await Picture.objects.all().map(\.cover?.name) == ["covers/\(year)/a.png"])
            await #expect(throws: DatabaseError.self) { try await write.run(["d", "a"]) }
            #expect(try await main.listdir("covers/\(year)").files == ["a.png"])
        }
    }

    @Test(arguments: TestBackend.installed, BulkWrite.allCases)
    func keepsNoFilesOfRowsThatArePassedOver(
        _ backend: TestBackend,
        _ write: BulkWrite
    ) async throws {
        try await with(backend) { _ in
            try await Picture.objects.create(Picture(title: "b"))
            try await write.run(["a", "b", "c"], ignoringConflicts: true)
            #expect(try await main.listdir("covers/\(year)").files == ["a.png", "c.png"])
            #expect(try await Picture.objects.filter { $0.title == "b" }.get().cover == nil)
        }
    }

    @Test(arguments: TestBackend.installed)
    func keepsNoFilesThatRowsDoNotTake(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            try await Picture.objects.create(Picture(title: "a"))
            let row = Picture(title: "a", cover: ImageFieldFile(Samples.upload("a.png")), width: 9)
            try await Picture.objects.bulkCreate(
                [row],
                onConflict: .update({ $0.width }, unique: { $0.title })
            )
            #expect(try await main.listdir("").folders.isEmpty)
            try await Picture.objects.bulkCreate(
                [row],
                onConflict: .update({ $0.cover }, unique: { $0.title })
            )
            let found = try await Picture.objects.filter { $0.title == "a" }.get()
            #expect(found.cover?.name == "covers/\(year)/a.png")
            #expect(try await main.listdir("covers/\(year)").files == ["a.png"])
        }
    }

    @Test(arguments: TestBackend.installed)
    func writesNoNamesOfFilesThatWait(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let picture = try await Picture.objects.create(Picture(title: "a"))
            var row = try picture.dynamicRow()
            try row.setFile("cover", to: FieldFile(Samples.upload("x.png")))
            let rows = [row]
            await #expect(throws: UsageError.self) {
                try await DynamicQuery(Picture.info).bulkUpdate(rows, ["cover"])
            }
            var values = try CopiedValues<Picture>()
            #expect(throws: UsageError.self) {
                try values.values(
                    of: Picture(title: "b", cover: ImageFieldFile(Samples.upload("x.png")))
                )
            }
            #expect(try await Picture.objects.get(picture.id).cover == nil)
        }
    }

    @Test(arguments: TestBackend.installed)
    func modelsSayWhereFilesGo(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var report = Report(owner: "ann", file: FieldFile(File("1", name: "a b.txt")))
            try await report.save()
            #expect(report.file?.name == "ann/file/a_b.txt")
            var evil = Report(owner: "../..", file: FieldFile(File("1", name: "a.txt")))
            await #expect(throws: StorageError.self) { try await evil.save() }
            var nameless = Report(owner: "ann", file: FieldFile(File("1")))
            await #expect(throws: UsageError.self) { try await nameless.save() }
            #expect(try await Report.objects.count() == 1)
            var long = Report(
                owner: "bob",
                file: FieldFile(File("1", name: String(repeating: "x", count: 90) + ".txt"))
            )
            try await long.save()
            #expect(long.file?.name.count == 40)
        }
    }

    @Test(arguments: TestBackend.installed)
    func removesReplacedFilesOnceThatIsCommitted(_ backend: TestBackend) async throws {
        try await with(backend) { database in
            var report = Report(owner: "ann", file: FieldFile(File("1", name: "1.txt")))
            try await report.save()
            let first = try #require(report.file?.name)
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    var changed = report
                    changed.file = FieldFile(File("2", name: "2.txt"))
                    try await changed.save()
                    throw Undo()
                }
            }
            #expect(try await main.exists(first))
            try await report.save()
            #expect(try await main.exists(first))
            report.file = FieldFile(File("3", name: "3.txt"))
            try await report.save()
            #expect(try await !main.exists(first))
            report.file = nil
            try await report.save()
            #expect(try await !main.exists("ann/file/3.txt"))
        }
    }

    /// Django leaves the file that a new one takes the place of.
    @Test(arguments: TestBackend.installed)
    func leavesReplacedFilesUnlessTold(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var picture = Picture(title: "a", cover: ImageFieldFile(Samples.upload("1.png")))
            try await picture.save()
            picture.cover = ImageFieldFile(Samples.upload("2.png"))
            try await picture.save()
            #expect(try await main.listdir("covers/\(year)").files == ["1.png", "2.png"])
            picture.cover = nil
            try await picture.save()
            #expect(picture.width == nil && picture.height == nil)
        }
    }

    @Test func declaresDjangosColumns() throws {
        let fields = Picture.schema.fields
        let cover = try #require(fields.first { $0.name == "cover" })
        #expect(cover.type == .imageField)
        #expect(cover.maxLength == 100)
        #expect(cover.isNullable)
        #expect(
            cover.customOptions == [
                "upload_to": .text("covers/%Y"), "width_field": .text("width"),
                "height_field": .text("height"),
            ]
        )
        let paper = try #require(fields.first { $0.name == "paper" })
        #expect(paper.type == .fileField)
        #expect(!paper.isNullable)
    }

    /// The page of a row is shown though its file is gone.
    @Test(arguments: ["width", "height", "size"])
    func aFileThatIsGoneHasNoSizeInATemplate(_ member: String) async throws {
        try await Storages(["default": main]).use {
            let value = ImageFieldFile(stored: "covers/gone.png").contextValue
            guard case .object(let object) = value,
                case .deferred(let size)? = object.contextMember(member)
            else {
                Issue.record("It has no \(member).")
                return
            }
            guard case .none = try await size() else {
                Issue.record("\(member) is something.")
                return
            }
        }
    }

    @Test func templatesSeeTheAddress() async throws {
        try await Storages(["default": main]).use {
            try await main.save(File(Samples.png), as: "covers/a.png")
            let value = ImageFieldFile(stored: "covers/a.png").contextValue
            guard case .object(let object) = value else {
                Issue.record("It is no object.")
                return
            }
            guard case .lazy(let url)? = object.contextMember("url"),
                case .string("/media/covers/a.png") = try url(),
                case .deferred(let width)? = object.contextMember("width"),
                case .int(640) = try await width()
            else {
                Issue.record("A member is missing.")
                return
            }
            #expect(object.contextIsTrue)
            #expect(object.contextMember("path") == nil)
            #expect(object.contextMember("delete") == nil)
        }
    }
}
