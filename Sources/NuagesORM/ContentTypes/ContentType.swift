public import NuagesCore
import Synchronization

/// A model as a row, so that rows can refer to rows of any model.
///
///     let type = try await ContentType.of(Animal.self)
///     type.appLabel       // "zoo"
///     type.model          // "animal"
///
/// Its table is that of Django's `django.contrib.contenttypes`, and so are its rows.
@Model(
    app: "contenttypes",
    table: "django_content_type",
    uniqueTogether: [["app_label", "model"]],
    verboseName: "content type",
    verboseNamePlural: "content types"
)
public struct ContentType {
    /// The label of the model's app.
    @Field(maxLength: 100) public var appLabel: String
    /// The model's name in lower case.
    @Field("python model class name", maxLength: 100) public var model: String
}

extension ContentType {
    /// The label of the model: `zoo.animal`.
    public var modelLabel: String { "\(appLabel).\(model)" }

    /// The model; nil where the program has none of the name any more.
    public var modelType: (any Model.Type)? { ModelRegistry.model(labelled: modelLabel) }

    /// The row of a model; it is made where there is none.
    ///
    /// It is asked for once for each database. Django: `ContentType.objects.get_for_model`.
    ///
    /// - Parameters:
    ///   - type: the model.
    ///   - forConcreteModel: whether a proxy has the row of the model whose table it shows.
    /// - Returns: the row.
    /// - Throws: ``DatabaseError``.
    public static func of(
        _ type: any Model.Type,
        forConcreteModel: Bool = true
    ) async throws -> ContentType {
        let info = forConcreteModel ? type.info.concrete : type.info
        let database = try Database.current
        if let known = database.core.contentTypes[info.label] { return known }
        let (app, name) = (info.schema.app, info.schema.name.lowercased())
        let found = try await find(app, name)
        // Rows that a transaction made may vanish with it.
        if !database.isInTransaction { database.core.contentTypes[info.label] = found }
        return found
    }

    private static func find(_ app: String, _ name: String) async throws -> ContentType {
        let rows = objects.filter { $0.appLabel == app && $0.model == name }
        if let found = try await rows.first() { return found }
        // Another program may make it at the same time.
        try await objects.bulkCreate(
            [ContentType(appLabel: app, model: name)],
            ignoringConflicts: true
        )
        return try await rows.get()
    }

    /// Forgets the rows that were found, as tests do that empty the table.
    ///
    /// Django: `ContentType.objects.clear_cache`.
    ///
    /// - Throws: ``DatabaseError`` where no database is configured.
    public static func forgetKnown() throws { try Database.current.core.contentTypes.removeAll() }

    /// Whether a row is that of a model, without knowing its key.
    static func condition(_ path: [String], _ info: ModelInfo) -> ExpressionNode {
        .all([
            .condition(path + ["app_label"], .value(.text(info.schema.app))),
            .condition(path + ["model"], .value(.text(info.schema.name.lowercased()))),
        ])
    }
}

/// The content types of a database that are known, by the labels of models.
final class KnownContentTypes: Sendable {
    private let types = Mutex<[String: ContentType]>([:])

    subscript(label: String) -> ContentType? {
        get { types.withLock { $0[label] } }
        set { types.withLock { $0[label] = newValue } }
    }

    func removeAll() { types.withLock { $0.removeAll() } }
}
