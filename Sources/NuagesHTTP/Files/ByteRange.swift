internal import NuagesCore

/// A part of a body that a client asks for (RFC 9110, section 14).
enum ByteRange {
    /// What a `Range` field means for a body of `length` bytes.
    enum Request: Equatable {
        /// The whole body: there is no field, it is malformed, of another unit, or asks for several
        /// parts. Several parts are never sent: their framing costs more than it saves, and a
        /// request for thousands of them has brought servers down (CVE-2011-3192).
        case whole
        case part(Range<Int>)
        /// No byte of the body is among those asked for: 416.
        case unsatisfiable
    }

    static func parse(_ field: String?, length: Int) -> Request {
        guard let field else { return .whole }
        let parts = field.split(onByte: 0x3D)
        guard parts.count == 2, parts[0].trimmingBlanks.equalsIgnoringASCIICase("bytes") else {
            return .whole
        }
        let bounds = parts[1].trimmingBlanks.split(onByte: 0x2D)
        guard bounds.count == 2 else { return .whole }
        let (first, last) = (bounds[0].trimmingBlanks, bounds[1].trimmingBlanks)
        if first.isEmpty {
            guard let suffix = last.decimalDigitsValue else { return .whole }
            guard suffix > 0, length > 0 else { return .unsatisfiable }
            return .part(max(0, length - suffix)..<length)
        }
        guard let start = first.decimalDigitsValue else { return .whole }
        if last.isEmpty { return start < length ? .part(start..<length) : .unsatisfiable }
        guard let end = last.decimalDigitsValue, end >= start else { return .whole }
        return start < length ? .part(start..<min(length, end + 1)) : .unsatisfiable
    }
}

extension Response {
    /// The part of the body that the client asks for: 206, or 416 where there is no such part.
    ///
    ///     return Response.bytes(video, contentType: "video/mp4").range(for: request)
    ///
    /// The response stays as it is where it is no 200, its length is not known, the request is no
    /// GET or asks for no part, for several parts (which RFC 9110, section 14.2, leaves to the
    /// server) or for a part of another version (`If-Range`).
    ///
    /// - Parameter request: the request.
    /// - Returns: the response to send.
    public func range(for request: Request) -> Response {
        guard isRangeable else { return self }
        return range(for: request) { body.part($0) }
    }

    /// The part of the body that the client asks for, which `part` makes: 206, or 416 where there is
    /// no such part.
    ///
    /// For a body that is produced while it is sent; ``range(for:)`` knows how to cut the others.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - part: makes the bytes of a range, which lies within the length.
    /// - Returns: the response to send.
    public func range(
        for request: Request,
        part: (Range<Int>) -> ResponseBody
    ) -> Response {
        guard status == .ok, request.method == .get, let length = body.length else { return self }
        var response = self
        response.headers.setDefault("Accept-Ranges", "bytes")
        guard isCurrent(request.headers["If-Range"]) else { return response }
        switch ByteRange.parse(request.headers["Range"], length: length) {
        case .whole: return response
        case .unsatisfiable:
            response.status = .rangeNotSatisfiable
            response.headers["Content-Range"] = "bytes */\(length)"
            // They describe the file, and a cache must not take this answer for it.
            for name in [
                "Content-Type", "Content-Disposition", "Content-Encoding", "ETag", "Last-Modified",
                "Expires",
            ] { response.headers[name] = nil }
            response.headers["Cache-Control"] = "no-store"
            response.body = .empty
        case .part(let range):
            response.status = .partialContent
            response.headers["Content-Range"] =
                "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
            response.body = part(range)
        }
        return response
    }

    private var isRangeable: Bool {
        if case .stream = body { false } else { true }
    }

    /// Whether `If-Range` names this version, compared strongly; true where there is none.
    private func isCurrent(_ ifRange: String?) -> Bool {
        guard let ifRange = ifRange?.trimmingBlanks else { return true }
        if let tag = headers["ETag"], ifRange.equalsBytes(tag) { return !EntityTag.isWeak(tag) }
        guard let date = headers["Last-Modified"] else { return false }
        return ifRange.equalsBytes(date)
    }
}

extension ResponseBody {
    /// The bytes of `range`, which lies within the length.
    fileprivate func part(_ range: Range<Int>) -> ResponseBody {
        switch self {
        case .bytes(let bytes): .bytes(Array(bytes[range]))
        case .file(let path, let offset, _):
            .file(path: path, offset: offset + range.lowerBound, length: range.count)
        case .stream: self
        }
    }
}
