public import NuagesCore

/// There is no URL of this name with these arguments.
///
/// Django: `NoReverseMatch`.
public enum ReverseError: Error, Sendable, CustomStringConvertible {
    /// No route has this name.
    case unknownName(String, choices: [String])
    /// There is no such namespace.
    case unknownNamespace(String, inside: String?)
    /// Routes have this name, but not with these arguments.
    case argumentsDoNotFit(name: String, arguments: String, patterns: [String])

    /// What was asked for, and what there is.
    public var description: String {
        switch self {
        case .unknownName(let name, let choices):
            "No route is called '\(name)'."
                + (choices.isEmpty ? "" : " Choices are: \(choices.joined(separator: ", ")).")
        case .unknownNamespace(let name, let outer):
            "'\(name)' is not a registered namespace"
                + (outer.map { " inside '\($0)'." } ?? ".")
        case .argumentsDoNotFit(let name, let arguments, let patterns):
            "The route '\(name)' does not take the arguments (\(arguments)). Its patterns are: "
                + "\(patterns.joined(separator: ", "))."
        }
    }
}

extension Router {
    /// The path of the route called `name`.
    ///
    ///     try router.reverse("polls:detail", 5)                      // /polls/5/
    ///     try router.reverse("polls:index", query: ["page": ["2"]])  // /polls/?page=2
    ///
    /// - Parameters:
    ///   - name: the name with its namespaces.
    ///   - arguments: the values of the pattern, in order.
    ///   - query: what stands behind `?`.
    ///   - fragment: what stands behind `#`.
    /// - Returns: the path, percent-encoded, beginning with one slash.
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String,
        _ arguments: any PathArgumentConvertible...,
        query: QueryDict? = nil,
        fragment: String? = nil
    ) throws(ReverseError) -> String {
        try reverse(
            name,
            positional: arguments.map(\.pathArgument),
            query: query,
            fragment: fragment
        )
    }

    /// The path of the route called `name`, with the values of the pattern by position or by name.
    ///
    /// - Parameters:
    ///   - name: the name with its namespaces.
    ///   - positional: the values in order; empty where `named` are given.
    ///   - named: the values by name; also extra arguments of the route, which have to be equal.
    ///   - currentApp: the instance namespace that is preferred for an application namespace.
    ///   - scriptPrefix: the path below which the site lies, with a slash at both ends.
    ///   - query: what stands behind `?`.
    ///   - fragment: what stands behind `#`; as in Django it is not encoded, but for control
    ///     characters.
    /// - Returns: the path, percent-encoded, beginning with one slash.
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String,
        positional: [PathArgument],
        named: [(String, PathArgument)] = [],
        currentApp: String? = nil,
        scriptPrefix: String = "/",
        query: QueryDict? = nil,
        fragment: String? = nil
    ) throws(ReverseError) -> String {
        let isPlain = !name.utf8.contains(0x3A)
        let node = isPlain ? names : try namespace(of: name, currentApp: currentApp)
        let last = isPlain ? name : name.split(onByte: 0x3A).last ?? name
        guard let candidates = node.routes[ByteKey(last)] else {
            throw .unknownName(name, choices: nearestNames(name))
        }
        // Django tries the route that was defined last first.
        for index in candidates.reversed() {
            if let path = routes[index].reversal?.path(
                positional,
                named,
                scriptPrefix: scriptPrefix
            ) {
                return Self.adding(query, fragment, to: path)
            }
        }
        let given =
            positional.map(\.description) + named.map { "\($0.0)=\($0.1.description)" }
        throw .argumentsDoNotFit(
            name: name,
            arguments: given.joined(separator: ", "),
            patterns: candidates.map { routes[$0].pattern }
        )
    }

    private static func adding(_ query: QueryDict?, _ fragment: String?, to path: String) -> String
    {
        guard query != nil || fragment != nil else { return path }
        var url = path
        if let text = query?.urlencoded(), !text.isEmpty { url += "?" + text }
        guard let fragment else { return url }
        var output: [UInt8] = []
        for byte in fragment.utf8 {
            if byte < 0x20 || byte == 0x7F {
                output += PercentCoding.encode(String(Unicode.Scalar(byte))).utf8
            } else {
                output.append(byte)
            }
        }
        return url + "#" + String(decoding: output, as: UTF8.self)
    }

    private func namespace(
        of name: String,
        currentApp: String?
    ) throws(ReverseError) -> NamespaceNode {
        var node = names
        var passed: [String] = []
        var current = currentApp.map { $0.split(onByte: 0x3A)[...] }
        for part in name.split(onByte: 0x3A).dropLast() {
            let preferred = current?.popFirst()
            var namespace = part
            if let instances = node.instances[ByteKey(part)] {
                if let preferred, instances.contains(where: { $0.equalsBytes(preferred) }) {
                    namespace = preferred
                } else if !instances.contains(where: { $0.equalsBytes(part) }) {
                    namespace = instances.last ?? part
                }
            }
            if let preferred, !preferred.equalsBytes(namespace) { current = nil }
            guard let inner = node.children[ByteKey(namespace)] else {
                throw .unknownNamespace(
                    namespace,
                    inside: passed.isEmpty ? nil : passed.joined(separator: ":")
                )
            }
            passed.append(namespace)
            node = inner
        }
        return node
    }

    /// The names that differ least from `name`, at most five.
    private func nearestNames(_ name: String) -> [String] {
        let last = name.split(onByte: 0x3A).last ?? name
        let all = patterns.compactMap(\.viewName)
        let close = all.filter { candidate in
            (candidate.split(onByte: 0x3A).last ?? candidate).equalsIgnoringASCIICase(last)
        }
        return Array((close.isEmpty ? all : close).prefix(5))
    }

    /// Whether some route has this name, whatever its arguments.
    ///
    /// - Parameter name: the name with its namespaces.
    /// - Returns: true where `reverse` could find it.
    public func hasName(_ name: String) -> Bool {
        guard let node = try? namespace(of: name, currentApp: nil) else { return false }
        return node.routes[ByteKey(name.split(onByte: 0x3A).last ?? name)] != nil
    }

    /// Whether some route of this name takes so many values, or values of these names.
    ///
    /// - Parameters:
    ///   - name: the name with its namespaces.
    ///   - positionalCount: how many values are given by position.
    ///   - named: the names of the values that are given by name.
    /// - Returns: false where ``reverse(_:positional:named:currentApp:scriptPrefix:query:fragment:)``
    ///   fails whatever the values are.
    public func takes(_ name: String, positionalCount: Int, named: [String]) -> Bool {
        guard let node = try? namespace(of: name, currentApp: nil),
            let candidates = node.routes[ByteKey(name.split(onByte: 0x3A).last ?? name)]
        else { return false }
        return candidates.contains { index in
            routes[index].reversal?.takes(positionalCount: positionalCount, named: named) == true
        }
    }

    /// The path of the page that answers `path`, in another language.
    ///
    ///     router.translate("/en/about/", to: "nl")      // /nl/about/
    ///
    /// Django: `django.urls.translate_url`.
    ///
    /// - Parameters:
    ///   - path: a decoded path, in the language that is active.
    ///   - language: the code of the other language.
    /// - Returns: the path in that language; `path` itself, encoded, where no named route answers
    ///   it.
    public func translate(_ path: String, to language: String) -> String {
        guard let match = resolve(path), match.urlName != nil else {
            return PercentCoding.encode(path, safe: .path)
        }
        return ActiveLanguage.$current.withValue(language) {
            let reversed = try? reverse(
                match.viewName,
                positional: match.keywordArguments.isEmpty
                    ? match.positionalArguments.compactMap(\.self) : [],
                named: match.keywordArguments.map { ($0.name, $0.value) }
            )
            return reversed ?? PercentCoding.encode(path, safe: .path)
        }
    }
}
