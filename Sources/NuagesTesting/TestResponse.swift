public import NuagesHTTP

/// What a site answered to a ``TestClient``.
public struct TestResponse: Sendable {
    /// The path and the query that were asked for.
    public let target: String
    /// The status code, such as 200.
    public let status: Int
    /// The header fields.
    public let headers: Headers
    /// The whole body.
    public let body: [UInt8]

    /// The body as text; bytes that are not UTF-8 are replaced.
    public var text: String { String(decoding: body, as: UTF8.self) }
    /// Where a redirect leads.
    public var location: String? { headers["Location"] }

    /// The forms of the page, in order.
    public var forms: [PageForm] { PageForm.all(in: text) }

    /// Where a link or a form of this page leads: a path and a query of the same site.
    ///
    ///     page.resolve("")            // the page itself
    ///     page.resolve("?page=2")     // the page with another query
    ///     page.resolve("edit/")       // /polls/1/edit/ on the page /polls/1/
    ///
    /// - Parameter reference: the text of `href` or `action`.
    /// - Returns: the target of the request; `reference` itself where it leads to another site.
    public func resolve(_ reference: String) -> String {
        let reference = Self.prefix(of: reference, before: UInt8(ascii: "#"))
        let path = Self.prefix(of: target, before: UInt8(ascii: "?"))
        if reference.isEmpty { return target }
        if reference.utf8.first == UInt8(ascii: "?") { return path + reference }
        let own = "https://\(TestClient.host)/"
        if reference.utf8.starts(with: own.utf8) {
            return "/" + reference.dropFirst(own.count)
        }
        if reference.utf8.first == UInt8(ascii: "/") || reference.contains("://") {
            return reference
        }
        return Self.merged(path, reference)
    }

    private static func prefix(of text: String, before byte: UInt8) -> String {
        String(text.prefix { $0.utf8.first != byte })
    }

    /// `reference` below the folder of `path`, with its `.` and `..` resolved.
    private static func merged(_ path: String, _ reference: String) -> String {
        let name = prefix(of: reference, before: UInt8(ascii: "?"))
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1 { parts.removeLast() }
        let steps = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for (index, step) in steps.enumerated() {
            let isLast = index == steps.count - 1
            switch step {
            case ".": if isLast { parts.append("") }
            case "..":
                if parts.count > 1 { parts.removeLast() }
                if isLast { parts.append("") }
            default: parts.append(step)
            }
        }
        return parts.joined(separator: "/") + reference.dropFirst(name.count)
    }
}
