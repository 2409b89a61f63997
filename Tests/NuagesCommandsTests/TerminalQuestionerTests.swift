import NuagesORM
import Testing

@testable import NuagesCommands

@Suite struct TerminalQuestionerTests {
    @Test(arguments: [
        ("5", FieldDefault.value(.int(5))), ("-1.5", .value(.double(-1.5))),
        ("\"a 'b'\"", .value(.text("a 'b'"))), ("''", .value(.text(""))),
        ("true", .value(.bool(true))), ("False", .value(.bool(false))),
        ("now", .function("Date.now")),
    ])
    func readsValues(_ line: String, expected: FieldDefault) {
        #expect(TerminalQuestioner.value(of: line) == expected)
    }

    @Test(arguments: ["maybe", "\"open", "nan", "inf"])
    func refusesAnythingElse(_ line: String) {
        #expect(TerminalQuestioner.value(of: line) == nil)
    }
}
