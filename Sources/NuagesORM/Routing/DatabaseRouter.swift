/// Chooses among the databases of a program.
///
///     struct ReportsRouter: DatabaseRouter {
///         func dbForRead(_ model: ModelSchema) -> String? { model.app == "reports" ? "reports" : nil }
///         func dbForWrite(_ model: ModelSchema) -> String? { dbForRead(model) }
///         func allowMigrate(_ database: String, app: String, model: String?) -> Bool? {
///             (app == "reports") == (database == "reports")
///         }
///     }
///
/// Each method may have no opinion, which is nil: then the next router is asked, and after the last
/// one Django's rule holds. `using(_:)` and `use(_:)` are stronger than any router.
///
/// Django: a database router.
public protocol DatabaseRouter: Sendable {
    /// The name of the database that rows of a model are read from.
    ///
    /// - Parameter model: the model.
    /// - Returns: the name; nil for no opinion.
    func dbForRead(_ model: ModelSchema) -> String?

    /// The name of the database that rows of a model are written to; also of rows that are read to
    /// be locked or changed.
    ///
    /// - Parameter model: the model.
    /// - Returns: the name; nil for no opinion.
    func dbForWrite(_ model: ModelSchema) -> String?

    /// Whether rows of two models may refer to each other; `check` asks it for each relation.
    ///
    /// - Parameters:
    ///   - first: the model that refers.
    ///   - second: the model that is referred to.
    /// - Returns: whether they may; nil for no opinion.
    func allowRelation(_ first: ModelSchema, _ second: ModelSchema) -> Bool?

    /// Whether an operation of a migration runs on a database.
    ///
    /// - Parameters:
    ///   - database: the name of the database.
    ///   - app: the label of the app.
    ///   - model: the model's name in lower case; nil for an operation on none, such as `RunSQL`.
    /// - Returns: whether it does; nil for no opinion.
    func allowMigrate(_ database: String, app: String, model: String?) -> Bool?
}

extension DatabaseRouter {
    /// No opinion.
    public func dbForRead(_ model: ModelSchema) -> String? { nil }
    /// No opinion.
    public func dbForWrite(_ model: ModelSchema) -> String? { nil }
    /// No opinion.
    public func allowRelation(_ first: ModelSchema, _ second: ModelSchema) -> Bool? { nil }
    /// No opinion.
    public func allowMigrate(_ database: String, app: String, model: String?) -> Bool? { nil }
}
