public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A type whose values are rows of a table.
///
/// `@Model` writes the conformance; everything it writes can be written by hand.
///
///     @Model
///     struct Question {
///         @Field(maxLength: 200) var questionText: String
///         @Field("date published") var pubDate: Date
///     }
///
/// Django: `django.db.models.Model`.
public protocol Model: Identifiable, ContextObject, ModelReferenceConvertible
where ID == PrimaryKey<Self>, ReferencedModel == Self {
    /// What the primary key's column holds.
    associatedtype KeyValue: ModelKey = Int
    /// The fields as queries name them.
    associatedtype Fields: ModelFields where Fields.Root == Self

    /// The label of the model, `polls.question`; known before anything else of it.
    static var label: String { get }
    /// The fields and options.
    static var meta: ModelMeta<Self> { get }

    /// The rows that the model shows: all of them, unless the model says otherwise.
    ///
    ///     @Model
    ///     struct Note {
    ///         var text = ""
    ///         var isDeleted = false
    ///
    ///         static var objects: QuerySet<Note> { everything.filter { !$0.isDeleted } }
    ///         static var everything: QuerySet<Note> { QuerySet() }
    ///     }
    ///     try await Note.objects.all()         // … WHERE NOT "notes_note"."is_deleted"
    ///     try await Note.everything.all()
    ///
    /// A model with a parent, or a proxy, shows of its rows what the first parent shows.
    ///
    /// Django: the managers of a model.
    static var objects: QuerySet<Self> { get }

    /// The rows that related sets, generic views, validation and queries by names begin with:
    /// ``objects``, unless the model says otherwise, by itself or as `defaultManagerName:`.
    ///
    /// Django: `_default_manager`.
    static var defaultManager: QuerySet<Self> { get }

    /// The rows that foreign keys lead to and that a row is refreshed from: all of them, unless the
    /// model says otherwise, by itself or as `baseManagerName:`.
    ///
    /// A row that it leaves out cannot be reached from those that refer to it. Rows are saved and
    /// deleted by their keys, whatever it leaves out.
    ///
    /// Django: `_base_manager`.
    static var baseManager: QuerySet<Self> { get }

    /// The abstract models whose fields the model has under `@Inherited`.
    static var abstractParts: [any AbstractModel.Type] { get }

    /// The way to a set of an abstract model, as the program writes it: `\Post.tags`.
    ///
    /// - Parameter set: the set, as the abstract model has it.
    /// - Returns: the way; nil for a set of another model.
    static func path<Part: AbstractModel, Target: Model>(
        toSet set: any KeyPath<Part, InheritedSet<Target>> & Sendable
    ) -> (any KeyPath<Self, RelatedSet<Target>> & Sendable)?

    /// The primary key; ``PrimaryKey/unsaved`` until the value is saved.
    var id: PrimaryKey<Self> { get set }

    /// Reads the model's columns from a row, in the order of the fields.
    ///
    /// - Parameter row: the row, standing at the model's first column.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    init(row: inout Row) throws(DatabaseError)

    /// Reads a row and puts it behind others.
    ///
    /// Every model has it; it is a requirement so that it is compiled once for each model.
    ///
    /// - Parameters:
    ///   - row: the row, standing at the model's first column.
    ///   - models: the rows so far.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    static func append(_ row: inout Row, to models: inout [Self]) throws(DatabaseError)

    /// Reads a row with what was joined to it, and puts it behind others; nothing where the join
    /// found none. A requirement for the same reason.
    ///
    /// - Parameters:
    ///   - row: the row, standing at the model's first column.
    ///   - reader: reads what was joined.
    ///   - models: the rows so far.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    static func append(
        _ row: inout Row,
        with reader: RelatedReader<Self>,
        to models: inout [Self]
    ) throws

    /// Divides rows into lists. A requirement for the same reason.
    ///
    /// - Parameters:
    ///   - models: the rows.
    ///   - places: which list each of them belongs to.
    ///   - count: how many lists there are.
    /// - Returns: the lists, each in the order of the rows.
    static func grouped(_ models: [Self], by places: [Int], count: Int) -> [[Self]]

    /// Writes the fields in their order.
    ///
    /// - Parameter values: where they are written.
    /// - Throws: ``ModelError/unsaved(model:)`` where a reference leads to an unsaved value.
    func encode(to values: inout FieldValues) throws(ModelError)

    /// Checks what no single field shows, and sets fields that follow from others; part of
    /// `fullClean`.
    ///
    ///     mutating func clean() throws {
    ///         guard end > start else { throw ValidationError("The end is before the start.") }
    ///     }
    ///
    /// It takes the place of what parents and abstract models check of their parts, unless it calls
    /// that: `try contact.clean()`.
    ///
    /// - Throws: `ValidationError` for what is wrong.
    mutating func clean() throws
}

