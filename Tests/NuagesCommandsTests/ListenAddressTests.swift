import Testing

@testable import NuagesCommands

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("8000", "127.0.0.1", 8000), ("0.0.0.0:80", "0.0.0.0", 80), ("[::1]:8000", "::1", 8000),
        ("localhost:0", "localhost", 0), ("127.0.0.1:65535", "127.0.0.1", 65_535),
    ])
    func readsPortsAndAddresses(_ argument: String, host: String, port: Int) {
        #expect(ListenAddress(argument: argument) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: [
        "", ":", ":8000", "x", "65536", "+80", "::1:8000", "host:", "host:8o", "999999",
    ])
    func refusesAnythingElse(_ argument: String) {
        #expect(ListenAddress(argument: argument) == nil)
    }

    @Test func showsAnAddressAsAURLHasIt() {
        #expect(ListenAddress(host: "::1", port: 80).description == "[::1]:80")
    }
}
