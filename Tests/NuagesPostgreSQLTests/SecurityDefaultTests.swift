import NuagesORM
import Testing

@testable import NuagesPostgreSQL

/// To other machines connections are encrypted and verified, unless somebody says otherwise.
struct SecurityDefaultTests {
    private func defaults(
        _ url: String,
        _ environment: [String: String] = [:],
        files: Set<String> = ["/etc/ssl/certs/ca-certificates.crt"],
        version: Int32 = 150_000
    ) -> [String] {
        PostgreSQLParameters(url: url)
            .securityDefaults({ environment[$0] }, isThere: files.contains, version: version)
            .map { "\($0.name)=\($0.value)" }
    }

    static let verified = [
        "sslmode=verify-full", "sslrootcert=/etc/ssl/certs/ca-certificates.crt",
    ]

    @Test(arguments: [
        "postgresql://me@db.example/polls", "postgres://10.0.0.1:5433/polls",
        "postgresql://a.example,b.example/polls?target_session_attrs=read-write",
        "postgresql://localhost,b.example/polls", "postgresql:///polls?host=/run,b.example",
        "postgresql://localhost.evil.example/polls", "postgresql://127.0.0.1.evil.example/polls",
        "postgresql://[2001:db8::1]/polls", "postgresql:///polls?host=db.example",
        "postgresql://localhost/polls?hostaddr=192.0.2.1", "host=db.example dbname=polls",
        "postgresql:///?service=polls", "postgresql://db.example/polls?sslmode=",
    ])
    func verifiesOtherMachines(_ url: String) {
        #expect(defaults(url) == Self.verified)
    }

    @Test(arguments: [
        "postgresql:///polls", "postgresql:///polls?host=/run/postgresql",
        "postgresql://%2Frun%2Fpostgresql/polls", "postgresql://localhost/polls",
        "postgresql://127.0.0.1/polls", "postgresql://127.1.2.3:5433/polls",
        "postgresql://[::1]/polls", "postgresql://db.example/polls?hostaddr=127.0.0.1",
        "postgresql:///polls?host=@abstract", "postgresql://localhost,127.0.0.1/polls",
    ])
    func leavesThisMachineToLibpq(_ url: String) { #expect(defaults(url) == []) }

    @Test(arguments: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])
    func doesWhatTheURLSays(_ mode: String) {
        #expect(defaults("postgresql://db.example/polls?sslmode=\(mode)") == [])
        #expect(defaults("postgresql://db.example/polls", ["PGSSLMODE": mode]) == [])
        #expect(defaults("host=db.example sslmode=\(mode)") == [])
    }

    @Test func readsTheEnvironment() {
        #expect(defaults("postgresql:///polls", ["PGHOST": "db.example"]) == Self.verified)
        #expect(defaults("postgresql:///polls", ["PGHOSTADDR": "192.0.2.1"]) == Self.verified)
        #expect(defaults("postgresql:///polls", ["PGSERVICE": "polls"]) == Self.verified)
        #expect(defaults("postgresql:///polls", ["PGHOST": "/run"]) == [])
        #expect(defaults("postgresql://localhost/polls", ["PGHOST": "db.example"]) == [])
        #expect(defaults("postgresql://db.example/polls", ["PGSSLMODE": ""]) == Self.verified)
    }

    @Test func trustsWhomTheSystemTrusts() {
        let url = "postgresql://db.example/polls"
        let only = ["sslmode=verify-full"]
        #expect(defaults(url, version: 160_000) == only + ["sslrootcert=system"])
        #expect(defaults(url, files: []) == only)
        #expect(defaults(url + "?sslrootcert=/etc/ssl/db.pem") == only)
        #expect(defaults(url, ["PGSSLROOTCERT": "/etc/ssl/db.pem"]) == only)
        let own = "/home/me/.postgresql/root.crt"
        #expect(defaults(url, ["HOME": "/home/me"], files: [own]) == only)
    }

    @Test func asksTheSameOfTheShell() {
        let driver = PostgreSQLDriver()
        let command = driver.shellCommand("postgresql://me@db.example/polls")
        #expect(command.last?.contains("sslmode='verify-full'") == true)
        let said = driver.shellCommand("postgresql://me@db.example/polls?sslmode=require")
        #expect(said.last?.contains("verify-full") == false)
        let local = driver.shellCommand("postgresql:///polls")
        #expect(local.last?.contains("sslmode") == false)
    }
}