extension Model {
    /// A reference to a row of this model, as foreign keys hold it.
    public typealias Reference = ModelReference<Self>

    /// What is known of the model: its names, fields, indexes and constraints.
    public static var schema: ModelSchema { meta.info.schema }

    /// All rows, or what the first parent shows of its own.
    public static var objects: QuerySet<Self> { QuerySet(inheriting: .default) }

    /// What an abstract model names, or the same as ``objects``.
    public static var defaultManager: QuerySet<Self> {
        let objects = objects
        for part in abstractParts {
            if let rows = part.defaultManager(of: objects) { return rows }
        }
        return objects
    }

    /// What an abstract model names; all rows, or what the first parent shows to those that refer
    /// to it.
    public static var baseManager: QuerySet<Self> {
        let rows = QuerySet<Self>(inheriting: .base)
        for part in abstractParts { if let rows = part.baseManager(of: rows) { return rows } }
        return rows
    }

    /// None.
    public static var abstractParts: [any AbstractModel.Type] { [] }

    /// None.
    ///
    /// - Parameter set: the set.
    /// - Returns: nil.
    public static func path<Part: AbstractModel, Target: Model>(
        toSet set: any KeyPath<Part, InheritedSet<Target>> & Sendable
    ) -> (any KeyPath<Self, RelatedSet<Target>> & Sendable)? { nil }

    /// Reads a row and puts it behind others.
    ///
    /// - Parameters:
    ///   - row: the row, standing at the model's first column.
    ///   - models: the rows so far.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    @inlinable
    public static func append(
        _ row: inout Row,
        to models: inout [Self]
    ) throws(DatabaseError) {
        models.append(try Self(row: &row))
    }

    /// Reads a row with what was joined to it, and puts it behind others; nothing where the join
    /// found none.
    ///
    /// - Parameters:
    ///   - row: the row, standing at the model's first column.
    ///   - reader: reads what was joined.
    ///   - models: the rows so far.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    @inlinable
    public static func append(
        _ row: inout Row,
        with reader: RelatedReader<Self>,
        to models: inout [Self]
    ) throws {
        if models.isEmpty { reader.pass.begin() }
        if let model = try reader.read(from: &row) { models.append(model) }
    }

    /// Divides rows into lists.
    ///
    /// - Parameters:
    ///   - models: the rows.
    ///   - places: which list each of them belongs to.
    ///   - count: how many lists there are.
    /// - Returns: the lists, each in the order of the rows.
    @inlinable
    public static func grouped(_ models: [Self], by places: [Int], count: Int) -> [[Self]] {
        var sizes = [Int](repeating: 0, count: count)
        for place in places where sizes.indices.contains(place) { sizes[place] += 1 }
        var groups = sizes.map { size in
            var group: [Self] = []
            group.reserveCapacity(size)
            return group
        }
        for (model, place) in zip(models, places) where groups.indices.contains(place) {
            groups[place].append(model)
        }
        return groups
    }

    /// The model without its type.
    static var info: ModelInfo { meta.info }

    /// A reference that keeps the row.
    public var asReference: ModelReference<Self> { ModelReference(self) }

    /// The label and the key, so that two values of the same row are equal in a template.
    public var contextIdentity: String? { id.isSaved ? "\(Self.label) \(id)" : nil }

    /// The text of a `CustomStringConvertible` model, or `Question object (1)`.
    public var contextDescription: ContextValue {
        if let describable = self as? any CustomStringConvertible {
            return .string(describable.description)
        }
        return .string("\(Self.schema.name) object (\(id.isSaved ? "\(id)" : "None"))")
    }
}

/// A type that a primary key can hold.
public protocol ModelKey: FieldValue, Hashable, ContextConvertible, CustomStringConvertible
where Base == Self {
    /// Whether the database counts the values up.
    static var isCountedUp: Bool { get }

    /// A key for a new row that has none; nil where the database or the program gives it.
    static func generated() -> Self?
}

extension ModelKey {
    /// False.
    public static var isCountedUp: Bool { false }

    /// None.
    ///
    /// - Returns: nil.
    public static func generated() -> Self? { nil }
}

extension Int: ModelKey {
    /// True: `BigAutoField`.
    public static var isCountedUp: Bool { true }
}

extension String: ModelKey {}

extension UUID: ModelKey {
    /// A random UUID.
    ///
    /// - Returns: a key that no other row has.
    public static func generated() -> UUID? { UUID() }
}
