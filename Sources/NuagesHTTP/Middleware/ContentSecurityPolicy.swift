internal import NuagesCore

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

        /// A source that is not known before the site runs, such as the host of its images.
        ///
        /// What could end the directive is left out of the header, and `check` reports it.
        ///
        /// - Parameter text: the source.
        public init(_ text: String) { self.text = text }

        /// Whether the source can be sent: nothing in it ends the directive or the header.
        var isSendable: Bool {
            text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x3B && $0 != 0x2C }
        }

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
        /// `'unsafe-hashes'`.
        public static let unsafeHashes: Source = "'unsafe-hashes'"
        /// `'wasm-unsafe-eval'`.
        public static let wasmUnsafeEval: Source = "'wasm-unsafe-eval'"
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

    /// Names and sources that could end their directive; they are left out of the header.
    var unsendable: [String] {
        directives.flatMap { name, sources in
            (ContentSecurityPolicy.isName(name) ? [] : [name])
                + sources.filter { !$0.isSendable }.map(\.text)
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.utf8.isEmpty && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x2D }
    }

    /// The value of the header.
    ///
    /// Without a nonce `'strict-dynamic'` has nothing to start from; it goes as well, and a
    /// directive that loses all its sources allows nothing.
    package func text(nonce: String?) -> String {
        var parts: [String] = []
        for (name, sources) in directives where Self.isName(name) {
            var texts: [String] = []
            for source in sources where source.isSendable {
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
