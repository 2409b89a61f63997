public import NuagesCore

/// Answers some addresses only.
///
///     AddressFilter(allowing: ["10.0.0.0/8", "::1"])
///
/// An empty list answers nobody. ``Route/allowing(addresses:hidesRoute:)`` does it for a route; for a
/// whole site, put it into the middleware by ``MiddlewareStack/insert(_:)``.
public struct AddressFilter: RequestGuard, AccessControl, CustomStringConvertible {
    /// `addresses 10.0.0.0/8`.
    public let description: String
    private let ranges: [IPAddressRange]
    private let invalid: [String]
    /// Whether others must not learn that there is such a route.
    let hidesRoute: Bool

    /// The layer.
    ///
    /// - Parameters:
    ///   - addresses: addresses and ranges in CIDR notation.
    ///   - hidesRoute: whether others get 404 in place of 403.
    public init(allowing addresses: [String], hidesRoute: Bool = false) {
        description = "addresses " + addresses.joined(separator: " ")
        ranges = addresses.compactMap { IPAddressRange($0) }
        invalid = addresses.filter { IPAddressRange($0) == nil }
        self.hidesRoute = hidesRoute
    }

    /// Among the layers of a site: in front of static files and of the CSRF check.
    public var rank: MiddlewareRank? { .addressFilter }

    /// Hands on what comes from an address of the list.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: ``HTTPError/forbidden(_:)``, or ``HTTPError/notFound(_:)`` for a hidden route.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        guard !allows(request) else { return try await next.respond(to: request) }
        report(request)
        throw hidesRoute
            ? HTTPError.notFound("The address is not allowed.")
            : HTTPError.forbidden("The address is not allowed.")
    }

    /// Whether the client is one of those that get an answer.
    func allows(_ request: Request) -> Bool {
        let address = request.clientAddress
        return ranges.contains { $0.contains(address) }
    }

    /// Writes into the log that somebody else asked.
    func report(_ request: Request) {
        SecurityLog.report("AddressNotAllowed", "The address is not allowed.", request: request)
    }

    /// Reports what is no address and no range.
    ///
    /// - Parameter forDeployment: not looked at.
    /// - Returns: `middleware.E003` for each.
    public func check(forDeployment: Bool) -> [CheckMessage] {
        invalid.map { text in
            CheckMessage(
                .error,
                id: "middleware.E003",
                "'\(text)' is no IP address and no range.",
                hint: "Write ranges as '10.0.0.0/8' or '2001:db8::/32', without leading zeros "
                    + "and with zeros behind the prefix.",
                object: "AddressFilter"
            )
        }
    }
}
