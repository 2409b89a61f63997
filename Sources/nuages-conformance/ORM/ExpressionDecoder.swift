import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Builds expressions and conditions from JSON.
struct ExpressionDecoder {
    let queries: QueryDecoder

    func expression(_ json: JSONValue) async throws -> DynamicExpression {
        guard json.members != nil, json.tag == nil else { return try await value(json) }
        if let path = json["k"]?.text {
            return .condition(path, try await operand(json["v"] ?? .null))
        }
        if let parts = json["and"] { return .allOf(try await conditions(parts)) }
        if let parts = json["or"] { return .anyOf(try await conditions(parts)) }
        if let parts = json["xor"] { return .oddCountOf(try await conditions(parts)) }
        if let part = json["not"] { return .not(try await expression(part)) }
        if let name = json["f"]?.text { return .field(name) }
        if let name = json["outer"]?.text { return .outer(name) }
        if let value = json["val"] { return try await typedValue(value, json) }
        if let sign = json["op"]?.text { return try await operation(sign, json) }
        if let name = json["fn"]?.text { return try await function(name, json) }
        if let query = json["query"] { return .subquery(try await queries.query(query).query) }
        if let query = json["subquery"] {
            return .subquery(try await queries.query(query).query, as: type(json["out"]))
        }
        if let query = json["exists"] { return .exists(try await queries.query(query).query) }
        if let inner = json["wrap"] {
            let inner = try await expression(inner)
            return type(json["out"]).map { inner.typed($0) } ?? inner
        }
        if let lookup = json["lookup"]?.text {
            let left = try await expression(json["lhs"] ?? .null)
            return .lookup(lookup, left, try await operand(json["rhs"] ?? .null))
        }
        return try await structured(json)
    }

    private func structured(_ json: JSONValue) async throws -> DynamicExpression {
        if let branches = json["case"]?.elements {
            var decoded: [(condition: DynamicExpression, result: DynamicExpression)] = []
            for branch in branches {
                let parts = branch.elements ?? []
                guard parts.count == 2 else { throw UnsupportedCase("a case") }
                decoded.append((try await expression(parts[0]), try await expression(parts[1])))
            }
            var fallback: DynamicExpression?
            if let json = json["default"] { fallback = try await expression(json) }
            return .cases(decoded, default: fallback, as: type(json["out"]))
        }
        if let inner = json["window"] {
            return .window(
                try await expression(inner),
                partition: try await list(json["partition_by"] ?? .array([])),
                ordering: try await queries.orderings(json["order_by"] ?? .array([])),
                frame: try frame(json["frame"]),
                as: type(json["out"])
            )
        }
        throw UnsupportedCase("an expression of \((json.members ?? []).map(\.name))")
    }

    /// What a lookup compares with.
    func operand(_ json: JSONValue) async throws -> DynamicExpression {
        let items = json.tag == "set" ? json["v"]?.elements : json.elements
        guard let items else { return try await expression(json) }
        var list: [DynamicExpression] = []
        for item in items { list.append(try await operand(item)) }
        return .list(list)
    }

    /// Conditions of a group: each is a `Q`, and so a group of its own.
    private func conditions(_ json: JSONValue) async throws -> [DynamicExpression] {
        var list: [DynamicExpression] = []
        for item in json.elements ?? [] {
            let part = try await expression(item)
            list.append(item["k"] == nil ? part : .allOf([part]))
        }
        return list
    }

    private func list(_ json: JSONValue) async throws -> [DynamicExpression] {
        var list: [DynamicExpression] = []
        for item in json.elements ?? [] { list.append(try await expression(item)) }
        return list
    }

    private func value(_ json: JSONValue) async throws -> DynamicExpression {
        if json.tag == "obj" || json.tag == "ref" {
            return .row(try await queries.state.instance(json).row)
        }
        if json.elements != nil || json.tag == "set" { return try await operand(json) }
        return .value(try ORMValue.decode(json))
    }

