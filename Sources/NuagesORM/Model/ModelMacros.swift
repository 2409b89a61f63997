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
///   - name: the model's name, where it is not the type's.
///   - table: the table (`db_table`).
///   - key: the type of the primary key, where it is not a number.
///   - keyKind: the kind of the primary key, where it is not a `BigAutoField`.
///   - compositeKey: the names of the fields that are the primary key together.
///   - proxy: whether it shows the table of its one `@Parent` in another way.
///   - ordering: the order of query sets that give none: names, with `-` for descending, and
///     expressions.
///   - orderWithRespectTo: the foreign key within which rows have an order of their own.
///   - indexes: the indexes.
///   - constraints: the constraints.
///   - uniqueTogether: groups of fields that are unique together.
///   - verboseName: the name for people.
///   - verboseNamePlural: the name of several for people.
///   - latestBy: the fields that `latest` and `earliest` use.
///   - isManaged: whether migrations make the table.
///   - defaultRelatedName: the `relatedName` of relations that give none.
///   - permissions: the permissions besides the default ones.
///   - defaultPermissions: the default permissions; nil for add, change, delete and view.
///   - tableComment: a comment on the table.
///   - tablespace: the tablespace of the table.
///   - baseManagerName: the static property whose rows foreign keys lead to.
///   - defaultManagerName: the static property whose rows related sets and generic views show.
///   - requiredDatabaseVendor: the only kind of database where the model has a table.
///   - requiredDatabaseFeatures: what a database must be able to do for the model to have a table.
///   - selectsOnSave: whether `save` asks for the row before it updates it.
///   - swappable: the setting that may name another model in its place.
///   - isFrozen: whether it is a model as it was, for ``MigrationData/objects(_:)``: no model of the
///     program.
@attached(member, names: named(id), named(init), named(_order))
@attached(
    extension,
    conformances: Model,
    names: named(label),
    named(meta),
    named(KeyValue),
    named(Key),
    named(Fields),
    named(init(row:)),
    named(encode),
    named(contextMember),
    named(defaultManager),
    named(baseManager),
    named(abstractParts),
    named(path),
    named(subscript)
)
public macro Model(
    app: String = "",
    name: String = "",
    table: String? = nil,
    key: (any ModelKey.Type)? = nil,
    keyKind: FieldType? = nil,
    compositeKey: [String] = [],
    proxy: Bool = false,
    ordering: [OrderingTerm] = [],
    orderWithRespectTo: String? = nil,
    indexes: [IndexSchema] = [],
    constraints: [ConstraintSchema] = [],
    uniqueTogether: [[String]] = [],
    verboseName: String? = nil,
    verboseNamePlural: String? = nil,
    latestBy: [String] = [],
    isManaged: Bool = true,
    defaultRelatedName: String? = nil,
    permissions: [PermissionSchema] = [],
    defaultPermissions: [String]? = nil,
    tableComment: String? = nil,
    tablespace: String? = nil,
    baseManagerName: String? = nil,
    defaultManagerName: String? = nil,
    requiredDatabaseVendor: String? = nil,
    requiredDatabaseFeatures: [DatabaseFeature] = [],
    selectsOnSave: Bool = false,
    swappable: String? = nil,
    isFrozen: Bool = false
) = #externalMacro(module: "NuagesMacros", type: "ModelMacro")

