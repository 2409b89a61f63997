import NuagesCore

/// One field of a natural key.
public struct NaturalKeyPart<M: Model, Value: Sendable>: Sendable {
    let part: NaturalKeyParts<M>.Part
    /// Adds what is given for the field to a key.
    let append: @Sendable (Value, inout NaturalKeyValue<M>) -> Void
}

/// The fields of a natural key, without the types of their values.
public struct NaturalKeyParts<M: Model>: Sendable {
    struct Part: Sendable {
        let keyPath: any PartialKeyPath<M> & Sendable
        /// The model that a foreign key leads to, where it stands for its natural key.
        var target: (any NaturallyKeyed.Type)?
        /// The fields of the target's natural key; the number tells how many models lead to it.
        var nodes: (@Sendable (Int) throws -> [NaturalKeyNode])?
        /// Adds the natural key of the row that a foreign key leads to.
        var follow: (@Sendable (M, inout NaturalKeyValue<M>) async throws -> Void)?

        init(_ keyPath: any PartialKeyPath<M> & Sendable) { self.keyPath = keyPath }

        /// The field; nil for a property that is none.
        var schema: FieldSchema? { M.meta.field(keyPath)?.schema }
    }

    let list: [Part]

    /// What the fields are called, with those of the foreign keys' targets.
    ///
    /// It is made when it is needed, as natural keys of several models may need each other.
    func nodes(depth: Int = 0) throws -> [NaturalKeyNode] {
        guard depth < 16 else {
            throw UsageError.notAllowed(
                """
                The natural key of \(M.schema.name) leads back to itself; leave out the foreign \
                key, or let it lead to a model whose key does not.
                """
            )
        }
        return try list.map { part in
            guard let schema = part.schema,
                let column = M.info.members.columnNamed(schema.name)
            else {
                throw UsageError.notAllowed(
                    "The natural key of \(M.schema.name) names a property that is no field."
                )
            }
            guard let nodes = part.nodes else {
                return .field(schema.name, ValueType(column))
            }
            return .reference(schema.name, try nodes(depth + 1))
        }
    }

    /// The natural key of a row; rows that foreign keys lead to are fetched where they are not
    /// loaded.
    func key(of row: M) async throws -> NaturalKeyValue<M> {
        var key = NaturalKeyValue<M>(unchecked: [])
        for part in list {
            if let follow = part.follow {
                try await follow(row, &key)
            } else {
                key.append(value: M.meta.field(part.keyPath)?.value(of: row) ?? .null)
            }
        }
        return key
    }
}

/// A field of a natural key, as queries know it.
indirect enum NaturalKeyNode: Sendable {
    case field(String, ValueType)
    /// A foreign key with the natural key of the model it leads to.
    case reference(String, [NaturalKeyNode])

    /// How many values stand for it.
    var width: Int {
        switch self {
        case .field: 1
        case .reference(_, let nodes): nodes.width
        }
    }
}

extension [NaturalKeyNode] {
    /// How many values stand for the fields.
    var width: Int { reduce(0) { $0 + $1.width } }

    /// The condition that a row has some values.
    func condition(_ values: ArraySlice<SQLValue>, _ path: [String] = []) -> [ExpressionNode] {
        var rest = values
        return flatMap { node -> [ExpressionNode] in
            let own = rest.prefix(node.width)
            rest = rest.dropFirst(node.width)
            switch node {
            case .field(let name, _):
                return [Self.condition(path + [name], own.first ?? .null)]
            case .reference(let name, let nodes):
                if own.allSatisfy({ $0 == .null }) { return [Self.isNull(path + [name])] }
                return nodes.condition(own, path + [name])
            }
        }
    }

    private static func condition(_ path: [String], _ value: SQLValue) -> ExpressionNode {
        value == .null ? isNull(path) : .condition(path + ["exact"], .value(value))
    }

    private static func isNull(_ path: [String]) -> ExpressionNode {
        .condition(path + ["isnull"], .value(.bool(true)))
    }

