/// An expression on the columns of one table: what indexes, constraints, database defaults and
/// generated columns hold.
///
///     .function("Lower", [.field("name")])      // LOWER("name")
public indirect enum SchemaExpression: Sendable, Hashable {
    /// The value of a field.
    case field(String)
    /// A constant.
    case value(SQLValue)
    /// A function by the name of Django's class for it, such as `Lower`, `Coalesce`, `Concat`.
    case function(String, [SchemaExpression])
    /// Two expressions with an operator: `+`, `-`, `*`, `/`, `%`.
    case operation(SchemaExpression, String, SchemaExpression)
    /// An expression with its direction in an index.
    case ordered(SchemaExpression, isDescending: Bool)
    /// An expression compared by a collation.
    case collated(SchemaExpression, String)
    /// SQL that the program wrote.
    case raw(String)

    /// The names of the fields it reads.
    public var fieldNames: [String] {
        switch self {
        case .field(let name): [name]
        case .value, .raw: []
        case .function(_, let arguments): arguments.flatMap(\.fieldNames)
        case .operation(let left, _, let right): left.fieldNames + right.fieldNames
        case .ordered(let expression, _), .collated(let expression, _): expression.fieldNames
        }
    }
}

/// What a generated column holds (`GeneratedField`).
public indirect enum GeneratedColumn: Sendable, Hashable {
    /// The value of an expression, with the field that gives it its type.
    case expression(SchemaExpression, output: FieldSchema, isStored: Bool)

    /// What is computed.
    public var expression: SchemaExpression {
        switch self {
        case .expression(let expression, _, _): expression
        }
    }

    /// The field that gives the column its type.
    public var output: FieldSchema {
        switch self {
        case .expression(_, let output, _): output
        }
    }

    /// Whether the value is kept in the row rather than computed when it is read (`db_persist`).
    public var isStored: Bool {
        switch self {
        case .expression(_, _, let isStored): isStored
        }
    }
}
