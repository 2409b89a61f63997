public import NuagesCore

/// A reference to a row of a model, or of the model that a site puts in its place: what a package
/// refers to the users of a site by, whatever they are.
///
///     @Model
///     struct LogEntry {
///         @ForeignKey(onDelete: .cascade) var user: User.SwappableReference
///         var message: String
///     }
///
///     // AUTH_USER_MODEL=accounts.Member
///     try await LogEntry.objects.create(LogEntry(user: .init(member), message: "…"))
///     // "log_entry" ("user_id" … REFERENCES "accounts_member" ("id"))
///     let member = try await entry.user.get(Member.self)
///     LogEntry.objects.filter { $0.user == entry.user }
///     LogEntry.objects.filter(lookups: ["user__email": "ada@example.org"])
///
/// Django: `ForeignKey(settings.AUTH_USER_MODEL)`.
public struct SwappableReference<Standard: Model>: Sendable, Hashable {
    /// The key of the row.
    public let key: SQLValue

    /// A reference to a row.
    ///
    /// - Parameter row: the row, which is saved.
    /// - Throws: ``UsageError/wrongModel(found:expected:)`` for a row of a model that is not in place;
    ///   ``ModelError/unsaved(model:)``.
    public init<M: Model>(_ row: M) throws {
        try Self.check(M.self)
        key = try row.id.saved().sqlValue
    }

    /// A reference to the row with a key.
    ///
    /// - Parameter id: the key.
    /// - Throws: as ``init(_:)``.
    public init<M: Model>(_ id: PrimaryKey<M>) throws {
        try Self.check(M.self)
        key = try id.saved().sqlValue
    }

    /// The row, of whichever model is in place.
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)``, ``DatabaseError``; ``UsageError`` where the setting
    ///   names no model.
    public func get() async throws -> any Model {
        func row<M: Model>(of model: M.Type) async throws -> any Model {
            try await M.baseManager.get(try id(of: M.self))
        }
        return try await row(of: try Standard.modelInPlace)
    }

    /// The row, of a model that is known to be in place.
    ///
    /// - Parameter model: the model.
    /// - Returns: the row.
    /// - Throws: ``UsageError/wrongModel(found:expected:)`` where another one is; as ``get()``.
    public func get<M: Model>(_ model: M.Type) async throws -> M {
        try await M.baseManager.get(try id(of: model))
    }

    /// The key of the row, of a model that is known to be in place.
    ///
    /// - Parameter model: the model.
    /// - Returns: the key.
    /// - Throws: ``UsageError/wrongModel(found:expected:)`` where another one is.
    public func id<M: Model>(of model: M.Type) throws -> PrimaryKey<M> {
        try Self.check(model)
        var id = PrimaryKey<M>.unsaved
        try key.withColumn { column throws(DecodingFailure) in id = try PrimaryKey(column: column) }
        return id
    }

    private static func check<M: Model>(_ model: M.Type) throws(UsageError) {
        let label = Standard.labelInPlace
        guard M.info.concrete.label.utf8.elementsEqual(label.utf8) else {
            throw .wrongModel(found: M.label, expected: label)
        }
    }
}

extension SwappableReference: FieldValue {
    /// `ForeignKey`.
    public static var fieldType: FieldType { .foreignKey }

    /// Reads the key, of the kind that the model in place has.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        func key<M: Model>(of model: M.Type) throws(DecodingFailure) -> SQLValue {
            try M.KeyValue(column: column).sqlValue
        }
        guard let model = try? Standard.modelInPlace else { throw DecodingFailure() }
        self.key = try key(of: model)
    }

    /// The key.
    public var sqlValue: SQLValue { key }
}

/// The type of a foreign key's property that leads to a model or the one in its place: a reference,
/// optional or not.
public protocol SwappableKey: FieldValue {
    /// The model whose place another may take.
    associatedtype Standard: Model
}

extension SwappableReference: SwappableKey {}

extension Optional: SwappableKey where Wrapped: SwappableKey {
    /// The model whose place another may take.
    public typealias Standard = Wrapped.Standard
}

extension ModelDeclaration {
    /// A foreign key to a model, or to the one that a site puts in its place.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - configure: sets options of the schema.
    public mutating func foreignKey<Key: SwappableKey>(
        _ name: String,
        _ keyPath: any WritableKeyPath<Part, Key> & Sendable,
        onDelete: DeleteRule,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        swappable(FieldSchema(name, .foreignKey), keyPath, onDelete, configure)
    }

    /// A reference that only one row may hold, to a model or to the one that a site puts in its place.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - keyPath: the property.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - configure: sets options of the schema.
    public mutating func oneToOne<Key: SwappableKey>(
        _ name: String,
        _ keyPath: any WritableKeyPath<Part, Key> & Sendable,
        onDelete: DeleteRule,
        configure: (inout FieldSchema) -> Void = { _ in }
    ) {
        swappable(FieldSchema(name, .oneToOneField), keyPath, onDelete, configure)
    }

    private mutating func swappable<Key: SwappableKey>(
        _ schema: FieldSchema,
        _ keyPath: any WritableKeyPath<Part, Key> & Sendable,
        _ onDelete: DeleteRule,
        _ configure: (inout FieldSchema) -> Void
    ) {
        var schema = schema
        schema.isNullable = Key.isNullable
        schema.relation = Relation(to: Key.Standard.labelInPlace, onDelete: onDelete)
        schema.relation?.swappableSetting = Key.Standard.schema.swappable
        configure(&schema)
        content.add(ModelField(schema, path(keyPath)))
    }
}
