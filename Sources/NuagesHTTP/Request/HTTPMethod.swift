internal import NuagesCore

/// The method of a request, such as `GET`.
///
/// Methods are case-sensitive (RFC 9110, section 9.1) and compare by their bytes.
public struct HTTPMethod: Sendable, Hashable, CustomStringConvertible {
    /// The method as it stands in the request line.
    public let rawValue: String
    /// A number of its own for each usual method, so that most comparisons are of numbers; else 0.
    private let number: UInt8

    /// A method by its name.
    ///
    /// - Parameter rawValue: a token such as `PATCH`.
    public init(_ rawValue: String) {
        self = rawValue.withUTF8Bytes(Self.common(_:)) ?? Self(rawValue: rawValue, number: 0)
    }

    private init(rawValue: String, number: UInt8) {
        self.rawValue = rawValue
        self.number = number
    }

    /// The method with this name if it is one of the usual ones.
    package static func common(_ name: UnsafeBufferPointer<UInt8>) -> HTTPMethod? {
        for method in common
        where method.rawValue.utf8.count == name.count
            && method.rawValue.withUTF8Bytes({ $0.isEqual(to: name) })
        {
            return method
        }
        return nil
    }

    private static let common = [get, post, head, put, patch, delete, options, trace]

    /// Whether two methods are the same bytes.
    ///
    /// - Parameters:
    ///   - left: one of them.
    ///   - right: the other.
    /// - Returns: true if they are.
    public static func == (left: Self, right: Self) -> Bool {
        left.number == right.number
            && (left.number != 0 || left.rawValue.equalsBytes(right.rawValue))
    }

    /// Hashes the bytes.
    ///
    /// - Parameter hasher: takes them.
    public func hash(into hasher: inout Hasher) { ByteKey(rawValue).hash(into: &hasher) }

    /// The name.
    public var description: String { rawValue }

    /// `GET`.
    public static let get = HTTPMethod(rawValue: "GET", number: 1)
    /// `HEAD`.
    public static let head = HTTPMethod(rawValue: "HEAD", number: 3)
    /// `POST`.
    public static let post = HTTPMethod(rawValue: "POST", number: 2)
    /// `PUT`.
    public static let put = HTTPMethod(rawValue: "PUT", number: 4)
    /// `PATCH`.
    public static let patch = HTTPMethod(rawValue: "PATCH", number: 5)
    /// `DELETE`.
    public static let delete = HTTPMethod(rawValue: "DELETE", number: 6)
    /// `OPTIONS`.
    public static let options = HTTPMethod(rawValue: "OPTIONS", number: 7)
    /// `TRACE`.
    public static let trace = HTTPMethod(rawValue: "TRACE", number: 8)

    /// Whether the method only reads (RFC 9110, section 9.2.1): `GET`, `HEAD`, `OPTIONS`, `TRACE`.
    public var isSafe: Bool {
        self == .get || self == .head || self == .options || self == .trace
    }
}
