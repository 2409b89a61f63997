extension FieldSchema {
    /// The column's name: `question_id` for a foreign key `question`.
    public var column: String { databaseColumn ?? attributeName }

    /// The name of the attribute that holds the column's value (Django's `attname`).
    public var attributeName: String {
        type == .foreignKey || type == .oneToOneField ? "\(name)_id" : name
    }

    /// Whether the values are in a column of the model's own table.
    public var hasColumn: Bool {
        switch type {
        case .manyToManyField, .foreignObject, .compositePrimaryKey: false
        default: true
        }
    }

    /// Whether it leads to another model.
    public var isRelation: Bool { relation != nil }

    /// Whether no two rows have the same value, as for a primary key and a one-to-one relation.
    public var isUniqueColumn: Bool { isUnique || isPrimaryKey || type == .oneToOneField }

    /// Whether the column has an index of its own (`db_index`, or the kind's default).
    public var hasIndex: Bool { isIndexed ?? type.isIndexedByDefault }

    /// Whether the field has a value for rows that give none: a default of any sort.
    var hasDefault: Bool { defaultValue != nil }

    /// Whether the database gives new rows a value.
    var hasDatabaseDefault: Bool {
        databaseDefault != nil || databaseDefaultExpression != nil
    }

    /// The field without its name and without options that only repeat the kind's defaults, so
    /// that two declarations of the same field are equal (Django's `deconstruct`).
    package func normalized() -> FieldSchema {
        var field = self
        field.name = ""
        if field.isIndexed == type.isIndexedByDefault { field.isIndexed = nil }
        if type == .oneToOneField { field.isUnique = false }
        if isPrimaryKey { field.isUnique = false }
        if isSetOnSave || isSetOnCreate {
            field.isEditable = true
            field.allowsBlank = false
        }
        if isAutoKey { field.allowsBlank = false }
        if type == .binaryField || generated != nil { field.isEditable = true }
        if generated != nil { field.allowsBlank = false }
        if maxLength == type.defaultMaxLength { field.maxLength = nil }
        if var relation = field.relation {
            relation.target = relation.target.lowercased()
            relation.through = relation.through?.lowercased()
            if relation.isSymmetrical == true { relation.isSymmetrical = nil }
            if type == .manyToManyField {
                relation.onDelete = .cascade
                field.isNullable = false
            }
            field.relation = relation
        }
        return field
    }

    /// Whether the database counts the values up.
    var isAutoKey: Bool {
        type == .autoField || type == .bigAutoField || type == .smallAutoField
    }
}

extension FieldType {
    /// A reference over several columns to another model (`ForeignObject`).
    public static let foreignObject = Self(rawValue: "ForeignObject")
    /// A primary key of several columns (`CompositePrimaryKey`).
    public static let compositePrimaryKey = Self(rawValue: "CompositePrimaryKey")
    /// A value that the database computes (`GeneratedField`).
    public static let generatedField = Self(rawValue: "GeneratedField")
    /// An array of values of another field, which PostgreSQL has.
    public static let arrayField = Self(rawValue: "ArrayField")
    /// The path of a stored file.
    public static let fileField = Self(rawValue: "FileField")
    /// The path of a stored image.
    public static let imageField = Self(rawValue: "ImageField")
    /// The path of a file in a folder of the server.
    public static let filePathField = Self(rawValue: "FilePathField")
    /// An IPv4 or IPv6 address.
    public static let genericIPAddressField = Self(rawValue: "GenericIPAddressField")
    /// The position among rows with the same `order_with_respect_to`.
    public static let orderWrt = Self(rawValue: "OrderWrt")

    /// Whether fields of this kind have an index unless they say otherwise.
    var isIndexedByDefault: Bool {
        switch self {
        case .foreignKey, .oneToOneField, .slugField: true
        default: false
        }
    }

    /// The greatest length of fields that give none.
    var defaultMaxLength: Int? {
        switch self {
        case .emailField: 254
        case .urlField: 200
        case .slugField: 50
        case .fileField, .imageField, .filePathField: 100
        default: nil
        }
    }

    /// Whether an empty string is a value of such a field.
    var allowsEmptyStrings: Bool {
        switch self {
        case .autoField, .bigAutoField, .smallAutoField, .integerField, .smallIntegerField,
            .bigIntegerField, .positiveIntegerField, .positiveSmallIntegerField,
            .positiveBigIntegerField, .floatField, .decimalField, .booleanField, .dateField,
            .timeField, .dateTimeField, .durationField, .uuidField, .jsonField, .foreignKey,
            .oneToOneField, .foreignObject, .compositePrimaryKey, .generatedField, .orderWrt,
            .genericIPAddressField:
            false
        default: family == .other ? FieldKinds.behaviour(of: self)?.allowsEmptyText ?? true : true
        }
    }
}
