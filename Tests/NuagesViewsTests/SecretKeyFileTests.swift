import Foundation
import NuagesCore
import Testing

@testable import NuagesViews

@Suite struct SecretKeyFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test func makesAStrongKeyThatOnlyItsOwnerCanRead() throws {
        try withFolder { folder in
            let path = folder + "/key"
            let key = try SecretKeyFile(path: path).load()
            #expect(key.weakness == nil)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try SecretKeyFile(path: path).load() == key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key"])
        }
    }

    @Test func refusesAFileThatOthersCanRead() throws {
        try withFolder { folder in
            let path = folder + "/key"
            let attributes = [FileAttributeKey.posixPermissions: 0o644]
            FileManager.default.createFile(
                atPath: path,
                contents: Data("secret-of-mine".utf8),
                attributes: attributes
            )
            let error = try #require(throws: SecretKeyFile.Failure.self) {
                try SecretKeyFile(path: path).load()
            }
            #expect(
                error.description
                    == "The secret key file '\(path)' has mode 644, so others can read it. "
                    + "Run: chmod 600 '\(path)'"
            )
        }
    }

    @Test func saysWhyTheFileCannotBeMade() throws {
        let error = try #require(throws: SecretKeyFile.Failure.self) {
            try SecretKeyFile(path: "/nowhere/at/all/key").load()
        }
        #expect(error.description.contains("No such file or directory"))
        #expect(error.description.contains("SECRET_KEY_FILE"))
    }

    @Test func givesTheSameKeyToAllWhoStartAtOnce() async throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-key-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let keys = try await withThrowingTaskGroup(of: SecretKey.self) { group in
            for _ in 0..<16 { group.addTask { try SecretKeyFile(path: path).load() } }
            return try await group.reduce(into: Set<SecretKey>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
    }
}
