import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Suite("Functions whose arguments are values of the row")
struct ExpressionArgumentTests {
    @Test(arguments: TestBackend.installed, texts)
    func functionsOfText(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    @Test(arguments: TestBackend.installed, numbers)
    func functionsOfNumbers(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    private static let name = DynamicExpression.field("name")
    private static let words = DynamicExpression.field("words")
    private static let code = DynamicExpression.field("code")

    /// A value of each talk, typed and by names.
    private static func value<Value: FieldValue & Sendable>(
        _ sql: String,
        _ typed: @escaping @Sendable (Talk.Fields) -> ComputedExpression<Value?>,
        _ dynamic: DynamicExpression,
        _ rows: [String]
    ) -> TypedCase {
        TypedCase(
            sql,
            {
                try await Talk.objects.order(by: "id").selecting { typed($0) }.all().map {
                    text($0)
                }
            },
            {
                _ = try await DynamicQuery(Talk.self).order(by: "id")
                    .values(.expression("value1", dynamic)).rows()
            },
            """
            SELECT \(sql) AS "value1" FROM "ballots_talk" ORDER BY "ballots_talk"."id" ASC
            """,
            rows
        )
        .on(TalkDatabase.filled)
    }

    /// The codes of the talks that a condition finds.
    private static func found(
        _ sql: String,
        _ typed: @escaping @Sendable (Talk.Fields) -> Condition,
        _ dynamic: DynamicExpression,
        _ codes: [String]
    ) -> TypedCase {
        TypedCase(
            sql,
            {
                try await Talk.objects.filter { typed($0) }.order(by: "id")
                    .selecting { $0.code }.all()
            },
            {
                _ = try await DynamicQuery(Talk.self).filter(dynamic).order(by: "id")
                    .values("code").rows()
            },
            """
            SELECT "ballots_talk"."code" AS "code" FROM "ballots_talk" WHERE \(sql) ORDER BY \
            "ballots_talk"."id" ASC
            """,
            codes
        )
        .on(TalkDatabase.filled)
    }

    static let texts: [TypedCase] = [
        value(
            #"SUBSTR("ballots_talk"."name", ?, "ballots_talk"."words")"#,
            { $0.name.prefix($0.words) },
            .function("Left", [name, words]),
            ["Swi", "Nu", "One"]
        ),
        value(
            #"SUBSTR("ballots_talk"."name", ("ballots_talk"."words" * ?), "ballots_talk"."words")"#,
            { $0.name.suffix($0.words) },
            .function("Right", [name, words]),
            ["our", "es", "One"]
        ),
        value(
            #"SUBSTR("ballots_talk"."name", "ballots_talk"."words")"#,
            { $0.name.substring(from: $0.words) },
            .function("Substr", [name, words]),
            ["ift on tour", "uages", ""]
        ),
        value(
            #"SUBSTR("ballots_talk"."name", "ballots_talk"."words", ?)"#,
            { $0.name.substring(from: $0.words, count: Functions.value(2)) },
            .function("Substr", [name, words, .value(.int(2), as: .integer)]),
            ["if", "ua", ""]
        ),
        value(
            #"""
            SUBSTR("ballots_talk"."name", (INSTR("ballots_talk"."name", "ballots_talk"."code") + ?))
            """#,
            { $0.name.substring(from: $0.name.position(of: $0.code) + 1) },
            .function("Substr", [name, .combined(.function("StrIndex", [name, code]), .add, 1)]),
            [" on tour", "ages", "e"]
        ),
        value(
            #"REPLACE("ballots_talk"."name", "ballots_talk"."code", ?)"#,
            { $0.name.replacing($0.code, with: "_") },
            .function("Replace", [name, code, "_"], as: .text),
            ["Swif_ on _our", "N_ages", "O_e"]
        ),
        value(
            #"REPLACE("ballots_talk"."name", "ballots_talk"."code", ?)"#,
            { $0.name.replacing($0.code) },
            .function("Replace", [name, code], as: .text),
            ["Swif on our", "Nages", "Oe"]
        ),
        value(
            #"REPLACE("ballots_talk"."name", "ballots_talk"."code", UPPER("ballots_talk"."code"))"#,
            { $0.name.replacing($0.code, with: $0.code.uppercased) },
            .function("Replace", [name, code, .function("Upper", [code])], as: .text),
            ["SwifT on Tour", "NUages", "ONe"]
        ),
        value(
            #"LPAD("ballots_talk"."code", "ballots_talk"."words", ?)"#,
            { $0.code.paddedAtStart(to: $0.words, with: Functions.text("*")) },
            .function("LPad", [code, words, .value(.text("*"), as: .character)]),
            ["**t", "*u", "***n"]
        ),
        value(
            #"RPAD("ballots_talk"."code", "ballots_talk"."words", ?)"#,
            { $0.code.paddedAtEnd(to: $0.words) },
            .function("RPad", [code, words]),
            ["t  ", "u ", "n   "]
        ),
        value(
            #"REPEAT("ballots_talk"."code", "ballots_talk"."words")"#,
            { $0.code.repeated($0.words) },
            .function("Repeat", [code, words]),
            ["ttt", "uu", "nnnn"]
        ),
        value(
            #"INSTR("ballots_talk"."name", "ballots_talk"."code")"#,
            { $0.name.position(of: $0.code) },
            .function("StrIndex", [name, code]),
            ["5", "2", "2"]
        ),
        value(
            #"CHAR(("ballots_talk"."words" + ?))"#,
            { Functions.character($0.words + 64) },
            .function("Chr", [.combined(words, .add, 64)]),
            ["C", "B", "D"]
        ),
        value(
            #"NULLIF("ballots_talk"."name", SUBSTR("ballots_talk"."name", ?, "ballots_talk"."words"))"#,
            { $0.name.nullIf($0.name.prefix($0.words)) },
            .function("NullIf", [name, .function("Left", [name, words])]),
            ["Swift on tour", "Nuages", "-"]
        ),
        found(
            #"("ballots_talk"."name" REGEXP ("ballots_talk"."code") AND "ballots_talk"."words" > ?)"#,
            { $0.name.matches($0.code) && $0.words > 2 },
            .allOf([.condition("name__regex", code), .condition("words__gt", 2)]),
            ["t", "n"]
        ),
        found(
            #"""
            ("ballots_talk"."name" LIKE '%' || REPLACE(REPLACE(REPLACE((UPPER(\#
            "ballots_talk"."code")), '\', '\\'), '%', '\%'), '_', '\_') || '%' ESCAPE '\' AND \#
            "ballots_talk"."words" < ?)
            """#,
            { $0.name.ignoringCase(.icontains, $0.code.uppercased) && $0.words < 4 },
            .allOf([
                .condition("name__icontains", .function("Upper", [code])),
                .condition("words__lt", 4),
            ]),
            ["t", "u"]
        ),
    ]

    static let numbers: [TypedCase] = [
        value(
            #"POWER("ballots_talk"."words", "ballots_talk"."words")"#,
            { $0.words.power($0.words) },
            .function("Power", [words, words]),
            ["27.0", "4.0", "256.0"]
        ),
        value(
            #"MOD(?, "ballots_talk"."words")"#,
            { Functions.value(11).remainder($0.words) },
            .function("Mod", [.value(.int(11), as: .integer), words]),
            ["2.0", "1.0", "3.0"]
        ),
        value(
            #"LOG("ballots_talk"."words", ("ballots_talk"."words" * "ballots_talk"."words"))"#,
            { ($0.words * $0.words).logarithm(base: $0.words) },
            .function("Log", [words, .combined(words, .multiply, words)]),
            ["2.0", "2.0", "2.0"]
        ),
        value(
            #"ROUND("ballots_talk"."words", "ballots_talk"."words")"#,
            { $0.words.rounded($0.words) },
            .function("Round", [words, words]),
            ["3", "2", "4"]
        ),
        value(
            #"NULLIF((("ballots_talk"."words" & ?) | "ballots_talk"."words"), ?)"#,
            { $0.words.bits(and: Functions.value(1)).bits(or: $0.words).nullIf(2) },
            .function(
                "NullIf",
                [
                    .combined(
                        .combined(words, .bitAnd, .value(.int(1), as: .integer)),
                        .bitOr,
                        words
                    ), 2,
                ]
            ),
            ["3", "-", "4"]
        ),
        value(
            #"NULLIF((BITXOR("ballots_talk"."words",("ballots_talk"."words" % ?))), ?)"#,
            { $0.words.bits(xor: $0.words % Functions.value(3)).nullIf(0) },
            .function(
                "NullIf",
                [
                    .combined(
                        words,
                        .bitXor,
                        .combined(words, .remainder, .value(.int(3), as: .integer))
                    ), 0,
                ]
            ),
            ["3", "-", "5"]
        ),
    ]
}
