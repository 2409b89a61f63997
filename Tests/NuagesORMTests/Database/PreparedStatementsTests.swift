import DatabaseTestSupport
import NuagesCore
import Testing

@testable import NuagesORM

/// Which statements connections keep prepared.
@Suite struct PreparedStatementsTests {
    private final class Statement: PreparedStatement {
        let text: String
        var lastUse = 0
        init(_ text: String) { self.text = text }
    }

    private static func kept(_ texts: [String]) -> PreparedStatements<Statement> {
        var statements = PreparedStatements<Statement>()
        for text in texts { _ = statements.keep(Statement(text), text) }
        return statements
    }

    @Test func textsAreOneOnlyIfAllTheirBytesAre() {
        var statements = Self.kept(["SELECT '\u{E9}'"])
        #expect(statements.find("SELECT 'e\u{301}'") == nil)
        #expect(statements.find("SELECT '\u{E9}'") != nil)
        _ = statements.keep(Statement("x"), "SELECT 'e\u{301}'")
        #expect(statements.count == 2)
        #expect(statements.find("SELECT 'e\u{301}'")?.text == "x")
    }

    @Test func thoseGoThatWereNotUsedForLongest() {
        var statements = PreparedStatements<Statement>()
        var dropped: [String] = []
        for number in 0..<1000 {
            _ = statements.find("SELECT 0")
            dropped += statements.keep(Statement("\(number)"), "SELECT \(number)").map(\.text)
            #expect(statements.count <= 400)
        }
        #expect(statements.find("SELECT 0") != nil)
        #expect(statements.find("SELECT 1") == nil)
        #expect(statements.find("SELECT 999") != nil)
        #expect(dropped.count + statements.count == 1000)
        #expect(Set(dropped).count == dropped.count)
    }

    @Test func longTextsAreBoundedTogether() {
        let texts = (0..<100).map { "\($0)" + String(repeating: " ", count: 60_000) }
        let statements = Self.kept(texts)
        #expect(statements.count < 20)
        #expect(PreparedStatements<Statement>.keeps(texts[0]))
        #expect(!PreparedStatements<Statement>.keeps(texts[0] + texts[0]))
    }

    @Test func aTextHasSeveralStatementsButNotAnyNumber() {
        var statements = PreparedStatements<Statement>()
        let all = (0..<20).map { Statement("\($0)") }
        for statement in all { _ = statements.keep(statement, "SELECT 1") }
        #expect(statements.count == 8)
        #expect(statements.find("SELECT 1", where: { $0 === all[0] }) == nil)
        #expect(statements.find("SELECT 1", where: { $0 === all[19] }) === all[19])
        statements.forget(all[19], "SELECT 1")
        statements.forget(all[19], "SELECT 1")
        #expect(statements.count == 7)
        #expect(statements.forgetAll().count == 7)
        #expect(statements.count == 0)
    }

    @Test(arguments: TestBackend.installed)
    func eachOfTwoFormsOfALetterIsAStatement(_ backend: TestBackend) async throws {
        let database = try await backend.open(pool: PoolOptions(maxConnections: 1))
        for text in ["\u{E9}", "e\u{301}", "\u{E9}"] {
            let rows = try await database.rows(SQL(unsafe: "SELECT '\(text)'"))
            guard case .text(let found)? = rows.first?.first else {
                Issue.record("no text")
                continue
            }
            #expect(Array(found.utf8) == Array(text.utf8))
        }
    }
}
