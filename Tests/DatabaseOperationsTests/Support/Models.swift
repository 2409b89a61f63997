import NuagesCore
import NuagesORM

@Model(app: "ops", ordering: ["id"])
struct Writer {
    @Field(maxLength: 100) var name: String
    @Reverse(\Note.writer) var notes: RelatedSet<Note>
}

@Model(app: "ops", ordering: ["id"])
struct Note {
    @ForeignKey(onDelete: .cascade) var writer: Writer.Reference
    @Field(maxLength: 100) var text: String
    var votes = 0
}

/// Models that only the tests of signals use: receivers belong to the process.
@Model(app: "signs", ordering: ["id"])
struct Sign {
    @Field(maxLength: 100) var name: String
    @Field(maxLength: 100, unique: true) var slug = ""
    @Reverse(\SignPart.sign) var parts: RelatedSet<SignPart>
}

@Model(app: "signs", ordering: ["id"])
struct SignPart {
    @ForeignKey(onDelete: .cascade) var sign: Sign.Reference
    @Field(maxLength: 100) var text: String
}

@Model(app: "signs", ordering: ["id"])
struct SignTag {
    @Field(maxLength: 100) var name: String
    @ManyToMany var signs: RelatedSet<Sign>
}

enum Tables {
    static let all: [any Model.Type] = [
        Writer.self, Note.self, Sign.self, SignPart.self, SignTag.self,
    ]

    /// Makes the tables of all models.
    static func make(in database: Database) async throws {
        let state = MigrationState(all.map { $0.schema })
        try await database.schema.migrating(database, atomically: true) {
            var editor = try SchemaEditor(database)
            for label in state.labels { try await editor.create(TableModel(label, in: state)) }
            try await editor.finish()
        }
    }
}
