import NuagesCore

/// Comparisons of JSON documents and of what stands under their keys.
///
/// Source: Django's `fields/json.py`.
struct JSONLookups {
    private let writer: NodeWriter
    private var dialect: any SQLDialect { writer.dialect }

    init(_ writer: NodeWriter) { self.writer = writer }

    /// The comparison, or nil where JSON has no way of its own.
    func sql(_ node: LookupNode) throws -> SQL? {
        let isKey = JSONPaths.isKey(node.left)
        let isText = node.left.type?.family == .text
        if isKey, isText, writer.features.hasJSONType { return try text(node) }
        switch node.lookup {
        case .contains where !isText, .containedBy: return try containment(node)
        case .hasKey: return try hasKeys(node, separator: nil)
        case .hasKeys: return try hasKeys(node, separator: " AND ")
        case .hasAnyKeys: return try hasKeys(node, separator: " OR ")
        case .isnull where isKey: return try keyTest(node)
        case .iexact where isKey && node.right.isNull:
            return try exact(
                LookupNode(lookup: .exact, left: asJSON(node.left), right: .value(.null))
            )
        case .exact: return try exact(node)
        case .in: return try membership(node)
        case .gt, .gte, .lt, .lte: return isKey ? try order(node) : nil
        case .range where isKey && !isText && dialect.comparesJSONRangesAsScalars:
            return try range(node)
        case .icontains, .startswith, .istartswith, .endswith, .iendswith, .iexact, .regex,
            .iregex:
            guard isKey, !isText else { return nil }
            return try writer.sql(
                LookupNode(
                    lookup: node.lookup,
                    left: JSONPaths.text(of: node.left),
                    right: node.right
                )
            )
        default: return nil
        }
    }

    /// A comparison of what a database with JSON of its own gives as text: as of any text, but for
    /// NULL, which stands for JSON's null.
    private func text(_ node: LookupNode) throws -> SQL? {
        guard node.lookup == .exact, node.right.isNull else { return nil }
        let null = dialect.bindOperand(.text("null"), type: .text)
        return "\(sql: try writer.left(node)) = \(sql: null)"
    }

    /// A key as JSON where it is asked for as text.
    private func asJSON(_ node: Resolved) -> Resolved {
        guard case .function(let call) = node, call.function == .keyText else { return node }
        return .function(
            FunctionNode(
                function: .keyTransform,
                arguments: call.arguments,
                options: call.options,
                type: .json
            )
        )
    }

    private func containment(_ node: LookupNode) throws -> SQL {
        guard writer.features.supportsJSONContains else {
            throw DatabaseError.notSupported(
                "The lookup '\(node.lookup)' of JSON documents is not known to this database."
            )
        }
        let left = try writer.argument(node.left)
        let right: SQL =
            switch node.right {
            case .value(let value): dialect.bindOperand(.json(try value.document()), type: .json)
            case .values(let values):
                dialect.bindOperand(
                    .json(.array(try values.map { try $0.document() })),
                    type: .json
                )
            case .expression(let expression): try writer.operand(expression)
            }
        return try node.lookup == .contains
            ? dialect.jsonContains(left, right) : dialect.jsonContains(right, left)
    }

    // MARK: Keys

    private func hasKeys(_ node: LookupNode, separator: SQL?) throws -> SQL {
        let (document, keys) = JSONPaths.path(of: node.left)
        let source = try writer.argument(document)
        let start = keys.map { JSONStep.part($0) }
        let tests = try paths(node, isSingle: separator == nil).map { path in
            try dialect.jsonHas(source, start + path)
        }
        guard let separator else { return SQL.joined(tests) }
        if tests.isEmpty {
            throw node.lookup == .hasKeys ? ConstantCondition.everything : .nothing
        }
        return "(\(sql: SQL.joined(tests, separator: separator)))"
    }

    /// The paths that are looked for, each with a name at its end.
    private func paths(_ node: LookupNode, isSingle: Bool) throws -> [[JSONStep]] {
        switch node.right {
        case .value(.json(.array(let elements))) where !isSingle:
            return try elements.map { [.key(try name(.json($0)))] }
        case .value(.text(let text)) where !isSingle:
            // As Python, which takes text for the list of its characters.
            return text.unicodeScalars.map { [.key(String($0))] }
        case .value(let value): return [[.key(try name(value))]]
        case .values(let values): return try values.map { [.key(try name($0))] }
        case .expression(.list(let nodes)): return try nodes.map { try path($0) }
        case .expression(let expression): return [try path(expression)]
        }
    }

    private func path(_ node: Resolved) throws -> [JSONStep] {
        if case .value(let value, _) = node { return [.key(try name(value))] }
        var keys = JSONPaths.path(of: node).keys
        guard let last = keys.popLast() else {
            throw UsageError.invalidValue("Keys are given as text, or as keys of a document.")
        }
        return keys.map { .part($0) } + [.key(last)]
    }

    private func name(_ value: SQLValue) throws -> String {
        switch value {
        case .json(.string(let text)): return text
        case .json(.int(let number)): return String(number)
        default: break
        }
        guard let text = value.asText else {
            throw UsageError.invalidValue("The lookup of a key takes its name.")
        }
        return text
    }

