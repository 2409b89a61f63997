internal import NIOHPACK
internal import NuagesCore
internal import NuagesHTTP
internal import NuagesServer

/// Why a request in HTTP/2 is refused.
enum FieldsError: Error, Equatable {
    /// It breaks RFC 9113, section 8: the stream is reset.
    case malformed
    /// It is answered with a status.
    case refused(Int)
}

/// What stands before the body of a request in HTTP/2 (RFC 9113, section 8.3).
///
/// swift-nio-http2 has checked the order of the fields as well; everything that could be read
/// differently by a program behind this one is checked here, as the HTTP/1.1 parser does.
struct RequestFields {
    let method: HTTPMethod
    let target: String
    let fields: [Headers.Field]
    let contentLength: Int?
    let expectsContinue: Bool

    private static let methodLimit = 32

    init(_ headers: HPACKHeaders, limits: RequestLimits) throws(FieldsError) {
        var pseudo = PseudoFields()
        var regular = RegularFields()
        for (name, value, _) in headers {
            if name.utf8.first == UInt8(ascii: ":") {
                guard regular.isEmpty else { throw .malformed }
                try pseudo.take(name, value)
            } else {
                try regular.take(name, value)
                guard regular.count <= limits.fields else { throw .refused(431) }
            }
        }
        guard let method = pseudo.method, let path = pseudo.path, let scheme = pseudo.scheme
        else { throw .malformed }
        guard !method.utf8.isEmpty, method.utf8.allSatisfy(\.isToken) else { throw .malformed }
        guard method.utf8.count <= Self.methodLimit, !method.equalsBytes("CONNECT"),
            scheme.equalsIgnoringASCIICase("https")
        else { throw .refused(400) }
        guard path.utf8.count <= limits.requestLine else { throw .refused(414) }
        guard Self.isTarget(path, method) else { throw .refused(400) }
        let host = try Self.host(pseudo.authority, regular.host)
        self.method = HTTPMethod(method)
        target = path
        contentLength = regular.contentLength
        expectsContinue = regular.expectsContinue
        fields = [Headers.Field(name: "Host", value: host)] + regular.allFields
        if let contentLength, contentLength > limits.body { throw .refused(413) }
    }

    private static func isTarget(_ path: String, _ method: String) -> Bool {
        if path.equalsBytes("*") { return method.equalsBytes("OPTIONS") }
        return path.utf8.first == UInt8(ascii: "/")
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
    }

    /// The host; where it stands twice, both must be the same.
    private static func host(
        _ authority: String?,
        _ field: String?
    ) throws(FieldsError) -> String {
        if let authority, let field, !authority.equalsIgnoringASCIICase(field) {
            throw .refused(400)
        }
        guard let host = authority ?? field else { throw .refused(400) }
        let bytes = Array(host.utf8)
        guard HostSyntax.isValid(bytes.span, 0..<bytes.count) else { throw .refused(400) }
        return host
    }
}

private struct PseudoFields {
    var method: String?
    var path: String?
    var scheme: String?
    var authority: String?

    mutating func take(_ name: String, _ value: String) throws(FieldsError) {
        switch name {
        case ":method": try set(&method, value)
        case ":path": try set(&path, value)
        case ":scheme": try set(&scheme, value)
        case ":authority": try set(&authority, value)
        default: throw .malformed
        }
    }

    private func set(_ field: inout String?, _ value: String) throws(FieldsError) {
        guard field == nil, value.utf8.allSatisfy(\.isFieldByte) else { throw .malformed }
        field = value
    }
}

private struct RegularFields {
    var fields: [Headers.Field] = []
    var host: String?
    var cookie: String?
    var contentLength: Int?
    var expectsContinue = false
    var count = 0

    var isEmpty: Bool { count == 0 }

    /// The fields, with the cookies as the one field that they are in HTTP/1.1.
    var allFields: [Headers.Field] {
        guard let cookie else { return fields }
        return fields + [Headers.Field(name: "cookie", value: cookie)]
    }

    mutating func take(_ name: String, _ value: String) throws(FieldsError) {
        count += 1
        // Names are in lower case (section 8.2.1), and values can hold anything that HPACK can.
        guard !name.utf8.isEmpty,
            name.utf8.allSatisfy({ $0.isToken && !(0x41...0x5A).contains($0) }),
            value.utf8.allSatisfy(\.isFieldByte), !value.utf8.first.isBlank,
            !value.utf8.last.isBlank
        else { throw .malformed }
        switch name {
        case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade":
            throw .malformed
        case "te":
            guard value.equalsIgnoringASCIICase("trailers") else { throw .malformed }
        case "host":
            guard host == nil else { throw .refused(400) }
            host = value
            return
        case "cookie":
            // A client may send each cookie as a field (section 8.2.3).
            if cookie == nil {
                cookie = value
            } else {
                cookie?.append("; \(value)")
                count -= 1
            }
            return
        case "content-length":
            guard contentLength == nil, let length = value.decimalDigitsValue else {
                throw .malformed
            }
            contentLength = length
        case "expect":
            guard value.equalsIgnoringASCIICase("100-continue") else { throw .refused(417) }
            expectsContinue = true
        case "transfer_encoding", "content_length": throw .malformed
        default: break
        }
        // As in HTTP/1.1: a later program could take `x_forwarded_for` for `x-forwarded-for`.
        guard !name.utf8.contains(UInt8(ascii: "_")) else { return }
        fields.append(Headers.Field(name: name, value: value))
    }
}

extension UInt8 {
    /// Whether the byte may stand in a value: no control character but the tab.
    fileprivate var isFieldByte: Bool { (self >= 0x20 && self != 0x7F) || self == 0x09 }
}

extension UInt8? {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}