/// Makes a struct a set of fields that models can have by `@Inherited`.
///
///     @AbstractModel(ordering: ["city"])
///     struct Contact {
///         @Field(maxLength: 100) var street: String
///         var city = ""
///     }
///
/// A model takes the options too, and may give its own in their place. `%(class)s` in a
/// `relatedName` stands for the model's name. Managers, and ways of saving, that several models
/// share are those of a protocol that refines `Model`. A manager that is named here is a static
/// function that narrows down what a model shows:
///
///     @AbstractModel(defaultManagerName: "published")
///     struct Publishable {
///         var isPublished = false
///
///         static func published<M: Model>(_ rows: QuerySet<M>) -> QuerySet<M> {
///             rows.filter(Publishable.self) { $0.isPublished }
///         }
///     }
///
/// - Parameters:
///   - ordering: the order of query sets that give none.
///   - orderWithRespectTo: the foreign key within which rows have an order of their own.
///   - indexes: the indexes.
///   - constraints: the constraints.
///   - uniqueTogether: groups of fields that are unique together.
///   - latestBy: the fields that `latest` and `earliest` use.
///   - defaultRelatedName: the `relatedName` of relations that give none.
///   - permissions: the permissions besides the default ones.
///   - defaultPermissions: the default permissions; nil for add, change, delete and view.
///   - verboseName: the name for people.
///   - verboseNamePlural: the name of several for people.
///   - isManaged: whether migrations make the tables.
///   - tableComment: a comment on the tables.
///   - tablespace: the tablespace of the tables.
///   - requiredDatabaseVendor: the only kind of database where the models have tables.
///   - baseManagerName: the static function whose rows foreign keys lead to.
///   - defaultManagerName: the static function whose rows related sets and generic views show.
///   - requiredDatabaseFeatures: what a database must be able to do for the models to have tables.
///   - selectsOnSave: whether `save` asks for the row before it updates it.
@attached(member, names: named(init), named(_order))
@attached(
    extension,
    conformances: AbstractModel,
    names: named(declare),
    named(Fields),
    named(init(row:)),
    named(encode),
    named(contextMember),
    named(readOrder),
    named(encodeOrder),
    named(defaultManager),
    named(baseManager),
    named(path),
    named(subscript)
)
public macro AbstractModel(
    ordering: [OrderingTerm] = [],
    orderWithRespectTo: String? = nil,
    indexes: [IndexSchema] = [],
    constraints: [ConstraintSchema] = [],
    uniqueTogether: [[String]] = [],
    latestBy: [String] = [],
    defaultRelatedName: String? = nil,
    permissions: [PermissionSchema] = [],
    defaultPermissions: [String]? = nil,
    verboseName: String? = nil,
    verboseNamePlural: String? = nil,
    isManaged: Bool = true,
    tableComment: String? = nil,
    tablespace: String? = nil,
    baseManagerName: String? = nil,
    defaultManagerName: String? = nil,
    requiredDatabaseVendor: String? = nil,
    requiredDatabaseFeatures: [DatabaseFeature] = [],
    selectsOnSave: Bool = false
) = #externalMacro(module: "NuagesMacros", type: "AbstractModelMacro")

/// Makes a property the row of a parent model, whose fields are the model's own too.
///
///     @Model @dynamicMemberLookup
///     struct Restaurant {
///         @Parent var place: Place
///         var servesPizza = false
///     }
///     // "restaurant" ("place_ptr_id" … REFERENCES "place" ("id"), "serves_pizza" …)
///     restaurant.name                              // the same as restaurant.place.name
///     Restaurant.objects.filter { $0.name == "Rome" }
///
/// The rows of the parent are in its own table; the link is the primary key. Queries know the
/// parent's fields in any case; `@dynamicMemberLookup` lets values know them too. Under
/// `@Model(proxy: true)` there is no table of the model's own.
///
/// Django: multi-table inheritance, and `OneToOneField(parent_link=True)`.
///
/// - Parameters:
///   - verboseName: the name of the link for people.
///   - name: the name of the link, where it is not the parent's with `_ptr`.
///   - column: the column where it is not the name with `_id`.
///   - relatedName: the name of the way from the parent to the row.
///   - relatedQueryName: the name of the way from the parent in lookups.
@attached(peer)
public macro Parent(
    _ verboseName: String = "",
    name: String = "",
    column: String? = nil,
    relatedName: String? = nil,
    relatedQueryName: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "FieldMacro")

/// Makes a property the fields of an abstract model, which are columns of the model's own table.
///
///     @Inherited var contact: Contact
@attached(peer)
public macro Inherited() = #externalMacro(module: "NuagesMacros", type: "FieldMacro")
