/// What a page may load and do (Content-Security-Policy, level 3).
///
///     var policy = ContentSecurityPolicy.strict
///     policy["img-src"] = [.self, "https://images.example.com"]
///
/// Django: the setting `SECURE_CSP`.
public struct ContentSecurityPolicy: Sendable {
    /// A source or a keyword of a directive.
    public struct Source: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The source as it stands in the header.
        public let text: String

        /// A source as it stands in the header, such as `https://images.example.com`.
        ///
        /// - Parameter value: the source.
        public init(stringLiteral value: String) { text = value }

        /// `'none'`.
        public static let none: Source = "'none'"
        /// `'self'`.
        public static let `self`: Source = "'self'"
        /// The nonce of the response; left out where nothing in the page uses it.
        public static let nonce: Source = "<CSP_NONCE_SENTINEL>"
        /// `'strict-dynamic'`.
        public static let strictDynamic: Source = "'strict-dynamic'"
        /// `'unsafe-inline'`.
        public static let unsafeInline: Source = "'unsafe-inline'"
        /// `'unsafe-eval'`.
        public static let unsafeEval: Source = "'unsafe-eval'"
        /// `'report-sample'`.
        public static let reportSample: Source = "'report-sample'"
        /// `data:`.
        public static let data: Source = "data:"
    }

    /// The directives in order; one without sources is a flag.
    public private(set) var directives: [(name: String, sources: [Source])] = []

    /// A policy without directives, which allows everything.
    public init() {}

    /// The sources of a directive; nil removes it.
    ///
    /// - Parameter name: the directive, such as `img-src`.
    public subscript(_ name: String) -> [Source]? {
        get { directives.first { $0.name == name }?.sources }
        set {
            let index = directives.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let sources?): directives[index].sources = sources
            case (let index?, nil): directives.remove(at: index)
            case (nil, let sources?): directives.append((name, sources))
            case (nil, nil): break
            }
        }
    }

    /// Nothing but the site's own images, styles, fonts and requests, and scripts with the nonce
    /// of the response (`{{ csp_nonce }}`).
    public static let strict: ContentSecurityPolicy = {
        var policy = ContentSecurityPolicy()
        policy["default-src"] = [.none]
        policy["script-src"] = [.nonce, .strictDynamic]
        policy["style-src"] = [.self, .nonce]
        policy["img-src"] = [.self, .data]
        policy["font-src"] = [.self]
        policy["connect-src"] = [.self]
        policy["form-action"] = [.self]
        policy["base-uri"] = [.none]
        policy["frame-ancestors"] = [.none]
        policy["object-src"] = [.none]
        policy["require-trusted-types-for"] = ["'script'"]
        return policy
    }()

    /// Whether some directive names the nonce.
    var usesNonce: Bool { directives.contains { $0.sources.contains(.nonce) } }

    /// The value of the header.
    ///
    /// Without a nonce `'strict-dynamic'` has nothing to start from; it goes as well, and a
    /// directive that loses all its sources allows nothing.
    package func text(nonce: String?) -> String {
        var parts: [String] = []
        for (name, sources) in directives {
            var texts: [String] = []
            for source in sources {
                if source == .nonce {
                    if let nonce { texts.append("'nonce-\(nonce)'") }
                } else if source != .strictDynamic || nonce != nil || !sources.contains(.nonce) {
                    texts.append(source.text)
                }
            }
            if texts.isEmpty, !sources.isEmpty { texts = [Source.none.text] }
            parts.append(([name] + texts).joined(separator: " "))
        }
        return parts.joined(separator: "; ")
    }
}
