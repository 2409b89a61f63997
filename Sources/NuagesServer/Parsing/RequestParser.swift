internal import NuagesCore
internal import NuagesHTTP

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Reads the head of HTTP/1.1 requests as the bytes arrive, strictly (RFC 9112) and within limits.
///
/// The parser decides on whole lines only, and a line that is too long fails at the same byte
/// whether its end has arrived or not; so every split of the input gives the same result.
struct RequestParser {
    private enum Stage { case requestLine, fields, complete }

    let limits: RequestLimits
    private var stage = Stage.requestLine
    private var skippedEmptyLine = false
    /// How many bytes of the unfinished line are known to hold no line feed.
    private var scanned = 0
    private var headSize = 0
    private var fieldCount = 0
    private var contentLength: Int?
    private var isChunked = false
    /// The host of an absolute-form target, which must not contradict the `Host` field.
    private var authority: String?
    private var hasHost = false
    /// The host of the last request.
    private var lastHost = ""
    private var head = RequestHead()

    init(limits: RequestLimits = RequestLimits()) { self.limits = limits }

    /// Whether some of a head has been read but not all.
    var isInsideHead: Bool { stage != .requestLine || skippedEmptyLine || scanned > 0 }

    /// What has been read of a head; nil before its first line is complete.
    var unfinishedHead: RequestHead? { stage == .requestLine ? nil : head }

    /// Takes the head that was read, once it is complete; the parser is ready for the next one.
    ///
    /// - Parameter taken: becomes the head.
    /// - Returns: whether there is one.
    mutating func takeHead(into taken: inout RequestHead) -> Bool {
        guard stage == .complete else { return false }
        swap(&taken, &head)
        head = RequestHead()
        stage = .requestLine
        skippedEmptyLine = false
        headSize = 0
        fieldCount = 0
        contentLength = nil
        isChunked = false
        hasHost = false
        return true
    }

    /// Reads on in `input`, which starts where the last call stopped consuming, at most to the end
    /// of a head; that is to be taken before the next one is read.
    ///
    /// - Parameter input: the bytes that were not consumed yet, and new ones.
    /// - Returns: how many bytes are done with.
    /// - Throws: why the request is refused; the connection cannot be read any further then.
    mutating func read(_ input: Span<UInt8>) throws(RequestError) -> Int {
        guard stage != .complete else { return 0 }
        var position = 0
        while let lineFeed = input.firstLineFeed(from: position + scanned) {
            scanned = 0
            let length = lineFeed + 1 - position
            try checkLength(length)
            headSize += length
            guard lineFeed > position, input[lineFeed - 1] == 0x0D else {
                throw stage == .requestLine ? .malformedRequestLine : .malformedField
            }
            let line = position..<(lineFeed - 1)
            position = lineFeed + 1
            switch stage {
            case .requestLine: try parseFirstLine(input, line)
            case .fields where line.isEmpty:
                try finish()
                return position
            case .fields, .complete: try parseField(input, line)
            }
        }
        scanned = input.count - position
        // The line ends one byte later at the earliest.
        try checkLength(scanned + 1)
        return position
    }

    private func checkLength(_ length: Int) throws(RequestError) {
        if stage == .requestLine, length > limits.requestLine { throw .requestLineTooLong }
        if headSize + length > limits.head { throw .headTooLarge }
    }

    private mutating func parseFirstLine(
        _ input: Span<UInt8>,
        _ line: Range<Int>
    ) throws(RequestError) {
        if line.isEmpty {
            // One empty line before a request is tolerated (RFC 9112, section 2.2).
            guard !skippedEmptyLine else { throw .malformedRequestLine }
            skippedEmptyLine = true
            return
        }
        authority = try RequestLine.read(input, line, into: &head)
        head.fields.reserveCapacity(8)
        stage = .fields
    }

    private mutating func parseField(
        _ input: Span<UInt8>,
        _ line: Range<Int>
    ) throws(RequestError) {
        fieldCount += 1
        guard fieldCount <= limits.fields else { throw .tooManyFields }
        guard let colon = input.firstColon(in: line) else { throw .malformedField }
        let name = line.lowerBound..<colon
        let value = input.trimmingBlanks((colon + 1)..<line.upperBound)
        if let text = FieldNames.text(of: input, in: name) {
            return try takeField(input, name, text, value)
        }
        var hasUnderscore = false
        // A blank at the start (obsolete folding) or before the colon is no token byte either.
        for index in name {
            guard input[index].isTokenByte else { throw .malformedField }
            if input[index] == UInt8(ascii: "_") { hasUnderscore = true }
        }
        if hasUnderscore {
            guard !input.containsControl(in: value) else { throw .malformedField }
            return try dropField(input, name)
        }
        guard !name.isEmpty, let text = input.text(in: name) else { throw .malformedField }
        try takeField(input, name, text, value)
    }

