/// The fields and options of a model.
///
/// Django: `Model._meta`.
public final class ModelMeta<M: Model>: Sendable {
    let info: ModelInfo
    /// The fields in order.
    public let fields: [ModelField<M>]
    /// The relations of other models that lead here, as the model names them.
    public let reverses: [ReverseField<M>]
    let statements: StandardStatements

    /// The fields and options of a model.
    ///
    /// - Parameters:
    ///   - name: the model's name.
    ///   - fields: the fields in order, the primary key among them.
    ///   - reverses: the relations of other models that lead here.
    ///   - configure: sets options of the schema.
    public init(
        _ name: String,
        _ fields: [ModelField<M>],
        reverses: [ReverseField<M>] = [],
        configure: (inout ModelSchema) -> Void = { _ in }
    ) {
        let app = String(Substring(M.label.utf8.prefix { $0 != UInt8(ascii: ".") }))
        var schema = ModelSchema(app: app, name: name, fields: fields.map(\.schema))
        configure(&schema)
        self.fields = fields
        self.reverses = reverses
        info = ModelInfo(schema: schema, type: M.self, targets: fields.map(\.target))
        statements = StandardStatements(info)
        ModelRegistry.noticed(
            [M.self] + fields.compactMap(\.target) + reverses.map(\.source)
        )
    }

    /// The field that `keyPath` leads to.
    ///
    /// - Parameter keyPath: a stored property of the model.
    /// - Returns: the field; nil for a property that is none.
    public func field(_ keyPath: PartialKeyPath<M>) -> ModelField<M>? {
        fields.first { $0.keyPath == keyPath }
    }
}
