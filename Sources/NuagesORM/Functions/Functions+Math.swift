extension SQLFunction {
    /// A function that gives a decimal for decimals and a float for whole numbers.
    private static func numeric(
        _ name: String,
        _ sqlName: String,
        _ arguments: ClosedRange<Int> = 1...1
    ) -> SQLFunction {
        SQLFunction(name, sqlName, arguments, gives: .by { try OutputTypes.numeric($0) })
    }

    /// The number without its sign.
    public static let abs = SQLFunction("Abs", "ABS")
    /// The arc cosine in radians.
    public static let acos = numeric("ACos", "ACOS")
    /// The arc sine in radians.
    public static let asin = numeric("ASin", "ASIN")
    /// The arc tangent in radians.
    public static let atan = numeric("ATan", "ATAN")
    /// The angle in radians of the point whose height is the first argument, and whose distance to
    /// the right is the second.
    public static let atan2 = numeric("ATan2", "ATAN2", 2...2)
    /// The least whole number that is not less.
    public static let ceil = SQLFunction("Ceil", "CEILING")
    /// The cosine of an angle in radians.
    public static let cos = numeric("Cos", "COS")
    /// The cotangent of an angle in radians.
    public static let cot = numeric("Cot", "COT")
    /// The angle in degrees.
    public static let degrees = numeric("Degrees", "DEGREES")
    /// The power of e.
    public static let exp = numeric("Exp", "EXP")
    /// The greatest whole number that is not greater.
    public static let floor = SQLFunction("Floor", "FLOOR")
    /// The natural logarithm.
    public static let ln = numeric("Ln", "LN")
    /// The logarithm of the second argument to the base of the first.
    public static let log = numeric("Log", "LOG", 2...2)
    /// What is left over when the first argument is divided by the second.
    public static let mod = numeric("Mod", "MOD", 2...2)
    /// The ratio of a circle's circumference to its diameter.
    public static let pi = numeric("Pi", "PI", 0...0)
    /// The first argument raised to the power of the second.
    public static let power = numeric("Power", "POWER", 2...2)
    /// The angle in radians.
    public static let radians = numeric("Radians", "RADIANS")
    /// A random number between 0 and 1.
    public static let random = SQLFunction("Random", arguments: 0, gives: .fixed(.float)) {
        $0.dialect.random
    }
    /// The number rounded to digits behind the point, none unless the second argument says more.
    public static let round = SQLFunction("Round", "ROUND", 1...2, gives: .first) { node in
        var node = node
        node.fill(1, with: .int(0))
        return node
    }
    /// -1, 0 or 1.
    public static let sign = SQLFunction("Sign", "SIGN")
    /// The sine of an angle in radians.
    public static let sin = numeric("Sin", "SIN")
    /// The square root.
    public static let sqrt = numeric("Sqrt", "SQRT")
    /// The tangent of an angle in radians.
    public static let tan = numeric("Tan", "TAN")

    static let maths: [SQLFunction] = [
        .abs, .acos, .asin, .atan, .atan2, .ceil, .cos, .cot, .degrees, .exp, .floor, .ln, .log,
        .mod, .pi, .power, .radians, .random, .round, .sign, .sin, .sqrt, .tan,
    ]
}
