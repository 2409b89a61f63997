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
        database.keep([found], label: info.label)
        return found
    }

    /// The rows with some keys; those that are known need no query, the others one.
    static func rows(
        _ keys: [ContentType.KeyValue],
        _ database: Database
    ) async throws -> [ContentType.KeyValue: ContentType] {
        var found: [ContentType.KeyValue: ContentType] = [:]
        for key in keys { found[key] = database.core.contentTypes[key: key] }
        let others = keys.filter { found[$0] == nil }
        guard !others.isEmpty else { return found }
        let rows = try await objects.using(database)
            .filter { $0.id.isIn(others.map { PrimaryKey($0) }) }.all()
        database.keep(rows)
        for row in rows { if let key = row.id.value { found[key] = row } }
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

extension Database {
    /// Remembers content types, and which one a model has.
    fileprivate func keep(_ types: [ContentType], label: String? = nil) {
        // Rows that a transaction made may vanish with it.
        guard !isInTransaction else { return }
        for type in types {
            if let label { core.contentTypes[label] = type }
            if let key = type.id.value { core.contentTypes[key: key] = type }
        }
    }
}

/// The content types of a database that are known, by the labels of models and by their keys.
final class KnownContentTypes: Sendable {
    private struct Types {
        var byLabel: [String: ContentType] = [:]
        var byKey: [ContentType.KeyValue: ContentType] = [:]
    }

    private let types = Mutex(Types())

    subscript(label: String) -> ContentType? {
        get { types.withLock { $0.byLabel[label] } }
        set { types.withLock { $0.byLabel[label] = newValue } }
    }

    subscript(key key: ContentType.KeyValue) -> ContentType? {
        get { types.withLock { $0.byKey[key] } }
        set { types.withLock { $0.byKey[key] = newValue } }
    }

    func removeAll() { types.withLock { $0 = Types() } }
}
