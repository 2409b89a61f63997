/// A path in the dynamic form, `choice__votes__gt`, read against a model.
struct LookupPath {
    var path = RelationPath()
    var name = ""
    var transforms: [Transform] = []
    var lookup: Lookup?
    /// The field at the end; for a relation the foreign key, or the key of the model behind it.
    var field: ModelInfo.FieldInfo

    /// Reads `text`; a lookup is allowed at its end where `allowsLookup`.
    init(_ text: String, of model: ModelInfo, allowsLookup: Bool) throws(FieldError) {
        let parts = try Self.parts(text)
        let graph = ModelRegistry.graph
        var info = model
        var index = 0
        var relations: [String] = []
        var found: ModelInfo.FieldInfo?
        /// The model whose field could have followed, where the path ends on a relation.
        var last: ModelInfo?
        while index < parts.count, found == nil {
            let name = parts[index]
            if let next = info.field(name) {
                guard let target = next.target, index + 1 < parts.count,
                    Self.isMember(parts[index + 1], of: target.info, graph)
                else {
                    found = next
                    last = next.target?.info
                    self.name = next.schema.name
                    break
                }
                relations.append(next.schema.name)
                info = target.info
            } else if let reverse = graph.reverse(name, of: info) {
                relations.append(name)
                info = reverse.source
                if index + 1 == parts.count || !Self.isMember(parts[index + 1], of: info, graph) {
                    found = info.primaryKey
                    last = info
                    self.name = info.primaryKey.schema.name
                    break
                }
            } else {
                throw .unknownField(
                    name: name,
                    model: info.schema.name,
                    choices: Self.choices(info, graph)
                )
            }
            index += 1
        }
        guard let found else {
            throw .unknownField(
                name: text,
                model: model.schema.name,
                choices: Self.choices(model, graph)
            )
        }
        field = found
        path.names = relations
        try readSuffix(Array(parts[(index + 1)...]), allowsLookup: allowsLookup, last, graph)
    }

    /// The node of a field's path; a mistake in it becomes a node that reports it.
    static func node(_ text: String, of model: ModelInfo) -> ExpressionNode {
        do throws(FieldError) {
            return try LookupPath(text, of: model, allowsLookup: false).node
        } catch {
            return .invalid(error)
        }
    }

    /// The field with its transforms.
    var node: ExpressionNode {
        transforms.reduce(.field(path, name)) { .transform($1, $0) }
    }

    private mutating func readSuffix(
        _ names: [String],
        allowsLookup: Bool,
        _ last: ModelInfo?,
        _ graph: RelationGraph
    ) throws(FieldError) {
        for (index, name) in names.enumerated() {
            let isLast = index == names.count - 1
            if isLast, allowsLookup, let lookup = Lookup(rawValue: name) {
                self.lookup = lookup
            } else if let transform = Transform(rawValue: name), last == nil, transforms.count < 8 {
                transforms.append(transform)
            } else if let last, index == 0 {
                throw .unknownField(
                    name: name,
                    model: last.schema.name,
                    choices: Self.choices(last, graph)
                )
            } else {
                let choices = Lookup.allCases.map(\.rawValue) + Transform.allCases.map(\.rawValue)
                throw .unknownLookup(name: name, field: self.name, choices: choices)
            }
        }
    }

    private static func parts(_ text: String) throws(FieldError) -> [String] {
        guard !text.isEmpty, text.utf8.count <= 1000, !text.utf8.contains(0) else {
            throw .invalidName(text)
        }
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        let underscore = UInt8(ascii: "_")
        while index < bytes.count {
            if index + 1 < bytes.count, index > start, bytes[index] == underscore,
                bytes[index + 1] == underscore
            {
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
                start = index + 2
                index = start
            } else {
                index += 1
            }
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        guard parts.count <= 64 else { throw .invalidName(text) }
        return parts
    }

    private static func isMember(
        _ name: String,
        of info: ModelInfo,
        _ graph: RelationGraph
    ) -> Bool {
        info.field(name) != nil || graph.reverse(name, of: info) != nil
    }

    static func choices(_ info: ModelInfo, _ graph: RelationGraph) -> [String] {
        info.fields.map(\.schema.name)
            + graph.reverses(of: info).map(\.queryName).filter { !$0.utf8.contains(0x2B) }
    }
}
