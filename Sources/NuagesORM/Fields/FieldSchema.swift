/// What is known of a field: its kind and options, as models declare them and migrations keep them.
///
/// A value with the defaults of Django's options, so that two schemas compare with `==`.
public struct FieldSchema: Sendable, Hashable {
    /// The name in Django's spelling: `question_text`; `question` for a foreign key.
    public var name: String
    /// The kind.
    public var type: FieldType
    /// The greatest length in Unicode scalars (`max_length`).
    public var maxLength: Int?
    /// The number of decimal digits (`max_digits`).
    public var maxDigits: Int?
    /// The number of digits after the point (`decimal_places`).
    public var decimalPlaces: Int?
    /// Whether the column may be `NULL` (`null`).
    public var isNullable = false
    /// Whether forms accept an empty value (`blank`).
    public var allowsBlank = false
    /// Whether it is the primary key (`primary_key`).
    public var isPrimaryKey = false
    /// Whether no two rows may share a value (`unique`).
    public var isUnique = false
    /// Whether it has an index (`db_index`); nil is the kind's default, true for foreign keys and slugs.
    public var isIndexed: Bool?
    /// The column where it is not the name's own (`db_column`).
    public var databaseColumn: String?
    /// The value of new rows (`default`).
    public var defaultValue: FieldDefault?
    /// The value that the database gives to new rows (`db_default`).
    public var databaseDefault: SQLValue?
    /// The name for people (`verbose_name`).
    public var verboseName: String?
    /// A sentence of help below the form field (`help_text`).
    public var helpText = ""
    /// Whether forms show it (`editable`).
    public var isEditable = true
    /// The values to choose from, with their labels (`choices`).
    public var choices: [FieldChoice] = []
    /// Whether each save sets it to now (`auto_now`).
    public var isSetOnSave = false
    /// Whether the first save sets it to now (`auto_now_add`).
    public var isSetOnCreate = false
    /// A comment on the column (`db_comment`).
    public var databaseComment: String?
    /// The collation of the column (`db_collation`).
    public var databaseCollation: String?
    /// Whether the field was added by the framework (`auto_created`).
    public var isAutoCreated = false
    /// Where a relation leads.
    public var relation: Relation?
    /// The column types of a custom field by vendor, such as `["sqlite": "point"]`.
    public var customColumnType: [String: String] = [:]
    /// The field whose day a value may occur on only once (`unique_for_date`).
    public var uniqueForDate: String?
    /// The field whose month a value may occur in only once (`unique_for_month`).
    public var uniqueForMonth: String?
    /// The field whose year a value may occur in only once (`unique_for_year`).
    public var uniqueForYear: String?
    /// The texts of errors by code, where they are not the kind's own (`error_messages`).
    public var errorMessages: [String: String] = [:]
    /// The validators besides the kind's own (`validators`).
    public var validators: [ValidatorSchema] = []
    /// The tablespace of the field's index (`db_tablespace`).
    public var databaseTablespace: String?
    /// Whether fixtures hold the value (`serialize`).
    public var isSerialized = true
    /// The expression that the database evaluates for new rows (`db_default`).
    public var databaseDefaultExpression: SchemaExpression?
    /// What the database computes the value from (`GeneratedField`).
    public var generated: GeneratedColumn?
    /// The fields that make up a composite primary key.
    public var compositeFields: [String] = []
    /// Further options of the kind by Django's names, such as `["upload_to": .text("photos")]`.
    public var customOptions: [String: SQLValue] = [:]
    /// The field that the elements of an array are values of: one, or none.
    private var parts: [FieldSchema] = []
    /// The field that the elements of an array are values of (`base_field`).
    public var baseField: FieldSchema? {
        get { parts.first }
        set { parts = newValue.map { [$0] } ?? [] }
    }

    /// A field with Django's defaults.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - type: the kind.
    public init(_ name: String, _ type: FieldType) {
        self.name = name
        self.type = type
    }
}

