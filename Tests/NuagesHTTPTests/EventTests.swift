import NuagesHTTP
import Testing

@Suite struct EventTests {
    @Test(arguments: [
        (ServerSentEvent("a"), "data: a\n\n"), (ServerSentEvent(""), "data: \n\n"),
        (ServerSentEvent("a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n"),
        (ServerSentEvent("\n"), "data: \ndata: \n\n"),
        (ServerSentEvent("\u{301}e\r\n\u{301}"), "data: \u{301}e\ndata: \u{301}\n\n"),
        (
            ServerSentEvent("x", event: "news", id: "7", retry: .milliseconds(1_500)),
            "event: news\nid: 7\nretry: 1500\ndata: x\n\n"
        ),
        (ServerSentEvent("x", retry: .seconds(-1)), "retry: 0\ndata: x\n\n"),
    ])
    func writesFields(_ event: ServerSentEvent, _ text: String) throws {
        #expect(String(decoding: try event.bytes(), as: UTF8.self) == text)
    }

    @Test(arguments: ["a\nb", "a\rb", "a\r\ndata: evil", "a\0", "a\n\u{301}"])
    func refusesLineBreaksOutsideData(_ text: String) {
        #expect(throws: EventStreamError.lineBreak(field: "id")) {
            try ServerSentEvent("x", id: text).bytes()
        }
        #expect(throws: EventStreamError.lineBreak(field: "event")) {
            try ServerSentEvent("x", event: text).bytes()
        }
    }
}
