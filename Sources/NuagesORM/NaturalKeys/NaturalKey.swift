/// The fields that tell the rows of a model apart for people, in place of the primary key.
///
///     extension Person: NaturallyKeyed {
///         static let naturalKey = NaturalKey {
///             \Person.firstName
///             \Person.lastName
///         }
///     }
///
///     Person.naturalKey("Douglas", "Adams")           // NaturalKeyValue<Person>
///     try await Person.byNaturalKey("Douglas", "Adams")
///
/// A foreign key to a model that has a natural key itself stands for that key, as
/// ``NaturalKeyValue``; any other field stands for its value.
///
/// Django: the arguments of `get_by_natural_key`.
public struct NaturalKey<M: Model, each Value: Sendable>: NaturalKeyDescription {
    private let list: (repeat NaturalKeyPart<M, each Value>)

    /// The natural key of some fields.
    ///
    /// - Parameter fields: key paths of fields and foreign keys, one on each line.
    public init(
        @NaturalKeyBuilder _ fields: () -> (repeat NaturalKeyPart<M, each Value>)
    ) {
        list = fields()
    }

    /// The fields without the types of their values.
    public var parts: NaturalKeyParts<M> {
        var parts: [NaturalKeyParts<M>.Part] = []
        for part in repeat each list { parts.append(part.part) }
        return NaturalKeyParts(list: parts)
    }

    /// A natural key with some values.
    ///
    /// - Parameter values: the values of the fields, in their order.
    /// - Returns: the key of a row.
    public func callAsFunction(_ values: repeat each Value) -> NaturalKeyValue<M> {
        var all = NaturalKeyValue<M>(unchecked: [])
        for (part, value) in repeat (each list, each values) { part.append(value, &all) }
        return all
    }
}

/// A natural key, whatever the types of its values are.
public protocol NaturalKeyDescription<Root>: Sendable {
    /// The model.
    associatedtype Root: Model
    /// The fields without the types of their values.
    var parts: NaturalKeyParts<Root> { get }
}

/// A model whose rows can be told apart by what people know them by.
///
///     @Model(app: "library", uniqueTogether: [["name", "author"]])
///     struct Book {
///         @Field(maxLength: 100) var name: String
///         @ForeignKey(onDelete: .cascade) var author: Person.Reference
///     }
///
///     extension Book: NaturallyKeyed {
///         static let naturalKey = NaturalKey {
///             \Book.name
///             \Book.author
///         }
///     }
///
///     let adams = Person.naturalKey("Douglas", "Adams")
///     let book = try await Book.byNaturalKey("Mostly Harmless", adams)
///     try await book.naturalKey().values          // "Mostly Harmless", "Douglas", "Adams"
///
/// Data that leaves one database for another refers to rows by natural keys, as primary keys differ
/// from database to database. Django: `natural_key()` and `get_by_natural_key()`.
public protocol NaturallyKeyed: Model {
    /// The type of the natural key, which follows from ``naturalKey``.
    associatedtype Natural: NaturalKeyDescription<Self>
    /// The fields that tell the rows apart; no two rows have the same values in them.
    static var naturalKey: Natural { get }
}

/// The natural key of one row: the values of its fields, with those of other models' keys in the
/// place of foreign keys.
public struct NaturalKeyValue<M: Model>: Sendable {
    /// The values in the order of the fields, as Django writes them: one flat list.
    public private(set) var values: [SQLValue]
    /// Why no row can have the key.
    private(set) var failure: FieldError?

    init(unchecked values: [SQLValue]) { self.values = values }

    /// Adds the value of a field.
    mutating func append(_ value: some FieldValue) {
        if case .invalid(let error) = value.operand { failure = error }
        values.append(value.sqlValue)
    }

    /// Adds the value that a field of a row holds.
    mutating func append(value: SQLValue) { values.append(value) }

    /// Adds the natural key that stands for a foreign key.
    mutating func append<Target: Model>(_ key: NaturalKeyValue<Target>) {
        values += key.values
        if let error = key.failure { failure = error }
    }

    /// Adds what stands for a foreign key that leads nowhere.
    mutating func append(nulls count: Int) {
        values += [SQLValue](repeating: .null, count: count)
    }
}

extension NaturalKeyValue: Hashable {
    /// Whether both have the same values.
    public static func == (left: Self, right: Self) -> Bool { left.values == right.values }
    /// Hashes the values.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension NaturalKeyValue where M: NaturallyKeyed {
    /// The key whose values a file or a visitor gave, in one flat list.
    ///
    ///     try NaturalKeyValue<Book>([.text("Mostly Harmless"), .text("Douglas"), .text("Adams")])
    ///
    /// - Parameter values: the values, as ``values`` of a key has them; each is converted to the
    ///   kind of its field.
    /// - Throws: ``FieldError/invalidValue(field:expected:)`` for another number of values and for
    ///   one that its field cannot hold, ``UsageError`` for a key that leads back to itself.
    public init(_ values: [SQLValue]) throws {
        self.init(unchecked: try M.naturalKey.parts.nodes().converted(values, M.schema))
    }
}
