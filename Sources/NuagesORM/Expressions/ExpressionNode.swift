/// An expression of a query, before its names are looked up.
///
/// The typed forms (`{ $0.pages > 100 }`) and the forms by name (`["pages__gt": 100]`) make the same
/// nodes, so both become the same SQL. Source: Django's expressions and `Q`.
public indirect enum ExpressionNode: Sendable, Hashable {
    /// A field, a path along relations, a transform of one, or an annotation: `F("author__name")`.
    case reference([String])
    /// What the outer query calls so: `OuterRef("pk")`.
    case outer(ExpressionNode)
    case value(SQLValue, ValueType? = nil)
    case list([ExpressionNode])
    case star
    /// A path with its lookup and what it is compared with: a keyword of `filter()`.
    case condition([String], ExpressionNode)
    /// A lookup of an expression.
    case lookup(Lookup, ExpressionNode, ExpressionNode)
    case transform(String, ExpressionNode)
    case combined(ArithmeticOperator, ExpressionNode, ExpressionNode)
    case call(FunctionCall)
    case aggregate(Aggregate)
    case window(Window)
    case branches([Branch], default: ExpressionNode?, ValueType?)
    case subquery(Query, ValueType?)
    case exists(Query)
    /// The expression as another type: `ExpressionWrapper`.
    case typed(ExpressionNode, ValueType)
    /// A piece of SQL of the site's own.
    case raw(SQL, ValueType?)
    /// The key of a row of a model, so that its model can be checked.
    case instance(SQLValue, model: String)
    /// A row, of which a relation takes the columns that it refers to.
    case row(RowReference)
    case all([ExpressionNode])
    case any([ExpressionNode])
    case oddCount([ExpressionNode])
    case not(ExpressionNode)
    case invalid(FieldError)

    /// A branch of `CASE`: a condition and what it gives.
    public struct Branch: Sendable, Hashable {
        public var condition: ExpressionNode
        public var result: ExpressionNode

        public init(_ condition: ExpressionNode, then result: ExpressionNode) {
            self.condition = condition
            self.result = result
        }
    }
}

/// A row in a query: its key and the values that relations may refer to.
public struct RowReference: Sendable, Hashable {
    /// The label of the model.
    let model: String
    let key: [SQLValue]
    /// The values of the columns, by their names.
    let values: [String: SQLValue]

    /// The values of some columns of the row; its key where it does not have them.
    func values(of targets: [FieldInfo]) -> [SQLValue] {
        let found = targets.map { target -> SQLValue? in
            var field = target
            // The key of a child is that of its parent.
            for _ in 0..<16 {
                if let value = values[field.attributeName] { return value }
                guard let next = field.targetColumn else { break }
                field = next
            }
            return nil
        }
        return found.contains(nil) ? key : found.map { $0 ?? .null }
    }

    /// The key of a row that was saved.
    var savedKey: [SQLValue] {
        get throws(FieldError) {
            if key.contains(.null) { throw .unsavedValue(model: model) }
            return key
        }
    }
}

/// A call of a function of the database.
public struct FunctionCall: Sendable, Hashable {
    public var function: SQLFunction
    public var arguments: [ExpressionNode]
    /// What is not an expression: a number of digits, a time zone, the keys of a JSON object.
    public var options: [String: SQLValue]
    /// The type that the caller asked for.
    public var type: ValueType?

    public init(
        _ function: SQLFunction,
        _ arguments: [ExpressionNode],
        options: [String: SQLValue] = [:],
        type: ValueType? = nil
    ) {
        self.function = function
        self.arguments = arguments
        self.options = options
        self.type = type
    }
}

/// An aggregate of the rows of a group.
public struct Aggregate: Sendable, Hashable {
    public var function: AggregateFunction
    public var arguments: [ExpressionNode]
    public var isDistinct = false
    public var filter: ExpressionNode?
    /// What stands for the result where there are no rows.
    public var defaultValue: ExpressionNode?
    public var ordering: [Ordering] = []
    public var type: ValueType?

    public init(_ function: AggregateFunction, _ arguments: [ExpressionNode]) {
        self.function = function
        self.arguments = arguments
    }
}

