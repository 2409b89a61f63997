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

    /// Its name: Django's where Django has it.
    public let name: String
    let arity: ClosedRange<Int>
    let output: Output
    /// Whether it may stand in front of `OVER`; with this it must.
    let isWindowOnly: Bool
    /// Options that belong to the name, as the part `year` to `ExtractYear`.
    let presets: [String: SQLValue]
    /// Whether a lookup that compares what it gives applies it to the other side too.
    var isBilateral = false
    /// Whether its texts are what visitors search for: no statement is kept for any of them.
    var takesSearchedText = false
    /// Checks a call and completes it.
    let prepare: @Sendable (FunctionNode) throws -> FunctionNode
    let write: @Sendable (FunctionArguments) throws -> SQL

    init(
        _ name: String,
        arguments: ClosedRange<Int>,
        gives output: Output,
        isWindowOnly: Bool = false,
        presets: [String: SQLValue] = [:],
        prepare: @escaping @Sendable (FunctionNode) throws -> FunctionNode,
        write: @escaping @Sendable (FunctionArguments) throws -> SQL
    ) {
        self.name = name
        arity = arguments
        self.output = output
        self.isWindowOnly = isWindowOnly
        self.presets = presets
        self.prepare = prepare
        self.write = write
    }

    /// A function.
    ///
    /// - Parameters:
    ///   - name: its name; Django's where Django has it.
    ///   - arguments: how many arguments it takes.
    ///   - output: the type of the result.
    ///   - isWindowOnly: whether it is asked over a window only.
    ///   - write: how it is written.
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
            prepare: { $0 },
            write: write
        )
    }

    /// The function as one whose texts are what visitors search for, each time another one.
    package var ofSearchedText: SQLFunction {
        var copy = self
        copy.takesSearchedText = true
        return copy
    }

    /// A function of a fixed number of arguments.
    ///
    /// - Parameters:
    ///   - name: its name; Django's where Django has it.
    ///   - arguments: how many arguments it takes.
    ///   - output: the type of the result.
    ///   - write: how it is written.
    public init(
        _ name: String,
        arguments: Int,
        gives output: Output,
        write: @escaping @Sendable (FunctionArguments) throws -> SQL
    ) {
        self.init(name, arguments: arguments...arguments, gives: output, write: write)
    }

    /// A function that is written `NAME(argument, …)` where the dialect has no other form.
    init(
        _ name: String,
        _ sqlName: String,
        _ arguments: ClosedRange<Int> = 1...1,
        gives output: Output = .common,
        isWindowOnly: Bool = false,
        prepare: @escaping @Sendable (FunctionNode) throws -> FunctionNode = { $0 }
    ) {
        self.init(
            name,
            arguments: arguments,
            gives: output,
            isWindowOnly: isWindowOnly,
            prepare: prepare
        ) { call in
            try call.dialect.function(name, call) ?? call.call(sqlName)
        }
    }

    /// The function as a transform that lookups apply to both sides, as `unaccent`.
    ///
    /// Django: `bilateral`.
    public var bilateral: SQLFunction {
        var copy = self
        copy.isBilateral = true
        return copy
    }

    /// The function with options that belong to another name of it.
    ///
    /// - Parameter options: what is not an expression.
    /// - Returns: a function that differs from this one.
    public func preset(_ options: [String: SQLValue]) -> SQLFunction {
        SQLFunction(
            name,
            arguments: arity,
            gives: output,
            isWindowOnly: isWindowOnly,
            presets: options,
            prepare: prepare,
            write: write
        )
    }
}

extension SQLFunction: Hashable {
    /// Whether both have the same name.
    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.presets == right.presets
    }

    /// Adds the name.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(presets)
    }

    /// Whether it is the function, under whichever of its names.
    func isKind(of other: SQLFunction) -> Bool { name == other.name }
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
    /// How the database writes SQL.
    public let dialect: any SQLDialect
    /// What the database can do.
    public let features: DatabaseFeatures
    /// The arguments before they became SQL.
    let nodes: [Resolved]
    let writer: NodeWriter

    /// `NAME(argument, …)`.
    ///
    /// - Parameter name: the name in SQL.
    /// - Returns: the call.
    public func call(_ name: String) -> SQL {
        "\(sql: SQL(unsafe: name))(\(sql: SQL.joined(arguments)))"
    }

    /// An option that is text; nil where there is none.
    ///
    /// - Parameter option: its name.
    /// - Returns: the text.
    public func text(_ option: String) -> String? {
        if case .text(let text)? = options[option] { text } else { nil }
    }

    /// An option that is a whole number; nil where there is none.
    ///
    /// - Parameter option: its name.
    /// - Returns: the number.
    public func int(_ option: String) -> Int? {
        if case .int(let number)? = options[option] { number } else { nil }
    }

    /// The number that an argument is; nil where it is no plain number.
    ///
    /// - Parameter index: which argument.
    /// - Returns: the number.
    public func plainNumber(_ index: Int) -> Int? {
        guard nodes.indices.contains(index), case .value(.int(let number), _) = nodes[index] else {
            return nil
        }
        return number
    }

    /// An option that is true or false; false where there is none.
    ///
    /// - Parameter option: its name.
    /// - Returns: whether it is true.
    public func flag(_ option: String) -> Bool { options[option] == .bool(true) }
}

