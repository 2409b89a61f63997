import NuagesHTTP

@testable import NuagesServer

/// Input that must be refused, by the group of rules that it breaks.
enum RefusedRequests {
    static let all =
        contentLength + transferEncoding + framing + chunks + fields + hosts + requestLines + limits

    static let contentLength: [RefusedCase] =
        [
            "+2", "-2", "0x2", "0_2", "2abc", "", "2 2", "2, 0", "2, 2", "18446744073709551618",
            "9223372036854775808", "2.0", "\u{0B}2", "\u{A0}2", "２", "\"2\"", "2;", "1e2", " ",
        ].map {
            let error: RequestError =
                $0.utf8.contains(0x0B) ? .malformedField : .malformedContentLength
            return .field("length '\($0)'", "Content-Length: \($0)", error)
        } + [
            .field(
                "two lengths",
                "Content-Length: 2\r\nContent-Length: 0",
                .malformedContentLength
            ),
            .field(
                "two lengths, turned",
                "Content-Length: 0\r\nContent-Length: 2",
                .malformedContentLength
            ),
            .field(
                "the same length twice",
                "Content-Length: 2\r\ncontent-length: 2",
                .malformedContentLength
            ),
            .field("Content_Length", "Content_Length: 2", .malformedContentLength),
        ]

    static let transferEncoding: [RefusedCase] = [
        .field("xchunked", "Transfer-Encoding: xchunked", .unknownTransferCoding),
        .field("identity", "Transfer-Encoding: identity", .unknownTransferCoding),
        .field("gzip, chunked", "Transfer-Encoding: gzip, chunked", .unknownTransferCoding),
        .field(
            "chunked, identity",
            "Transfer-Encoding: chunked, identity",
            .malformedTransferEncoding
        ),
        .field(
            "chunked twice",
            "Transfer-Encoding: chunked, chunked",
            .malformedTransferEncoding
        ),
        .field(
            "two fields",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            .malformedTransferEncoding
        ),
        .field("VT before", "Transfer-Encoding: \u{0B}chunked", .malformedField),
        .field("blank before the colon", "Transfer-Encoding : chunked", .malformedField),
        .field("tab before the colon", "Transfer-Encoding\t: chunked", .malformedField),
        .field("folded", "Transfer-Encoding:\r\n chunked", .malformedTransferEncoding),
        .field("quoted", "Transfer-Encoding: \"chunked\"", .malformedTransferEncoding),
        .field("parameter", "Transfer-Encoding: chunked;q=1", .malformedTransferEncoding),
        .field("empty element", "Transfer-Encoding: ,chunked", .malformedTransferEncoding),
        .field("empty", "Transfer-Encoding:", .malformedTransferEncoding),
        .field("NUL", "Transfer-Encoding: chunked\0", .malformedField),
        .field("bare CR", "Transfer-Encoding: chunked\rX: y", .malformedField),
        .field("underscore", "Transfer_Encoding: chunked", .malformedTransferEncoding),
        .field("after a bare LF", "X: y\nTransfer-Encoding: chunked", .malformedField),
        RefusedCase(
            "on HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .conflictingFraming
        ),
    ]

    static let framing: [RefusedCase] = [
        .field(
            "CL.TE",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            .conflictingFraming
        ),
        .field(
            "TE.CL",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            .conflictingFraming
        ),
        .field("unknown expectation", "Expect: 200-ok", .unknownExpectation),
    ]

