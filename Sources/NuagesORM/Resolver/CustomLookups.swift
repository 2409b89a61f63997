import Synchronization

/// Lookups, transforms, functions and aggregates that a site or a driver adds.
///
///     CustomLookups.register(
///         CustomLookup("ne") { left, right, _ in "\(sql: left) <> \(sql: right)" },
///         for: .integerField
///     )
///     Book.objects.filter(["pages__ne": 100])     // WHERE "pages" <> 100
///
/// They are registered before the first query, where the site starts. A kind of field has the
/// lookups and transforms of the kind that it is one of: what is registered for `CharField` holds
/// for `EmailField` too.
///
/// Django: `Field.register_lookup`.
public enum CustomLookups {
    private struct State {
        var lookups: [FieldType: [String: CustomLookup]] = [:]
        var transforms: [FieldType: [String: SQLFunction]] = [:]
        var functions: [String: SQLFunction] = [:]
        var aggregates: [String: AggregateFunction] = [:]
        var sampleAggregates: [String: AggregateFunction] = [:]
    }

    private static let state = Mutex(State())

    /// Adds a lookup to a kind of field.
    ///
    /// - Parameters:
    ///   - lookup: the lookup; one of the framework's own is replaced by one of its name.
    ///   - type: the kind of field.
    public static func register(_ lookup: CustomLookup, for type: FieldType) {
        state.withLock { $0.lookups[type, default: [:]][lookup.name] = lookup }
    }

    /// Adds a transform to a kind of field.
    ///
    /// - Parameters:
    ///   - transform: a function of one argument.
    ///   - name: its name in paths, such as `unaccent`.
    ///   - type: the kind of field.
    public static func register(_ transform: SQLFunction, as name: String, for type: FieldType) {
        state.withLock { $0.transforms[type, default: [:]][name] = transform }
    }

    /// Adds a function that expressions by name know, as `SQLFunction.named` does.
    ///
    /// - Parameter function: the function.
    public static func register(_ function: SQLFunction) {
        state.withLock { $0.functions[function.name] = function }
    }

    /// Adds an aggregate that expressions by name know.
    ///
    /// - Parameters:
    ///   - aggregate: the aggregate.
    ///   - sample: the aggregate that stands for it where the rows are a sample.
    public static func register(
        _ aggregate: AggregateFunction,
        ofSample sample: AggregateFunction? = nil
    ) {
        state.withLock { state in
            state.aggregates[aggregate.name] = aggregate
            state.sampleAggregates[aggregate.name] = sample
        }
    }

    static func lookup(_ name: String, _ type: ValueType) -> CustomLookup? {
        state.withLock { state in
            guard !state.lookups.isEmpty else { return nil }
            return first(type.field) { state.lookups[$0]?[name] }
        }
    }

    /// A transform that was registered by its name.
    static func registeredTransform(_ name: String, _ type: ValueType) -> SQLFunction? {
        state.withLock { state in
            guard !state.transforms.isEmpty else { return nil }
            return first(type.field) { state.transforms[$0]?[name] }
        }
    }

    static func transform(_ name: String, _ type: ValueType) -> SQLFunction? {
        if let known = registeredTransform(name, type) { return known }
        guard type.family == .other else { return nil }
        return first(type.field) { FieldKinds.behaviour(of: $0)?.transform(name, type) }
    }

    static func function(_ name: String) -> SQLFunction? { state.withLock { $0.functions[name] } }

    static func aggregate(_ name: String, isSample: Bool) -> AggregateFunction? {
        state.withLock { isSample ? $0.sampleAggregates[name] : $0.aggregates[name] }
    }

    static var functionNames: [String] { state.withLock { Array($0.functions.keys) } }
    static var aggregateNames: [String] { state.withLock { Array($0.aggregates.keys) } }

    static func lookupNames(_ type: ValueType) -> [String] {
        state.withLock { state in names(type.field) { state.lookups[$0].map { Array($0.keys) } } }
    }

    static func transformNames(_ type: ValueType) -> [String] {
        state.withLock { state in
            names(type.field) { state.transforms[$0].map { Array($0.keys) } }
        }
    }

    /// What the kind has, or the kind that it is one of.
    private static func first<Value>(
        _ type: FieldType,
        _ find: (FieldType) -> Value?
    ) -> Value? {
        var kind: FieldType? = type
        // Kinds of a site may name each other in a circle.
        for _ in 0..<8 {
            guard let current = kind else { return nil }
            if let value = find(current) { return value }
            kind = current.parent
        }
        return nil
    }

    private static func names(_ type: FieldType, _ find: (FieldType) -> [String]?) -> [String] {
        var names: [String] = []
        var kind: FieldType? = type
        for _ in 0..<8 {
            guard let current = kind else { break }
            names += find(current) ?? []
            kind = current.parent
        }
        return names.sorted()
    }
}

