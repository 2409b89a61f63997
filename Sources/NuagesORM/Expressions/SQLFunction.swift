/// A function of the database: its name, how many arguments it takes, what it gives and how it is
/// written.
///
/// A site defines functions of its own in the same way; two functions of one name are one function.
///
///     static let soundex = SQLFunction("Soundex", arguments: 1, gives: .fixed(.character)) { call in
///         "SOUNDEX(\(sql: call.arguments[0]))"
///     }
public struct SQLFunction: Sendable {
    /// Which type the result has.
    public enum Output: Sendable {
        /// Always the same.
        case fixed(ValueType)
        /// That of the arguments, which have to agree.
        case common
        /// That of the first argument.
        case first
        /// As the closure says, by the types of the arguments.
        case by(@Sendable ([ValueType?]) throws -> ValueType?)
    }

    public let name: String
    let arity: ClosedRange<Int>
    let output: Output
    /// Whether it may stand in front of `OVER`; with this it must.
    let isWindowOnly: Bool
    let check: @Sendable (FunctionNode) throws -> Void
    let write: @Sendable (FunctionArguments) throws -> SQL

    init(
        _ name: String,
        arguments: ClosedRange<Int>,
        gives output: Output,
        isWindowOnly: Bool = false,
        check: @escaping @Sendable (FunctionNode) throws -> Void,
        write: @escaping @Sendable (FunctionArguments) throws -> SQL
    ) {
        self.name = name
        arity = arguments
        self.output = output
        self.isWindowOnly = isWindowOnly
        self.check = check
        self.write = write
    }

    public init(
        _ name: String,
        arguments: ClosedRange<Int>,
        gives output: Output,
        isWindowOnly: Bool = false,
        write: @escaping @Sendable (FunctionArguments) throws -> SQL
    ) {
        self.init(
            name,
            arguments: arguments,
            gives: output,
            isWindowOnly: isWindowOnly,
            check: { _ in },
            write: write
        )
    }

    public init(
        _ name: String,
        arguments: Int,
        gives output: Output,
        write: @escaping @Sendable (FunctionArguments) throws -> SQL
    ) {
        self.init(name, arguments: arguments...arguments, gives: output, write: write)
    }
}

extension SQLFunction: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What a function is given when it is written.
public struct FunctionArguments: Sendable {
    /// The arguments as SQL.
    public let arguments: [SQL]
    /// The types of the arguments, where they are known.
    public let types: [ValueType?]
    /// What is not an expression.
    public let options: [String: SQLValue]
    /// The type of the result.
    public let type: ValueType?
    public let dialect: any SQLDialect
    public let features: DatabaseFeatures
    /// The arguments before they became SQL.
    let nodes: [Resolved]
    let writer: NodeWriter

    /// `NAME(argument, …)`.
    public func call(_ name: String) -> SQL {
        "\(sql: SQL(unsafe: name))(\(sql: SQL.joined(arguments)))"
    }

    public func text(_ option: String) -> String? {
        if case .text(let text)? = options[option] { text } else { nil }
    }

    public func int(_ option: String) -> Int? {
        if case .int(let number)? = options[option] { number } else { nil }
    }

    public func flag(_ option: String) -> Bool { options[option] == .bool(true) }
}

/// An aggregate of the database, such as `SUM`.
public struct AggregateFunction: Sendable, Hashable {
    /// Django's name: `Count`, `StdDev`.
    public let name: String
    public let sqlName: String
    let arity: ClosedRange<Int>
    let allowsDistinct: Bool
    let allowsOrdering: Bool
    let isWindowCompatible: Bool

    init(
        _ name: String,
        _ sqlName: String,
        arity: ClosedRange<Int> = 1...1,
        allowsDistinct: Bool = false,
        allowsOrdering: Bool = false,
        isWindowCompatible: Bool = true
    ) {
        self.name = name
        self.sqlName = sqlName
        self.arity = arity
        self.allowsDistinct = allowsDistinct
        self.allowsOrdering = allowsOrdering
        self.isWindowCompatible = isWindowCompatible
    }

    public static let count = Self("Count", "COUNT", allowsDistinct: true)
    public static let sum = Self("Sum", "SUM", allowsDistinct: true)
    public static let average = Self("Avg", "AVG", allowsDistinct: true)
    public static let minimum = Self("Min", "MIN")
    public static let maximum = Self("Max", "MAX")
    public static let standardDeviation = Self("StdDev", "STDDEV_POP")
    public static let sampleStandardDeviation = Self("StdDev", "STDDEV_SAMP")
    public static let variance = Self("Variance", "VAR_POP")
    public static let sampleVariance = Self("Variance", "VAR_SAMP")
    public static let anyValue = Self("AnyValue", "ANY_VALUE", isWindowCompatible: false)
    public static let bitAnd = Self("BitAnd", "BIT_AND")
    public static let bitOr = Self("BitOr", "BIT_OR")
    public static let bitXor = Self("BitXor", "BIT_XOR")
    public static let stringAgg = Self(
        "StringAgg",
        "STRING_AGG",
        arity: 2...2,
        allowsDistinct: true,
        allowsOrdering: true
    )

    /// The result where there are no rows: 0 for a count, NULL for the rest.
    var emptyResult: SQLValue { name == "Count" ? .int(0) : .null }
}
