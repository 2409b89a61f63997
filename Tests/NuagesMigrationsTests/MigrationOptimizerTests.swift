import Testing

@testable import NuagesORM

@Suite struct MigrationOptimizerTests {
    private static let text = FieldSchema("text", .charField, maxLength: 10)
    private static let link = FieldSchema(
        "link",
        .foreignKey,
        relation: Relation(to: "a.other", onDelete: .cascade)
    )

    static let cases: [([any MigrationOperation], [String])] = [
        ([CreateModel("M", fields: []), DeleteModel("M")], []),
        ([CreateModel("M", fields: []), AddField("M", text)], ["Create model M"]),
        ([CreateModel("M", fields: []), RenameModel(from: "M", to: "N")], ["Create model N"]),
        ([AddField("M", text), RemoveField("M", "text")], []),
        ([AddField("M", text), RenameField("M", from: "text", to: "t")], ["Add field t to M"]),
        ([AlterField("M", text), AlterField("M", text)], ["Alter field text on M"]),
        (
            [AlterField("M", text), RenameField("M", from: "text", to: "t")],
            ["Rename field text on M to t", "Alter field t on M"]
        ),
        ([RemoveField("M", "text"), DeleteModel("M")], ["Delete model M"]),
        (
            [CreateModel("M", fields: []), CreateModel("Other", fields: []), AddField("M", link)],
            ["Create model Other", "Create model M"]
        ),
        (
            [CreateModel("M", fields: []), RunSQL("SELECT 1"), DeleteModel("M")],
            ["Create model M", "Raw SQL operation", "Delete model M"]
        ),
        ([RunSQL("SELECT 1", isElidable: true), AddField("M", text)], ["Add field text to M"]),
        (
            [
                AddIndex("M", IndexSchema(["text"], name: "i")),
                RenameIndex("M", from: "i", to: "j"),
            ],
            ["Create index j on field(s) text of model M"]
        ),
        (
            [AddConstraint("M", .unique(name: "u", fields: ["text"])), RemoveConstraint("M", "u")],
            []
        ),
        (
            [
                AlterUniqueTogether("M", uniqueTogether: [["a"]]),
                AlterUniqueTogether("M", uniqueTogether: []),
            ],
            ["Alter unique_together for M (0 constraint(s))"]
        ),
        (
            [RenameModel(from: "A", to: "B"), RenameModel(from: "B", to: "C")],
            ["Rename model A to C"]
        ),
    ]

    @Test(arguments: cases.indices)
    func findsFewerOperations(_ index: Int) {
        let (operations, expected) = Self.cases[index]
        #expect(
            MigrationOptimizer().optimize(operations, app: "a").map { $0.describe() } == expected
        )
    }
}
