/// Makes a struct a model: each stored property is a field.
///
///     @Model
///     struct Choice {
///         @ForeignKey(onDelete: .cascade) var question: Question.Reference
///         @Field(maxLength: 200) var choiceText: String
///         var votes = 0
///     }
///
/// The table is `app_model`, with the columns in Django's spelling (`choice_text`, `question_id`)
/// and a primary key `id`. The app is the module's name in lower case, or `app`.
///
/// - Parameters:
///   - app: the label of the app.
///   - table: the table (`db_table`).
///   - key: the type of the primary key, where it is not a number.
///   - ordering: the order of query sets that give none: names, with `-` for descending.
///   - indexes: the indexes.
///   - constraints: the constraints.
///   - uniqueTogether: groups of fields that are unique together.
///   - verboseName: the name for people.
///   - verboseNamePlural: the name of several for people.
///   - latestBy: the fields that `latest` and `earliest` use.
///   - isManaged: whether migrations make the table.
@attached(member, names: named(id), named(init))
@attached(
    extension,
    conformances: Model,
    names: named(label),
    named(meta),
    named(KeyValue),
    named(Fields),
    named(init(row:)),
    named(encode),
    named(contextMember)
)
public macro Model(
    app: String = "",
    table: String? = nil,
    key: (any ModelKey.Type)? = nil,
    ordering: [String] = [],
    indexes: [IndexSchema] = [],
    constraints: [ConstraintSchema] = [],
    uniqueTogether: [[String]] = [],
    verboseName: String? = nil,
    verboseNamePlural: String? = nil,
    latestBy: [String] = [],
    isManaged: Bool = true
) = #externalMacro(module: "NuagesMacros", type: "ModelMacro")

/// Sets options of a field; without it a property has the defaults of its type.
///
///     @Field("date published", index: true) var pubDate: Date
///
/// - Parameters:
///   - verboseName: the name for people.
///   - kind: the kind of field, where it does not follow from the type.
///   - maxLength: the greatest length of text, which makes it a `CharField`.
///   - maxDigits: the number of digits of a decimal number.
///   - decimalPlaces: the number of digits after the point.
///   - unique: whether no two rows may share a value.
///   - index: whether it has an index.
///   - blank: whether forms accept an empty value.
///   - primaryKey: whether it is the primary key.
///   - column: the column where it is not the name's own.
///   - help: a sentence of help below the form field.
///   - editable: whether forms show it.
///   - choices: the values to choose from; a ``FieldChoices`` type brings its own.
///   - autoNow: whether each save sets it to now.
///   - autoNowAdd: whether the first save sets it to now.
///   - databaseDefault: the value that the database gives to new rows.
@attached(peer)
public macro Field(
    _ verboseName: String = "",
    kind: FieldType? = nil,
    maxLength: Int? = nil,
    maxDigits: Int? = nil,
    decimalPlaces: Int? = nil,
    unique: Bool = false,
    index: Bool? = nil,
    blank: Bool = false,
    primaryKey: Bool = false,
    column: String? = nil,
    help: String = "",
    editable: Bool = true,
    choices: [FieldChoice] = [],
    autoNow: Bool = false,
    autoNowAdd: Bool = false,
    databaseDefault: SQLValue? = nil
) = #externalMacro(module: "NuagesMacros", type: "FieldMacro")

/// Makes a property a foreign key.
///
///     @ForeignKey(onDelete: .cascade) var question: Question.Reference
///
/// - Parameters:
///   - verboseName: the name for people.
///   - onDelete: what happens to the row when the row it refers to is deleted.
///   - relatedName: the name of the way back in templates and lookups.
///   - relatedQueryName: the name of the way back in lookups.
///   - unique: whether only one row may refer to a row.
///   - index: whether it has an index; it does unless told otherwise.
///   - blank: whether forms accept an empty value.
///   - column: the column where it is not the name with `_id`.
///   - help: a sentence of help below the form field.
///   - editable: whether forms show it.
///   - isEnforced: whether the database enforces it.
@attached(peer)
public macro ForeignKey(
    _ verboseName: String = "",
    onDelete: DeleteRule,
    relatedName: String? = nil,
    relatedQueryName: String? = nil,
    unique: Bool = false,
    index: Bool? = nil,
    blank: Bool = false,
    column: String? = nil,
    help: String = "",
    editable: Bool = true,
    isEnforced: Bool = true
) = #externalMacro(module: "NuagesMacros", type: "FieldMacro")

/// Gives the way back of a foreign key a name.
///
///     @Reverse(\Choice.question) var choices: RelatedSet<Choice>
///
/// - Parameter foreignKey: the key path of the other model's foreign key.
@attached(accessor)
@attached(peer, names: prefixed(_))
public macro Reverse(_ foreignKey: Any) =
    #externalMacro(module: "NuagesMacros", type: "ReverseMacro")
