internal import NuagesCore

/// The method of a request, such as `GET`.
///
/// Methods are case-sensitive (RFC 9110, section 9.1) and compare by their bytes.
public struct HTTPMethod: Sendable, Hashable, CustomStringConvertible {
    private let name: ByteKey

    /// The method as it stands in the request line.
    public var rawValue: String { name.name }

    /// A method by its name.
    ///
    /// - Parameter rawValue: a token such as `PATCH`.
    public init(_ rawValue: String) { name = ByteKey(rawValue) }

    /// The name.
    public var description: String { rawValue }

    /// `GET`.
    public static let get = HTTPMethod("GET")
    /// `HEAD`.
    public static let head = HTTPMethod("HEAD")
    /// `POST`.
    public static let post = HTTPMethod("POST")
    /// `PUT`.
    public static let put = HTTPMethod("PUT")
    /// `PATCH`.
    public static let patch = HTTPMethod("PATCH")
    /// `DELETE`.
    public static let delete = HTTPMethod("DELETE")
    /// `OPTIONS`.
    public static let options = HTTPMethod("OPTIONS")
    /// `TRACE`.
    public static let trace = HTTPMethod("TRACE")

    /// Whether the method only reads (RFC 9110, section 9.2.1): `GET`, `HEAD`, `OPTIONS`, `TRACE`.
    public var isSafe: Bool {
        self == .get || self == .head || self == .options || self == .trace
    }
}
