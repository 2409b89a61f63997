public import NuagesCore

extension Router {
    /// Checks the routes: patterns, names and namespaces.
    ///
    /// | id | what |
    /// | --- | --- |
    /// | `urls.W001` | an include whose regular expression ends with `$` |
    /// | `urls.W002` | a pattern that begins with `/` |
    /// | `urls.W003` | a name with `:` |
    /// | `urls.W005` | a namespace that is used twice |
    /// | `urls.W010` | a bracket without its other half |
    /// | `2_0.W001` | a regular expression in `#path` |
    /// | `urls.E004` | another mistake in a pattern |
    /// | `urls.E102` | a regular expression that cannot be compiled, or does not suit its view |
    /// | `urls.E103` | a typed name that is not the route's own |
    /// | `urls.W101` | a view that no path reaches |
    /// | `urls.W102` | a name that stands twice |
    /// | `urls.W103` | a named route for which no URL can be made |
    ///
    /// - Parameter appendsSlash: whether the site redirects to paths with a slash at the end;
    ///   where it does not, a slash in front of a pattern is no mistake (Django).
    /// - Returns: Django's `urls` messages, and ours.
    public func check(appendsSlash: Bool = true) -> [CheckMessage] {
        sources.flatMap { Self.check($0, appendsSlash) } + repeatedNamespaces(names, in: [])
            + repeatedNames() + unreversible() + unreachable()
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

    // MARK: One pattern

    private static func check(_ source: RouteSource, _ appendsSlash: Bool) -> [CheckMessage] {
        let pattern = source.route.pattern.description
        let described = source.route.name.map { "'\(pattern)' [name='\($0)']" } ?? "'\(pattern)'"
        var messages = source.route.pattern.problems.map { message($0, pattern) }
        func warn(_ id: String, _ text: String, _ hint: String) {
            messages.append(
                CheckMessage(
                    .warning,
                    id: id,
                    "Your URL pattern \(described) \(text)",
                    hint: hint,
                    object: pattern
                )
            )
        }
        if appendsSlash, beginsWithSlash(source) {
            warn(
                "urls.W002",
                "has a route beginning with a '/'. Remove this slash as it is unnecessary. If this "
                    + "pattern is targeted in an include(), ensure the include() pattern has a "
                    + "trailing '/'.",
                "Paths are matched without the slash in front of them."
            )
        }
        if let name = source.route.name, name.utf8.contains(0x3A) {
            warn(
                "urls.W003",
                "has a name including a ':'. Remove the colon, to avoid ambiguous namespace "
                    + "references.",
                "A namespace is given to Routes or to the include."
            )
        }
        if let (id, text, hint) = kindProblem(source) { warn(id, text, hint) }
        return messages + typedNameProblems(source)
    }

    /// What only paths, and only regular expressions, can have wrong.
    private static func kindProblem(
        _ source: RouteSource
    ) -> (id: String, text: String, hint: String)? {
        let pattern = source.route.pattern.description
        switch source.route.pattern.kind {
        case .path:
            guard
                pattern.containsBytes("(?P<") || pattern.utf8.first == 0x5E
                    || pattern.utf8.last == 0x24
            else { return nil }
            return (
                "2_0.W001",
                "has a route that contains '(?P<', begins with a '^', or ends with a '$'. It is a "
                    + "path, not a regular expression.",
                "Write #rePath for a regular expression."
            )
        case .regex:
            guard source.isInclude, pattern.utf8.last == 0x24, !pattern.hasSuffix(#"\$"#) else {
                return nil
            }
            return (
                "urls.W001",
                "uses include with a route ending with a '$'. Remove the dollar from the route to "
                    + "avoid problems including URLs.",
                "The routes inside take the rest of the path."
            )
        case .language: return nil
        }
    }

    /// Django: a slash at the end makes up for it where the pattern is that of an include.
    private static func beginsWithSlash(_ source: RouteSource) -> Bool {
        let pattern = source.route.pattern.description
        let isRegex = if case .regex = source.route.pattern.kind { true } else { false }
        let starts = isRegex ? ["/", "^/", #"^\/"#] : ["/"]
        return starts.contains { pattern.utf8.starts(with: $0.utf8) }
            && !(pattern.utf8.last == 0x2F && (isRegex || source.isInclude))
    }

    private static func message(_ problem: RoutePatternProblem, _ pattern: String) -> CheckMessage {
        switch problem {
        case .unclosedBracket:
            bracket("<", pattern)
        case .unopenedBracket:
            bracket(">", pattern)
        case .whitespace(let inner):
            error(
                "URL route '\(pattern)' cannot contain whitespace in '<\(inner)>'.",
                hint: "Remove the white space.",
                pattern
            )
        case .invalidName(let name):
            error(
                "URL route '\(pattern)' uses parameter name '\(name)' which is no name.",
                hint: "Names consist of letters, digits and '_', and do not begin with a digit.",
                pattern
            )
        case .duplicateName(let name):
            error(
                "URL route '\(pattern)' uses the name '\(name)' twice.",
                hint: "Give each part a name of its own.",
                pattern
            )
        case .unknownConverter(let name):
            error(
                "URL route '\(pattern)' uses invalid converter '\(name)'.",
                hint: "Choices are: int, path, slug, str, uuid, or a type that conforms to "
                    + "PathConverter.",
                pattern
            )
        case .malformedRegex(let reason):
            error(
                "A URL pattern matches nothing: \(reason)",
                id: "urls.E102",
                hint: "Correct the pattern; #rePath would have refused it at compile time.",
                pattern
            )
        case .groupCount(let expected, let given):
            error(
                "The URL pattern '\(pattern)' matches nothing: it has \(expected) values for its "
                    + "view, which takes \(given).",
                id: "urls.E102",
                hint: "Where some groups have names, only those count. #rePath checks this at "
                    + "compile time.",
                pattern
            )
        }
    }

    private static func bracket(_ bracket: String, _ pattern: String) -> CheckMessage {
        CheckMessage(
            .warning,
            id: "urls.W010",
            "Your URL pattern '\(pattern)' has an unmatched '\(bracket)' bracket.",
            hint: "A value is written '<name>' or '<converter:name>'.",
            object: pattern
        )
    }

    private static func error(
        _ text: String,
        id: String = "urls.E004",
        hint: String,
        _ pattern: String
    ) -> CheckMessage {
        CheckMessage(.error, id: id, text, hint: hint, object: pattern)
    }

    /// A typed name belongs to one namespace, and says all arguments of the URL.
    private static func typedNameProblems(_ source: RouteSource) -> [CheckMessage] {
        guard let typed = source.route.typedNamespaces else { return [] }
        let pattern = source.route.pattern.description
        let name = (typed + [source.route.name ?? ""]).joined(separator: ":")
        var problems: [String] = []
        let matches = [source.scope.appNames, source.scope.namespaces].contains { names in
            names.count == typed.count && zip(names, typed).allSatisfy { $0.equalsBytes($1) }
        }
        if !matches {
            let actual = source.scope.namespaces.joined(separator: ":")
            problems.append(
                "it stands in " + (actual.isEmpty ? "no namespace" : "the namespace '\(actual)'")
            )
        }
        if source.scope.levels.contains(where: { !$0.names.isEmpty }) {
            problems.append("an include in front of it has values of its own")
        }
        return problems.map { problem in
            error(
                "The URL pattern '\(pattern)' cannot be reversed by its typed name '\(name)': "
                    + "\(problem).",
                id: "urls.E103",
                hint: "Write the name as a text, or correct the RouteName.",
                pattern
            )
        }
    }

    private func unreversible() -> [CheckMessage] {
        routes.compactMap { route in
            guard let problem = route.reversal?.problem else { return nil }
            return CheckMessage(
                .warning,
                id: "urls.W103",
                "No URL can be made for '\(route.name ?? "")': \(problem)",
                hint: "Remove the name, or write the pattern in another way.",
                object: route.pattern
            )
        }
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
            let key = ByteKey(
                "\(full)(\(route.captureNames.map { $0 ?? "" }.sorted().joined(separator: ",")))"
            )
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
        let samples = route.samplePaths()
        guard !samples.isEmpty else { return nil }
        for sample in samples {
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
    /// Paths that this route matches, unlike each other.
    ///
    /// A route in front that takes all of them leaves nothing. None for a route with a regular
    /// expression.
    fileprivate func samplePaths() -> [String] {
        guard let groups else { return [] }
        return (0..<3).map { variant in
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
