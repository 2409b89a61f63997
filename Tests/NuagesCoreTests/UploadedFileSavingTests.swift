import Foundation
import NuagesCore
import Testing

@Suite struct UploadedFileSavingTests {
    private static let upload = UploadedFile(
        name: "../../a.txt",
        contentType: "text/plain",
        bytes: Array("hello".utf8)
    )

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test(arguments: [0o600, 0o640, 0o666] as [UInt16])
    func writesTheContentsWithTheMode(_ mode: UInt16) throws {
        try withFolder { folder in
            try Self.upload.save(to: folder + "/kept", permissions: mode)
            #expect(try String(contentsOfFile: folder + "/kept", encoding: .utf8) == "hello")
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/kept")
            #expect((attributes[.posixPermissions] as? NSNumber)?.uint16Value == mode)
        }
    }

    @Test func leavesWhatIsThereAlready() throws {
        try withFolder { folder in
            try "old".write(toFile: folder + "/old", atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link",
                withDestinationPath: folder + "/target"
            )
            for name in ["old", "link"] {
                #expect(throws: UploadSavingError.self) {
                    try Self.upload.save(to: "\(folder)/\(name)")
                }
            }
            #expect(try String(contentsOfFile: folder + "/old", encoding: .utf8) == "old")
            #expect(!FileManager.default.fileExists(atPath: folder + "/target"))
        }
    }

    @Test(arguments: ["", "a\u{0}b", "/nowhere/at/all"])
    func refusesAPathThatIsNone(_ path: String) {
        #expect(throws: UploadSavingError.self) { try Self.upload.save(to: path) }
    }
}
