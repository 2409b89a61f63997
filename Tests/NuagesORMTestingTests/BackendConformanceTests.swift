import DatabaseTestSupport
import NuagesORM
import NuagesORMTesting
import Testing

/// Every database that the ORM has a driver for does what the ORM asks of it.
@Suite(.timeLimit(.minutes(5)))
struct BackendConformanceTests {
    @Test(arguments: TestBackend.installed, BackendConformance.checks)
    func conforms(backend: TestBackend, check: BackendConformance.Check) async throws {
        let database = try await backend.open()
        do {
            try await check.run(on: database)
        } catch {
            Issue.record("\(check) on \(backend): \(error)")
        }
        await database.close()
    }

    @Test func namesItsChecks() {
        let names = BackendConformance.checks.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(BackendConformance.check(named: "keepsNulls")?.description == "keepsNulls")
        #expect(BackendConformance.check(named: "nothing").map(\.name) == nil)
    }
}
