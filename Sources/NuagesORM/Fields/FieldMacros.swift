/// Sets options of a field; without it a property has the defaults of its type.
///
///     @Field("date published", index: true) var pubDate: Date
///
/// - Parameters:
///   - verboseName: the name for people.
///   - name: the name in Django's spelling, where it does not follow from the property's.
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
///   - default: the value of rows that give none, where the property has no initial value.
///   - databaseDefault: the value that the database gives to new rows.
///   - databaseExpression: the expression that the database evaluates for new rows.
///   - generated: what the database computes the value from.
///   - validators: the validators besides the kind's own.
///   - errorMessages: the texts of errors by code, where they are not the kind's own.
///   - uniqueForDate: the field whose day a value may occur on only once.
///   - uniqueForMonth: the field whose month a value may occur in only once.
///   - uniqueForYear: the field whose year a value may occur in only once.
///   - comment: a comment on the column.
///   - collation: the collation of the column.
///   - tablespace: the tablespace of the index.
///   - uploadTo: the folder of a file's uploads, below that of all uploads; `%Y/%m/%d` is the day.
///   - storage: the alias of the storage of a file's uploads; nil is the default storage.
///   - deletesReplaced: whether a file is removed once a saved row has another in its place.
///   - widthField: the field that holds an image's width.
///   - heightField: the field that holds an image's height.
///   - protocol: the addresses of a `GenericIPAddressField`: `both`, `IPv4` or `IPv6`.
///   - unpackIPv4: whether an IPv4 address in the form of IPv6 is stored as IPv4.
///   - allowUnicode: whether a slug may have letters besides ASCII.
///   - path: the folder of a `FilePathField`.
///   - match: the pattern of names of a `FilePathField`.
///   - recursive: whether a `FilePathField` offers files in folders below.
///   - allowFiles: whether a `FilePathField` offers files.
///   - allowFolders: whether a `FilePathField` offers folders.
///   - base: the field that the elements of an array are values of, where the type does not say all.
///   - size: how many elements an array has at most.
///   - bounds: which ends of a range belong to it where only its ends are given.
///   - columnType: the column types of a kind of your own, by the names of databases.
@attached(peer)
public macro Field(
    _ verboseName: String = "",
    name: String = "",
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
    default: SQLValue? = nil,
    databaseDefault: SQLValue? = nil,
    databaseExpression: SchemaExpression? = nil,
    generated: GeneratedColumn? = nil,
    validators: [ValidatorSchema] = [],
    errorMessages: [String: String] = [:],
    uniqueForDate: String? = nil,
    uniqueForMonth: String? = nil,
    uniqueForYear: String? = nil,
    comment: String? = nil,
    collation: String? = nil,
    tablespace: String? = nil,
    uploadTo: String? = nil,
    storage: String? = nil,
    deletesReplaced: Bool = false,
    widthField: String? = nil,
    heightField: String? = nil,
    protocol: String? = nil,
    unpackIPv4: Bool = false,
    allowUnicode: Bool = false,
    path: String? = nil,
    match: String? = nil,
    recursive: Bool = false,
    allowFiles: Bool = true,
    allowFolders: Bool = false,
    base: FieldSchema? = nil,
    size: Int? = nil,
    bounds: RangeBounds = .lowerOnly,
    columnType: [String: String] = [:]
) = #externalMacro(module: "NuagesMacros", type: "FieldMacro")
