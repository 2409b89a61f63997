import DatabaseTestSupport
import NuagesORM
import Testing

/// Functions of numbers, with the SQL and values of Django 6.1.
@Suite struct MathFunctionTests {
    private typealias Case = FunctionCase

    static let cases: [FunctionCase] = [
        Case("Abs", [f("whole")], #"ABS("whole")"#, .int(7)),
        Case("Abs", [f("real")], #"ABS("real")"#, .double(2.5)),
        Case("Abs", [f("price")], #"(CAST(ABS("price") AS NUMERIC))"#, decimal("12.3500000000000"))
            .mysql(#"ABS("price")"#)
            .postgresql(#"ABS("price")"#),
        Case("Ceil", [f("whole")], #"CEILING("whole")"#, .int(7)),
        Case("Ceil", [f("real")], #"CEILING("real")"#, .double(-2.0)),
        Case("Ceil", [f("price")], #"(CAST(CEILING("price") AS NUMERIC))"#, decimal("13")).mysql(
            #"CEILING("price")"#
        )
        .postgresql(#"CEILING("price")"#),
        Case("Floor", [f("whole")], #"FLOOR("whole")"#, .int(7)),
        Case("Floor", [f("real")], #"FLOOR("real")"#, .double(-3.0)),
        Case("Floor", [f("price")], #"(CAST(FLOOR("price") AS NUMERIC))"#, decimal("12")).mysql(
            #"FLOOR("price")"#
        )
        .postgresql(#"FLOOR("price")"#),
        Case("Sign", [f("whole")], #"SIGN("whole")"#, .int(1)),
        Case("Sign", [f("real")], #"SIGN("real")"#, .double(-1.0)),
        Case("Sign", [f("price")], #"(CAST(SIGN("price") AS NUMERIC))"#, decimal("1")).mysql(
            #"SIGN("price")"#
        ).postgresql(
            #"SIGN("price")"#
        ),
        Case("Round", [f("whole")], #"ROUND("whole", ?)"#, .int(7)),
        Case("Round", [f("real")], #"ROUND("real", ?)"#, .double(-3.0))
            // To the even one: a column of floating-point numbers is not exact.
            .mysql(#"ROUND("real", ?)"#, .double(-2.0)).postgresql(
                #"ROUND(("real")::numeric(1000, 15), ?)"#
            ),
        Case("Round", [f("price")], #"(CAST(ROUND("price", ?) AS NUMERIC))"#, decimal("12"))
            .postgresql(#"ROUND("price", ?)"#).mysql(#"ROUND("price", ?)"#),
        Case(
            "Round",
            [f("price")],
            keywords: ["precision": .int(1)],
            #"(CAST(ROUND("price", ?) AS NUMERIC))"#,
            decimal("12.4000000000000")
        ).mysql(#"ROUND("price", ?)"#).postgresql(#"ROUND("price", ?)"#),
        Case("Round", [f("real"), n(1)], #"ROUND("real", ?)"#, .double(-2.5)).postgresql(
            #"ROUND(("real")::numeric(1000, 15), ?)"#
        ),
        Case("ATan", [f("whole")], #"ATAN("whole")"#, .double(1.4288992721907328)),
        Case("ATan", [f("real")], #"ATAN("real")"#, .double(-1.1902899496825317)),
        Case("Cos", [f("whole")], #"COS("whole")"#, .double(0.7539022543433046)),
        Case("Cos", [f("real")], #"COS("real")"#, .double(-0.8011436155469337)),
        Case("Cot", [f("whole")], #"COT("whole")"#, .double(1.1475154224051356)),
        Case("Cot", [f("real")], #"COT("real")"#, .double(1.3386481283041514)),
        Case("Degrees", [f("whole")], #"DEGREES("whole")"#, .double(401.07045659157626)),
        Case("Degrees", [f("real")], #"DEGREES("real")"#, .double(-143.2394487827058)),
        Case("Exp", [f("whole")], #"EXP("whole")"#, .double(1096.6331584284585)),
        Case("Exp", [f("real")], #"EXP("real")"#, .double(0.0820849986238988)),
        Case("Radians", [f("whole")], #"RADIANS("whole")"#, .double(0.12217304763960307)),
        Case("Radians", [f("real")], #"RADIANS("real")"#, .double(-0.04363323129985824)),
        Case("Sin", [f("whole")], #"SIN("whole")"#, .double(0.6569865987187891)),
        Case("Sin", [f("real")], #"SIN("real")"#, .double(-0.5984721441039565)),
        Case("Tan", [f("whole")], #"TAN("whole")"#, .double(0.8714479827243188)),
        Case("Tan", [f("real")], #"TAN("real")"#, .double(0.7470222972386603)),
        Case("Ln", [f("whole")], #"LN("whole")"#, .double(1.9459101490553132)),
        Case("Ln", [f("price")], #"(CAST(LN("price") AS NUMERIC))"#, decimal("2.51365606307399"))
            .mysql(#"LN("price")"#)
            .postgresql(#"LN("price")"#),
        Case("Sqrt", [f("whole")], #"SQRT("whole")"#, .double(2.6457513110645907)),
        Case(
            "Sqrt",
            [f("price")],
            #"(CAST(SQRT("price") AS NUMERIC))"#,
            decimal("3.51425667816112")
        ).mysql(#"SQRT("price")"#).postgresql(#"SQRT("price")"#),
        Case("ACos", [.value(.double(0.5))], "ACOS(?)", .double(1.0471975511965979)),
        Case("ASin", [.value(.double(0.5))], "ASIN(?)", .double(0.5235987755982989)),
        Case(
            "ATan2",
            [f("real"), f("whole")],
            #"ATAN2("real", "whole")"#,
            .double(-0.3430239404207034)
        ),
        Case("Log", [n(2), f("whole")], #"LOG(?, "whole")"#, .double(2.807354922057604)),
        Case("Log", [n(10), f("price")], #"LOG(?, "price")"#, decimal("1.09166695759568")),
        Case("Mod", [f("whole"), n(3)], #"MOD("whole", ?)"#, .double(1.0)),
        Case("Mod", [f("real"), n(2)], #"MOD("real", ?)"#, .double(-0.5)).postgresql(
            #"MOD(("real")::numeric(1000, 15), ?)"#
        ),
        Case("Power", [f("whole"), n(2)], #"POWER("whole", ?)"#, .double(49.0)),
        Case(
            "Power",
            [f("price"), n(2)],
            #"(CAST(POWER("price", ?) AS NUMERIC))"#,
            decimal("152.522500000000")
        ).mysql(#"POWER("price", ?)"#).postgresql(#"POWER("price", ?)"#),
        Case("Pi", [], "PI()", .double(3.141592653589793)),
    ]

    @Test(arguments: TestBackend.available, cases)
    func writesAndReadsAsDjangoDoes(
        _ backend: TestBackend,
        _ function: FunctionCase
    ) async throws {
        try await function.check(backend)
    }
}
