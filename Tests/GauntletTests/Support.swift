import Foundation
import Nuages
import NuagesTesting

@testable import Gauntlet

/// Runs a test with a gauntlet of its own, with `items` to search for.
func withGauntlet(
    items: Int = 0,
    _ body: (TestClient) async throws -> Void
) async throws {
    try await GauntletSite.$mediaStorage.withValue(InMemoryStorage()) {
        try await withTestSite(GauntletSite.self) { client in
            for number in 1...max(1, items) where items > 0 {
                var item = Item(title: "lamp \(number)", colour: "red", price: number)
                try await item.save()
            }
            try await body(client)
        }
    }
}

extension TestResponse {
    /// How many rows a list on the page has.
    var rows: Int { text.components(separatedBy: "class=\"row\"").count - 1 }
}

/// A text as a value of a query.
func quoted(_ text: String) -> String {
    text.utf8.map { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(Unicode.Scalar(byte))
        default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }
    }.joined()
}

/// A body of `multipart/form-data`.
struct Multipart {
    static let boundary = "----gauntlet"
    static let type = "multipart/form-data; boundary=\(boundary)"

    var bytes: [UInt8] = []

    mutating func field(_ name: String, _ value: String) {
        part("form-data; name=\"\(name)\"", nil, Array(value.utf8))
    }

    mutating func file(_ disposition: String, _ type: String?, _ contents: [UInt8]) {
        part("form-data; name=\"file\"; \(disposition)", type, contents)
    }

    private mutating func part(_ disposition: String, _ type: String?, _ contents: [UInt8]) {
        var head = "--\(Self.boundary)\r\nContent-Disposition: \(disposition)\r\n"
        if let type { head += "Content-Type: \(type)\r\n" }
        bytes += Array((head + "\r\n").utf8) + contents + Array("\r\n".utf8)
    }

    var closed: [UInt8] { bytes + Array("--\(Self.boundary)--\r\n".utf8) }
}
