/// A field or relation of a model, where a method takes what has a name: `only`, `bulkUpdate`,
/// `selectRelated`.
public protocol NamedField: Sendable {
    /// The names that lead to it, as lookups spell them; underscored, since a field may be called
    /// `names`.
    var _names: [String] { get }
}

extension FieldExpression: NamedField {
    /// The names of the relations that lead to the field, and its own.
    public var _names: [String] { path.names + [name] }
}

extension RelationFields {
    /// The names of the relations.
    public var _names: [String] { relationKey.path.names }
}

extension NamedField {
    /// The path in Django's spelling: `author__name`; empty for the model itself.
    var lookupPath: String { _names.joined(separator: "__") }
}

extension Model {
    /// The fields as a query begins with them.
    static var queryFields: Fields { Fields(path: RelationPath()) }
}
