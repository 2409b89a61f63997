import NuagesCore
import NuagesORM
import Testing

@testable import NuagesMySQL

/// URLs, and the texts that need no server.
struct DriverTests {
    @Test func readsURLs() throws {
        let full = try MySQLParameters(
            url: "mysql://me:s3cr%27et@db.example:3307/polls?ssl-ca=/ca.pem&lock-timeout=3"
        )
        #expect(full.user == "me")
        #expect(full.password == "s3cr'et")
        #expect(full.host == "db.example")
        #expect(full.port == 3307)
        #expect(full.database == "polls")
        #expect(full.files == [.authority: "/ca.pem"])
        #expect(full.lockTimeout == 3)
        #expect(full.encryption == .verifyIdentity)
        let local = try MySQLParameters(url: "mariadb://me@localhost/polls?socket=/run/s")
        #expect(local.host == nil)
        #expect(local.socket == "/run/s")
        #expect(local.encryption == .disabled)
        #expect(try MySQLParameters(url: "mysql://%2Frun%2Fs/db").socket == "/run/s")
        #expect(try MySQLParameters(url: "mysql:///").database == nil)
        let numeric = try MySQLParameters(url: "mysql://u:a:b@[2001:db8::1]:33/d")
        #expect(numeric.host == "2001:db8::1")
        #expect(numeric.port == 33)
        #expect(numeric.password == "a:b")
    }

    /// What is not said is safe where others could listen.
    @Test(arguments: [
        ("mysql://h/d", MySQLParameters.Encryption.verifyIdentity),
        ("mysql://h/d?ssl-mode=required", .required),
        ("mysql://h/d?ssl-mode=disabled", .disabled),
        ("mysql://127.0.0.1/d", .disabled), ("mysql://[::1]/d", .disabled),
        ("mysql://127.example.com/d", .verifyIdentity), ("mysql://127.0.0.1.x/d", .verifyIdentity),
        ("mysql://127.0.0/d", .verifyIdentity), ("mysql://127.12.0.255/d", .disabled),
        ("mysql://127.0.0.1/d?ssl-mode=verify-identity", .verifyIdentity),
        ("mysql:///d", .disabled),
    ])
    func encryptsToOtherMachines(url: String, encryption: MySQLParameters.Encryption) throws {
        #expect(try MySQLParameters(url: url).encryption == encryption)
    }

    @Test(arguments: [
        "", "mysql", "mysql:/h/d", "mysql://h:x/d", "mysql://h:0/d", "mysql://h:99999/d",
        "mysql://h/d?nonsense=1", "mysql://h/d?ssl-mode=maybe", "mysql://s3cret%zz@h/d",
        "mysql://h/d?connect-timeout=-1", "mysql://h/%00", "mysql://h/%ff",
        "mysql://h/d?socket=/run/s", "mysql://h/d\0",
    ])
    func refusesOtherURLs(url: String) {
        let error = #expect(throws: DatabaseError.self) { try MySQLDriver().open(url) }
        #expect(error.map { !"\($0)".contains("s3cret") && !"\($0)".contains("nonsense") } ?? false)
    }

    @Test func tellsNobodyThePassword() throws {
        let parameters = try MySQLParameters(url: "mysql://me:s3cret@h/d")
        var dumped = "\(parameters) \(String(reflecting: parameters))"
        dump(parameters, to: &dumped)
        #expect(!dumped.contains("s3cret"))
    }

    /// What was not converted may be what a visitor typed.
    @Test(arguments: [
        (1292, "Incorrect datetime value: 'my-secret' for column `a`.`b`.`c` at row 1"),
        (1366, "Incorrect integer value: 'my-secret' for column `a`.`b`.`c` at row 1"),
        (1916, "Got overflow when casting 'my-secret' to INT. Value truncated"),
        (1917, "Truncated value 'my-secret' when converting to INT"),
        (1918, "Encountered illegal value 'it's my-secret' when converting to INT"),
        (1690, "BIGINT value is out of range in '(1 + my-secret)'"),
        (1062, "Duplicate entry 'my-secret' for key 'name'"),
    ])
    func quotesNoValues(number: Int, message: String) {
        let error = MySQLError(UInt32(number), "22007", message).error(statement: nil)
        #expect(!"\(error)".contains("secret"))
    }

