public import NuagesCore

/// Fields that several models have, without a table of their own.
///
///     @AbstractModel
///     struct Contact {
///         @Field(maxLength: 100) var street: String
///         var city = ""
///     }
///
///     @Model @dynamicMemberLookup
///     struct Shop {
///         @Inherited var contact: Contact
///         var name: String
///     }
///     // CREATE TABLE "shop_shop" ("id" …, "street" …, "city" …, "name" …)
///     shop.city                               // the same as shop.contact.city
///     Shop.objects.filter { $0.city == "Rome" }
///
/// Django: abstract base classes (`Meta.abstract`).
public protocol AbstractModel: Sendable {
    /// The fields as queries name them.
    associatedtype Fields: AbstractFields

    /// Declares the fields and options for a model that has them.
    ///
    /// - Parameter model: the model's declaration.
    static func declare<M: Model>(in model: inout ModelDeclaration<M, Self>)

    /// Reads the columns from a row, in the order of the fields.
    ///
    /// - Parameter row: the row, standing at the first column.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    init(row: inout Row) throws(DatabaseError)

    /// Writes the fields in their order.
    ///
    /// - Parameter values: where they are written.
    /// - Throws: ``ModelError/unsaved(model:)`` where a reference leads to an unsaved value.
    func encode(to values: inout FieldValues) throws(ModelError)

    /// Reads the position of the row within its foreign key, which is the last column of all, where
    /// the abstract model says `orderWithRespectTo`.
    ///
    /// - Parameter row: the row, standing at that column.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    mutating func readOrder(row: inout Row) throws(DatabaseError)

    /// Writes the position of the row within its foreign key, where there is one.
    ///
    /// - Parameter values: where it is written.
    func encodeOrder(to values: inout FieldValues)

    /// The manager that the abstract model names as `defaultManagerName:` for the models that have
    /// its fields.
    ///
    /// - Parameter objects: what the model shows.
    /// - Returns: the rows; nil where it names none.
    static func defaultManager<M: Model>(of objects: QuerySet<M>) -> QuerySet<M>?

    /// The manager that the abstract model names as `baseManagerName:`.
    ///
    /// - Parameter objects: all rows.
    /// - Returns: the rows; nil where it names none.
    static func baseManager<M: Model>(of objects: QuerySet<M>) -> QuerySet<M>?

    /// The way to a set of an abstract model that this one has, or is.
    ///
    /// - Parameter set: the set, as that model has it.
    /// - Returns: the way; nil for a set of another model.
    static func path<Part: AbstractModel, Target: Model>(
        toSet set: any KeyPath<Part, InheritedSet<Target>> & Sendable
    ) -> (any KeyPath<Self, InheritedSet<Target>> & Sendable)?

    /// Checks what no single field shows, and sets fields that follow from others; part of
    /// `fullClean` of the models that have the fields.
    ///
    /// - Throws: `ValidationError` for what is wrong.
    mutating func clean() throws

    /// What a template sees of a field.
    ///
    /// - Parameter name: the name that a template asks for.
    /// - Returns: the value; nil for another name.
    func contextMember(_ name: String) -> ContextValue?
}

extension AbstractModel {
    /// Nothing more is checked.
    ///
    /// - Throws: nothing.
    public mutating func clean() throws {}

    /// There is no order.
    ///
    /// - Parameter row: the row.
    /// - Throws: nothing.
    @inlinable
    public mutating func readOrder(row: inout Row) throws(DatabaseError) {}

    /// There is no order.
    ///
    /// - Parameter values: where nothing is written.
    @inlinable
    public func encodeOrder(to values: inout FieldValues) {}

    /// None.
    ///
    /// - Parameter objects: what the model shows.
    /// - Returns: nil.
    public static func defaultManager<M: Model>(of objects: QuerySet<M>) -> QuerySet<M>? { nil }

    /// None.
    ///
    /// - Parameter objects: all rows.
    /// - Returns: nil.
    public static func baseManager<M: Model>(of objects: QuerySet<M>) -> QuerySet<M>? { nil }

    /// The set itself, where it is one of this model.
    ///
    /// - Parameter set: the set.
    /// - Returns: the set; nil for one of another model.
    public static func path<Part: AbstractModel, Target: Model>(
        toSet set: any KeyPath<Part, InheritedSet<Target>> & Sendable
    ) -> (any KeyPath<Self, InheritedSet<Target>> & Sendable)? { InheritedSet.path(set) }
}

/// The fields of an abstract model as queries name them.
public protocol AbstractFields: Sendable {
    /// The fields at the end of a path.
    ///
    /// - Parameter path: the relations that lead to the model that has them.
    init(path: RelationPath)
}
