/// Makes a property a foreign key.
///
///     @ForeignKey(onDelete: .cascade) var question: Question.Reference
///
/// - Parameters:
///   - verboseName: the name for people.
///   - name: the name in Django's spelling, where it does not follow from the property's.
///   - onDelete: what happens to the row when the row it refers to is deleted.
///   - deleteValue: the key that `.setValue` sets.
///   - to: the unique field of the target that the column holds, for a ``FieldReference``.
///   - relatedName: the name of the way back in templates and lookups.
///   - relatedQueryName: the name of the way back in lookups.
///   - limitChoicesTo: the rows that forms offer.
///   - unique: whether only one row may refer to a row.
///   - index: whether it has an index; it does unless told otherwise.
///   - blank: whether forms accept an empty value.
///   - primaryKey: whether it is the primary key.
///   - column: the column where it is not the name with `_id`.
///   - default: the key of rows that give none.
///   - databaseDefault: the key that the database gives to new rows.
///   - help: a sentence of help below the form field.
///   - editable: whether forms show it.
///   - choices: the keys to choose from.
///   - errorMessages: the texts of errors by code.
///   - validators: the validators of the key.
///   - uniqueForDate: the field whose day a value may occur on only once.
///   - uniqueForMonth: the field whose month a value may occur in only once.
///   - uniqueForYear: the field whose year a value may occur in only once.
///   - comment: a comment on the column.
///   - tablespace: the tablespace of the index.
///   - isEnforced: whether the database enforces it.
///   - swappable: the setting that names the target.
@attached(peer)
public macro ForeignKey(
    _ verboseName: String = "",
    name: String = "",
    onDelete: DeleteRule,
    deleteValue: SQLValue? = nil,
    to: String? = nil,
    relatedName: String? = nil,
    relatedQueryName: String? = nil,
    limitChoicesTo: Q? = nil,
    unique: Bool = false,
    index: Bool? = nil,
    blank: Bool = false,
    primaryKey: Bool = false,
    column: String? = nil,
    default: SQLValue? = nil,
    databaseDefault: SQLValue? = nil,
    help: String = "",
    editable: Bool = true,
    choices: [FieldChoice] = [],
    errorMessages: [String: String] = [:],
    validators: [ValidatorSchema] = [],
    uniqueForDate: String? = nil,
    uniqueForMonth: String? = nil,
    uniqueForYear: String? = nil,
    comment: String? = nil,
    tablespace: String? = nil,
    isEnforced: Bool = true,
    swappable: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "FieldMacro")

/// Makes a property a reference that only one row may hold.
///
///     @OneToOne(onDelete: .cascade) var place: Place.Reference
///     // in Place: @Reverse(\Bar.place) var bar: RelatedOne<Bar>
///
/// - Parameters:
///   - verboseName: the name for people.
///   - name: the name in Django's spelling, where it does not follow from the property's.
///   - onDelete: what happens to the row when the row it refers to is deleted.
///   - deleteValue: the key that `.setValue` sets.
///   - to: the unique field of the target that the column holds, for a ``FieldReference``.
///   - relatedName: the name of the way back in templates and lookups.
///   - relatedQueryName: the name of the way back in lookups.
///   - limitChoicesTo: the rows that forms offer.
///   - blank: whether forms accept an empty value.
///   - primaryKey: whether it is the primary key.
///   - column: the column where it is not the name with `_id`.
///   - default: the key of rows that give none.
///   - databaseDefault: the key that the database gives to new rows.
///   - help: a sentence of help below the form field.
///   - editable: whether forms show it.
///   - errorMessages: the texts of errors by code.
///   - validators: the validators of the key.
///   - comment: a comment on the column.
///   - tablespace: the tablespace of the index.
///   - isEnforced: whether the database enforces it.
///   - swappable: the setting that names the target.
@attached(peer)
public macro OneToOne(
    _ verboseName: String = "",
    name: String = "",
    onDelete: DeleteRule,
    deleteValue: SQLValue? = nil,
    to: String? = nil,
    relatedName: String? = nil,
    relatedQueryName: String? = nil,
    limitChoicesTo: Q? = nil,
    blank: Bool = false,
    primaryKey: Bool = false,
    column: String? = nil,
    default: SQLValue? = nil,
    databaseDefault: SQLValue? = nil,
    help: String = "",
    editable: Bool = true,
    errorMessages: [String: String] = [:],
    validators: [ValidatorSchema] = [],
    comment: String? = nil,
    tablespace: String? = nil,
    isEnforced: Bool = true,
    swappable: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "FieldMacro")