/// An aggregate of the database, such as `SUM`.
public struct AggregateFunction: Sendable, Hashable {
    /// Django's name: `Count`, `StdDev`.
    public let name: String
    /// The name in SQL.
    public let sqlName: String
    let arity: ClosedRange<Int>
    let allowsDistinct: Bool
    let allowsOrdering: Bool
    let isWindowCompatible: Bool
    /// The type of the result; nil for the framework's own, whose names tell.
    var output: SQLFunction.Output?
    /// The result where there are no rows; nil for that of the framework's own.
    private var ownEmptyResult: SQLValue?

    /// An aggregate of a site's own.
    ///
    ///     AggregateFunction("Median", "MEDIAN", gives: .fixed(.float))     // MEDIAN("pages")
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - sqlName: the name in SQL.
    ///   - arguments: how many arguments it takes.
    ///   - output: the type of the result.
    ///   - allowsDistinct: whether equal values may count once.
    ///   - allowsOrdering: whether the values may have an order.
    ///   - emptyResult: the result where there are no rows.
    public init(
        _ name: String,
        _ sqlName: String,
        arguments: ClosedRange<Int> = 1...1,
        gives output: SQLFunction.Output,
        allowsDistinct: Bool = false,
        allowsOrdering: Bool = false,
        emptyResult: SQLValue = .null
    ) {
        self.init(
            name,
            sqlName,
            arity: arguments,
            allowsDistinct: allowsDistinct,
            allowsOrdering: allowsOrdering
        )
        self.output = output
        ownEmptyResult = emptyResult
    }

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

    /// How many values there are.
    public static let count = Self("Count", "COUNT", allowsDistinct: true)
    /// The sum.
    public static let sum = Self("Sum", "SUM", allowsDistinct: true)
    /// The mean.
    public static let average = Self("Avg", "AVG", allowsDistinct: true)
    /// The least value.
    public static let minimum = Self("Min", "MIN")
    /// The greatest value.
    public static let maximum = Self("Max", "MAX")
    /// The standard deviation of all.
    public static let standardDeviation = Self("StdDev", "STDDEV_POP")
    /// The standard deviation of a sample.
    public static let sampleStandardDeviation = Self("StdDev", "STDDEV_SAMP")
    /// The variance of all.
    public static let variance = Self("Variance", "VAR_POP")
    /// The variance of a sample.
    public static let sampleVariance = Self("Variance", "VAR_SAMP")
    /// Any of the values.
    public static let anyValue = Self("AnyValue", "ANY_VALUE", isWindowCompatible: false)
    /// The bits that all have.
    public static let bitAnd = Self("BitAnd", "BIT_AND")
    /// The bits that one has at least.
    public static let bitOr = Self("BitOr", "BIT_OR")
    /// The bits that an odd number has.
    public static let bitXor = Self("BitXor", "BIT_XOR")
    /// The texts with a delimiter between them.
    public static let stringAgg = Self(
        "StringAgg",
        "STRING_AGG",
        arity: 2...2,
        allowsDistinct: true,
        allowsOrdering: true
    )

    /// The result where there are no rows: 0 for a count, NULL for the rest.
    var emptyResult: SQLValue { ownEmptyResult ?? (name == "Count" ? .int(0) : .null) }

    /// Whether both have the same names.
    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.sqlName == right.sqlName
    }

    /// Adds the names.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(sqlName)
    }
}

extension SQLFunction.Output {
    /// The type of the result for types of the arguments.
    func type(_ types: [ValueType?]) throws -> ValueType? {
        switch self {
        case .fixed(let type): type
        case .first: types.first ?? nil
        case .common: try OutputTypes.common(types)
        case .by(let find): try find(types)
        }
    }
}