/// A lookup of a site's own: a name, what it makes of values, and how it is written.
public struct CustomLookup: Sendable {
    /// What a lookup compares with, before it is SQL.
    public enum Operand: Sendable {
        /// A value.
        case value(SQLValue)
        /// Several values, as a list in a query gives them.
        case values([SQLValue])
    }

    /// Its name, as it stands at the end of paths.
    public let name: String
    let prepare: (@Sendable (Operand, ValueType) throws -> Operand)?
    let write: (@Sendable (LookupArguments) throws -> SQL)?

    /// A lookup of two pieces of SQL.
    ///
    /// - Parameters:
    ///   - name: its name, as it stands at the end of paths.
    ///   - write: how it is written.
    public init(
        _ name: String,
        write:
            @escaping @Sendable (
                _ left: SQL, _ right: SQL, _ dialect: any SQLDialect
            ) throws -> SQL
    ) {
        self.init(name, prepare: nil) { try write($0.left, $0.right(), $0.dialect) }
    }

    /// A lookup that looks at what it is given.
    ///
    /// - Parameters:
    ///   - name: its name, as it stands at the end of paths.
    ///   - prepare: makes of values what the lookup compares with (`get_prep_lookup`); nil for
    ///     values as the column holds them.
    ///   - write: how it is written.
    public init(
        _ name: String,
        prepare: (@Sendable (Operand, ValueType) throws -> Operand)?,
        write: @escaping @Sendable (LookupArguments) throws -> SQL
    ) {
        self.name = name
        self.prepare = prepare
        self.write = write
    }

    /// A lookup of the framework's own that makes something else of values.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - prepare: makes of values what the lookup compares with.
    public init(
        _ name: String,
        preparing prepare: @escaping @Sendable (Operand, ValueType) throws -> Operand
    ) {
        self.name = name
        self.prepare = prepare
        write = nil
    }
}

/// What a lookup is given when it is written.
public struct LookupArguments: Sendable {
    let node: LookupNode
    let writer: NodeWriter
    /// The left-hand side as SQL.
    public let left: SQL
    /// The type of the left-hand side.
    public let type: ValueType
    /// How the database writes SQL.
    public var dialect: any SQLDialect { writer.dialect }

    init(_ node: LookupNode, _ type: ValueType, _ writer: NodeWriter) throws {
        self.node = node
        self.type = type
        self.writer = writer
        let text = try writer.argument(node.left)
        if case .lookup = node.left { left = "(\(sql: text))" } else { left = text }
    }

    /// The value on the right-hand side; nil for several and for expressions.
    public var value: SQLValue? { if case .value(let value) = node.right { value } else { nil } }

    /// The type of an expression on the right-hand side, where it is known; nil for values.
    public var operandType: ValueType? { node.right.expression?.type }

    /// Whether the right-hand side is an expression of the database's.
    public var isExpression: Bool { node.right.expression != nil }

    /// Whether the right-hand side is a query.
    public var isQuery: Bool {
        if case .expression(.subquery) = node.right { true } else { false }
    }

    /// The function call that the left-hand side is, by its options; nil for anything else.
    public var leftOptions: [String: SQLValue]? {
        if case .function(let call) = node.left { call.options } else { nil }
    }

    /// The options of the function call that the right-hand side is; nil for anything else.
    public var operandOptions: [String: SQLValue]? {
        if case .expression(.function(let call)) = node.right { call.options } else { nil }
    }

    /// The arguments of the function call that the right-hand side is.
    ///
    /// - Returns: the arguments as SQL; none for anything else.
    /// - Throws: what writing an expression throws.
    public func operandArguments() throws -> [SQL] {
        guard case .expression(.function(let call)) = node.right else { return [] }
        return try call.arguments.map { try writer.argument($0) }
    }

    /// The arguments of the function call that the left-hand side is.
    ///
    /// - Returns: the arguments as SQL; none for anything else.
    /// - Throws: what writing an expression throws.
    public func leftArguments() throws -> [SQL] {
        guard case .function(let call) = node.left else { return [] }
        return try call.arguments.map { try writer.argument($0) }
    }

    /// The right-hand side as SQL.
    ///
    /// - Parameter type: the type that values are bound as; nil for that of the left-hand side.
    /// - Returns: the SQL; several expressions are one array.
    /// - Throws: what writing an expression throws.
    public func right(as type: ValueType? = nil) throws -> SQL {
        let type = type ?? self.type
        switch node.right {
        case .value(let value): return writer.dialect.bindOperand(value, type: type)
        case .values(let values):
            return SQL.joined(values.map { writer.dialect.bindOperand($0, type: type) })
        case .expression(.list(let nodes)):
            let list: SQL = "ARRAY[\(sql: SQL.joined(try nodes.map { try writer.argument($0) }))]"
            return writer.dialect.cast(list, to: type)
        case .expression(let expression): return try writer.operand(expression)
        }
    }
}
