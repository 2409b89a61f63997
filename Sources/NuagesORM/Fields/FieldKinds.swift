public import NuagesCore
import Synchronization

/// What the ORM does with the values of a kind of field that is not its own.
///
/// A kind is a name (``FieldType``), a column type for each database
/// (``FieldSchema/customColumnType``), and where plain values do not do, a behaviour:
///
///     extension FieldType { static let colour = Self(rawValue: "ColourField") }
///
///     var behaviour = FieldBehaviour()
///     behaviour.convert = { value, _ in
///         if case .text(let text) = value { Colour(text).map { .int($0.number) } } else { value }
///     }
///     FieldKinds.register(behaviour, for: .colour)
///
/// Django: a subclass of `Field`.
public struct FieldBehaviour: Sendable {
    /// The kind whose lookups and transforms this kind has too.
    public var parent: FieldType?

    /// Whether empty text is a value of such a field.
    public var allowsEmptyText = false

    /// The value as a column holds it; nil where it cannot be one (`get_prep_value`).
    public var convert: @Sendable (SQLValue, ValueType) -> SQLValue? = { value, _ in value }

    /// The value of a column (`from_db_value`).
    public var read: @Sendable (ColumnValue, ValueType) throws(DecodingFailure) -> SQLValue = {
        column,
        _ throws(DecodingFailure) in column.sqlValue
    }

    /// The value of a form or a row before it is saved (`clean`).
    public var clean: @Sendable (SQLValue, FieldCleaner) throws(ValidationError) -> SQLValue = {
        value,
        _ throws(ValidationError) in value
    }

    /// The value of a row as forms show it, where a row may hold it in the text form of its column.
    public var show: @Sendable (SQLValue) -> SQLValue = { $0 }

    /// The transforms whose names are not known before, such as the position in an array.
    public var transform: @Sendable (String, ValueType) -> SQLFunction? = { _, _ in nil }

    /// A behaviour that takes values as they are.
    public init() {}
}

/// What a behaviour checks values with.
public struct FieldCleaner: Sendable {
    /// The field whose value it is.
    public let field: FieldSchema
    let dialect: any SQLDialect

    /// Checks a part of the value, such as an element of an array.
    ///
    /// - Parameters:
    ///   - value: the part.
    ///   - field: the field that it is a value of.
    /// - Returns: the part as the field holds it.
    /// - Throws: `ValidationError`.
    public func clean(
        _ value: SQLValue,
        as field: FieldSchema
    ) throws(ValidationError) -> SQLValue {
        try FieldCleaning(schema: field, dialect: dialect).cleaned(value)
    }
}

/// The kinds of fields that a site or a driver adds.
public enum FieldKinds {
    private static let behaviours = Mutex<[FieldType: FieldBehaviour]>([:])

    /// Says what is done with the values of a kind; a later call for the kind replaces it.
    ///
    /// It is called before the first query, where the site starts.
    ///
    /// - Parameters:
    ///   - behaviour: what is done.
    ///   - type: the kind; the framework's own kinds keep theirs.
    public static func register(_ behaviour: FieldBehaviour, for type: FieldType) {
        behaviours.withLock { $0[type] = behaviour }
    }

    static func behaviour(of type: FieldType) -> FieldBehaviour? {
        behaviours.withLock { $0[type] }
    }
}

extension ValueType {
    /// The value as a column of this type holds it; nil where it cannot be one.
    func converted(_ value: SQLValue) -> SQLValue? {
        if value == .null { return value }
        if field.family == .other, let behaviour = FieldKinds.behaviour(of: field) {
            return behaviour.convert(value, self)
        }
        return field.converted(value)
    }

    /// The value as a column of the type holds it: what a behaviour makes of the parts of a value.
    ///
    /// - Parameter value: a value of a program.
    /// - Returns: nil where it cannot be one.
    public func stored(_ value: SQLValue) -> SQLValue? { converted(value) }
}
