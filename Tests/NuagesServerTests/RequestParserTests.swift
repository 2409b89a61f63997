import NuagesHTTP
import Testing

@testable import NuagesServer

@Suite struct RequestParserTests {
    static let accepted: [(input: String, requests: [String])] = [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", ["GET / Host=a "]),
        ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ["GET / Host=a "]),
        ("GET /a?b=c HTTP/1.0\r\n\r\n", ["GET /a?b=c   1.0"]),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", ["OPTIONS * Host=a "]),
        ("GET http://A:80/x?y HTTP/1.1\r\nHost: a:80\r\n\r\n", ["GET /x?y Host=a:80 "]),
        ("GET HTTP://a?y HTTP/1.1\r\nHost: a\r\n\r\n", ["GET /?y Host=a "]),
        ("GET http://a HTTP/1.0\r\n\r\n", ["GET / Host=a  1.0"]),
        ("GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n", ["GET / Host=[::1]:8000 "]),
        ("GET / HTTP/1.1\r\nhOST:\ta_b.example\t \r\nX:\r\n\r\n", ["GET / hOST=a_b.example&X= "]),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: é\u{1F600}\r\n\r\n", ["GET / Host=a&X=é\u{1F600} "]),
        ("GET / HTTP/1.1\r\nHost: a\r\nX_Real_IP: 1\r\nY: 2\r\n\r\n", ["GET / Host=a&Y=2 "]),
        ("GET /%zz/%00?a[]=|{}^` HTTP/1.1\r\nHost: a\r\n\r\n", ["GET /%zz/%00?a[]=|{}^` Host=a "]),
        ("patch / HTTP/1.1\r\nHost: a\r\n\r\n", ["patch / Host=a "]),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n",
            ["GET / Host=a&Connection=x, Close  close"]
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Host\r\n\r\n",
            ["GET / Host=a&Connection=Host "]
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 003\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
            ["POST / Host=a&Content-Length=003 abc", "GET /2 Host=b "]
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxyGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
            ["GET / Host=a&Content-Length=2 xy", "GET /2 Host=b "]
        ),
        (
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\n0000000B\r\ndefghijklmn\r\n0;x\r\nT: r\r\n\r\n",
            ["PUT / Host=a&Transfer-Encoding=Chunked abcdefghijklmn"]
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
            ["POST / Host=a&Expect=100-Continue&Content-Length=1 x expect"]
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
            ["GET / Host=a&Expect=100-continue&Content-Length=0 "]
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
            ["GET / Host=a&Upgrade=h2c&Connection=Upgrade, HTTP2-Settings "]
        ),
    ]

    @Test(arguments: accepted)
    func readsRequests(input: String, requests: [String]) {
        let outcome = ParserHarness.parse(Array(input.utf8))
        #expect(outcome == Outcome(requests: requests))
    }

    @Test(arguments: RefusedRequests.all)
    func refuses(_ refused: RefusedCase) {
        let outcome = ParserHarness.parse(refused.input)
        #expect(outcome.requests.isEmpty)
        #expect(outcome.error == refused.error)
    }

    @Test(arguments: accepted)
    func everySplitGivesTheSameRequests(input: String, requests: [String]) {
        expectSameAtEverySplit(Array(input.utf8))
    }

    @Test(arguments: RefusedRequests.all.filter { $0.input.count < 1_000 })
    func everySplitGivesTheSameRefusal(_ refused: RefusedCase) {
        expectSameAtEverySplit(refused.input)
    }

    @Test(arguments: RefusedRequests.all.filter { $0.input.count >= 1_000 })
    func someSplitsOfLongInputGiveTheSameRefusal(_ refused: RefusedCase) {
        for step in [1_000, 8_191, 8_192, 32_767, 65_536] {
            let cuts = Array(stride(from: step, to: refused.input.count, by: step))
            let outcome = ParserHarness.parse(refused.input, cutAt: cuts)
            #expect(outcome.error == refused.error, "in pieces of \(step)")
        }
    }

    private func expectSameAtEverySplit(_ input: [UInt8]) {
        let whole = ParserHarness.parse(input)
        for cut in 0...input.count {
            let split = ParserHarness.parse(input, cutAt: [cut])
            #expect(split == whole, "cut at \(cut)")
        }
        let single = ParserHarness.parse(input, cutAt: Array(0..<input.count))
        #expect(single == whole, "byte by byte")
    }

    @Test func refusesLongLineAtTheSameByteWithOrWithoutItsEnd() {
        var limits = RequestLimits()
        limits.requestLine = 20
        let fitting = Array("GET /abcd HTTP/1.1\r\n".utf8)
        #expect(ParserHarness.parse(fitting, limits: limits).error == nil)
        let long = Array("GET /abcde HTTP/1.1\r\n".utf8)
        #expect(ParserHarness.parse(long, limits: limits).error == .requestLineTooLong)
        #expect(
            ParserHarness.parse(Array(long.prefix(19)), limits: limits).error == nil
        )
        #expect(
            ParserHarness.parse(Array(long.prefix(20)), limits: limits).error
                == .requestLineTooLong
        )
    }

    @Test func countsTheWholeHead() {
        var limits = RequestLimits()
        let head = Array("GET / HTTP/1.1\r\nHost: a\r\nX: abcdef\r\n\r\n".utf8)
        limits.head = head.count
        #expect(ParserHarness.parse(head, limits: limits).requests.count == 1)
        limits.head = head.count - 1
        #expect(ParserHarness.parse(head, limits: limits).error == .headTooLarge)
    }

    @Test func dropsNothingBetweenPipelinedRequests() {
        let one = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        let outcome = ParserHarness.parse(Array(String(repeating: one, count: 50).utf8))
        #expect(
            outcome.requests
                == Array(repeating: "POST /a Host=a&Content-Length=3 abc", count: 50)
        )
    }

    /// Changes valid input at random places: nothing may trap, hang or depend on the split.
    @Test func survivesMutatedInput() {
        var random = SeededGenerator(seed: 20_260_101)
        let seeds = Self.accepted.map { Array($0.input.utf8) }
        let bytes: [UInt8] = [0, 9, 10, 13, 32, 34, 37, 43, 44, 45, 48, 58, 59, 127, 128, 255]
        for round in 0..<4_000 {
            var input = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<input.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: input[index] = bytes.randomElement(using: &random)!
                case 1: input.insert(bytes.randomElement(using: &random)!, at: index)
                case 2 where input.count > 1: input.remove(at: index)
                default: input.insert(contentsOf: input[index...].prefix(20), at: index)
                }
            }
            let whole = ParserHarness.parse(input)
            let cut = Int.random(in: 0...input.count, using: &random)
            #expect(ParserHarness.parse(input, cutAt: [cut]) == whole)
            let single = ParserHarness.parse(input, cutAt: Array(0..<input.count))
            #expect(single == whole)
        }
    }

    @Test func everyErrorHasAStatusThatCloses() {
        for error in RequestError.allCases {
            #expect((400...505).contains(error.status))
        }
    }
}

/// A random generator that gives the same numbers in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