    @Test func keepsPasswordsOutOfArguments() {
        let url = "mysql://me:s3cr%27et@h.example:3307/db?ssl-ca=/ca.pem"
        let driver = MySQLDriver()
        #expect(driver.schemes == ["mysql", "mariadb"])
        #expect(
            driver.shellCommand(url) == [
                "mariadb", "--user=me", "--host=h.example", "--port=3307", "--ssl-ca=/ca.pem",
                "--ssl", "--ssl-verify-server-cert", "--database=db",
            ]
        )
        #expect(driver.shellEnvironment(url) == ["MYSQL_PWD": "s3cr'et"])
        #expect(driver.shellEnvironment("mysql:///db").isEmpty)
    }

    @Test(arguments: [
        ("Europe/Paris", "Europe/Paris"), ("UTC", "UTC"), ("UTC+05:30", "+05:30"),
        ("+02", "+02:00"), ("Etc/GMT+5", "Etc/GMT+5"),
        ("America/Port-au-Prince", "America/Port-au-Prince"),
    ])
    func callsZonesAsMariaDBDoes(name: String, expected: String) {
        #expect(ZoneName.forMariaDB(name) == expected)
    }

    @Test(arguments: [
        (1062, "Duplicate entry 'it's' for key 'name'", "Duplicate entry for key 'name'"),
        (
            1062, "Duplicate entry 'a for key b' for key 'name'", "Duplicate entry for key 'name'"
        ),
        (
            1366, "Incorrect integer value: 'x' for column `d`.`t`.`n` at row 1",
            "Incorrect integer value for column `d`.`t`.`n` at row 1"
        ),
        (1292, "Truncated incorrect DOUBLE value: 'secret'", "Truncated incorrect DOUBLE value"),
        (1690, "BIGINT value is out of range in '(1 + 2)'", "BIGINT value is out of range"),
        (1064, "You have an error", "You have an error"), (1062, "", ""),
    ])
    func leavesValuesOutOfMessages(number: UInt32, message: String, expected: String) {
        let text = "\(MySQLError(number, "", message).error(statement: nil))"
        #expect(text.contains(expected))
        #expect(!text.contains("secret"))
        #expect(!text.contains("it's"))
    }

    @Test func knowsWhatWasViolated() {
        let message = """
            Cannot add or update a child row: a foreign key constraint fails (`d`.`c`, CONSTRAINT \
            `c_t_id_fk` FOREIGN KEY (`t_id`) REFERENCES `t` (`id`))
            """
        guard case .integrity(let key) = MySQLError(1452, "23000", message).error(statement: nil)
        else {
            Issue.record("no violation")
            return
        }
        #expect(key.kind == .foreignKey)
        #expect(key.constraint == "c_t_id_fk")
        #expect(key.table == "c")
        #expect(key.columns == ["t_id"])
    }

    @Test(arguments: [
        ("SELECT 1", true), (" (select 1)", true), ("\nWITH a AS", true), ("insert into", true),
        ("CREATE TABLE", false), ("", false), ("SELECTION", false), ("BEGIN", false),
    ])
    func preparesWhatRunsAgain(text: String, isPrepared: Bool) {
        #expect(MySQLSettings.isPrepared(text) == isPrepared)
    }

    @Test func writesNamesAndLiterals() throws {
        let dialect = MySQLDialect()
        #expect(dialect.quote("a`b") == "`a``b`")
        #expect(try dialect.literal(.text("O'Brien \\' --")) == "'O''Brien \\\\'' --'")
        #expect(try dialect.literal(.text("a\0")) == "'a\\0'")
        #expect(try dialect.literal(.blob([0, 255])) == "X'00ff'")
        #expect(try dialect.literal(.duration(.seconds(-1))) == "-1000000")
        #expect(throws: DatabaseError.self) { try dialect.literal(.double(.nan)) }
        #expect(dialect.limits(from: 2, to: nil).statement(dialect).text.hasSuffix("OFFSET 2"))
    }

    @Test func refusesOptionsThatEXPLAINDoesNotHave() throws {
        let dialect = MySQLDialect()
        let good = Explanation(format: "json", options: ["analyze": "true"])
        #expect(
            try dialect.explanationPrefix(good).statement(dialect).text == "ANALYZE FORMAT=JSON"
        )
        for bad in [
            Explanation(format: "json SELECT 1; --"), Explanation(options: ["x; DROP": "1"]),
        ] {
            #expect(throws: (any Error).self) { try dialect.explanationPrefix(bad) }
        }
    }
}
