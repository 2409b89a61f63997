/// How a database finds rows by an index, by its own name: `gin`, `gist`.
public struct IndexMethod: RawRepresentable, Sendable, Hashable {
    /// The name that the database gives it.
    public let rawValue: String

    /// A method by its name.
    ///
    /// - Parameter rawValue: the name that the database gives it.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// One way in which no two rows are alike, of an exclusion constraint.
public struct ExclusionPart: Sendable, Hashable {
    /// What is compared.
    public var expression: SchemaExpression
    /// The operator of the database, such as `&&`.
    public var operation: String

    /// A field and an operator.
    ///
    /// - Parameters:
    ///   - field: the name of the field.
    ///   - operation: the operator of the database.
    public init(_ field: String, _ operation: String) {
        self.init(.field(field), operation)
    }

    /// An expression and an operator.
    ///
    /// - Parameters:
    ///   - expression: the expression.
    ///   - operation: the operator of the database.
    public init(_ expression: SchemaExpression, _ operation: String) {
        self.expression = expression
        self.operation = operation
    }
}

extension SchemaExpression {
    /// An expression of an index with the operator class that it is indexed by.
    ///
    ///     IndexSchema(expressions: [.operatorClass(.field("name"), "text_pattern_ops")], name: "i")
    ///     // CREATE INDEX "i" ON "t" (("name") text_pattern_ops)
    ///
    /// Django: `OpClass`.
    ///
    /// - Parameters:
    ///   - expression: the expression.
    ///   - name: the operator class.
    /// - Returns: the expression with its class.
    public static func operatorClass(_ expression: SchemaExpression, _ name: String) -> Self {
        .function("OpClass", [expression, .raw(name)])
    }

    /// The expression without an operator class.
    var withoutOperatorClass: SchemaExpression {
        if case .function("OpClass", let arguments) = self, let first = arguments.first {
            return first
        }
        return self
    }
}
