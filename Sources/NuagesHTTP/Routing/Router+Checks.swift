public import NuagesCore

extension Router {
    /// Checks the routes: patterns, names and namespaces.
    ///
    /// - Returns: Django's `urls` messages where it has them, and ours: `urls.W101` for a view
    ///   that no path reaches, `urls.W102` for a name that stands twice.
    public func check() -> [CheckMessage] {
        sources.flatMap(Self.check) + repeatedNamespaces(names, in: []) + repeatedNames()
            + unreachable()
    }

    /// Checks the layers that routes have of their own.
    ///
    /// - Parameter forDeployment: whether to look at what matters where the site is open to all.
    /// - Returns: what the layers found, each once.
    public func checkLayers(forDeployment: Bool) -> [CheckMessage] {
        var messages: [CheckMessage] = []
        for layer in routes.flatMap(\.options.layers) {
            for message in layer.check(forDeployment: forDeployment)
            where !messages.contains(message) { messages.append(message) }
        }
        return messages
    }

    /// Checks that the names used in templates and elsewhere exist.
    ///
    /// - Parameter names: names with their namespaces, and where each is used.
    /// - Returns: `urls.E101` for each that no route has.
    public func check(names: [(name: String, location: String)]) -> [CheckMessage] {
        names.filter { !hasName($0.name) }.map { name, location in
            let known = patterns.compactMap(\.viewName)
            let nearest = NearestName.of(name, in: known)
            return CheckMessage(
                .error,
                id: "urls.E101",
                "No route is called '\(name)'.",
                hint: nearest.map { "Did you mean '\($0)'?" }
                    ?? "Choices are: \(known.joined(separator: ", ")).",
                object: location
            )
        }
    }

    // MARK: One pattern

    private static func check(_ source: RouteSource) -> [CheckMessage] {
        let pattern = source.route.pattern.description
        var messages = source.route.pattern.problems.map { message($0, pattern) }
        let described = source.route.name.map { "'\(pattern)' [name='\($0)']" } ?? "'\(pattern)'"
        if pattern.utf8.first == 0x2F {
            messages.append(
                CheckMessage(
                    .warning,
                    id: "urls.W002",
                    "Your URL pattern \(described) has a route beginning with a '/'. Remove this "
                        + "slash as it is unnecessary. If this pattern is targeted in an "
                        + "include(), ensure the include() pattern has a trailing '/'.",
                    object: pattern
                )
            )
        }
        if let name = source.route.name, name.utf8.contains(0x3A) {
            messages.append(
                CheckMessage(
                    .warning,
                    id: "urls.W003",
                    "Your URL pattern \(described) has a name including a ':'. Remove the colon, "
                        + "to avoid ambiguous namespace references.",
                    object: pattern
                )
            )
        }
        if pattern.containsBytes("(?P<") || pattern.utf8.first == 0x5E || pattern.utf8.last == 0x24
        {
            messages.append(
                CheckMessage(
                    .warning,
                    id: "2_0.W001",
                    "Your URL pattern \(described) has a route that contains '(?P<', begins with "
                        + "a '^', or ends with a '$'. It is a path, not a regular expression.",
                    object: pattern
                )
            )
        }
        return messages
    }

    private static func message(_ problem: RoutePatternProblem, _ pattern: String) -> CheckMessage {
        switch problem {
        case .unclosedBracket:
            bracket("<", pattern)
        case .unopenedBracket:
            bracket(">", pattern)
        case .whitespace(let inner):
            error("URL route '\(pattern)' cannot contain whitespace in '<\(inner)>'.", pattern)
        case .invalidName(let name):
            error("URL route '\(pattern)' uses parameter name '\(name)' which is no name.", pattern)
        case .duplicateName(let name):
            error("URL route '\(pattern)' uses the name '\(name)' twice.", pattern)
        case .unknownConverter(let name):
            error("URL route '\(pattern)' uses invalid converter '\(name)'.", pattern)
        }
    }