/// Makes a property the rows of another model that belong to the row, through a table of their
/// own.
///
///     @Model
///     struct Book {
///         @ManyToMany var authors: RelatedSet<Author>
///     }
///     // "book_authors" ("id", "book_id", "author_id")
///     try await book.authors.all()
///     Book.objects.filter { $0.authors.name == "Django" }
///
/// - Parameters:
///   - verboseName: the name for people.
///   - name: the name in Django's spelling, where it does not follow from the property's.
///   - through: the model of the table in between, where the program has one.
///   - throughFields: its foreign keys: to this model, then to the other.
///   - symmetrical: whether a relation with oneself holds in both directions; it does unless told
///     otherwise.
///   - table: the table in between.
///   - relatedName: the name of the way back in templates and lookups.
///   - relatedQueryName: the name of the way back in lookups.
///   - limitChoicesTo: the rows that forms offer.
///   - blank: whether forms accept none.
///   - help: a sentence of help below the form field.
///   - editable: whether forms show it.
///   - isEnforced: whether the database enforces the keys in between.
///   - swappable: the setting that names the target.
@attached(accessor)
@attached(peer, names: prefixed(_))
public macro ManyToMany(
    _ verboseName: String = "",
    name: String = "",
    through: Any.Type? = nil,
    throughFields: [String] = [],
    symmetrical: Bool? = nil,
    table: String? = nil,
    relatedName: String? = nil,
    relatedQueryName: String? = nil,
    limitChoicesTo: Q? = nil,
    blank: Bool = false,
    help: String = "",
    editable: Bool = true,
    isEnforced: Bool = true,
    swappable: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "RelatedMacro")

/// Makes a property the row that several columns together refer to; the columns are fields of
/// their own.
///
///     @ForeignObject(from: ["tenant_id", "user_id"], to: ["tenant_id", "id"], onDelete: .cascade)
///     var user: RelatedOne<User>
///
/// Django: `ForeignObject`.
///
/// - Parameters:
///   - verboseName: the name for people.
///   - name: the name in Django's spelling, where it does not follow from the property's.
///   - from: the names of the fields of this model.
///   - to: the names of the fields of the target.
///   - onDelete: what happens to the row when the row it refers to is deleted.
///   - isNullable: whether it may lead nowhere.
///   - relatedName: the name of the way back in templates and lookups.
///   - relatedQueryName: the name of the way back in lookups.
@attached(accessor)
@attached(peer, names: prefixed(_))
public macro ForeignObject(
    _ verboseName: String = "",
    name: String = "",
    from: [String],
    to: [String],
    onDelete: DeleteRule,
    isNullable: Bool = false,
    relatedName: String? = nil,
    relatedQueryName: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "RelatedMacro")

/// Makes a property the row of whichever model that the row refers to, by a content type and a key.
///
///     @ForeignKey(onDelete: .cascade) var contentType: ContentType.Reference
///     var objectID: Int
///     @GenericForeignKey(\Tag.contentType, \Tag.objectID) var object: GenericObject<Tag>
///
///     try await tag.object.find()
///     try await Tag.objects.prefetch(\.object).all()
///     try await Tag.object.point(&tag, to: lion)          // refers to the lion
///
/// - Parameters:
///   - contentType: the key path of the foreign key to the content type.
///   - objectID: the key path of the field that holds the row's key.
///   - forConcreteModel: whether rows of proxies count as rows of the model whose table they are in.
@attached(accessor)
@attached(peer, names: prefixed(_), overloaded)
public macro GenericForeignKey(_ contentType: Any, _ objectID: Any, forConcreteModel: Bool = true) =
    #externalMacro(module: "NuagesMacros", type: "RelatedMacro")

/// Gives the way back of a relation a name.
///
///     @Reverse(\Choice.question) var choices: RelatedSet<Choice>
///     @Reverse(\Bar.place) var bar: RelatedOne<Bar>            // of a one-to-one relation
///     @Reverse(\Book.authors) var books: RelatedSet<Book>      // of many-to-many relations
///
/// - Parameter relation: the key path of the other model's relation.
@attached(accessor)
@attached(peer, names: prefixed(_))
public macro Reverse(_ relation: Any) =
    #externalMacro(module: "NuagesMacros", type: "RelatedMacro")
