import NuagesCore
import NuagesHTTP
import Testing

@Suite struct JSONTests {
    struct Message: Encodable, JSONWritable {
        var message: String
        var count: Int?
        var tags: [String] = []

        func write(to writer: inout JSONWriter) {
            writer.object {
                $0.member("message", message)
                $0.member("count", count)
                $0.member("tags", tags)
            }
        }
    }

    struct Mixed: Encodable {
        var small: UInt8 = 200
        var big: UInt64 = .max
        var ratio: Float = 0.1
        var nested = ["a": [1, 2]]
        var nothing: Int?
        var flag = true
    }

    struct Manual: Encodable {
        enum Keys: String, CodingKey { case first, second }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            var first = container.nestedContainer(keyedBy: Keys.self, forKey: .first)
            var second = container.nestedUnkeyedContainer(forKey: .second)
            try second.encode(1)
            try first.encode("late", forKey: .second)
            try second.encode(2)
        }
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func writesStraightIntoBytes() {
        let message = Message(message: "a\"\\\n\u{1}é</script>", count: -12, tags: ["x", "y"])
        #expect(
            Self.text(message.jsonBytes())
                == "{\"message\":\"a\\\"\\\\\\n\\u0001é\\u003c/script\\u003e\",\"count\":-12,"
                + "\"tags\":[\"x\",\"y\"]}"
        )
        #expect(
            Self.text(message.jsonBytes(style: .python))
                == "{\"message\": \"a\\\"\\\\\\n\\u0001\\u00e9</script>\", \"count\": -12, "
                + "\"tags\": [\"x\", \"y\"]}"
        )
    }

    @Test(arguments: [
        (0, "0"), (9, "9"), (10, "10"), (-1, "-1"), (Int.max, "9223372036854775807"),
        (Int.min, "-9223372036854775808"), (1_234_567, "1234567"),
    ])
    func writesNumbers(_ number: Int, expected: String) {
        #expect(Self.text(number.jsonBytes()) == expected)
    }

    @Test func neverWritesWhatIsNotJSON() {
        #expect(Self.text([1.5, .nan, .infinity].jsonBytes()) == "[1.5,null,null]")
        #expect(throws: EncodingError.self) { try JSONBytesEncoder().encode(["a": Double.nan]) }
        #expect(Self.text("\u{2028}\"\u{301}".jsonBytes()) == "\"\\u2028\\\"\u{301}\"")
        #expect(Self.text("😀".jsonBytes(style: .python)) == "\"\\ud83d\\ude00\"")
    }

    @Test func encodesCodableTypes() throws {
        let mixed = Self.text(try JSONBytesEncoder().encode(Mixed()))
        #expect(
            mixed
                == "{\"small\":200,\"big\":18446744073709551615,\"ratio\":0.1,"
                + "\"nested\":{\"a\":[1,2]},\"flag\":true}"
        )
        #expect(
            Self.text(try JSONBytesEncoder().encode(Manual()))
                == "{\"first\":{\"second\":\"late\"},\"second\":[1,2]}"
        )
        #expect(Self.text(try JSONBytesEncoder().encode([[Int]]())) == "[]")
    }

    @Test func respondsWithJSON() throws {
        let response = Response.json(Message(message: "Hello, World!"))
        #expect(response.headers["Content-Type"] == "application/json")
        #expect(response.text == "{\"message\":\"Hello, World!\",\"count\":null,\"tags\":[]}")
        #expect(try Response.json(Mixed()).headers["Content-Type"] == "application/json")
    }

    @Test(arguments: [
        (
            " [1, -2.5e3, \"a\\u00e9\\ud83d\\ude00\\/\", true, null, {\"a\": {}}] ",
            "[1,-2500.0,\"aé😀/\",true,null,{\"a\":{}}]"
        ),
        ("\"\"", "\"\""), ("[]", "[]"), ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9.223372036854776e+18"), ("-0", "0"),
    ])
    func parses(_ text: String, expected: String) throws {
        #expect(Self.text(try JSONValue(parsing: text).jsonBytes()) == expected)
    }

    @Test(arguments: [
        "", "[", "[1,]", "{\"a\"}", "{a:1}", "01", "1.", "+1", "nan", "NaN", "Infinity", "0x1",
        "1e999", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "'a'", "[1] 2",
        "tru", "{\"a\":1,}", "-", "\"abc", "[1 2]", "\u{FEFF}1",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func refusesDeepNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.tooDeep(limit: 100)) { try JSONValue(parsing: deep) }
        let mixed = String(repeating: "{\"a\":[", count: 60)
        #expect(throws: JSONError.tooDeep(limit: 100)) { try JSONValue(parsing: mixed) }
        #expect(throws: JSONError.invalidUTF8(offset: 0)) {
            try JSONValue(parsing: [0x22, 0xFF, 0x22])
        }
    }

    @Test func readsRequests() async throws {
        let request = Request(
            method: .post,
            target: "/",
            body: RequestBody(Array("{\"a\": 1}".utf8))
        )
        #expect(try await request.json() == .object([JSONValue.Member("a", .int(1))]))
        let bad = Request(method: .post, target: "/", body: RequestBody(Array("{".utf8)))
        await #expect(throws: HTTPError.self) { try await bad.json() }
    }
}
