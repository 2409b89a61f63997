import NuagesORM

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SQLiteFunctions {
    static var maths: [SQLiteFunction] {
        [
            SQLiteFunction(name: "BITXOR", argumentCount: 2) { call throws(SQLiteFunctionError) in
                .int(try call.int(0) ^ (try call.int(1)))
            },
            SQLiteFunction(name: "COT", argumentCount: 1) { call throws(SQLiteFunctionError) in
                let tangent = tan(try call.number(0))
                guard tangent != 0 else { throw SQLiteFunctionError("A division by zero.") }
                return .double(1 / tangent)
            },
            SQLiteFunction(name: "SIGN", argumentCount: 1) { call throws(SQLiteFunctionError) in
                let number = try call.number(0)
                return .int(number > 0 ? 1 : number < 0 ? -1 : 0)
            },
            // SQLite's own RANDOM() gives whole numbers.
            SQLiteFunction(name: "RAND", argumentCount: 0, isDeterministic: false) { _ in
                .double(.random(in: 0..<1))
            },
        ]
    }

    /// The functions that SQLite has where it was built with them.
    static var mathFunctions: [SQLiteFunction] {
        [
            math("ACOS") { acos($0) }, math("ASIN") { asin($0) }, math("ATAN") { atan($0) },
            math("COS") { cos($0) }, math("DEGREES") { $0 * 180 / .pi }, math("EXP") { exp($0) },
            math("LN") { log($0) }, math("RADIANS") { $0 * .pi / 180 }, math("SIN") { sin($0) },
            math("SQRT") { $0.squareRoot() }, math("TAN") { tan($0) },
            math("ATAN2") { atan2($0, $1) },
            // The base comes first, as the standard says.
            math("LOG") { log($1) / log($0) },
            math("MOD") { fmod($0, $1) }, math("POWER") { pow($0, $1) },
            rounded("CEILING", .up), rounded("FLOOR", .down),
            SQLiteFunction(name: "PI", argumentCount: 0) { _ in .double(.pi) },
        ]
    }

    private static func math(
        _ name: String,
        _ compute: @escaping @Sendable (Double) -> Double
    ) -> SQLiteFunction {
        SQLiteFunction(name: name, argumentCount: 1) { call throws(SQLiteFunctionError) in
            finite(compute(try call.number(0)))
        }
    }

    private static func math(
        _ name: String,
        _ compute: @escaping @Sendable (Double, Double) -> Double
    ) -> SQLiteFunction {
        SQLiteFunction(name: name, argumentCount: 2) { call throws(SQLiteFunctionError) in
            finite(compute(try call.number(0), try call.number(1)))
        }
    }

    /// NULL for what is no number, as SQLite's own functions answer.
    private static func finite(_ number: Double) -> SQLiteAnswer {
        number.isNaN ? .null : .double(number)
    }

    private static func rounded(
        _ name: String,
        _ rule: FloatingPointRoundingRule
    ) -> SQLiteFunction {
        SQLiteFunction(name: name, argumentCount: 1) { call throws(SQLiteFunctionError) in
            if case .int(let number) = call[0] { return .int(Int(number)) }
            return .double(try call.number(0).rounded(rule))
        }
    }
}
