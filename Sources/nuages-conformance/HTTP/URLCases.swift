import NuagesCore
import NuagesHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `resolve` and `reverse` in the URL configurations of `urlconfs.json`.
enum URLCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        let name = call.item["urlconf"]?.text ?? ""
        guard let router = URLConfigurations.shared.router(name) else {
            throw UnsupportedCase("the URL configuration '\(name)' has patterns besides path()")
        }
        switch call.item.function {
        case "url.resolve": return try resolve(call, router)
        case "url.reverse": return try reverse(call, router)
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func resolve(_ call: FunctionCall, _ router: Router) throws -> JSONValue? {
        guard let match = router.resolve(try call.text(0)) else { throw Refusal() }
        let captured = match.keywordArguments.map { ($0.name, value($0.value)) }
        var keywords = captured
        for (key, _) in match.extra.entries {
            guard let extra = URLConfigurations.extra(match.extra, key) else { continue }
            keywords.removeAll { $0.0 == key }
            keywords.append((key, extra))
        }
        return Canonical.dictionary([
            ("url_name", match.urlName.map { .string($0) } ?? .null), ("args", .array([])),
            ("kwargs", Canonical.dictionary(keywords)),
            ("captured_kwargs", Canonical.dictionary(captured)),
            ("app_names", Canonical.strings(match.appNames)),
            ("namespaces", Canonical.strings(match.namespaces)), ("route", .string(match.route)),
        ])
    }

    private static func value(_ argument: PathArgument) -> JSONValue {
        switch argument {
        case .int(let number): .int(number)
        case .string(let text): .string(text)
        case .uuid(let uuid):
            .object([
                JSONValue.Member("t", .string("uuid")),
                JSONValue.Member("v", .string(uuid.uuidString.lowercased())),
            ])
        case .other(let other): .string("\(other)")
        }
    }

    private static func reverse(_ call: FunctionCall, _ router: Router) throws -> JSONValue? {
        let positional = try (call.keyword("args")?.elements ?? []).map(argument)
        let named = try Canonical.pairs(call.keyword("kwargs")).map { ($0.0, try argument($0.1)) }
        guard call.keyword("query") == nil, call.keyword("fragment") == nil else {
            throw UnsupportedCase("query and fragment of reverse")
        }
        return .string(
            try router.reverse(
                try call.text(0),
                positional: positional,
                named: named,
                currentApp: call.keyword("current_app")?.text
            )
        )
    }

    private static func argument(_ value: JSONValue) throws -> PathArgument {
        switch value {
        case .int(let number): return .int(number)
        case .string(let text): return .string(text)
        case .bool(let flag): return .string(flag ? "True" : "False")
        case .null: return .string("None")
        default:
            if value.tag == "uuid", let uuid = value["v"]?.text.flatMap({ UUID(uuidString: $0) }) {
                return .uuid(uuid)
            }
            throw UnsupportedCase("an argument is \(value)")
        }
    }
}

/// The configurations of `urlconfs.json`, read once.
struct URLConfigurations: Sendable {
    static let shared = URLConfigurations()
    /// Where the cases are: beside the file that is run.
    private static var path: String? {
        CommandLine.arguments.first { $0.hasSuffix(".jsonl") }.map { file in
            let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            return (folder + ["urlconfs.json"]).joined(separator: "/")
        }
    }

    private let configurations: JSONValue?

    private init() {
        guard let path = Self.path, let text = try? String(contentsOfFile: path, encoding: .utf8)
        else {
            configurations = nil
            return
        }
        configurations = try? JSONValue(parsing: text)
    }

    /// The router, or nil where a pattern is none of `path()`.
    func router(_ name: String) -> Router? {
        guard let entries = configurations?[name]?.elements, let routes = routes(entries, depth: 0)
        else { return nil }
        return Router(routes)
    }

    // A configuration may include itself; eight levels are deeper than any case looks.
    private func routes(_ entries: [JSONValue], depth: Int) -> Routes? {
        guard depth < 8 else { return Routes([]) }
        var routes: [Route] = []
        for entry in entries {
            guard let route = route(entry, depth: depth) else { return nil }
            routes.append(route)
        }
        return Routes(routes)
    }

    private func route(_ entry: JSONValue, depth: Int) -> Route? {
        guard entry["kind"]?.text == "path", let text = entry["route"]?.text else { return nil }
        let pattern = RoutePattern(text, converter: { ErasedConverter(named: $0) })
        var route: Route
        if let include = entry["include"] {
            let inner =
                include.elements ?? include["ref"]?.text.flatMap { configurations?[$0]?.elements }
            guard let inner, var routes = routes(inner, depth: depth + 1) else { return nil }
            routes.namespace = entry["app_name"]?.text
            route = Route(
                pattern: pattern,
                include: routes,
                namespace: entry["namespace"]?.text
            )
        } else {
            route = Route(
                pattern: pattern,
                target: { _, _ in .text("") },
                name: entry["name"]?.text
            )
        }
        guard let defaults = entry["defaults"] else { return route }
        var extra = ContextDictionary()
        for member in defaults.members ?? [] {
            extra[member.name] = .string(
                String(decoding: member.value.jsonBytes(style: .python), as: UTF8.self)
            )
        }
        return route.extra(extra)
    }

    /// An extra argument as the case has it; it was kept as JSON text.
    static func extra(_ extra: ContextDictionary, _ key: String) -> JSONValue? {
        guard case .string(let text)? = extra[key] else { return nil }
        return try? JSONValue(parsing: text)
    }
}
