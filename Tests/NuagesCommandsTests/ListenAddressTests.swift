import NuagesServer
import Testing

@testable import NuagesCommands

@Suite struct ListenAddressTests {
    @Test func readsTheArgumentOfRunserver() {
        #expect(ListenAddress(argument: "[::1]:80") == .tcp(host: "::1", port: 80))
        #expect(ListenAddress(argument: "unix:/run/a.sock") == .unix(path: "/run/a.sock"))
        #expect(ListenAddress(argument: "x") == nil)
        #expect(ListenAddress.standard.defaultValueDescription == "127.0.0.1:8000")
    }

    @Test(arguments: [("660", 0o660), ("0600", 0o600), ("777", 0o777)] as [(String, UInt16)])
    func readsModes(_ text: String, _ bits: UInt16) {
        #expect(FileMode(argument: text)?.bits == bits)
    }

    @Test(arguments: ["", "66", "680", "1777", "0o660", "-60"])
    func refusesOtherModes(_ text: String) {
        #expect(FileMode(argument: text) == nil)
    }
}
