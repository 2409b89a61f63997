/// The kind of a field, by the name of Django's class for it.
///
/// A custom field has a name of its own; its column type is given by ``FieldSchema/customColumnType``.
public struct FieldType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of Django's field class, such as `CharField`.
    public let rawValue: String

    /// A kind by its name.
    ///
    /// - Parameter rawValue: the name of Django's field class.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The name.
    public var description: String { rawValue }

    /// A 32-bit key that the database counts up.
    public static let autoField = Self(rawValue: "AutoField")
    /// A 64-bit key that the database counts up; the default key.
    public static let bigAutoField = Self(rawValue: "BigAutoField")
    /// A 16-bit key that the database counts up.
    public static let smallAutoField = Self(rawValue: "SmallAutoField")
    /// A 32-bit whole number.
    public static let integerField = Self(rawValue: "IntegerField")
    /// A 16-bit whole number.
    public static let smallIntegerField = Self(rawValue: "SmallIntegerField")
    /// A 64-bit whole number.
    public static let bigIntegerField = Self(rawValue: "BigIntegerField")
    /// A whole number, 0 to 2,147,483,647.
    public static let positiveIntegerField = Self(rawValue: "PositiveIntegerField")
    /// A whole number, 0 to 32,767.
    public static let positiveSmallIntegerField = Self(rawValue: "PositiveSmallIntegerField")
    /// A whole number, 0 to 2^63 - 1.
    public static let positiveBigIntegerField = Self(rawValue: "PositiveBigIntegerField")
    /// A double-precision number.
    public static let floatField = Self(rawValue: "FloatField")
    /// An exact decimal number.
    public static let decimalField = Self(rawValue: "DecimalField")
    /// A truth value.
    public static let booleanField = Self(rawValue: "BooleanField")
    /// Text of limited length.
    public static let charField = Self(rawValue: "CharField")
    /// Text of any length.
    public static let textField = Self(rawValue: "TextField")
    /// An email address.
    public static let emailField = Self(rawValue: "EmailField")
    /// A URL.
    public static let urlField = Self(rawValue: "URLField")
    /// Letters, digits, hyphens and underscores.
    public static let slugField = Self(rawValue: "SlugField")
    /// A UUID.
    public static let uuidField = Self(rawValue: "UUIDField")
    /// A day.
    public static let dateField = Self(rawValue: "DateField")
    /// A time on the clock.
    public static let timeField = Self(rawValue: "TimeField")
    /// A moment.
    public static let dateTimeField = Self(rawValue: "DateTimeField")
    /// A length of time.
    public static let durationField = Self(rawValue: "DurationField")
    /// A JSON document.
    public static let jsonField = Self(rawValue: "JSONField")
    /// Bytes.
    public static let binaryField = Self(rawValue: "BinaryField")
    /// A reference to one row of another model.
    public static let foreignKey = Self(rawValue: "ForeignKey")
    /// A reference that only one row may hold.
    public static let oneToOneField = Self(rawValue: "OneToOneField")
    /// References to many rows through a table of their own.
    public static let manyToManyField = Self(rawValue: "ManyToManyField")
}
