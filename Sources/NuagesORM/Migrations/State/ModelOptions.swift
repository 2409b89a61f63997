/// The options of a model that change nothing in the database but what code sees of it.
public struct ModelOptions: Sendable, Hashable {
    /// The name for people (`verbose_name`).
    public var verboseName: String?
    /// The name of several for people (`verbose_name_plural`).
    public var verboseNamePlural: String?
    /// The order of query sets that give none (`ordering`).
    public var ordering: [String]
    /// Whether migrations make the table (`managed`).
    public var isManaged: Bool
    /// The fields that `latest` and `earliest` use (`get_latest_by`).
    public var latestBy: [String]
    /// The default `related_name` of relations from this model (`default_related_name`).
    public var defaultRelatedName: String?
    /// The permissions besides the default ones (`permissions`).
    public var permissions: [PermissionSchema]
    /// The default permissions (`default_permissions`).
    public var defaultPermissions: [String]?
    /// The manager that relations use (`base_manager_name`).
    public var baseManagerName: String?
    /// The manager that the admin and generic views use (`default_manager_name`).
    public var defaultManagerName: String?
    /// Whether `save` asks for the row before it updates it (`select_on_save`).
    public var selectsOnSave: Bool

    /// Options; those not given have Django's defaults.
    ///
    /// - Parameters:
    ///   - verboseName: the name for people.
    ///   - verboseNamePlural: the name of several for people.
    ///   - ordering: the order of query sets that give none.
    ///   - isManaged: whether migrations make the table.
    ///   - latestBy: the fields that `latest` and `earliest` use.
    ///   - defaultRelatedName: the default `related_name` of relations from this model.
    ///   - permissions: the permissions besides the default ones.
    ///   - defaultPermissions: the default permissions.
    ///   - baseManagerName: the manager that relations use.
    ///   - defaultManagerName: the manager that the admin and generic views use.
    ///   - selectsOnSave: whether `save` asks for the row before it updates it.
    public init(
        verboseName: String? = nil,
        verboseNamePlural: String? = nil,
        ordering: [String] = [],
        isManaged: Bool = true,
        latestBy: [String] = [],
        defaultRelatedName: String? = nil,
        permissions: [PermissionSchema] = [],
        defaultPermissions: [String]? = nil,
        baseManagerName: String? = nil,
        defaultManagerName: String? = nil,
        selectsOnSave: Bool = false
    ) {
        self.verboseName = verboseName
        self.verboseNamePlural = verboseNamePlural
        self.ordering = ordering
        self.isManaged = isManaged
        self.latestBy = latestBy
        self.defaultRelatedName = defaultRelatedName
        self.permissions = permissions
        self.defaultPermissions = defaultPermissions
        self.baseManagerName = baseManagerName
        self.defaultManagerName = defaultManagerName
        self.selectsOnSave = selectsOnSave
    }

    package init(of model: ModelSchema) {
        self.init(
            verboseName: model.verboseName,
            verboseNamePlural: model.verboseNamePlural,
            ordering: model.ordering,
            isManaged: model.isManaged,
            latestBy: model.latestBy,
            defaultRelatedName: model.defaultRelatedName,
            permissions: model.permissions,
            defaultPermissions: model.defaultPermissions,
            baseManagerName: model.baseManagerName,
            defaultManagerName: model.defaultManagerName,
            selectsOnSave: model.selectsOnSave
        )
    }

    func assign(to model: inout ModelSchema) {
        model.verboseName = verboseName
        model.verboseNamePlural = verboseNamePlural
        model.ordering = ordering
        model.isManaged = isManaged
        model.latestBy = latestBy
        model.defaultRelatedName = defaultRelatedName
        model.permissions = permissions
        model.defaultPermissions = defaultPermissions
        model.baseManagerName = baseManagerName
        model.defaultManagerName = defaultManagerName
        model.selectsOnSave = selectsOnSave
    }
}