    /// Whether there is a value under the key; JSON's null is one.
    private func keyTest(_ node: LookupNode) throws -> SQL {
        guard case .value(.bool(let isNull)) = node.right else {
            throw FieldError.invalidLookup(lookup: "isnull", reason: "takes true or false")
        }
        let (document, keys) = JSONPaths.path(of: node.left)
        let steps = keys.map { JSONStep.part($0) }
        let source = try writer.argument(document)
        return try isNull ? dialect.jsonLacks(source, steps) : dialect.jsonHas(source, steps)
    }

    // MARK: Values

    private func exact(_ node: LookupNode) throws -> SQL? {
        let isKey = JSONPaths.isKey(node.left)
        let right: SQL
        switch node.right {
        case .expression(.value(let value, let type)) where type?.family == .json || isKey:
            right = try operand(value, of: node.left)
        case .expression(let expression):
            let text = try writer.operand(expression)
            right = node.left.type?.family == .json ? dialect.jsonComparable(text) : text
        case .value(let value): right = try operand(value, of: node.left)
        case .values(let values):
            right = try operand(
                .json(.array(try values.map { try $0.document() })),
                of: node.left
            )
        }
        return "\(sql: try writer.left(node)) = \(sql: right)"
    }

    /// A value that a document, or what stands under a key, is compared with.
    private func operand(_ value: SQLValue, of left: Resolved) throws -> SQL {
        guard JSONPaths.isKey(left) else {
            return dialect.bindOperand(.json(try value.document()), type: .json)
        }
        guard left.type?.family == .text else { return dialect.jsonOperand(try value.document()) }
        if value == .null { return dialect.bindOperand(.text("null"), type: .text) }
        // Text under a key is compared with a document where it is one: 14 is equal to "14".
        guard let text = value.asText, let parsed = try? JSONValue(parsing: Array(text.utf8)) else {
            return dialect.bindOperand(value, type: .text)
        }
        return dialect.jsonOperand(parsed)
    }

    private func membership(_ node: LookupNode) throws -> SQL? {
        var operands: [SQL] = []
        switch node.right {
        case .values(let values):
            var seen: Set<SQLValue> = []
            for value in values where value != .null && seen.insert(value).inserted {
                operands.append(try element(value, of: node.left))
            }
            if operands.isEmpty { throw ConstantCondition.nothing }
        case .expression(.list(let nodes)):
            for case let element in nodes {
                if case .value(let value, _) = element {
                    operands.append(try self.element(value, of: node.left))
                } else {
                    operands.append(try writer.argument(element))
                }
            }
        case .expression(let expression):
            return "\(sql: try member(node)) IN \(sql: try writer.operand(expression))"
        case .value: return nil
        }
        return "\(sql: try member(node)) IN (\(sql: SQL.joined(operands)))"
    }

    private func element(_ value: SQLValue, of left: Resolved) throws -> SQL {
        JSONPaths.isKey(left)
            ? try operand(value, of: left) : dialect.jsonOperand(try value.document())
    }

    private func member(_ node: LookupNode) throws -> SQL {
        JSONPaths.isKey(node.left)
            ? try writer.left(node) : try dialect.jsonValue(of: try writer.argument(node.left), [])
    }

    /// Numbers and text under a key are compared as such.
    private func order(_ node: LookupNode) throws -> SQL? {
        guard case .value(let value) = node.right else { return nil }
        let sign: SQL =
            switch node.lookup {
            case .gt: ">"
            case .gte: ">="
            case .lt: "<"
            default: "<="
            }
        let right = try dialect.jsonScalar(try plain(value, of: node.left))
        return "\(sql: try writer.left(node)) \(sql: sign) \(sql: right)"
    }

    private func range(_ node: LookupNode) throws -> SQL? {
        guard case .values(let values) = node.right, values.count == 2 else { return nil }
        let bounds = try values.map { try dialect.jsonScalar(try plain($0, of: node.left)) }
        return "\(sql: try writer.left(node)) BETWEEN \(sql: bounds[0]) AND \(sql: bounds[1])"
    }

    private func plain(_ value: SQLValue, of left: Resolved) throws -> JSONValue {
        var document = try value.document()
        if left.type?.family == .text, case .string(let text) = document,
            let parsed = try? JSONValue(parsing: Array(text.utf8))
        {
            document = parsed
        }
        switch document {
        case .array, .object, .null:
            throw UsageError.invalidValue("Numbers and text have an order, other JSON has none.")
        case .bool, .int, .double, .string: return document
        }
    }
}

extension SQLValue {
    /// The value as a JSON document.
    ///
    /// - Throws: ``UsageError/invalidValue(_:)`` for what JSON has no form for.
    func document() throws(UsageError) -> JSONValue {
        switch self {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        case .text(let text): return .string(text)
        case .json(let document): return document
        case .array(let elements):
            var documents: [JSONValue] = []
            for element in elements { documents.append(try element.document()) }
            return .array(documents)
        case .decimal, .blob, .date, .time, .dateTime, .duration, .uuid, .range:
            throw .invalidValue("A value of this kind has no form in JSON; give a number or text.")
        }
    }
}
