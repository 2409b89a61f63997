import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@AbstractModel(
    defaultPermissions: ["view"],
    verboseName: "span",
    verboseNamePlural: "spans of time",
    isManaged: false,
    tableComment: "From and to",
    requiredDatabaseFeatures: [.supportsPartialIndexes],
    selectsOnSave: true
)
struct Span {
    var start: Int
    var end: Int
    var length = 0

    mutating func clean() throws {
        length = end - start
        guard end > start else { throw ValidationError("The end is before the start.") }
    }
}

@AbstractModel
struct Titled {
    @Field(maxLength: 20) var title: String

    mutating func clean() throws {
        guard title != "?" else { throw ValidationError("A title is a word.") }
    }
}

@Model(app: "parts", isManaged: true) @dynamicMemberLookup
struct Course {
    @Inherited var span: Span
    @Inherited var titled: Titled
}

@Model(app: "parts", verboseName: "own name", isManaged: true) @dynamicMemberLookup
struct Lesson {
    @Inherited var span: Span
    var room = 1

    mutating func clean() throws {
        try span.clean()
        guard room > 0 else { throw ValidationError("There is no such room.") }
    }
}

@Model(app: "parts") @dynamicMemberLookup
struct NightCourse {
    @Parent var course: Course
}

@Suite("Abstract models")
struct AbstractModelTests {
    private func texts(_ check: () async throws -> Void) async throws -> [String] {
        do {
            try await check()
            return []
        } catch let error as ValidationError {
            return error.items.map(\.text)
        }
    }

    @Test("Models take the options over, and may give their own")
    func options() {
        let (course, lesson) = (Course.schema, Lesson.schema)
        #expect(course.verboseName == "span" && course.verboseNamePlural == "spans of time")
        #expect(course.defaultPermissions == ["view"] && course.tableComment == "From and to")
        #expect(course.selectsOnSave && course.isManaged)
        #expect(course.requiredDatabaseFeatures == [.supportsPartialIndexes])
        #expect(lesson.verboseName == "own name" && lesson.verboseNamePlural == "spans of time")
    }

    @Test(
        "A full check asks the parts, or the model in their place",
        arguments: ["typed", "named"]
    )
    func cleans(_ form: String) async throws {
        let database = try await TestBackend.sqlite.open()
        try await database.makeTables(Course.self, Lesson.self, NightCourse.self)
        let late = "The end is before the start."
        try await database.use { () async throws in
            if form == "typed" {
                var course = Course(span: Span(start: 2, end: 5), titled: Titled(title: "A"))
                try await course.fullClean()
                #expect(course.length == 3)
                (course.end, course.title) = (1, "?")
                #expect(
                    try await texts { try await course.fullClean() } == [
                        late, "A title is a word.",
                    ]
                )
                var night = NightCourse(course: course)
                #expect(
                    try await texts { try await night.fullClean() } == [late, "A title is a word."]
                )
                var lesson = Lesson(span: Span(start: 2, end: 5), room: 0)
                #expect(
                    try await texts { try await lesson.fullClean() } == ["There is no such room."]
                )
                lesson.end = 1
                #expect(try await texts { try await lesson.fullClean() } == [late])
                return
            }
            var course = try DynamicRow(
                new: "parts.course",
                [("start", 2), ("end", 5), ("title", "A")]
            )
            try await course.fullClean()
            #expect(course["length"] == .int(3))
            course.set("end", to: .int(1))
            #expect(try await texts { try await course.fullClean() } == [late])
            #expect(course["length"] == .int(3))
            // Without a number there is no course to ask.
            course.set("end", to: .null)
            #expect(try await texts { try await course.clean() } == [])
        }
    }
}