    private static func bracket(_ bracket: String, _ pattern: String) -> CheckMessage {
        CheckMessage(
            .warning,
            id: "urls.W010",
            "Your URL pattern '\(pattern)' has an unmatched '\(bracket)' bracket.",
            object: pattern
        )
    }

    private static func error(_ text: String, _ pattern: String) -> CheckMessage {
        CheckMessage(.error, id: "urls.E004", text, object: pattern)
    }

    // MARK: Names

    // As deep as namespaces are nested.
    private func repeatedNamespaces(_ node: NamespaceNode, in path: [String]) -> [CheckMessage] {
        var messages = node.repeated.map { name in
            let full = (path + [name]).joined(separator: ":")
            return CheckMessage(
                .warning,
                id: "urls.W005",
                "URL namespace '\(full)' isn't unique. You may not be able to reverse all URLs in "
                    + "this namespace.",
                hint: "Give each include a namespace of its own: include: …, namespace: \"…\"."
            )
        }
        for (key, child) in node.children.sorted(by: { $0.key.name < $1.key.name }) {
            messages += repeatedNamespaces(child, in: path + [key.name])
        }
        return messages
    }

    /// Names that stand twice with the same arguments, so that only the last can be reversed.
    private func repeatedNames() -> [CheckMessage] {
        var seen: [ByteKey: String] = [:]
        var messages: [CheckMessage] = []
        for route in routes {
            guard let name = route.name else { continue }
            let full = (route.namespaces + [name]).joined(separator: ":")
            let key = ByteKey("\(full)(\(route.captureNames.sorted().joined(separator: ",")))")
            if let other = seen[key], !other.equalsBytes(route.pattern) {
                messages.append(
                    CheckMessage(
                        .warning,
                        id: "urls.W102",
                        "The name '\(full)' stands for '\(other)' and for '\(route.pattern)', which "
                            + "take the same arguments. reverse finds the last one.",
                        hint: "Rename one of the routes.",
                        object: route.pattern
                    )
                )
            }
            seen[key] = route.pattern
        }
        return messages
    }

    // MARK: Reachability

    private func unreachable() -> [CheckMessage] {
        routes.compactMap { route in
            guard let other = routeInFront(of: route) else { return nil }
            return CheckMessage(
                .warning,
                id: "urls.W101",
                "No path reaches the URL pattern '\(route.pattern)': '\(other.pattern)' stands in "
                    + "front of it and matches the same paths.",
                hint: "Move '\(route.pattern)' in front of '\(other.pattern)', or remove it.",
                object: route.pattern
            )
        }
    }

    /// The route that takes every sample path of `route`, if one does.
    private func routeInFront(of route: CompiledRoute) -> CompiledRoute? {
        var winner: CompiledRoute?
        for sample in route.samplePaths() {
            guard let first = route.methods.first,
                let match = resolve(sample, method: first), match.compiled !== route,
                match.compiled.order < route.order, winner == nil || winner === match.compiled
            else { return nil }
            winner = match.compiled
        }
        return winner
    }
}

extension CompiledRoute {
    /// Paths that this route matches, unlike each other: a route in front that takes all of them
    /// leaves nothing.
    fileprivate func samplePaths() -> [String] {
        (0..<3).map { variant in
            groups.joined().reduce(into: "/") { path, segment in
                switch segment {
                case .literal(let bytes): path += String(decoding: bytes, as: UTF8.self)
                case .capture(let converter, _): path += converter.characters.sample(variant)
                }
            }
        }
    }
}

extension PathCharacters {
    /// A text that matches; the variants differ in length and letters.
    fileprivate func sample(_ variant: Int) -> String {
        if shape == .uuid { return "0123abcd-0000-4000-8000-00000000000\(variant)" }
        let members = (UInt8(0x21)...0x7E).filter { contains($0) }
        guard !members.isEmpty else { return "" }
        let count = min(maximum, max(minimum, [1, 4, 25][variant]))
        // From the ends and the middle of the set, so that `str` shows more than digits.
        let start = [0, members.count / 2, members.count - 1][variant]
        let bytes = (0..<count).map { members[(start + $0 * 7) % members.count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
