import NuagesHTTP
import Testing

@testable import NuagesServer

/// What came of some input.
struct Outcome: Equatable, CustomStringConvertible {
    /// Method, target, fields and body of each complete request, as one line each.
    var requests: [String] = []
    var error: RequestError?
    /// The unfinished rest, as far as it was understood.
    var bodySoFar: [UInt8] = []

    var description: String {
        "\(requests) error: \(error.map { "\($0)" } ?? "none") rest: \(bodySoFar.count)"
    }
}

/// Feeds input to the parser as a connection does, in pieces, with no socket.
struct ParserHarness {
    private var parser: RequestParser
    private let limits: RequestLimits
    private var decoder: BodyDecoder?
    private var head = RequestHead()
    private var body: [UInt8] = []
    private var pending: [UInt8] = []
    private(set) var outcome = Outcome()

    init(limits: RequestLimits = RequestLimits()) {
        self.limits = limits
        parser = RequestParser(limits: limits)
    }

    static func parse(
        _ input: [UInt8],
        cutAt cuts: [Int] = [],
        limits: RequestLimits = RequestLimits()
    ) -> Outcome {
        var harness = ParserHarness(limits: limits)
        var start = 0
        for cut in cuts + [input.count] {
            harness.feed(input[start..<cut])
            start = cut
        }
        harness.outcome.bodySoFar = harness.body
        return harness.outcome
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>) {
        guard outcome.error == nil else { return }
        pending += bytes
        do { while try step() {} } catch { outcome.error = error }
    }

    private mutating func step() throws(RequestError) -> Bool {
        guard var decoder else { return try readHead() }
        let input = pending
        let piece = try decoder.next(input.span)
        self.decoder = decoder
        body += pending[piece.data]
        pending.removeFirst(piece.consumed)
        guard piece.isComplete else { return !piece.data.isEmpty }
        finish()
        return true
    }

    private mutating func readHead() throws(RequestError) -> Bool {
        guard !pending.isEmpty else { return false }
        let input = pending
        pending.removeFirst(try parser.read(input.span))
        guard parser.takeHead(into: &head) else { return false }
        switch head.framing {
        case .none: finish()
        case .length(let length): decoder = BodyDecoder(length: length)
        case .chunked: decoder = BodyDecoder(chunkedUpTo: limits.body)
        }
        return true
    }

    private mutating func finish() {
        let fields = head.fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        outcome.requests.append(
            "\(head.method) \(head.target) \(fields) \(String(decoding: body, as: UTF8.self))"
                + (head.wantsClose ? " close" : "") + (head.isHTTP10 ? " 1.0" : "")
                + (head.expectsContinue ? " expect" : "")
        )
        decoder = nil
        body = []
    }
}

/// One input and the status it is refused with.
struct RefusedCase: Sendable, CustomTestStringConvertible {
    let name: String
    let input: [UInt8]
    let error: RequestError

    init(_ name: String, _ input: String, _ error: RequestError) {
        self.init(name, Array(input.utf8), error)
    }

    init(_ name: String, _ input: [UInt8], _ error: RequestError) {
        self.name = name
        self.input = input
        self.error = error
    }

    var testDescription: String { name }

    /// A request with one field more.
    static func field(_ name: String, _ field: String, _ error: RequestError) -> Self {
        Self(name, "POST / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n", error)
    }

    /// A chunked request with this body.
    static func chunks(_ name: String, _ body: String, _ error: RequestError) -> Self {
        Self(
            name,
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)",
            error
        )
    }

    static func line(_ name: String, _ line: String, _ error: RequestError) -> Self {
        Self(name, "\(line)\r\nHost: a\r\n\r\n", error)
    }

    static func host(_ name: String, _ host: String) -> Self {
        Self(name, "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", .malformedHost)
    }
}