    /// The paths of the foreign keys.
    func relatedPaths(_ path: [String] = []) -> [String] {
        flatMap { node -> [String] in
            guard case .reference(let name, let nodes) = node else { return [] }
            let inner = nodes.relatedPaths(path + [name])
            return inner.isEmpty ? [(path + [name]).joined(separator: "__")] : inner
        }
    }

    /// Values as the fields hold them.
    func converted(_ values: [SQLValue], _ model: ModelSchema) throws(FieldError) -> [SQLValue] {
        let leaves = self.leaves
        guard leaves.count == values.count else {
            throw .invalidValue(
                field: "natural key of \(model.name)",
                expected: "a list of \(leaves.count) values"
            )
        }
        var result: [SQLValue] = []
        for ((name, type), value) in zip(leaves, values) {
            guard value != .null else {
                result.append(.null)
                continue
            }
            guard let converted = type.converted(value) else {
                throw .invalidValue(field: name, expected: type.field.rawValue)
            }
            result.append(converted)
        }
        return result
    }

    private var leaves: [(String, ValueType)] {
        flatMap { node -> [(String, ValueType)] in
            switch node {
            case .field(let name, let type): [(name, type)]
            case .reference(_, let nodes): nodes.leaves
            }
        }
    }
}

/// Makes a ``NaturalKey`` of key paths, one on each line.
@resultBuilder
public enum NaturalKeyBuilder {
    /// A field.
    ///
    /// - Parameter field: the key path of the property.
    /// - Returns: the field with what its value stands for.
    public static func buildExpression<M: Model, Value: FieldValue>(
        _ field: any KeyPath<M, Value> & Sendable
    ) -> NaturalKeyPart<M, Value> {
        NaturalKeyPart(part: .init(field)) { value, key in key.append(value) }
    }

    /// A foreign key to a model that has a natural key itself, which stands for it.
    ///
    /// - Parameter relation: the key path of the foreign key.
    /// - Returns: the foreign key with the other model's natural key.
    public static func buildExpression<M: Model, Target: NaturallyKeyed>(
        _ relation: any KeyPath<M, ModelReference<Target>> & Sendable
    ) -> NaturalKeyPart<M, NaturalKeyValue<Target>> {
        let part = Self.part(relation, to: Target.self) { $0[keyPath: relation] }
        return NaturalKeyPart(part: part) { value, key in key.append(value) }
    }

    /// A foreign key that may lead nowhere, to a model that has a natural key itself.
    ///
    /// - Parameter relation: the key path of the foreign key.
    /// - Returns: the foreign key with the other model's natural key.
    public static func buildExpression<M: Model, Target: NaturallyKeyed>(
        _ relation: any KeyPath<M, ModelReference<Target>?> & Sendable
    ) -> NaturalKeyPart<M, NaturalKeyValue<Target>?> {
        let part = Self.part(relation, to: Target.self) { $0[keyPath: relation] }
        return NaturalKeyPart(part: part) { value, key in
            guard let value else {
                return key.append(nulls: (try? Target.naturalKey.parts.nodes().width) ?? 1)
            }
            key.append(value)
        }
    }

    private static func part<M: Model, Target: NaturallyKeyed>(
        _ keyPath: any PartialKeyPath<M> & Sendable,
        to target: Target.Type,
        _ reference: @escaping @Sendable (M) -> ModelReference<Target>?
    ) -> NaturalKeyParts<M>.Part {
        var part = NaturalKeyParts<M>.Part(keyPath)
        part.target = target
        part.nodes = { depth in try Target.naturalKey.parts.nodes(depth: depth) }
        part.follow = { row, key in
            guard let reference = reference(row) else {
                return key.append(nulls: try Target.naturalKey.parts.nodes().width)
            }
            key.append(try await Target.naturalKey.parts.key(of: try await reference.get()))
        }
        return part
    }

    /// All fields of the key.
    ///
    /// - Parameter parts: the fields in their order.
    /// - Returns: the fields.
    public static func buildBlock<M: Model, each Value: Sendable>(
        _ parts: repeat NaturalKeyPart<M, each Value>
    ) -> (repeat NaturalKeyPart<M, each Value>) { (repeat each parts) }
}
