internal import NuagesCore
internal import NuagesHTTP

/// Reads the head of HTTP/1.1 requests as the bytes arrive, strictly (RFC 9112) and within limits.
///
/// The parser decides on whole lines only, and a line that is too long fails at the same byte
/// whether its end has arrived or not; so every split of the input gives the same result.
struct RequestParser {
    private enum Stage { case requestLine, fields }

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
    private var host: String?
    private var head = RequestHead()

    init(limits: RequestLimits = RequestLimits()) { self.limits = limits }

    /// Whether some of a head has been read but not all.
    var isInsideHead: Bool { stage == .fields || skippedEmptyLine || scanned > 0 }

    /// Reads on in `input`, which starts where the last call stopped consuming.
    ///
    /// - Parameter input: the bytes that were not consumed yet, and new ones.
    /// - Returns: how many bytes are done with, and the head once it is complete.
    /// - Throws: why the request is refused; the connection cannot be read any further then.
    mutating func parseHead(
        _ input: Span<UInt8>
    ) throws(RequestError) -> (consumed: Int, head: RequestHead?) {
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
            case .fields where line.isEmpty: return (position, try finish())
            case .fields: try parseField(input, line)
            }
        }
        scanned = input.count - position
        // The line ends one byte later at the earliest.
        try checkLength(scanned + 1)
        return (position, nil)
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
        let requestLine = try RequestLine(input, line)
        head.method = requestLine.method
        head.target = requestLine.target
        head.isHTTP10 = requestLine.isHTTP10
        authority = requestLine.authority
        head.fields.reserveCapacity(8)
        stage = .fields
    }

    private mutating func parseField(
        _ input: Span<UInt8>,
        _ line: Range<Int>
    ) throws(RequestError) {
        fieldCount += 1
        guard fieldCount <= limits.fields else { throw .tooManyFields }
        var colon = line.lowerBound
        var hasUnderscore = false
        // A blank at the start (obsolete folding) or before the colon is no token byte either.
        while colon < line.upperBound, input[colon].isTokenByte {
            if input[colon] == UInt8(ascii: "_") { hasUnderscore = true }
            colon += 1
        }
        guard colon > line.lowerBound, colon < line.upperBound, input[colon] == UInt8(ascii: ":")
        else { throw .malformedField }
        let value = input.trimmingBlanks((colon + 1)..<line.upperBound)
        for index in value where !input[index].isValueByte { throw .malformedField }
        let name = line.lowerBound..<colon
        guard !hasUnderscore else { return try dropField(input, name) }
        guard let nameText = input.text(in: name), let valueText = input.text(in: value)
        else { throw .malformedField }
        try note(input, name: name, value: value, valueText: valueText)
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
        value: Range<Int>,
        valueText: String
    ) throws(RequestError) {
        switch name.count {
        case 4 where input.matches("host", in: name):
            guard host == nil, HostSyntax.isValid(input, value) else { throw .malformedHost }
            host = valueText
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

    /// Checks what only the whole head shows, and makes the parser ready for the next head.
    private mutating func finish() throws(RequestError) -> RequestHead {
        if let authority {
            if let host {
                guard authority.equalsIgnoringASCIICase(host) else { throw .malformedHost }
            } else {
                head.fields.append(Headers.Field(name: "Host", value: authority))
            }
        }
        // RFC 9112, section 3.2: an HTTP/1.1 request without Host is answered 400, absolute or not.
        guard host != nil || head.isHTTP10 else { throw .malformedHost }
        if isChunked {
            // Both are a sign of smuggling; so is a chunked body in a version without chunks.
            guard contentLength == nil, !head.isHTTP10 else { throw .conflictingFraming }
            head.framing = .chunked
        } else if let contentLength {
            guard contentLength <= limits.body else { throw .bodyTooLarge }
            head.framing = contentLength == 0 ? .none : .length(contentLength)
        }
        if head.isHTTP10 || head.framing == .none { head.expectsContinue = false }
        let finished = head
        self = RequestParser(limits: limits)
        return finished
    }
}

extension Span<UInt8> {
    func firstLineFeed(from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == 0x0A { return index }
            index += 1
        }
        return nil
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
