/// An expression in SQL of one's own, inside of a query.
///
///     Choice.objects.filter { RawSQL<Bool>("\($0.votes) % \(2) = 0") }
///     // WHERE ("polls_choice"."votes" % ? = 0)
///     Choice.objects.values { RawSQL<Int>("LENGTH(\($0.choiceText)) + \($0.votes)") }
///     // SELECT (LENGTH("polls_choice"."choice_text") + "polls_choice"."votes")
///
/// What is interpolated is a value, which is bound, or an expression, which the query writes with
/// the names that its tables have there. Only the text of the program itself becomes SQL.
///
/// Django: `RawSQL`, and a `Func` with a template.
public struct RawSQL<Value: FieldValue>: QueryExpression {
    /// The expression as the compiler reads it.
    public let node: ExpressionNode

    /// An expression.
    ///
    /// - Parameter sql: the SQL, with values and expressions in it.
    public init(_ sql: ExpressionSQL) { node = sql.node(ValueType(Value.fieldType)) }
}

extension DynamicExpression {
    /// An expression in SQL of one's own: `RawSQL("…", params)`.
    ///
    ///     .raw("\(DynamicExpression.field("votes")) % \(2) = 0", as: .boolean)
    ///
    /// - Parameters:
    ///   - sql: the SQL, with values and expressions in it.
    ///   - type: the type of what it gives.
    /// - Returns: the expression.
    public static func raw(_ sql: ExpressionSQL, as type: ValueType) -> Self {
        Self(sql.node(type))
    }
}

/// SQL of an expression: text of the program with values and expressions in it.
public struct ExpressionSQL: Sendable, Hashable, ExpressibleByStringInterpolation {
    private let pieces: [SQLValue]
    private let arguments: [ExpressionNode]

    /// SQL from a literal without interpolations.
    ///
    /// - Parameter value: the text.
    public init(stringLiteral value: String) {
        pieces = [.text(value)]
        arguments = []
    }

    /// SQL from a literal with interpolations.
    ///
    /// - Parameter stringInterpolation: its pieces.
    public init(stringInterpolation: Interpolation) {
        pieces = stringInterpolation.pieces
        arguments = stringInterpolation.arguments
    }

    func node(_ type: ValueType) -> ExpressionNode {
        .call(FunctionCall(.raw, arguments, options: ["pieces": .array(pieces)], type: type))
    }

    /// The pieces of an SQL literal: text, names as arrays of one, and `NULL` for the next argument.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var pieces: [SQLValue] = []
        fileprivate var arguments: [ExpressionNode] = []

        /// No pieces yet.
        ///
        /// - Parameters:
        ///   - literalCapacity: the size of the text in the literal.
        ///   - interpolationCount: the number of interpolations in the literal.
        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        /// Adds text of the literal.
        ///
        /// - Parameter literal: the text.
        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        /// Binds a value.
        ///
        /// - Parameter value: the value.
        public mutating func appendInterpolation(_ value: some FieldValue) {
            append(value.operand)
        }

        /// Binds a value.
        ///
        /// - Parameter value: the value.
        public mutating func appendInterpolation(_ value: SQLValue) { append(.value(value)) }

        /// Inserts an expression of the query.
        ///
        /// - Parameter expression: a field or what is made of fields.
        public mutating func appendInterpolation(_ expression: some QueryExpression) {
            append(expression.node)
        }

        /// Inserts an expression of the query.
        ///
        /// - Parameter expression: an expression by names.
        public mutating func appendInterpolation(_ expression: DynamicExpression) {
            append(expression.node)
        }

        /// Quotes a name.
        ///
        /// - Parameter identifier: the name of a table, column or alias.
        public mutating func appendInterpolation(identifier: String) {
            pieces.append(.array([.text(identifier)]))
        }

        private mutating func append(_ node: ExpressionNode) {
            pieces.append(.null)
            arguments.append(node)
        }
    }
}

extension SQLFunction {
    /// The pieces with the arguments between them.
    static let raw = SQLFunction("RawSQL", arguments: 0...1000, gives: .by { _ in nil }) { call in
        guard case .array(let pieces)? = call.options["pieces"] else { return SQL() }
        var text: SQL = "("
        var arguments = call.arguments[...]
        for piece in pieces {
            switch piece {
            case .text(let part): text.append(SQL(unsafe: part))
            case .array(let names):
                if case .text(let name)? = names.first { text.append(identifier: name) }
            default: if let argument = arguments.popFirst() { text.append(argument) }
            }
        }
        text.append(")")
        return text
    }
}
