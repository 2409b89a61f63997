public import NuagesCore

/// A script, a style sheet or another element that a widget or form needs on its page.
///
///     "polls/vote.js"                                             // by the list in which it stands
///     .script("polls/vote.js", attributes: ["type": "module"])
///     .stylesheet("polls/print.css", attributes: ["media": "print"])
///
/// A path is that of a static file, as in `{% static %}`, unless it starts with `/`, `http://` or
/// `https://`.
///
/// Django: `MediaAsset`, `Script`, `Stylesheet`.
public struct MediaAsset: Sendable, Hashable, ExpressibleByStringLiteral {
    /// What is written around the path.
    enum Kind: Sendable, Hashable {
        /// A path whose list decides.
        case path
        case script
        case stylesheet
        case element(start: String, end: String)
        case html(SafeString)
    }

    let kind: Kind
    let path: String
    let attributes: HTMLAttributes

    init(_ kind: Kind, _ path: String, _ attributes: HTMLAttributes = [:]) {
        self.kind = kind
        self.path = path
        self.attributes = attributes
    }

    /// The path of a script among scripts, and of a style sheet among style sheets.
    ///
    /// - Parameter value: the path.
    public init(stringLiteral value: String) { self.init(.path, value) }

    /// The path of a script among scripts, and of a style sheet among style sheets.
    ///
    /// - Parameter path: the path.
    public init(_ path: String) { self.init(.path, path) }

    /// A script.
    ///
    /// - Parameters:
    ///   - source: the path.
    ///   - attributes: further attributes, such as `defer`.
    /// - Returns: `<script src="…"></script>`.
    public static func script(_ source: String, attributes: HTMLAttributes = [:]) -> MediaAsset {
        MediaAsset(.script, source, attributes)
    }

    /// A style sheet.
    ///
    /// - Parameters:
    ///   - reference: the path.
    ///   - attributes: further attributes, such as `media`.
    /// - Returns: `<link href="…" rel="stylesheet">`.
    public static func stylesheet(
        _ reference: String,
        attributes: HTMLAttributes = [:]
    ) -> MediaAsset {
        var attributes = attributes
        attributes["rel"] = "stylesheet"
        return MediaAsset(.stylesheet, reference, attributes)
    }

    /// An element of any kind: `.element("<link rel=\"preload\" href=\"", "font.woff2", "\">")`.
    ///
    /// - Parameters:
    ///   - start: what precedes the path, as it stands in the source.
    ///   - path: the path.
    ///   - attributes: attributes behind the quotation mark that `end` starts with.
    ///   - end: what follows the path, starting with the quotation mark.
    /// - Returns: the element.
    public static func element(
        _ start: StaticString,
        _ path: String,
        attributes: HTMLAttributes = [:],
        _ end: StaticString
    ) -> MediaAsset {
        MediaAsset(.element(start: "\(start)", end: "\(end)"), path, attributes)
    }

    /// HTML that is written as it is; a nonce is not added to it.
    ///
    /// - Parameter html: the HTML.
    /// - Returns: the HTML as an asset.
    public static func html(_ html: SafeString) -> MediaAsset { MediaAsset(.html(html), "") }

    func asScript() -> MediaAsset { kind == .path ? .script(path) : self }

    func asStylesheet(for medium: String) -> MediaAsset {
        kind == .path ? .stylesheet(path, attributes: ["media": .text(medium)]) : self
    }

    /// The path as a browser asks for it.
    func url() throws -> String {
        let isAbsolute = ["http://", "https://", "/"].contains { path.utf8.starts(with: $0.utf8) }
        return isAbsolute ? path : try FormEnvironment.current.staticURL(path)
    }

    func append(nonce: String?, to output: inout [UInt8]) throws {
        if case .html(let html) = kind {
            output.append(contentsOf: html.html.utf8)
            return
        }
        var attributes = attributes
        if let nonce {
            guard attributes["nonce"] == nil else { throw MediaError.conflictingNonce(path) }
            attributes["nonce"] = .text(nonce)
        }
        var (start, end) = ("", "\"")
        switch kind {
        case .path, .script: (start, end) = ("<script src=\"", "\"></script>")
        case .stylesheet: (start, end) = ("<link href=\"", "\">")
        case .element(let first, let last): (start, end) = (first, last)
        case .html: break
        }
        output.append(contentsOf: start.utf8)
        HTMLEscaper.append(try url(), to: &output)
        let isQuoted = end.utf8.first == UInt8(ascii: "\"")
        if isQuoted { output.append(UInt8(ascii: "\"")) }
        attributes.sorted().append(to: &output)
        output.append(contentsOf: isQuoted ? end.utf8.dropFirst() : end.utf8[...])
    }
}

/// What can be wrong with style sheets and scripts.
public enum MediaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The page has a nonce, and an asset has one of its own.
    case conflictingNonce(String)

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .conflictingNonce(let path):
            "'\(path)' has an attribute 'nonce' of its own; leave it to the page."
        }
    }
}

extension HTMLAttributes: Hashable {
    /// The names and values in any order.
    public static func == (left: HTMLAttributes, right: HTMLAttributes) -> Bool {
        left.entries.count == right.entries.count
            && left.entries.allSatisfy { right[$0.name] == $0.value }
    }

    /// Hashes the number of attributes, which have no order.
    public func hash(into hasher: inout Hasher) { hasher.combine(entries.count) }

    /// Those with text before those without, each by name.
    func sorted() -> HTMLAttributes {
        var sorted: HTMLAttributes = [:]
        let byName = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (name, value) in byName { if case .text = value { sorted[name] = value } }
        for (name, value) in byName { if case .flag(true) = value { sorted[name] = value } }
        return sorted
    }
}