    private mutating func takeField(
        _ input: Span<UInt8>,
        _ name: Range<Int>,
        _ nameText: String,
        _ value: Range<Int>
    ) throws(RequestError) {
        let isHost = input.matches("host", in: name)
        // Nearly always the one of the last request, which has been found to be well-formed.
        if isHost, !hasHost, input.holds(lastHost, in: value) {
            hasHost = true
            head.fields.append(Headers.Field(name: nameText, value: lastHost))
            return
        }
        guard !input.containsControl(in: value), let valueText = input.text(in: value) else {
            throw .malformedField
        }
        try note(input, name: name, value: value)
        if isHost { lastHost = valueText }
        head.fields.append(Headers.Field(name: nameText, value: valueText))
    }

    /// Leaves out a field whose name has an underscore: a proxy or a later program that maps
    /// names to variables takes `X_Forwarded_For` for `X-Forwarded-For`.
    private func dropField(_ input: Span<UInt8>, _ name: Range<Int>) throws(RequestError) {
        if input.matches("transfer_encoding", in: name) { throw .malformedTransferEncoding }
        if input.matches("content_length", in: name) { throw .malformedContentLength }
    }

    /// Takes in the fields that decide about the connection and the body.
    private mutating func note(
        _ input: Span<UInt8>,
        name: Range<Int>,
        value: Range<Int>
    ) throws(RequestError) {
        switch name.count {
        case 4 where input.matches("host", in: name):
            guard !hasHost, HostSyntax.isValid(input, value) else { throw .malformedHost }
            hasHost = true
        case 6 where input.matches("expect", in: name):
            guard input.matches("100-continue", in: value) else { throw .unknownExpectation }
            head.expectsContinue = true
        case 10 where input.matches("connection", in: name):
            if input.listContains("close", in: value) { head.wantsClose = true }
        case 14 where input.matches("content-length", in: name):
            guard contentLength == nil, let length = input.decimal(in: value) else {
                throw .malformedContentLength
            }
            contentLength = length
        case 17 where input.matches("transfer-encoding", in: name):
            guard !isChunked else { throw .malformedTransferEncoding }
            try TransferCoding.check(input, value)
            isChunked = true
        default: break
        }
    }

    /// Checks what only the whole head shows.
    private mutating func finish() throws(RequestError) {
        if let authority {
            let host = head.fields.first { $0.name.equalsIgnoringASCIICase("Host") }?.value
            if let host {
                guard authority.equalsIgnoringASCIICase(host) else { throw .malformedHost }
            } else {
                head.fields.append(Headers.Field(name: "Host", value: authority))
            }
            self.authority = nil
        }
        // RFC 9112, section 3.2: an HTTP/1.1 request without Host is answered 400, absolute or not.
        guard hasHost || head.isHTTP10 else { throw .malformedHost }
        if isChunked {
            // Both are a sign of smuggling; so is a chunked body in a version without chunks.
            guard contentLength == nil, !head.isHTTP10 else { throw .conflictingFraming }
            head.framing = .chunked
        } else if let contentLength {
            guard contentLength <= limits.body else { throw .bodyTooLarge }
            head.framing = contentLength == 0 ? .none : .length(contentLength)
        }
        if head.isHTTP10 || head.framing == .none { head.expectsContinue = false }
        stage = .complete
    }
}

extension Span<UInt8> {
    fileprivate func firstColon(in range: Range<Int>) -> Int? {
        for index in range where self[index] == UInt8(ascii: ":") { return index }
        return nil
    }

    fileprivate func containsControl(in range: Range<Int>) -> Bool {
        extracting(range).withUnsafeBytes(\.containsControl)
    }

    /// Whether the bytes of `range` are `text`, which is not empty.
    fileprivate func holds(_ text: String, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8.count, !range.isEmpty else { return false }
        return extracting(range).withUnsafeBufferPointer { bytes in
            text.withUTF8Bytes { $0.isEqual(to: bytes) }
        }
    }

    func firstLineFeed(from start: Int) -> Int? {
        guard start < count else { return nil }
        return extracting(start...).withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress,
                let found = memchr(first, 0x0A, bytes.count)
            else { return nil }
            return start + (UnsafeRawPointer(found) - first)
        }
    }

    /// Whether the comma-separated list in `range` has the element `text`, in lower case.
    func listContains(_ text: StaticString, in range: Range<Int>) -> Bool {
        var start = range.lowerBound
        for index in range where self[index] == UInt8(ascii: ",") {
            if matches(text, in: trimmingBlanks(start..<index)) { return true }
            start = index + 1
        }
        return matches(text, in: trimmingBlanks(start..<range.upperBound))
    }
}
