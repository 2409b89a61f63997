internal import NuagesCore

/// A view that sends every request elsewhere.
///
///     struct OldPolls: RedirectView {
///         let patternName: String? = "polls:detail"      // takes the values of the URL
///         let isPermanent = true
///     }
///
///     #path("old/<int:pk>/", OldPolls())
///
/// Django: `django.views.generic.RedirectView`.
public protocol RedirectView: GetHandler, HeadHandler, PostHandler, OptionsHandler, PutHandler,
    PatchHandler, DeleteHandler
{
    /// Where to: an address or a path, in which `%(name)s` stands for a value of the URL, encoded.
    var url: String? { get }
    /// The name of a route, which gets the values of the URL; only looked at without ``url``.
    var patternName: String? { get }
    /// Whether browsers may remember it: 301 and 308.
    var isPermanent: Bool { get }
    /// Whether the query of the request is sent along.
    var queryString: Bool { get }
    /// Whether the method and the body stay: 307 and 308.
    var preservesRequest: Bool { get }

    /// Where a request is sent; nil answers 410 Gone.
    ///
    /// - Parameter request: the request.
    /// - Returns: a path or an address.
    /// - Throws: any error; it becomes the response.
    func redirectURL(_ request: Request) async throws -> String?
}

extension RedirectView {
    /// None: the name of a route says where to.
    public var url: String? { nil }
    /// None.
    public var patternName: String? { nil }
    /// False: 302.
    public var isPermanent: Bool { false }
    /// False.
    public var queryString: Bool { false }
    /// False.
    public var preservesRequest: Bool { false }

    /// ``url`` with the values of the request's URL, or the path of the route ``patternName``.
    ///
    /// - Parameter request: the request.
    /// - Returns: a path or an address; nil where there is neither.
    /// - Throws: ``ReverseError`` where no route has the name and takes the values.
    public func redirectURL(_ request: Request) async throws -> String? {
        let arguments = request.resolverMatch?.keywordArguments ?? []
        var location: String
        if let url {
            location = RedirectTemplate.filled(url, arguments)
        } else if let patternName {
            location = try request.reverse(
                patternName,
                positional: [],
                named: arguments.map { ($0.name, $0.value) }
            )
        } else {
            return nil
        }
        if queryString, !request.queryString.isEmpty { location += "?\(request.queryString)" }
        return location
    }

    func redirected(_ request: Request) async throws -> Response {
        guard let location = try await redirectURL(request) else { return Response(status: .gone) }
        // What stood in the path must not lead to another site; only the view's own text may.
        let namesHost = url.map {
            !$0.utf8.starts(with: "/".utf8) && !$0.utf8.starts(with: "%".utf8)
        }
        guard namesHost == true || URLSafety.isOwnPath(location) else {
            throw HTTPError.suspicious(.disallowedRedirect, "Unsafe redirect to another site.")
        }
        return try .redirect(
            to: location,
            isPermanent: isPermanent,
            preservesRequest: preservesRequest
        )
    }

    /// Sends the request elsewhere.
    public func get(_ request: Request) async throws -> Response { try await redirected(request) }
    /// Sends the request elsewhere.
    public func head(_ request: Request) async throws -> Response { try await redirected(request) }
    /// Sends the request elsewhere.
    public func post(_ request: Request) async throws -> Response { try await redirected(request) }
    /// Sends the request elsewhere.
    public func options(_ request: Request) async throws -> Response {
        try await redirected(request)
    }
    /// Sends the request elsewhere.
    public func put(_ request: Request) async throws -> Response { try await redirected(request) }
    /// Sends the request elsewhere.
    public func patch(_ request: Request) async throws -> Response { try await redirected(request) }
    /// Sends the request elsewhere.
    public func delete(_ request: Request) async throws -> Response {
        try await redirected(request)
    }
}

extension URLSafety {
    /// Whether a browser stays on this site: a path, but not `//host` nor `/\host`.
    static func isOwnPath(_ location: String) -> Bool {
        let start = Array(location.utf8.prefix(2))
        return start.first == 0x2F && (start.count == 1 || (start[1] != 0x2F && start[1] != 0x5C))
    }
}

/// Fills `%(name)s` in an address.
enum RedirectTemplate {
    /// The address with the values, each percent-encoded as a part of a path, so that it can
    /// neither begin another part of the address nor change its host.
    static func filled(
        _ template: String,
        _ arguments: [(name: String, value: PathArgument)]
    ) -> String {
        var output: [UInt8] = []
        var rest = Array(template.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            if rest.first == UInt8(ascii: "%") {
                rest.removeFirst()
                output.append(byte)
            } else if rest.first == UInt8(ascii: "("),
                let close = rest.firstIndex(of: UInt8(ascii: ")")),
                rest.index(after: close) < rest.endIndex,
                rest[rest.index(after: close)] == UInt8(ascii: "s"),
                let value = arguments.first(where: { argument in
                    argument.name.utf8.elementsEqual(
                        rest[rest.index(after: rest.startIndex)..<close]
                    )
                })?.value
            {
                output += PercentCoding.encode(value.description, safe: .path).utf8
                rest = rest[(close + 2)...]
            } else {
                output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
