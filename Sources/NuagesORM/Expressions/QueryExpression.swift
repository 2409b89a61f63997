/// A value that the database computes for each row: a field, or what is made of fields.
public protocol QueryExpression<Value>: ExpressionOf where Base == Value.Base {
    /// The type of the value.
    associatedtype Value: FieldValue
}

/// A value that the database computes for each row, by its type without `Optional`.
///
/// Functions of any number of values take `any ExpressionOf<Int>`, whether one of them may be NULL or
/// not. Types conform to ``QueryExpression``, which makes them this too.
public protocol ExpressionOf<Base>: Sendable {
    /// The type of the value, which may also be NULL.
    associatedtype Base: FieldValue
    /// The expression as the compiler reads it.
    var node: ExpressionNode { get }
}

/// A field in a query.
///
///     Question.objects.filter { $0.questionText == "What's new?" }
///     //                        ^ FieldExpression<String>
public struct FieldExpression<Value: FieldValue>: QueryExpression {
    let path: RelationPath
    let name: String

    /// A field.
    ///
    /// - Parameters:
    ///   - path: the relations that lead to its model.
    ///   - name: the name in Django's spelling.
    public init(_ path: RelationPath, _ name: String) {
        self.path = path
        self.name = name
    }

    /// The field as the compiler reads it.
    public var node: ExpressionNode { .field(path, name) }
}

/// A value that is made of fields and other values.
public struct ComputedExpression<Value: FieldValue>: QueryExpression {
    /// The expression as the compiler reads it.
    public let node: ExpressionNode

    /// An expression.
    ///
    /// - Parameter node: the expression as the compiler reads it.
    public init(_ node: ExpressionNode) { self.node = node }
}

/// What a row satisfies or not.
public typealias Condition = ComputedExpression<Bool>

/// The fields of a model as queries name them; `@Model` writes one for each model.
public protocol ModelFields: RelationFields {
    /// The relations that lead to the model; underscored, since a field may be called `path`.
    var _path: RelationPath { get }
    /// The fields at the end of a path.
    ///
    /// - Parameter path: the relations that lead to the model.
    init(path: RelationPath)
}

/// The fields of a model behind a relation that may lead nowhere, so that each may be `NULL`.
@dynamicMemberLookup
public struct OptionalFields<Base: ModelFields>: Sendable {
    let base: Base

    /// The fields at the end of a path.
    ///
    /// - Parameter path: the relations that lead to the model.
    public init(path: RelationPath) { base = Base(path: path) }

    /// A field.
    ///
    /// - Parameter member: the field.
    public subscript<Value>(
        dynamicMember member: KeyPath<Base, FieldExpression<Value>>
    ) -> FieldExpression<Value?> {
        let field = base[keyPath: member]
        return FieldExpression(field.path, field.name)
    }

    /// A field that may be `NULL` in its own table.
    ///
    /// - Parameter member: the field.
    public subscript<Value>(
        dynamicMember member: KeyPath<Base, FieldExpression<Value?>>
    ) -> FieldExpression<Value?> { base[keyPath: member] }

    /// The fields behind a further relation.
    ///
    /// - Parameter member: the relation.
    public subscript<Next: ModelFields>(
        dynamicMember member: KeyPath<Base, Next>
    ) -> OptionalFields<Next> { OptionalFields<Next>(path: base[keyPath: member]._path) }

    /// The fields behind a further relation.
    ///
    /// - Parameter member: the relation.
    public subscript<Next: ModelFields>(
        dynamicMember member: KeyPath<Base, OptionalFields<Next>>
    ) -> OptionalFields<Next> { base[keyPath: member] }
}

/// Fields of a model at the end of a path; what a relation can be compared with.
public protocol RelationFields<Root>: NamedField {
    /// The model.
    associatedtype Root: Model
    /// The primary key of the row that the relation leads to.
    var relationKey: FieldExpression<PrimaryKey<Root>> { get }
}

extension ModelFields {
    /// The primary key of the row that the relation leads to.
    public var relationKey: FieldExpression<PrimaryKey<Root>> { FieldExpression(_path, "pk") }
}

extension OptionalFields: RelationFields {
    /// The model.
    public typealias Root = Base.Root
    /// The primary key of the row that the relation leads to.
    public var relationKey: FieldExpression<PrimaryKey<Base.Root>> { base.relationKey }
}

extension RelationFields {
    /// Whether the relation leads to `row`: a row, its key or a reference.
    public static func == (left: Self, right: some ModelReferenceConvertible<Root>) -> Condition {
        left.relationKey == right.asReference.id
    }

    /// Whether the relation leads to another row than `row`.
    public static func != (left: Self, right: some ModelReferenceConvertible<Root>) -> Condition {
        left.relationKey != right.asReference.id
    }

    /// Whether the relation leads to one of the rows of a query set.
    ///
    ///     Book.objects.filter { $0.author.isIn(Author.objects.filter { $0.name == "Django" }) }
    ///     // … WHERE "polls_book"."author_id" IN (SELECT "U0"."id" FROM "polls_author" "U0" …)
    ///
    /// - Parameter set: the rows; they are not fetched.
    /// - Returns: a condition.
    public func isIn(_ set: QuerySet<Root>) -> Condition {
        Condition(.compared(.in, relationKey.node, .subquery(set.query, nil)))
    }

    /// Whether the relation leads nowhere.
    public var isNull: Condition {
        Condition(.compared(.isnull, relationKey.node, .value(.bool(true))))
    }
}
