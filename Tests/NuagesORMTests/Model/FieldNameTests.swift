import NuagesCore
import NuagesORM
import NuagesSQLite
import Testing

/// Its fields are called like what the macro's own code is called.
@Model(app: "polls")
struct Shadow {
    var name: String
    var row: Int
    var values: String
    var path: String
    var newValue: String?
}

@Suite struct FieldNameTests {
    @Test func fieldsMayBeCalledLikeTheParametersOfWhatTheMacroWrites() async throws {
        let database = try SQLiteDatabase.open(path: ":memory:")
        try await database.execute(
            """
            CREATE TABLE "polls_shadow" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
            "name" text NOT NULL, "row" integer NOT NULL, "values" text NOT NULL,
            "path" text NOT NULL, "new_value" text NULL)
            """
        )
        try await database.use {
            var shadow = Shadow(name: "Ada", row: 7, values: "v", path: "/a/", newValue: "n")
            try await shadow.save()
            let found = try await Shadow.objects.filter { $0.path == "/a/" && $0.row == 7 }.get()
            #expect(found.name == "Ada")
            #expect(found.values == "v")
            #expect(found.newValue == "n")
            for (member, text) in [
                ("name", "Ada"), ("values", "v"), ("path", "/a/"), ("new_value", "n"),
            ] {
                guard case .string(text)? = found.contextMember(member) else {
                    Issue.record("\(member) is \(String(describing: found.contextMember(member)))")
                    continue
                }
            }
            guard case .int(7)? = found.contextMember("row") else {
                Issue.record("row is \(String(describing: found.contextMember("row")))")
                return
            }
        }
    }
}
