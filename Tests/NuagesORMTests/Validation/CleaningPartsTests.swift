import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Model(
    app: "cleaning",
    constraints: [
        .check(name: "ends_later", condition: .lookup("end__gt", .field("start"))),
        .unique(name: "one_end", fields: ["name", "end"]),
    ]
)
struct Slot {
    @Field(maxLength: 3) var name: String
    @Field(unique: true) var start: Int
    var end: Int
    @Field(
        maxLength: 1,
        choices: [FieldChoice(.text("S"), "Small"), FieldChoice(.text("L"), "Large", group: "Big")]
    )
    var size = "S"
    @Field(choices: [FieldChoice(.int(1), "One"), FieldChoice(.null, "None of them")])
    var count: Int?
}

@Suite("The parts of a full check")
struct CleaningPartsTests {
    private func fields(_ check: () async throws -> Void) async throws -> [String?] {
        do {
            try await check()
            return []
        } catch let error as ValidationError {
            return error.items.map(\.field)
        }
    }

    @Test("Each part finds what belongs to it", arguments: TestBackend.installed)
    func parts(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await database.makeTables(Slot.self)
        try await database.use { () async throws in
            try await Slot.objects.create(Slot(name: "a", start: 1, end: 2))
            var slot = Slot(name: "a", start: 1, end: 0, count: 1)
            slot.name = "long"
            #expect(try await fields { try await slot.cleanFields() } == ["name"])
            #expect(try await fields { try await slot.cleanFields(excluding: { $0.name }) } == [])
            #expect(try await fields { try await slot.validateUnique() } == ["start"])
            #expect(
                try await fields { try await slot.validateUnique(excluding: { $0.start }) } == []
            )
            #expect(try await fields { try await slot.validateConstraints() } == [nil])
            (slot.name, slot.start, slot.end) = ("a", 5, 2)
            #expect(try await fields { try await slot.validateConstraints() } == [nil, nil])
            #expect(
                try await fields {
                    try await slot.validateConstraints(excluding: { $0.end })
                } == []
            )

            var row = try DynamicRow(
                new: "cleaning.slot",
                [("name", "long"), ("start", 1), ("end", 0), ("count", 1)]
            )
            #expect(try await fields { try await row.cleanFields() } == ["name"])
            #expect(try await fields { try await row.cleanFields(excluding: ["name"]) } == [])
            #expect(try await fields { try await row.validateUnique() } == ["start"])
            #expect(try await fields { try await row.validateConstraints() } == [nil])
            #expect(
                try await fields { try await row.validateConstraints(excluding: ["start"]) } == []
            )
        }
    }

    @Test("A field with choices is shown by its label")
    func display() {
        var slot = Slot(name: "a", start: 1, end: 2)
        #expect(slot.display { $0.size } == "Small")
        #expect(slot.display { $0.count } == "None of them")
        slot.size = "L"
        slot.count = 1
        #expect(slot.display { $0.size } == "Large" && slot.display { $0.count } == "One")
        slot.size = "M"
        slot.count = 7
        #expect(slot.display { $0.size } == "M" && slot.display { $0.count } == "7")
        #expect(slot.display { $0.start } == "1")
    }
}
