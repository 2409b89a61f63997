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
            throw UnsupportedCase("there is no URL configuration '\(name)'")
        }
        let language = call.item["language"]?.text ?? "en-us"
        return try ActiveLanguage.$current.withValue(language) {
            switch call.item.function {
            case "url.resolve": return try resolve(call, router)
            case "url.reverse": return try reverse(call, router)
            default: throw UnsupportedCase("no feature for \(call.item.function)")
            }
        }
    }

    private static func resolve(_ call: FunctionCall, _ router: Router) throws -> JSONValue? {
        guard let match = router.resolve(try call.text(0)) else { throw Refusal() }
        let keywords = match.allKeywordArguments.entries.map { entry in
            let isOwn = match.keywordArguments.contains { $0.name == entry.key }
            let extra = isOwn ? nil : URLConfigurations.extra(entry.value)
            return (
                entry.key,
                extra ?? URLConfigurations.extra(match.extra[entry.key]) ?? value(entry.value)
            )
        }
        return Canonical.dictionary([
            ("url_name", match.urlName.map { .string($0) } ?? .null),
            ("args", .array(match.positionalArguments.map { $0.map(value) ?? .null })),
            ("kwargs", Canonical.dictionary(keywords)),
            (
                "captured_kwargs",
                Canonical.dictionary(match.ownKeywordArguments.map { ($0.name, value($0.value)) })
            ),
            ("app_names", Canonical.strings(match.appNames)),
            ("namespaces", Canonical.strings(match.namespaces)), ("route", .string(match.route)),
        ])
    }

    private static func value(_ argument: PathArgument) -> JSONValue {
        value(argument.contextValue)
    }

    private static func value(_ argument: ContextValue) -> JSONValue {
        switch argument {
        case .int(let number): .int(number)
        case .string(let text): .string(text)
        case .uuid(let uuid):
            .object([
                JSONValue.Member("t", .string("uuid")),
                JSONValue.Member("v", .string(uuid.uuidString.lowercased())),
            ])
        default: .string("\(argument)")
        }
    }

    private static func reverse(_ call: FunctionCall, _ router: Router) throws -> JSONValue? {
        let positional = try (call.keyword("args")?.elements ?? []).map(argument)
        let named = try Canonical.pairs(call.keyword("kwargs")).map { ($0.0, try argument($0.1)) }
        return .string(
            try router.reverse(
                try call.text(0),
                positional: positional,
                named: named,
                currentApp: call.keyword("current_app")?.text,
                scriptPrefix: call.item["script_prefix"]?.text ?? "/",
                query: try call.keyword("query").flatMap(query),
                fragment: call.keyword("fragment")?.text
            )
        )
    }

    /// A query from a dictionary or a `QueryDict`; a text stands for itself.
    private static func query(_ value: JSONValue) throws -> QueryDict? {
        if let text = value.text { return try QueryDict(query: text) }
        var query: QueryDict = [:]
        let pairs = value["v"]?.elements ?? value.elements ?? []
        for pair in pairs {
            guard let pair = pair.elements ?? pair["v"]?.elements, pair.count == 2 else { continue }
            let name = try argument(pair[0]).description
            let values = pair[1].elements ?? pair[1]["v"]?.elements ?? [pair[1]]
            query.setList(
                name,
                query.list(name) + (try values.map { try argument($0).description })
            )
        }
        return query
    }

    private static func argument(_ value: JSONValue) throws -> PathArgument {
        switch value {
        case .int(let number): return .int(number)
        case .string(let text): return .string(text)
        case .bool(let flag): return .string(flag ? "True" : "False")
        case .null: return .string("None")
        case .double(let number): return .string("\(number)")
        default:
            if value.tag == "uuid", let uuid = value["v"]?.text.flatMap({ UUID(uuidString: $0) }) {
                return .uuid(uuid)
            }
            if ["safe", "float", "int", "decimal", "lazy", "date"].contains(value.tag ?? ""),
                let text = value["v"]?.text
            {
                return .string(text)
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
    private let routers: [String: Router]

    private init() {
        guard let path = Self.path, let text = try? String(contentsOfFile: path, encoding: .utf8)
        else {
            configurations = nil
            routers = [:]
            return
        }
        let parsed = try? JSONValue(parsing: text)
        configurations = parsed
        let reader = URLConfigurationReader(configurations: parsed)
        var routers: [String: Router] = [:]
        for member in parsed?.members ?? [] {
            if let routes = reader.routes(named: member.name) {
                routers[member.name] = Router(routes)
            }
        }
        self.routers = routers
    }

    /// The router of a configuration.
    func router(_ name: String) -> Router? { routers[name] }

    /// An extra argument as the case has it; it was kept as JSON text.
    static func extra(_ value: ContextValue?) -> JSONValue? {
        guard case .string(let text)? = value, text.hasPrefix(URLConfigurationReader.mark) else {
            return nil
        }
        return try? JSONValue(parsing: String(text.dropFirst(URLConfigurationReader.mark.count)))
    }
}

/// Makes routes of the entries of a configuration.
struct URLConfigurationReader {
    /// Stands in front of extra arguments that are kept as JSON text.
    static let mark = "json:"

    let configurations: JSONValue?

    /// The routes of a list of entries.
    func routes(_ entries: [JSONValue]) -> Routes? { routes(entries, depth: 0) }

    func routes(named name: String) -> Routes? {
        configurations?[name]?.elements.flatMap { routes($0, depth: 0) }
    }

    // A configuration may include itself; eight levels are deeper than any case looks.
    private func routes(_ entries: [JSONValue], depth: Int) -> Routes? {
        guard depth < 5 else { return Routes([]) }
        var routes: [Route] = []
        for entry in entries {
            guard let route = route(entry, depth: depth) else { return nil }
            routes.append(route)
        }
        return Routes(routes)
    }

    private func route(_ entry: JSONValue, depth: Int) -> Route? {
        guard let kind = entry["kind"]?.text else { return nil }
        if kind == "locale_prefix" {
            guard let inner = included(entry, depth) else { return nil }
            return i18nPatterns(
                defaultLanguage: "en-us",
                prefixDefaultLanguage: entry["prefix_default_language"]?.flag ?? true
            ) { inner }
        }
        guard let text = entry["route"]?.text else { return nil }
        let pattern =
            kind == "re_path"
            ? RoutePattern(untypedRegex: text)
            : RoutePattern(text, converter: { ErasedConverter(named: $0) })
        var route: Route
        if entry["include"] != nil {
            guard var inner = included(entry, depth) else { return nil }
            inner.namespace = entry["app_name"]?.text
            route = Route(
                pattern: pattern,
                include: inner,
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
        return route.extra(Self.extra(defaults))
    }

    private func included(_ entry: JSONValue, _ depth: Int) -> Routes? {
        guard let include = entry["include"],
            let entries = include.elements
                ?? include["ref"]?.text.flatMap({ configurations?[$0]?.elements })
        else { return nil }
        return routes(entries, depth: depth + 1)
    }

    /// Plain values as they are, so that `reverse` can compare them; others as JSON text.
    private static func extra(_ defaults: JSONValue) -> ContextDictionary {
        var extra = ContextDictionary()
        for member in defaults.members ?? [] {
            switch member.value {
            case .int(let number): extra[member.name] = .int(number)
            case .string(let text): extra[member.name] = .string(text)
            default:
                extra[member.name] = .string(
                    mark + String(decoding: member.value.jsonBytes(style: .python), as: UTF8.self)
                )
            }
        }
        return extra
    }
}
