internal import NuagesCore

/// For which version of a resource a request is meant (RFC 9110, section 13).
///
/// The fields `If-Match`, `If-Unmodified-Since`, `If-None-Match` and `If-Modified-Since`, read and
/// evaluated in the order of section 13.2.2.
///
/// Django: `get_conditional_response`.
public struct Preconditions: Sendable {
    /// What the fields ask for.
    public enum Outcome: Sendable, Hashable {
        /// The request is answered as if there were no such field.
        case proceed
        /// The client has this version already: 304.
        case notModified
        /// The client means another version than this: 412.
        case preconditionFailed
    }

    private let ifMatch: [String]
    private let ifNoneMatch: [String]
    private let ifModifiedSince: Int?
    private let ifUnmodifiedSince: Int?
    private let isReading: Bool

    /// The preconditions of a request; nil where it has none, which is the usual case.
    ///
    /// - Parameter request: the request.
    public init?(_ request: Request) {
        let headers = request.headers
        let fields = [
            headers.joined("If-Match"), headers.joined("If-None-Match"),
            headers["If-Modified-Since"], headers["If-Unmodified-Since"],
        ]
        guard fields.contains(where: { $0 != nil }) else { return nil }
        ifMatch = fields[0].map(HeaderText.entityTags) ?? []
        ifNoneMatch = fields[1].map(HeaderText.entityTags) ?? []
        let year = CalendarDate(daysSince1970: UnixTime.seconds() / 86_400)?.year ?? 1970
        ifModifiedSince = Self.time(fields[2], year)
        ifUnmodifiedSince = Self.time(fields[3], year)
        isReading = request.method == .get || request.method == .head
    }

    /// The moment of a field; as in Django the very beginning of 1970 is none.
    private static func time(_ field: String?, _ year: Int) -> Int? {
        field.flatMap { HTTPDate.parse($0, currentYear: year) }.flatMap { $0 == 0 ? nil : $0 }
    }

    /// What the fields ask for, given the current version of the resource.
    ///
    /// - Parameters:
    ///   - entityTag: its tag in quotes, such as `"v5"` or `W/"v5"`.
    ///   - lastModified: when it was last changed, in seconds since 1970.
    /// - Returns: how to answer.
    public func evaluate(entityTag: String?, lastModified: Int?) -> Outcome {
        let lastModified = lastModified == 0 ? nil : lastModified
        if !ifMatch.isEmpty {
            guard matchesStrongly(entityTag) else { return .preconditionFailed }
        } else if let ifUnmodifiedSince {
            guard let lastModified, lastModified <= ifUnmodifiedSince else {
                return .preconditionFailed
            }
        }
        if !ifNoneMatch.isEmpty {
            guard matchesWeakly(entityTag) else { return .proceed }
            return isReading ? .notModified : .preconditionFailed
        }
        guard isReading, let ifModifiedSince, let lastModified, lastModified <= ifModifiedSince
        else { return .proceed }
        return .notModified
    }

    /// A weak tag never matches, for the contents may differ in bytes.
    private func matchesStrongly(_ entityTag: String?) -> Bool {
        guard let entityTag else { return false }
        if ifMatch.first == "*" { return true }
        return !EntityTag.isWeak(entityTag) && ifMatch.contains { $0.equalsBytes(entityTag) }
    }

    private func matchesWeakly(_ entityTag: String?) -> Bool {
        guard let entityTag else { return false }
        if ifNoneMatch.first == "*" { return true }
        let tag = EntityTag.opaque(entityTag)
        return ifNoneMatch.contains { EntityTag.opaque($0).equalsBytes(tag) }
    }
}

/// The parts of an entity tag (RFC 9110, section 8.8.3).
enum EntityTag {
    static func isWeak(_ tag: String) -> Bool { tag.utf8.starts(with: [0x57, 0x2F]) }

    /// The tag without the mark of a weak one.
    static func opaque(_ tag: String) -> String {
        isWeak(tag) ? String(Substring(tag.utf8.dropFirst(2))) : tag
    }
}

extension Headers {
    /// The values of all fields called `name` as one list; nil where there is none.
    func joined(_ name: String) -> String? {
        guard self[name] != nil else { return nil }
        let values = values(of: name)
        return values.count == 1 ? values[0] : values.joined(separator: ", ")
    }
}
