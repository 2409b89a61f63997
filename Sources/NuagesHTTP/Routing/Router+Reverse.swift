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
    ///     try router.reverse("polls:detail", 5)     // /polls/5/
    ///
    /// - Parameters:
    ///   - name: the name with its namespaces.
    ///   - arguments: the values of the pattern, in order.
    /// - Returns: the path, percent-encoded, beginning with one slash.
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String,
        _ arguments: any PathArgumentConvertible...
    ) throws(ReverseError) -> String {
        try reverse(name, positional: arguments.map(\.pathArgument))
    }

    /// The path of the route called `name`, with the values of the pattern by position or by name.
    ///
    /// - Parameters:
    ///   - name: the name with its namespaces.
    ///   - positional: the values in order; empty where `named` are given.
    ///   - named: the values by name.
    ///   - currentApp: the instance namespace that is preferred for an application namespace.
    /// - Returns: the path, percent-encoded, beginning with one slash.
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String,
        positional: [PathArgument],
        named: [(String, PathArgument)] = [],
        currentApp: String? = nil
    ) throws(ReverseError) -> String {
        let node = try namespace(of: name, currentApp: currentApp)
        let last = name.split(onByte: 0x3A).last ?? name
        guard let candidates = node.routes[ByteKey(last)] else {
            throw .unknownName(name, choices: nearestNames(name))
        }
        // Django tries the route that was defined last first.
        for index in candidates.reversed() {
            if let path = routes[index].path(positional, named) { return path }
        }
        let given =
            positional.map(\.description) + named.map { "\($0.0)=\($0.1.description)" }
        throw .argumentsDoNotFit(
            name: name,
            arguments: given.joined(separator: ", "),
            patterns: candidates.map { routes[$0].pattern }
        )
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
                    namespace = instances[0]
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
}

extension CompiledRoute {
    /// The path with these values, or nil where they do not fit.
    func path(_ positional: [PathArgument], _ named: [(String, PathArgument)]) -> String? {
        guard positional.isEmpty || named.isEmpty,
            positional.count + named.count == captureNames.count
        else { return nil }
        var output: [UInt8] = [0x2F]
        var position = 0
        for segment in groups.joined() {
            switch segment {
            case .literal(let bytes):
                PercentCoding.append(
                    String(decoding: bytes, as: UTF8.self),
                    safe: .reversed,
                    to: &output
                )
            case .capture(let converter, _):
                let name = captureNames[position]
                let argument =
                    named.isEmpty
                    ? positional[position] : named.first { $0.0.equalsBytes(name) }?.1
                guard let argument, let text = converter.text(for: argument) else { return nil }
                PercentCoding.append(text, safe: .reversed, to: &output)
                position += 1
            }
        }
        // `//host` would be another site for a browser (CVE-2014-0480).
        if output.count > 1, output[1] == 0x2F {
            output.replaceSubrange(1...1, with: [0x25, 0x32, 0x46])
        }
        return String(decoding: output, as: UTF8.self)
    }
}