    static let chunks: [RefusedCase] =
        ["0x2", "+2", "-2", "0_2", "", "2z", "18446744073709551618", " 2", "2 ", "\t2", "2\0"].map {
            .chunks("size '\($0)'", "\($0)\r\nab\r\n0\r\n\r\n", .malformedChunk)
        } + [
            .chunks("huge size", "FFFFFFFFFFFFFFFF\r\n", .malformedChunk),
            .chunks("large size", "7FFFFFFFFFFFFFFF\r\n", .bodyTooLarge),
            .chunks("too many digits", "00000000000000002\r\nab\r\n", .malformedChunk),
            .chunks("bare LF after the size", "2\nab\r\n0\r\n\r\n", .malformedChunk),
            .chunks("bare LF after the data", "2\r\nab\n0\r\n\r\n", .malformedChunk),
            .chunks("more data than its size", "2\r\nabc\r\n0\r\n\r\n", .malformedChunk),
            .chunks("CR only", "2\rab\r0\r\r", .malformedChunk),
            .chunks("LF in an extension", "2;a\n\r\nab\r\n0\r\n\r\n", .malformedChunk),
            .chunks("NUL in an extension", "2;a\0\r\nab\r\n0\r\n\r\n", .malformedChunk),
            .chunks("bare CR in an extension", "2;a\rb\r\nab\r\n0\r\n\r\n", .malformedChunk),
            .chunks("extension without a name", "2;\r\nab\r\n0\r\n\r\n", .malformedChunk),
            .chunks("empty line between chunks", "2\r\nab\r\n\r\n0\r\n\r\n", .malformedChunk),
            .chunks(
                "300 KB extension",
                "2;a=" + String(repeating: "b", count: 300_000),
                .malformedChunk
            ),
            .chunks(
                "200 extensions of 4 KB",
                String(
                    repeating: "1;a=" + String(repeating: "b", count: 4_096) + "\r\nx\r\n",
                    count: 200
                ),
                .malformedChunk
            ),
            .chunks(
                "many small extensions",
                String(
                    repeating: "1;a=" + String(repeating: "b", count: 200) + "\r\nx\r\n",
                    count: 200
                ),
                .malformedChunk
            ),
            .chunks(
                "300 KB trailer",
                "0\r\nX: " + String(repeating: "y", count: 300_000),
                .trailersTooLarge
            ),
            .chunks("trailer without a colon", "0\r\nX\r\n\r\n", .malformedChunk),
            .chunks("folded trailer", "0\r\nX: y\r\n z\r\n\r\n", .malformedChunk),
            .chunks("NUL in a trailer", "0\r\nX: \0\r\n\r\n", .malformedChunk),
            .chunks("bare LF in a trailer", "0\r\nX: y\n\r\n", .malformedChunk),
        ]

    static let fields: [RefusedCase] = [
        .field("NUL in a value", "X: a\0b", .malformedField),
        .field("CR in a value", "X: a\rb", .malformedField),
        .field("LF in a value", "X: a\nb", .malformedField),
        .field("control in a value", "X: a\u{1}b", .malformedField),
        .field("DEL in a value", "X: a\u{7F}b", .malformedField),
        .field("no colon", "X", .malformedField),
        .field("empty name", ": x", .malformedField),
        .field("name that is no token", "X(y): z", .malformedField),
        .field("8-bit name", "Ä: z", .malformedField),
        .field("blank in a name", "X Y: z", .malformedField),
        .field("blank before the colon", "X : z", .malformedField),
        .field("folded", "X: a\r\n b", .malformedField),
        .field("folded by a tab", "X: a\r\n\tb", .malformedField),
        RefusedCase(
            "blank first line",
            "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
            .malformedField
        ),
        RefusedCase("bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", .malformedRequestLine),
        RefusedCase("bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", .malformedField),
        RefusedCase("bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", .malformedField),
        RefusedCase(
            "value that is not UTF-8",
            Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [0xFF, 0xFE, 13, 10, 13, 10],
            .malformedField
        ),
        RefusedCase(
            "value with a surrogate",
            Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [0xED, 0xA0, 0x80, 13, 10, 13, 10],
            .malformedField
        ),
    ]

    static let hosts: [RefusedCase] =
        [
            "", "a b", "a/b", "a@b", "user@a", "a:b", "a:", ":80", "a:65536", "a:-1", "a:+1",
            "a:80:80", "http://a", "[::1", "::1", "[]", "[g::1]", "[::1]x", "a,b", "a\\b", "a?b",
            "a#b", "é", "%61", "<a>", ".", ".a", "a%00b", "a:0x50",
        ].map { .host("host '\($0)'", $0) } + [
            RefusedCase("no host", "GET / HTTP/1.1\r\n\r\n", .malformedHost),
            RefusedCase(
                "the same host twice",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                .malformedHost
            ),
            RefusedCase(
                "two hosts",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                .malformedHost
            ),
            RefusedCase(
                "absolute form of another host",
                "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
                .malformedHost
            ),
            RefusedCase(
                "absolute form without a host field",
                "GET http://a/ HTTP/1.1\r\n\r\n",
                .malformedHost
            ),
            .line("absolute form with a user", "GET http://u@a/ HTTP/1.1", .malformedHost),
            .line("absolute form without a host", "GET http:/// HTTP/1.1", .malformedHost),
            .line("other scheme", "GET ftp://a/ HTTP/1.1", .malformedTarget),
            .line("CONNECT", "CONNECT a:80 HTTP/1.1", .malformedTarget),
            .line("CONNECT to a path", "CONNECT / HTTP/1.1", .malformedTarget),
            .line("authority form", "GET a:80 HTTP/1.1", .malformedTarget),
            .line("GET *", "GET * HTTP/1.1", .malformedTarget),
        ]

