/// What is known of a model: its names, fields, indexes and constraints.
///
/// `@Model` writes it; it can be written by hand, and the dynamic forms of queries, the schema
/// editor and the migrations work on it alone.
public struct ModelSchema: Sendable, Hashable {
    /// The label of the app, `polls`.
    public var app: String
    /// The name, `Question`.
    public var name: String
    /// The table where it is not `app_model` (`db_table`).
    public var databaseTable: String?
    /// The fields in order, the primary key among them.
    public var fields: [FieldSchema]
    /// The order of query sets that give none (`ordering`); nil is the parent's order.
    public var orderingTerms: [OrderingTerm]?
    /// The indexes (`indexes`).
    public var indexes: [IndexSchema] = []
    /// The constraints (`constraints`).
    public var constraints: [ConstraintSchema] = []
    /// Groups of fields that are unique together (`unique_together`).
    public var uniqueTogether: [[String]] = []
    /// The name for people (`verbose_name`).
    public var verboseName: String?
    /// The name of several for people (`verbose_name_plural`).
    public var verboseNamePlural: String?
    /// Whether migrations make the table (`managed`).
    public var isManaged = true
    /// The fields that `latest` and `earliest` use (`get_latest_by`).
    public var latestBy: [String] = []
    /// The default `related_name` of relations from this model (`default_related_name`).
    public var defaultRelatedName: String?
    /// A comment on the table (`db_table_comment`).
    public var tableComment: String?
    /// The labels of the models it inherits from, `polls.question`; empty for a model of its own.
    public var bases: [String] = []
    /// Whether it is another face of its base's table (`proxy`).
    public var isProxy = false
    /// The foreign key within which rows have an order of their own (`order_with_respect_to`).
    public var orderWithRespectTo: String?
    /// The setting that may name another model in its place (`swappable`).
    public var swappable: String?
    /// The tablespace of the table (`db_tablespace`).
    public var databaseTablespace: String?
    /// The permissions besides the default ones (`permissions`).
    public var permissions: [PermissionSchema] = []
    /// The default permissions, where they are not add, change, delete and view (`default_permissions`).
    public var defaultPermissions: [String]?
    /// The manager that relations use (`base_manager_name`).
    public var baseManagerName: String?
    /// The manager that the admin and generic views use (`default_manager_name`).
    public var defaultManagerName: String?
    /// The only kind of database where the model has a table (`required_db_vendor`): `sqlite`,
    /// `postgresql` or `mysql`.
    public var requiredDatabaseVendor: String?
    /// What a database must be able to do for the model to have a table (`required_db_features`).
    public var requiredDatabaseFeatures: [DatabaseFeature] = []
    /// Whether `save` asks for the row before it updates it (`select_on_save`).
    public var selectsOnSave = false

    /// A model with Django's default options.
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - name: the name.
    ///   - fields: the fields in order, the primary key among them.
    public init(app: String, name: String, fields: [FieldSchema]) {
        self.app = app
        self.name = name
        self.fields = fields
    }

    /// The names among ``orderingTerms``, with `-` for descending; setting none takes them away.
    public var ordering: [String] {
        get {
            (orderingTerms ?? []).compactMap { term in
                if case .name(let name) = term { name } else { nil }
            }
        }
        set { orderingTerms = newValue.isEmpty ? nil : newValue.map { .name($0) } }
    }

    /// The table's name.
    public var table: String { databaseTable ?? "\(app)_\(name.lowercased())" }
    /// `polls.question`, as relations name it.
    public var label: String { "\(app).\(name.lowercased())" }
}

/// A permission that a model defines.
public struct PermissionSchema: Sendable, Hashable {
    /// The name in code, such as `can_publish`.
    public var codename: String
    /// The name for people.
    public var name: String

    /// A permission.
    ///
    /// - Parameters:
    ///   - codename: the name in code.
    ///   - name: the name for people.
    public init(_ codename: String, _ name: String) {
        self.codename = codename
        self.name = name
    }
}
