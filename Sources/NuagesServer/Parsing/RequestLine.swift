internal import NuagesHTTP

/// The first line of a request (RFC 9112, section 3), taken apart.
enum RequestLine {
    /// The longest method name; the longest registered one has 17 bytes.
    private static let methodLimit = 32

    /// Takes `line` apart.
    ///
    /// - Parameters:
    ///   - input: the bytes.
    ///   - line: where the line stands, without its line break.
    ///   - head: takes the method, the version, and path and query.
    /// - Returns: the authority of a target in absolute form.
    /// - Throws: why the request is refused.
    static func read(
        _ input: Span<UInt8>,
        _ line: Range<Int>,
        into head: inout RequestHead
    ) throws(RequestError) -> String? {
        var end = line.lowerBound
        while end < line.upperBound, input[end].isTokenByte { end += 1 }
        let method = line.lowerBound..<end
        guard !method.isEmpty, method.count <= methodLimit, end < line.upperBound,
            input[end] == 0x20
        else { throw .malformedRequestLine }
        let targetStart = end + 1
        end = targetStart
        while end < line.upperBound, input[end].isTargetByte { end += 1 }
        let target = targetStart..<end
        guard !target.isEmpty else { throw .malformedRequestLine }
        guard end < line.upperBound, input[end] == 0x20 else { throw .malformedTarget }
        head.isHTTP10 = try isHTTP10(input, (end + 1)..<line.upperBound)
        head.method = try Self.method(input, method)
        if input[targetStart] == UInt8(ascii: "/"), head.method != .connect {
            guard let text = input.text(in: target) else { throw .malformedTarget }
            head.target = text
            return nil
        }
        let (path, authority) = try Self.target(input, target, method: head.method)
        head.target = path
        return authority
    }

    private static func isHTTP10(
        _ input: Span<UInt8>,
        _ range: Range<Int>
    ) throws(RequestError) -> Bool {
        let start = range.lowerBound
        // The name is case-sensitive (RFC 9112, section 2.3).
        guard range.count == 8, input[start] == UInt8(ascii: "H"),
            input[start + 1] == UInt8(ascii: "T"), input[start + 2] == UInt8(ascii: "T"),
            input[start + 3] == UInt8(ascii: "P"), input[start + 4] == UInt8(ascii: "/"),
            input[start + 5].isDigitByte, input[start + 6] == UInt8(ascii: "."),
            input[start + 7].isDigitByte
        else { throw .malformedRequestLine }
        let minor = input[start + 7]
        guard input[start + 5] == UInt8(ascii: "1"), minor <= UInt8(ascii: "1") else {
            throw .unsupportedVersion
        }
        return minor == UInt8(ascii: "0")
    }

    private static func method(
        _ input: Span<UInt8>,
        _ range: Range<Int>
    ) throws(RequestError) -> HTTPMethod {
        let common = input.extracting(range).withUnsafeBufferPointer(HTTPMethod.common(_:))
        if let common { return common }
        guard let name = input.text(in: range) else { throw .malformedRequestLine }
        return HTTPMethod(name)
    }

    /// Path and query of a target that is no path, and its authority.
    ///
    /// There is no tunnel behind this server, so `CONNECT` and authority form are refused, and
    /// `*` belongs to `OPTIONS` alone.
    private static func target(
        _ input: Span<UInt8>,
        _ range: Range<Int>,
        method: HTTPMethod
    ) throws(RequestError) -> (String, String?) {
        if range.count == 1, input[range.lowerBound] == UInt8(ascii: "*"), method == .options {
            return ("*", nil)
        }
        let schemes: [StaticString] = ["http://", "https://"]
        for scheme in schemes where method != .connect {
            let start = range.lowerBound + scheme.utf8CodeUnitCount
            guard start <= range.upperBound, input.matches(scheme, in: range.lowerBound..<start)
            else { continue }
            return try absoluteTarget(input, start..<range.upperBound)
        }
        throw .malformedTarget
    }

    private static func absoluteTarget(
        _ input: Span<UInt8>,
        _ range: Range<Int>
    ) throws(RequestError) -> (String, String?) {
        var end = range.lowerBound
        while end < range.upperBound, input[end] != UInt8(ascii: "/"),
            input[end] != UInt8(ascii: "?")
        {
            end += 1
        }
        let authority = range.lowerBound..<end
        guard HostSyntax.isValid(input, authority) else { throw .malformedHost }
        guard let host = input.text(in: authority),
            let path = input.text(in: end..<range.upperBound)
        else { throw .malformedTarget }
        return (path.utf8.first == UInt8(ascii: "/") ? path : "/" + path, host)
    }
}

extension HTTPMethod {
    fileprivate static let connect = HTTPMethod("CONNECT")
}
