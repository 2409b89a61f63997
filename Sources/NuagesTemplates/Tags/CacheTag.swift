import NuagesCore

/// The tag `{% cache 600 sidebar user.id using="pages" %}…{% endcache %}`.
struct CacheNode: ContainerNode {
    let timeout: FilterExpression
    let name: String
    let varyOn: [FilterExpression]
    let cacheName: FilterExpression?
    let nodes: NodeList

    var children: [NodeList] { [nodes] }

    func render(_ renderer: Renderer) async throws {
        let (timeout, cacheName, values) = try await renderer.fetching { renderer in
            (
                try renderer.resolve(self.timeout),
                try self.cacheName.map { try renderer.resolve($0).plainText },
                try varyOn.map { try Self.part(renderer.settledThroughout(renderer.resolve($0))) }
            )
        }
        let seconds = try Self.seconds(timeout)
        let cache = try cache(cacheName, renderer)
        let key = TemplateFragment.key(name, varyOn: values)
        if let kept = try await cache.fragment(for: key) {
            renderer.write(kept)
            return
        }
        let (fragment, isSecret) = try await captured(renderer)
        if isSecret {
            renderer.environment.warn(
                "{% cache \(seconds.map(String.init) ?? "None") \(name) %} holds a token or nonce of "
                    + "one visitor and is not kept. End it in front of the form or script."
            )
        } else {
            try await cache.keep(fragment, for: key, seconds: seconds)
        }
        renderer.write(fragment)
    }

    /// What the tag encloses, and whether a token or nonce was asked for, however that was written.
    private func captured(_ renderer: Renderer) async throws -> ([UInt8], isSecret: Bool) {
        let (readsBefore, reads) = (renderer.secretReads, Counter())
        let fragment = try await renderer.capture {
            try await renderer.withPage(renderer.page.countingSecrets(reads)) {
                try await renderer.render(nodes)
            }
        }
        return (fragment, renderer.secretReads > readsBefore || reads.next() > 1)
    }

    /// What a value adds to the key; two rows with the same text are not the same.
    private static func part(_ value: ContextValue, depth: Int = 0) throws -> String {
        switch value {
        case .array(let elements): return try parts("[", elements, depth)
        case .dictionary(let dictionary):
            let elements = dictionary.entries.flatMap { [.string($0.key), $0.value] }
            return try parts("{", elements, depth)
        case .object(let object): return try identity(of: object)
        default:
            guard depth == 0 else { return value.representation() }
            // What is no text begins with NUL, which text that begins so doubles.
            let text = value.plainText
            return text.utf8.first == 0 ? "\u{0}\(text)" : text
        }
    }

    private static func parts(
        _ kind: String,
        _ values: [ContextValue],
        _ depth: Int
    ) throws -> String {
        guard depth < 32 else {
            throw TemplateError.limitExceeded("{% cache %} varies on lists nested too deep.")
        }
        return try values.reduce(into: "\u{0}\(kind)") { joined, value in
            let part = try part(value, depth: depth + 1)
            joined += "\(part.utf8.count):\(part)"
        }
    }

    private static func identity(of object: any ContextObject) throws -> String {
        // Every secret is shown as the same asterisks: visitors would share the part.
        guard !(object is SensitiveObject) else {
            throw TemplateError.rendering(
                "{% cache %} cannot vary on a Sensitive value. Vary on what names its owner, "
                    + "such as an id."
            )
        }
        guard let identity = object.contextIdentity else {
            throw TemplateError.rendering(
                "{% cache %} cannot tell values such as \(object.contextDescription.plainText) "
                    + "apart. Vary on a member of it, such as an id."
            )
        }
        return identity
    }

    /// The seconds of a timeout; nil where it is `None`, for ever.
    private static func seconds(_ timeout: ContextValue) throws -> Int? {
        if case .none = timeout { return nil }
        guard let seconds = timeout.wholeNumber else {
            throw TemplateError.syntax(
                "\"cache\" tag got a non-integer timeout value: \(timeout.representation())"
            )
        }
        return seconds
    }

    private func cache(_ name: String?, _ renderer: Renderer) throws -> any FragmentCache {
        let caches = renderer.engine.fragmentCaches
        if let name {
            if let cache = caches[name] { return cache }
            throw TemplateError.syntax(
                "Invalid cache name specified for cache tag: \(PythonText.repr(name))",
                hint: "The caches are \(caches.keys.sorted().joined(separator: ", "))."
            )
        }
        if let cache = caches["template_fragments"] ?? caches["default"] { return cache }
        throw TemplateError.rendering(
            "{% cache %} has no cache. Give the engine one called 'default' (fragmentCaches:)."
        )
    }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let nodes = try parser.parse(until: ["endcache"])
        _ = parser.nextToken()
        var words = try token.splitContents()
        guard words.count >= 3 else {
            throw TemplateError.syntax(
                "'\(PythonText.repr(words[0]))' tag requires at least 2 arguments."
            )
        }
        var cacheName: FilterExpression?
        if words.count > 3, let last = words.last, last.utf8.starts(with: "using=".utf8) {
            cacheName = try parser.compileFilter(String(last.dropFirst("using=".count)))
            words.removeLast()
        }
        return .container(
            CacheNode(
                timeout: try parser.compileFilter(words[1]),
                name: words[2],
                varyOn: try parser.compileFilters(words[3...]),
                cacheName: cacheName,
                nodes: nodes
            )
        )
    }
}

extension Library {
    /// What `{% load cache %}` brings.
    package static let cache: Library = {
        var library = Library()
        library.tag("cache", compile: CacheNode.compile)
        return library
    }()
}