/// An expression over the rows around the row: `… OVER (PARTITION BY … ORDER BY …)`.
public struct Window: Sendable, Hashable {
    public var expression: ExpressionNode
    public var partition: [ExpressionNode] = []
    public var ordering: [Ordering] = []
    public var frame: WindowFrame?
    public var type: ValueType?

    public init(_ expression: ExpressionNode) { self.expression = expression }
}

/// Which rows around the row a window looks at.
public struct WindowFrame: Sendable, Hashable {
    public enum Unit: String, Sendable, Hashable {
        case rows = "ROWS"
        case range = "RANGE"
    }

    public enum Exclusion: String, Sendable, Hashable {
        case currentRow = "CURRENT ROW"
        case group = "GROUP"
        case ties = "TIES"
        case noOthers = "NO OTHERS"
    }

    public var unit: Unit
    /// Rows before (negative) or behind the row; `nil` has no bound.
    public var start: Int?
    public var end: Int?
    public var exclusion: Exclusion?

    public init(_ unit: Unit, from start: Int?, to end: Int?, excluding exclusion: Exclusion? = nil)
    {
        self.unit = unit
        self.start = start
        self.end = end
        self.exclusion = exclusion
    }
}

/// The way to a field along relations.
public struct RelationPath: Sendable, Hashable {
    /// The names of the relations.
    public var names: [String] = []

    public init() {}

    init(names: [String]) { self.names = names }

    /// The path one relation further.
    public func following(_ name: String) -> Self { RelationPath(names: names + [name]) }

    /// The path back to the rows that refer to this one by a foreign key.
    public func followingBack<Source: Model, Key: RelationKey>(
        _ foreignKey: any KeyPath<Source, Key> & Sendable
    ) -> Self {
        guard let field = Source.meta.field(foreignKey) else { return self }
        return following(ModelRegistry.queryName(of: field.schema, in: Source.schema))
    }
}

/// A way to compare: the last part of `pages__gt`.
public struct Lookup: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    public static let exact = Self(rawValue: "exact")
    public static let iexact = Self(rawValue: "iexact")
    public static let contains = Self(rawValue: "contains")
    public static let icontains = Self(rawValue: "icontains")
    public static let startswith = Self(rawValue: "startswith")
    public static let istartswith = Self(rawValue: "istartswith")
    public static let endswith = Self(rawValue: "endswith")
    public static let iendswith = Self(rawValue: "iendswith")
    public static let regex = Self(rawValue: "regex")
    public static let iregex = Self(rawValue: "iregex")
    public static let gt = Self(rawValue: "gt")
    public static let gte = Self(rawValue: "gte")
    public static let lt = Self(rawValue: "lt")
    public static let lte = Self(rawValue: "lte")
    public static let `in` = Self(rawValue: "in")
    public static let range = Self(rawValue: "range")
    public static let isnull = Self(rawValue: "isnull")
    public static let hasKey = Self(rawValue: "has_key")
    public static let hasKeys = Self(rawValue: "has_keys")
    public static let hasAnyKeys = Self(rawValue: "has_any_keys")
    public static let containedBy = Self(rawValue: "contained_by")
}

/// An operator between two expressions.
public enum ArithmeticOperator: String, Sendable, Hashable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case power = "^"
    case bitAnd = "&"
    case bitOr = "|"
    case bitXor = "#"
    case shiftLeft = "<<"
    case shiftRight = ">>"
}

extension ExpressionNode {
    /// A field behind relations.
    static func field(_ path: RelationPath, _ name: String) -> ExpressionNode {
        .reference(path.names + [name])
    }

    /// A comparison: of a field as `filter` makes it, of anything else as an expression.
    static func compared(
        _ lookup: Lookup,
        _ left: ExpressionNode,
        _ right: ExpressionNode
    ) -> ExpressionNode {
        guard case .reference(let names) = left else { return .lookup(lookup, left, right) }
        return .condition(names + [lookup.rawValue], right)
    }

    /// A part of a date or text.
    func part(_ name: String) -> ExpressionNode {
        if case .reference(let names) = self { return .reference(names + [name]) }
        return .transform(name, self)
    }
}
