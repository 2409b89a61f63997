import NuagesORM
import Testing

@testable import NuagesPostgreSQL

/// URLs, and the texts that need no server.
struct DriverTests {
    @Test func keepsPasswordsOutOfArguments() {
        let url = "postgresql://me:s3cr%27et@h.example:5433/db?sslmode=require"
        let driver = PostgreSQLDriver()
        #expect(driver.schemes == ["postgresql", "postgres"])
        let command = driver.shellCommand(url)
        #expect(command.count == 2)
        #expect(command[0] == "psql")
        for part in [
            "user='me'", "host='h.example'", "port='5433'", "dbname='db'", "sslmode='require'",
        ] {
            #expect(command[1].contains(part))
        }
        #expect(!command[1].contains("s3cr"))
        #expect(driver.shellEnvironment(url) == ["PGPASSWORD": "s3cr'et"])
        #expect(driver.shellEnvironment("postgresql:///db").isEmpty)
    }

    @Test func keepsOtherSecretsOutOfArguments() {
        let url = "postgresql://me:s3cr%27et@h/db?sslkey=/k&sslpassword=hidden"
        let command = PostgreSQLDriver().shellCommand(url)
        #expect(command[1].contains("sslkey='/k'"))
        #expect(!command[1].contains("hidden"))
    }

    @Test func tellsNobodyThePassword() {
        let url = "postgresql://me:s3cret@h/db"
        var dumped = ""
        let messages = PostgreSQLNotifications(url, channels: ["polls"])
        dump(messages, to: &dumped)
        dump(PostgreSQLParameters(url: url), to: &dumped)
        dumped += "\(messages) \(PostgreSQLParameters(url: url)) \(String(reflecting: messages))"
        #expect(!dumped.contains("s3cret"))
        #expect(dumped.contains("polls"))
    }

    /// What libpq would take for the host is told by its errors.
    @Test(arguments: ["postgresql://u:p@s3cret@h/db", "postgres://u:s3@cret@h"])
    func refusesPasswordsThatWouldBePartOfTheHost(url: String) {
        let error = #expect(throws: DatabaseError.self) { try PostgreSQLDriver().open(url) }
        #expect(error.map { !"\($0)".contains("cret") && "\($0)".contains("%40") } ?? false)
    }

    @Test func refusesURLsThatLibpqCannotRead() {
        for url in ["postgresql://h:port:x/db?a", "postgresql://h/db?nonsense=1", "a\0b"] {
            let error = #expect(throws: DatabaseError.self) { try PostgreSQLDriver().open(url) }
            #expect(error.map { !"\($0)".contains("nonsense") } ?? false)
        }
    }

    @Test(arguments: [
        ("Europe/Paris", "Europe/Paris"), ("UTC", "UTC"), ("UTC+05:30", "UTC-05:30"),
        ("+02", "-02:00"), ("Etc/GMT+5", "Etc/GMT+5"),
        ("America/Port-au-Prince", "America/Port-au-Prince"),
    ])
    func turnsTheSignOfOffsetsRound(name: String, expected: String) {
        #expect(ZoneName.forPostgreSQL(name) == expected)
    }

    @Test(arguments: [
        ("Key (name)=(a) already exists.", ["name"]),
        ("Key (a, \"B c\")=(1, 2) already exists.", ["a", "B c"]),
        ("Key (lower(name))=(x) already exists.", ["lower(name)"]),
        ("Failing row contains (1, null).", []), ("", []), ("(", []),
    ])
    func readsTheColumnsOfAKey(detail: String, columns: [String]) {
        #expect(PostgreSQLError.columns(detail) == columns)
    }

    @Test(arguments: [
        ("1 day 02:00:00.5", 93_600_500_000), ("-1 days +02:03:00", -79_020_000_000),
        ("1 year 2 mons", 36_720_000_000_000), ("-00:00:00.000001", -1), ("00:00:00", 0),
        ("100:00:00", 360_000_000_000),
    ])
    func readsIntervals(text: String, microseconds: Int) {
        let value = Array(text.utf8).withUnsafeBufferPointer { IntervalText.microseconds($0) }
        #expect(value == microseconds)
    }

    @Test(arguments: [
        "", "x", "1", "1 fortnight", "1:2", "99999999999999999999 days", "::", "1:2:x",
    ])
    func readsNoOtherIntervals(text: String) {
        let value = Array(text.utf8).withUnsafeBufferPointer { IntervalText.microseconds($0) }
        #expect(text.isEmpty ? value == 0 : value == nil)
    }

    @Test(arguments: [
        ("SELECT 1", true), (" (select 1)", true), ("\nWITH a AS", true), ("insert into", true),
        ("CREATE TABLE", false), ("", false), ("SELECTION", false), ("BEGIN", false),
    ])
    func preparesWhatRunsAgain(text: String, isPrepared: Bool) {
        #expect(SessionSettings.isPrepared(text) == isPrepared)
    }

    @Test func writesArraysAndLiterals() throws {
        #expect(
            ArrayText.texts(["a", "b\"c", "d\\", "e,f", ""]) == #"{"a","b\"c","d\\","e,f",""}"#
        )
        let dialect = PostgreSQLDialect()
        #expect(dialect.quote("a\"b") == "\"a\"\"b\"")
        #expect(try dialect.literal(.text("O'Brien \\")) == "'O''Brien \\'")
        #expect(try dialect.literal(.blob([0, 255])) == "'\\x00ff'::bytea")
        #expect(try dialect.literal(.duration(.seconds(-1))) == "'-1 days 23:59:59'::interval")
        #expect(throws: DatabaseError.self) { try dialect.literal(.text("a\0")) }
    }

    @Test func refusesOptionsThatEXPLAINDoesNotHave() throws {
        let dialect = PostgreSQLDialect()
        let good = Explanation(format: "json", options: ["analyze": "true", "costs": "0"])
        #expect(
            try dialect.explanationPrefix(good).statement(dialect).text
                == "EXPLAIN (ANALYZE true, COSTS false, FORMAT JSON)"
        )
        for bad in [
            Explanation(format: "json) SELECT 1; --"), Explanation(options: ["x; DROP": "1"]),
            Explanation(options: ["analyze) SELECT 1 --": "1"]),
        ] {
            #expect(throws: (any Error).self) { try dialect.explanationPrefix(bad) }
        }
    }
}