    private func typedValue(_ value: JSONValue, _ json: JSONValue) async throws -> DynamicExpression
    {
        guard let type = type(json["out"]) else { return try await self.value(value) }
        if value.tag == "obj" { return try await self.value(value) }
        return .value(try ORMValue.decode(value), as: type)
    }

    private func operation(_ sign: String, _ json: JSONValue) async throws -> DynamicExpression {
        let arguments = try await list(json["args"] ?? .array([]))
        if sign == "neg", let argument = arguments.first {
            return .combined(argument, .multiply, .value(.int(-1)))
        }
        guard arguments.count == 2, let operation = ArithmeticOperator(rawValue: sign) else {
            throw UnsupportedCase("the operator '\(sign)'")
        }
        return .combined(arguments[0], operation, arguments[1])
    }

    private static let aggregates: Set<String> = [
        "Count", "Sum", "Avg", "Min", "Max", "StdDev", "Variance", "AnyValue", "BitAnd", "BitOr",
        "BitXor", "StringAgg",
    ]

    private func function(_ name: String, _ json: JSONValue) async throws -> DynamicExpression {
        guard Self.aggregates.contains(name) else { return try await scalar(name, json) }
        var arguments: [DynamicExpression] = []
        for argument in json["args"]?.elements ?? [] {
            arguments.append(argument == .string("*") ? .all : try await expression(argument))
        }
        var filter: DynamicExpression?
        // The second argument of `Count` is its filter.
        if name == "Count", arguments.count == 2 { filter = arguments.removeLast() }
        if let json = json["filter"] { filter = try await expression(json) }
        var fallback: DynamicExpression?
        if let json = json["default"] { fallback = try await expression(json) }
        return .aggregate(
            name,
            arguments,
            distinct: json["distinct"]?.flag == true,
            filter: filter,
            default: fallback,
            ordering: try await queries.orderings(json["order_by"] ?? .array([])),
            isSample: json["kw"]?["sample"]?.flag == true,
            as: type(json["out"])
        )
    }

    /// Paths into JSON documents, which have forms of their own.
    private func documentKey(
        _ name: String,
        _ json: JSONValue
    ) async throws -> DynamicExpression? {
        let arguments = json["args"]?.elements ?? []
        switch name {
        case "KT":
            var parts = (arguments.first?.text ?? "").split(separator: "__").map(String.init)
            let field = parts.removeFirst()
            return .key(of: .field(field), parts, asText: true)
        case "KeyTransform":
            guard arguments.count == 2, let key = arguments.first?.text else { return nil }
            return .key(of: try await expression(arguments[1]), [key])
        case "JSONNull": return .value(.json(.null))
        default: return nil
        }
    }

    private func scalar(_ name: String, _ json: JSONValue) async throws -> DynamicExpression {
        if let key = try await documentKey(name, json) { return key }
        var options: [String: SQLValue] = [:]
        var arguments: [DynamicExpression] = []
        for argument in json["args"]?.elements ?? [] {
            arguments.append(try await expression(argument))
        }
        for member in json["kw"]?.members ?? [] {
            options[member.name] = try ORMValue.decode(member.value)
        }
        for field in json["fields"]?.elements ?? [] {
            guard let pair = field.elements, pair.count == 2 else { continue }
            arguments.append(try await expression(pair[0]))
            arguments.append(try await expression(pair[1]))
        }
        return .function(name, arguments, options: options, as: type(json["out"]))
    }

    private func frame(_ json: JSONValue?) throws -> WindowFrame? {
        guard let json, let unit = json["type"]?.text else { return nil }
        return WindowFrame(
            unit == "rows" ? .rows : .range,
            from: json["start"]?.number,
            to: json["end"]?.number,
            excluding: json["exclusion"]?.text.flatMap(WindowFrame.Exclusion.init(rawValue:))
        )
    }

    func type(_ json: JSONValue?) -> ValueType? {
        guard let name = json?["type"]?.text else { return nil }
        return ValueType(
            FieldType(rawValue: name),
            maxDigits: json?["max_digits"]?.number,
            decimalPlaces: json?["decimal_places"]?.number,
            maxLength: json?["max_length"]?.number
        )
    }
}
