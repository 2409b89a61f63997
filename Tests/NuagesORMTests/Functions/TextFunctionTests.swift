import DatabaseTestSupport
import NuagesORM
import Testing

/// Functions of text, JSON and of values of any kind, with the SQL and values of Django 6.1.
@Suite struct TextFunctionTests {
    private typealias Case = FunctionCase

    static let cases: [FunctionCase] = [
        Case("Lower", [f("name")], #"LOWER("name")"#, .text(" Été_1 "))
            .servers(.text(" été_1 ")),
        Case("Upper", [f("name")], #"UPPER("name")"#, .text(" ÉTé_1 "))
            .servers(.text(" ÉTÉ_1 ")),
        Case("Trim", [f("name")], #"TRIM("name")"#, .text("Été_1")),
        Case("LTrim", [f("name")], #"LTRIM("name")"#, .text("Été_1 ")),
        Case("RTrim", [f("name")], #"RTRIM("name")"#, .text(" Été_1")),
        Case("Length", [f("name")], #"LENGTH("name")"#, .int(7)).mysql(#"CHAR_LENGTH("name")"#),
        Case("Reverse", [f("name")], #"REVERSE("name")"#, .text(" 1_étÉ ")),
        Case("Ord", [f("name")], #"UNICODE("name")"#, .int(32)).mysql(
            #"ORD(CONVERT("name" USING utf32))"#
        ).postgresql(#"ASCII("name")"#),
        Case("MD5", [f("name")], #"MD5("name")"#, .text("20ff5854b6d0330638dc73542a3b8ddd")),
        Case(
            "SHA1",
            [f("name")],
            #"SHA1("name")"#,
            .text("66fb3e67e6d4d95d6b77cd2055b359cfe1d5174f")
        ).postgresql(#"ENCODE(DIGEST("name", 'sha1'), 'hex')"#),
        Case(
            "SHA224",
            [f("name")],
            #"SHA224("name")"#,
            .text("ae8f2ab4a8c130cf9eda7f9b4602b80f9b39f75fb9daab68dcb0fe3d")
        ).mysql(#"SHA2("name", 224)"#).postgresql(#"ENCODE(DIGEST("name", 'sha224'), 'hex')"#),
        Case(
            "SHA256",
            [f("name")],
            #"SHA256("name")"#,
            .text("5b44b9a04acfeaff1865cd4aa2fdf76f4fad41e503630d12a6f2387ebb24d880")
        ).mysql(#"SHA2("name", 256)"#).postgresql(#"ENCODE(DIGEST("name", 'sha256'), 'hex')"#),
        Case(
            "SHA384",
            [f("name")],
            #"SHA384("name")"#,
            .text(
                "24ede89440fe1a4018d13ca9c4af888e59c3796d93d26dadcce2bd5c55c17dd90b0384e426ac005232fac46d45f9f112"
            )
        ).mysql(#"SHA2("name", 384)"#).postgresql(#"ENCODE(DIGEST("name", 'sha384'), 'hex')"#),
        Case(
            "SHA512",
            [f("name")],
            #"SHA512("name")"#,
            .text(
                "b9aaa70c9d3c9cd0e4e9f09f2ff79b343d0aa3db52091f181ec937096930992d3fb2b10092293c8f7cb9332c0fbc27e829ec0ba82d1bd1a4fa736bc2ad7800cb"
            )
        ).mysql(#"SHA2("name", 512)"#).postgresql(#"ENCODE(DIGEST("name", 'sha512'), 'hex')"#),
        Case("Lower", [f("nothing")], #"LOWER("nothing")"#, .null),
        Case("Chr", [n(233)], "CHAR(?)", .text("é")).mysql(
            #"CONVERT(CHAR(? USING utf32) USING utf8mb4)"#
        ).postgresql("CHR(?)"),
        Case(
            "Concat",
            [f("name"), f("nothing"), f("name")],
            #"(COALESCE("name", ?) || COALESCE((COALESCE("nothing", ?) || COALESCE("name", ?)), ?))"#,
            .text(" Été_1  Été_1 ")
        ).mysql(#"CONCAT_WS('', "name", "nothing", "name")"#).postgresql(
            #"(COALESCE("name", '') || COALESCE("nothing", '') || COALESCE("name", ''))"#
        ),
        Case(
            "Concat",
            [f("name"), t("-")],
            #"(COALESCE("name", ?) || COALESCE(?, ?))"#,
            .text(" Été_1 -")
        ).mysql(#"CONCAT_WS('', "name", ?)"#).postgresql(
            #"(COALESCE("name", '') || COALESCE(?, ''))"#
        ),
        Case(
            "Concat",
            [f("name"), f("whole")],
            type: .text,
            #"(COALESCE("name", ?) || COALESCE("whole", ?))"#,
            .text(" Été_1 7")
        ).mysql(#"CONCAT_WS('', "name", "whole")"#).postgresql(
            #"(COALESCE("name", '') || COALESCE(("whole")::text, ''))"#
        ),
        Case("Left", [f("name"), n(3)], #"SUBSTR("name", ?, ?)"#, .text(" Ét")).mysql(
            #"LEFT("name", ?)"#
        ).postgresql(
            #"LEFT("name", ?)"#
        ),
        Case("Left", [f("name"), f("whole")], #"SUBSTR("name", ?, "whole")"#, .text(" Été_1 "))
            .mysql(#"LEFT("name", "whole")"#)
            .postgresql(#"LEFT("name", "whole")"#),
        Case("Right", [f("name"), n(3)], #"SUBSTR("name", (? * ?), ?)"#, .text("_1 ")).mysql(
            #"RIGHT("name", ?)"#
        ).postgresql(
            #"RIGHT("name", ?)"#
        ),
        Case("LPad", [f("name"), n(9)], #"LPAD("name", ?, ?)"#, .text("   Été_1 ")),
        Case("LPad", [f("name"), n(9), t("*")], #"LPAD("name", ?, ?)"#, .text("** Été_1 ")),
        Case("RPad", [f("name"), n(9), t("*")], #"RPAD("name", ?, ?)"#, .text(" Été_1 **")),
        Case("RPad", [f("name"), n(2)], #"RPAD("name", ?, ?)"#, .text(" É")),
        Case("Repeat", [f("name"), n(2)], #"REPEAT("name", ?)"#, .text(" Été_1  Été_1 ")),
        Case("Replace", [f("name"), t("_"), t("-")], #"REPLACE("name", ?, ?)"#, .text(" Été-1 ")),
        Case("Replace", [f("name"), t("_")], #"REPLACE("name", ?, ?)"#, .text(" Été1 ")),
        Case("StrIndex", [f("name"), t("t")], #"INSTR("name", ?)"#, .int(3)).postgresql(
            #"STRPOS("name", ?)"#
        ),
        Case("Substr", [f("name"), n(2)], #"SUBSTR("name", ?)"#, .text("Été_1 ")).mysql(
            #"SUBSTRING("name", ?)"#
        ).postgresql(
            #"SUBSTRING("name", ?)"#
        ),
        Case("Substr", [f("name"), n(2), n(3)], #"SUBSTR("name", ?, ?)"#, .text("Été")).mysql(
            #"SUBSTRING("name", ?, ?)"#
        ).postgresql(
            #"SUBSTRING("name", ?, ?)"#
        ),
        Case(
            "Coalesce",
            [f("nothing"), f("name")],
            #"COALESCE("nothing", "name")"#,
            .text(" Été_1 ")
        ),
        Case("Coalesce", [f("nothing"), t("x")], #"COALESCE("nothing", ?)"#, .text("x")),
        Case("Greatest", [f("whole"), n(9)], #"MAX("whole", ?)"#, .int(9)).mysql(
            #"GREATEST("whole", ?)"#
        ).postgresql(
            #"GREATEST("whole", ?)"#
        ),
        Case("Least", [f("whole"), n(9)], #"MIN("whole", ?)"#, .int(7)).mysql(#"LEAST("whole", ?)"#)
            .postgresql(
                #"LEAST("whole", ?)"#
            ),
        Case("Greatest", [f("nothing"), f("name")], #"MAX("nothing", "name")"#, .null).mysql(
            #"GREATEST("nothing", "name")"#
        ).postgresql(
            #"GREATEST("nothing", "name")"#,
            .text(" Été_1 ")
        ),
        Case("NullIf", [f("whole"), n(7)], #"NULLIF("whole", ?)"#, .null),
        Case("NullIf", [f("whole"), n(8)], #"NULLIF("whole", ?)"#, .int(7)),
        Case("Collate", [f("name"), t("NOCASE")], #""name" COLLATE "NOCASE""#, .text(" Été_1 "))
            .refusedByServers(),
        Case("Cast", [f("real")], type: .integer, #"CAST("real" AS integer)"#, .int(-2)).mysql(
            #"CAST("real" AS signed)"#
        ).postgresql(
            #"("real")::integer"#
        ),
        Case("Cast", [f("whole")], type: .float, #"CAST("whole" AS real)"#, .double(7.0)).mysql(
            #"CAST("whole" AS double)"#
        )
        .postgresql(#"("whole")::double precision"#),
        Case("Cast", [f("whole")], type: .text, #"CAST("whole" AS text)"#, .text("7")).mysql(
            #"CAST("whole" AS char)"#
        ).postgresql(
            #"("whole")::text"#
        ),
        Case("Cast", [f("whole")], type: .character, #"CAST("whole" AS text)"#, .text("7")).mysql(
            #"CAST("whole" AS char)"#
        )
        .postgresql(#"("whole")::varchar"#),
        Case("Cast", [f("whole")], type: .boolean, #"CAST("whole" AS bool)"#, .int(7)).mysql(
            #"CAST("whole" AS signed)"#
        ).postgresql(
            #"("whole")::boolean"#,
            .bool(true)
        ),
        Case("Cast", [f("moment")], type: .date, #"date("moment")"#, day("2024-03-31")).mysql(
            #"CAST("moment" AS date)"#
        ).postgresql(
            #"("moment")::date"#
        ),
        Case(
            "Cast",
            [f("moment")],
            type: .time,
            #"strftime('%H:%M:%f', "moment")"#,
            clock("01:30:15.123000")
        ).mysql(#"CAST("moment" AS time(6))"#, clock("01:30:15.123456")).postgresql(
            #"("moment")::time"#,
            clock("01:30:15.123456")
        ),
        Case(
            "Cast",
            [f("day")],
            type: .dateTime,
            #"strftime('%Y-%m-%d %H:%M:%f', "day")"#,
            moment("2024-12-30 00:00:00+00:00")
        ).mysql(#"CAST("day" AS datetime(6))"#).postgresql(#"("day")::timestamp with time zone"#),
        Case(
            "Cast",
            [f("whole")],
            type: .duration,
            #"CAST("whole" AS bigint)"#,
            .duration(.microseconds(7))
        ).mysql(#"CAST(CAST("whole" AS signed) AS signed)"#).refusedByPostgreSQL(),
        Case(
            "Cast",
            [f("real")],
            type: .decimal(maxDigits: 8, decimalPlaces: 1),
            #"CAST("real" AS decimal)"#,
            decimal("-2.5")
        ).mysql(#"CAST("real" AS decimal(8, 1))"#).postgresql(#"("real")::numeric(8, 1)"#),
        Case(
            "JSONArray",
            [f("name"), f("whole")],
            #"JSON_ARRAY("name", "whole")"#,
            json(#"[" \u00c9t\u00e9_1 ", 7]"#)
        ).postgresql(#"JSONB_BUILD_ARRAY(("name")::varchar(20), ("whole")::integer)"#),
        Case("JSONArray", [], "JSON_ARRAY()", json(#"[]"#)).postgresql("JSONB_BUILD_ARRAY()"),
        Case(
            "JSONObject",
            [t("a"), f("name"), t("b"), f("whole")],
            #"JSON_OBJECT(?, "name", ?, "whole")"#,
            json(#"{"a": " \u00c9t\u00e9_1 ", "b": 7}"#)
        ).postgresql(
            #"JSONB_BUILD_OBJECT((?)::text, ("name")::varchar(20), (?)::text, ("whole")::integer)"#
        ),
        Case("JSONObject", [], "JSON_OBJECT()", json(#"{}"#)).postgresql("JSONB_BUILD_OBJECT()"),
    ]

    @Test(arguments: TestBackend.available, cases)
    func writesAndReadsAsDjangoDoes(
        _ backend: TestBackend,
        _ function: FunctionCase
    ) async throws {
        try await function.check(backend)
    }
}