/// The value of a field in rows that do not give one.
public enum FieldDefault: Sendable, Hashable {
    /// A constant.
    case value(SQLValue)
    /// A Swift expression that runs for each row; kept by its name, such as `Date.now`.
    case function(String)
}

/// A value that a field can have, and what people read for it.
public struct FieldChoice: Sendable, Hashable {
    /// The value in the database.
    public var value: SQLValue
    /// The label for people.
    public var label: String
    /// The group it is listed under.
    public var group: String?

    /// A choice.
    ///
    /// - Parameters:
    ///   - value: the value in the database.
    ///   - label: the label for people.
    ///   - group: the group it is listed under.
    public init(_ value: SQLValue, _ label: String, group: String? = nil) {
        self.value = value
        self.label = label
        self.group = group
    }
}

/// Where a foreign key, one-to-one or many-to-many field leads.
public struct Relation: Sendable, Hashable {
    /// The label of the model it leads to, `polls.question`, in lower case as Django keeps it.
    public var target: String
    /// What happens to the row when the target is deleted (`on_delete`).
    public var onDelete: DeleteRule
    /// The value that ``DeleteRule/setValue`` sets (`SET(value)`).
    public var deleteValue: SQLValue?
    /// The name of the way back in Swift and templates (`related_name`).
    public var relatedName: String?
    /// The name of the way back in lookups (`related_query_name`).
    public var relatedQueryName: String?
    /// The field of the target that the column holds, where it is not the primary key (`to_field`).
    public var targetField: String?
    /// Whether the database enforces it (`db_constraint`).
    public var isEnforced = true
    /// The label of the model between, for a many-to-many relation (`through`).
    public var through: String?
    /// The fields of the model between: to this model, then to the target (`through_fields`).
    public var throughFields: [String] = []
    /// Whether a many-to-many relation with oneself holds in both directions; nil is the default (`symmetrical`).
    public var isSymmetrical: Bool?
    /// The table of a many-to-many relation where it is not the default one (`db_table`).
    public var databaseTable: String?
    /// The targets that forms and the admin offer (`limit_choices_to`).
    public var choicesCondition: Q?
    /// Whether it leads to the row of the parent model (`parent_link`).
    public var isParentLink = false
    /// The setting that names the target (`swappable`), such as `AUTH_USER_MODEL`.
    public var swappableSetting: String?
    /// The fields of this model that hold the reference, for a `ForeignObject` (`from_fields`).
    public var fromFields: [String] = []
    /// The fields of the target that are referred to, for a `ForeignObject` (`to_fields`).
    public var toFields: [String] = []

    /// A relation.
    ///
    /// - Parameters:
    ///   - target: the label of the model it leads to.
    ///   - onDelete: what happens to the row when the target is deleted.
    public init(to target: String, onDelete: DeleteRule) {
        self.target = target
        self.onDelete = onDelete
    }
}

/// What happens to a row when the row that it refers to is deleted.
public enum DeleteRule: String, Sendable, Hashable, CaseIterable {
    /// The row is deleted too.
    case cascade = "CASCADE"
    /// The deletion is refused.
    case protect = "PROTECT"
    /// The deletion is refused unless the row goes by another cascade.
    case restrict = "RESTRICT"
    /// The reference becomes `NULL`.
    case setNull = "SET_NULL"
    /// The reference becomes the field's default.
    case setDefault = "SET_DEFAULT"
    /// The reference becomes ``Relation/deleteValue``.
    case setValue = "SET"
    /// Nothing is done; the database may refuse.
    case doNothing = "DO_NOTHING"
    /// The database deletes the row.
    case databaseCascade = "DB_CASCADE"
    /// The database sets the reference to `NULL`.
    case databaseSetNull = "DB_SET_NULL"
    /// The database sets the reference to its default.
    case databaseSetDefault = "DB_SET_DEFAULT"
}
