/// What an expression gives: a kind of field and, where they matter, its digits and length.
///
/// Django calls it the output field.
///
///     ExpressionNode.typed(node, .decimal(maxDigits: 8, decimalPlaces: 2))
public struct ValueType: Sendable, Hashable {
    /// The kind of field.
    public var field: FieldType

    /// How many digits a decimal has at most.
    public var maxDigits: Int?

    /// How many digits of a decimal stand behind the point.
    public var decimalPlaces: Int?

    /// How many characters text has at most.
    public var maxLength: Int?

    /// The model whose rows the values are keys of, of a column that refers to one.
    var target: ModelInfo?

    /// The zone whose clocks the database shows moments on; nil where it stores them in UTC.
    var zone: String?

    /// Whether it is that of a column, whose decimals all have the same digits.
    var isColumn = false

    /// The type of an array's elements or of a range's ends: one, or none.
    private var parts: [ValueType] = []

    /// The column types of a kind of the site's own, by the names of databases.
    public var columnTypes: [String: String] = [:]

    /// Options of the kind by Django's names, such as the size of an array.
    public var options: [String: SQLValue] = [:]

    /// The type of an array's elements or of a range's ends.
    public var base: ValueType? {
        get { parts.first }
        set { parts = newValue.map { [$0] } ?? [] }
    }

    /// A type of a kind of field.
    public init(
        _ field: FieldType,
        maxDigits: Int? = nil,
        decimalPlaces: Int? = nil,
        maxLength: Int? = nil
    ) {
        self.field = field
        self.maxDigits = maxDigits
        self.decimalPlaces = decimalPlaces
        self.maxLength = maxLength
    }

    /// A decimal number.
    public static func decimal(maxDigits: Int? = nil, decimalPlaces: Int? = nil) -> Self {
        Self(.decimalField, maxDigits: maxDigits, decimalPlaces: decimalPlaces)
    }

    /// A whole number.
    public static let integer = Self(.integerField)
    /// True or false.
    public static let boolean = Self(.booleanField)
    /// A floating-point number.
    public static let float = Self(.floatField)
    /// Text of any length.
    public static let text = Self(.textField)
    /// Text of a limited length.
    public static let character = Self(.charField)
    /// A day.
    public static let date = Self(.dateField)
    /// A moment.
    public static let dateTime = Self(.dateTimeField)
    /// A time of day.
    public static let time = Self(.timeField)
    /// A length of time.
    public static let duration = Self(.durationField)
    /// A JSON document.
    public static let json = Self(.jsonField)
    /// A UUID.
    public static let uuid = Self(.uuidField)
    /// Bytes.
    public static let binary = Self(.binaryField)

    /// The type that a value of Swift has by itself.
    init?(of value: SQLValue) {
        switch value {
        case .null: return nil
        case .bool: self = .boolean
        case .int: self = .integer
        case .double: self = .float
        case .decimal: self = .decimal()
        case .text: self = .character
        case .blob: self = .binary
        case .date: self = .date
        case .time: self = .time
        case .dateTime: self = .dateTime
        case .duration: self = .duration
        case .uuid: self = .uuid
        case .json: self = .json
        case .array, .range: return nil
        }
    }

    /// The type of a column, seen through the foreign keys that lead to it.
    init(_ column: FieldInfo) {
        var end = column
        // Keys that are foreign keys of their own lead on, a few steps at most.
        for _ in 0..<8 {
            guard let next = end.targetColumn else { break }
            end = next
        }
        self.init(end.schema)
        target = column.target?.info
    }

    /// The type of the values of a field.
    ///
    /// - Parameter field: a field that is no relation.
    public init(_ field: FieldSchema) {
        let schema = field.generated?.output ?? field
        self.init(
            schema.type,
            maxDigits: schema.maxDigits,
            decimalPlaces: schema.decimalPlaces,
            maxLength: schema.maxLength
        )
        isColumn = true
        if let part = schema.baseField { base = ValueType(part) }
        columnTypes = schema.customColumnType
        // Options of the framework's own kinds are about forms and files, never about values.
        if family == .other { options = schema.customOptions }
    }
}

extension ValueType {
    /// What a type has in common with others: which lookups and operators it knows.
    public enum Family: Sendable {
        case integer, decimal, float, boolean, text, date, time, dateTime, duration, uuid, json
        case binary, address, other
    }

    /// What the type has in common with others.
    public var family: Family { field.family }

    /// Whether a value of the other type may stand where one of this is expected: Django's
    /// subclasses of fields.
    func isKind(of other: ValueType) -> Bool { field.isKind(of: other.field) }
}

extension FieldType {
    var family: ValueType.Family {
        switch self {
        case .autoField, .bigAutoField, .smallAutoField, .integerField, .smallIntegerField,
            .bigIntegerField, .positiveIntegerField, .positiveSmallIntegerField,
            .positiveBigIntegerField, .orderWrt:
            .integer
        case .decimalField: .decimal
        case .floatField: .float
        case .booleanField: .boolean
        case .charField, .textField, .emailField, .urlField, .slugField, .fileField, .imageField,
            .filePathField:
            .text
        case .dateField: .date
        case .timeField: .time
        case .dateTimeField: .dateTime
        case .durationField: .duration
        case .uuidField: .uuid
        case .jsonField: .json
        case .binaryField: .binary
        case .genericIPAddressField: .address
        default: .other
        }
    }

    /// The kind whose lookups and conversions this kind shares, one step up.
    var parent: FieldType? {
        switch self {
        case .autoField, .smallIntegerField, .bigIntegerField, .positiveIntegerField, .orderWrt:
            .integerField
        case .bigAutoField: .bigIntegerField
        case .smallAutoField: .smallIntegerField
        case .positiveSmallIntegerField, .positiveBigIntegerField: .integerField
        case .emailField, .urlField, .slugField: .charField
        case .dateTimeField: .dateField
        case .imageField: .fileField
        case .oneToOneField: .foreignKey
        default: family == .other ? FieldKinds.behaviour(of: self)?.parent : nil
        }
    }

    func isKind(of other: FieldType) -> Bool {
        var kind: FieldType? = self
        while let current = kind {
            if current == other { return true }
            kind = current.parent
        }
        return false
    }
}