    static let requestLines: [RefusedCase] = [
        .line("HTTP/0.9", "GET /", .malformedTarget),
        .line("HTTP/2.0", "GET / HTTP/2.0", .unsupportedVersion),
        .line("HTTP/1.2", "GET / HTTP/1.2", .unsupportedVersion),
        .line("HTTP/0.9 by name", "GET / HTTP/0.9", .unsupportedVersion),
        RefusedCase("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        .line("HTTP/1.10", "GET / HTTP/1.10", .malformedRequestLine),
        .line("HTTP/11.1", "GET / HTTP/11.1", .malformedRequestLine),
        .line("http/1.1", "GET / http/1.1", .malformedRequestLine),
        .line("no slash", "GET / HTTP1.1", .malformedRequestLine),
        .line("other protocol", "GET / ICY/1.1", .malformedRequestLine),
        .line("two blanks after the method", "GET  / HTTP/1.1", .malformedRequestLine),
        .line("two blanks before the version", "GET /  HTTP/1.1", .malformedRequestLine),
        .line("tab", "GET\t/ HTTP/1.1", .malformedRequestLine),
        .line("tab before the version", "GET /\tHTTP/1.1", .malformedTarget),
        .line("word at the end", "GET / HTTP/1.1 x", .malformedRequestLine),
        .line("blank at the end", "GET / HTTP/1.1 ", .malformedRequestLine),
        .line("bad method", "G(T / HTTP/1.1", .malformedRequestLine),
        .line("blank before the method", " GET / HTTP/1.1", .malformedRequestLine),
        .line(
            "long method",
            String(repeating: "A", count: 33) + " / HTTP/1.1",
            .malformedRequestLine
        ),
        .line("no method", "/ HTTP/1.1", .malformedRequestLine),
        .line("path without a slash", "GET index.html HTTP/1.1", .malformedTarget),
        .line("NUL in the target", "GET /\0 HTTP/1.1", .malformedTarget),
        .line("VT in the target", "GET /\u{0B} HTTP/1.1", .malformedTarget),
        .line("blank in the target", "GET /a b HTTP/1.1", .malformedRequestLine),
        .line("8-bit target", "GET /é HTTP/1.1", .malformedTarget),
        RefusedCase(
            "target that is not UTF-8",
            Array("GET /".utf8) + [0xFF, 0xFE] + Array(" HTTP/1.1\r\n\r\n".utf8),
            .malformedTarget
        ),
        .line("fragment", "GET /a#b HTTP/1.1", .malformedTarget),
        .line("bare CR", "GET /\r HTTP/1.1", .malformedTarget),
        RefusedCase("TLS client hello", [0x16, 0x03, 0x01, 0x0A], .malformedRequestLine),
        RefusedCase(
            "PROXY line",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n\r\n",
            .malformedRequestLine
        ),
        RefusedCase(
            "two empty lines first",
            "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            .malformedRequestLine
        ),
    ]

    static let limits: [RefusedCase] = [
        .line(
            "200 KB target",
            "GET /" + String(repeating: "a", count: 200_000) + " HTTP/1.1",
            .requestLineTooLong
        ),
        RefusedCase(
            "target without an end",
            "GET /" + String(repeating: "a", count: 8_192),
            .requestLineTooLong
        ),
        .field("300 KB field", "X: " + String(repeating: "y", count: 300_000), .headTooLarge),
        .field(
            "3,000 fields",
            (1...3_000).map { "X\($0): y" }.joined(separator: "\r\n"),
            .tooManyFields
        ),
        .field(
            "8,000 repeats",
            Array(repeating: "X: y", count: 8_000).joined(separator: "\r\n"),
            .tooManyFields
        ),
        .field("10 GiB body", "Content-Length: 10737418240", .bodyTooLarge),
        .field(
            "10 GiB body with Expect",
            "Content-Length: 10737418240\r\nExpect: 100-continue",
            .bodyTooLarge
        ),
        .chunks("chunked body over the limit", "2000001\r\n", .bodyTooLarge),
    ]
}
