extension QuerySet {
    /// Changes the rows in the database, without fetching them.
    ///
    ///     try await Choice.objects.filter { $0.id == id }.update { $0.votes += 1 }
    ///     // UPDATE "polls_choice" SET "votes" = ("polls_choice"."votes" + ?) WHERE …
    ///
    /// - Parameter changes: sets fields to values and expressions.
    /// - Returns: the number of rows that were changed.
    /// - Throws: ``UsageError`` for a file that waits to be kept, ``FieldError``, ``DatabaseError``.
    @discardableResult
    public func update(_ changes: (inout Assignments<M>) -> Void) async throws -> Int {
        var assignments = Assignments<M>()
        changes(&assignments)
        if let name = assignments.waitingFile {
            throw UsageError.notAllowed(
                "A file of '\(name)' waits to be kept: save its row by 'save'."
            )
        }
        return try await update(assignments.values)
    }

    func update(_ assignments: [(field: String, value: ExpressionNode)]) async throws -> Int {
        guard M.info.members.parents.isEmpty else {
            return try await DynamicQuery(self).update(
                assignments.map { ($0.field, DynamicExpression($0.value)) }
            )
        }
        let database = try resolvedDatabase(.write)
        let compiler = UpdateCompiler(query: query, writer: database.writer)
        guard let statement = try compiler.statement(assignments) else { return 0 }
        return try await database.write(statement)
    }
}

/// What an update sets fields to.
///
///     .update {
///         $0.votes += 1
///         $0.choiceText = "Not much"
///         $0.set(\.updated, to: .now)
///     }
@dynamicMemberLookup
public struct Assignments<M: Model> {
    var values: [(field: String, value: ExpressionNode)] = []
    /// The name of a field that is set to a file which is in no storage.
    var waitingFile: String?

    /// A field, as the database holds it; setting it is part of the update.
    ///
    /// - Parameter member: the field.
    public subscript<Value: FieldValue>(
        dynamicMember member: KeyPath<M.Fields, FieldExpression<Value>>
    ) -> AssignedField<Value> {
        get { AssignedField(M.Fields(path: RelationPath())[keyPath: member].node) }
        set {
            note(newValue.waits, member)
            assign(member, newValue.node)
        }
    }

    /// Sets a field to a value.
    ///
    /// - Parameters:
    ///   - member: the field.
    ///   - value: the value.
    public mutating func set<Value: FieldValue>(
        _ member: KeyPath<M.Fields, FieldExpression<Value>>,
        to value: Value
    ) {
        note(value.isWaitingFile, member)
        assign(member, value.operand)
    }

    /// Sets a field to what an expression is for the row.
    ///
    /// - Parameters:
    ///   - member: the field.
    ///   - expression: the expression.
    @_disfavoredOverload
    public mutating func set<Value: FieldValue, Other: QueryExpression>(
        _ member: KeyPath<M.Fields, FieldExpression<Value>>,
        to expression: Other
    ) where Other.Value.Base == Value.Base { assign(member, expression.node) }

    /// Sets a foreign key.
    ///
    /// - Parameters:
    ///   - member: the foreign key.
    ///   - reference: a row, its key or a reference.
    public mutating func set<Relation: RelationFields>(
        _ member: KeyPath<M.Fields, Relation>,
        to reference: some ModelReferenceConvertible<Relation.Root>
    ) {
        let relation = M.Fields(path: RelationPath())[keyPath: member]
        guard case .reference(let names) = relation.relationKey.node, let name = names.first
        else { return }
        values.append((name, reference.asReference.operand))
    }

    private mutating func note<Value: FieldValue>(
        _ waits: Bool,
        _ member: KeyPath<M.Fields, FieldExpression<Value>>
    ) {
        if waits { waitingFile = M.Fields(path: RelationPath())[keyPath: member].name }
    }

    private mutating func assign<Value: FieldValue>(
        _ member: KeyPath<M.Fields, FieldExpression<Value>>,
        _ node: ExpressionNode
    ) {
        let field = M.Fields(path: RelationPath())[keyPath: member]
        values.removeAll { $0.field.utf8.elementsEqual(field.name.utf8) }
        values.append((field.name, node))
    }
}

/// A field inside an update.
public struct AssignedField<Value: FieldValue>: QueryExpression {
    /// The value as the compiler reads it.
    public let node: ExpressionNode
    /// Whether it is a file that is in no storage.
    var waits = false

    init(_ node: ExpressionNode) { self.node = node }

    /// A value.
    ///
    /// - Parameter value: the value.
    public init(_ value: Value) {
        node = value.operand
        waits = value.isWaitingFile
    }
}

extension AssignedField where Value.Base: Numeric {
    /// Adds a number.
    public static func += (left: inout Self, right: Value.Base) {
        left = Self(.combined(.add, left.node, right.operand))
    }

    /// Subtracts a number.
    public static func -= (left: inout Self, right: Value.Base) {
        left = Self(.combined(.subtract, left.node, right.operand))
    }

    /// Multiplies by a number.
    public static func *= (left: inout Self, right: Value.Base) {
        left = Self(.combined(.multiply, left.node, right.operand))
    }
}

extension AssignedField: ExpressibleByIntegerLiteral
where Value: ExpressibleByIntegerLiteral {
    /// A number.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Value.IntegerLiteralType) {
        self.init(Value(integerLiteral: value))
    }
}

extension AssignedField: ExpressibleByBooleanLiteral
where Value: ExpressibleByBooleanLiteral {
    /// A truth value.
    ///
    /// - Parameter value: the truth value.
    public init(booleanLiteral value: Value.BooleanLiteralType) {
        self.init(Value(booleanLiteral: value))
    }
}

extension AssignedField: ExpressibleByUnicodeScalarLiteral
where Value: ExpressibleByUnicodeScalarLiteral {
    /// Text.
    ///
    /// - Parameter value: the text.
    public init(unicodeScalarLiteral value: Value.UnicodeScalarLiteralType) {
        self.init(Value(unicodeScalarLiteral: value))
    }
}

extension AssignedField: ExpressibleByExtendedGraphemeClusterLiteral
where Value: ExpressibleByExtendedGraphemeClusterLiteral {
    /// Text.
    ///
    /// - Parameter value: the text.
    public init(extendedGraphemeClusterLiteral value: Value.ExtendedGraphemeClusterLiteralType) {
        self.init(Value(extendedGraphemeClusterLiteral: value))
    }
}

extension AssignedField: ExpressibleByStringLiteral where Value: ExpressibleByStringLiteral {
    /// Text.
    ///
    /// - Parameter value: the text.
    public init(stringLiteral value: Value.StringLiteralType) {
        self.init(Value(stringLiteral: value))
    }
}
