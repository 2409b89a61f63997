import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesFiles
import Synchronization
import Testing

@testable import NuagesS3

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A server that speaks S3, shared by the tests, with a bucket of its own for each of them.
enum S3Server {
    static let shared = Result { try ServerScript("s3-for-tests") }

    static var isInstalled: Bool { (try? shared.get()) != nil }

    static let credentials = S3Credentials(accessKeyID: "test", secretAccessKey: "test-secret")

    static func storage(
        _ configure: (inout S3Configuration) -> Void = { _ in }
    ) async throws -> S3Storage {
        let bucket = "b-" + randomString(length: 12, allowedCharacters: "abcdefghijkmnpqrstuvwxyz")
        var configuration = S3Configuration(bucket: bucket)
        configuration.endpoint = "http://127.0.0.1:\(try shared.get().folder)"
        configuration.addressing = .path
        configure(&configuration)
        let storage = S3Storage(configuration, credentials)
        let answer = try await storage.client.send(
            S3Client.Request(method: "PUT"),
            "make",
            name: bucket
        )
        _ = try await S3Client.bytes(answer, limit: 65_536)
        return storage
    }
}

@Suite(
    .enabled(if: S3Server.isInstalled, "moto is not installed (Scripts/install-dependencies test)")
)
struct S3StorageTests {
    @Test func keepsWhatWasSaved() async throws {
        let storage = try await S3Server.storage { $0.location = "media" }
        #expect(try await storage.save(File("hello"), as: "notes/a b+é.txt") == "notes/a b+é.txt")
        #expect(try await storage.exists("notes/a b+é.txt"))
        #expect(try await storage.size("notes/a b+é.txt") == 5)
        let file = try await storage.open("notes/a b+é.txt")
        #expect(try await file.bytes(upTo: 100) == Array("hello".utf8))
        #expect(try await file.bytes(in: 1..<3) == Array("el".utf8))
        let time = try await storage.modifiedTime("notes/a b+é.txt")
        #expect(abs(time.timeIntervalSinceNow) < 120)
        #expect(
            try await storage.listdir("") == StorageListing(folders: ["notes"], files: [])
        )
        #expect(try await storage.listdir("notes").files == ["a b+é.txt"])
        try await storage.delete("notes/a b+é.txt")
        try await storage.delete("notes/a b+é.txt")
        #expect(try await !storage.exists("notes/a b+é.txt"))
        await #expect(throws: StorageError.notFound(name: "none")) {
            try await storage.open("none")
        }
        try await storage.save(File([]), as: "empty")
        #expect(try await storage.open("empty").bytes(upTo: 1) == [])
    }

    @Test(arguments: [true, false])
    func overwritesNothing(_ hasConditionalWrites: Bool) async throws {
        let storage = try await S3Server.storage { $0.hasConditionalWrites = hasConditionalWrites }
        try await storage.save(File("1"), as: "a.txt")
        let second = try await storage.save(File("2"), as: "a.txt")
        #expect(second != "a.txt")
        await #expect(throws: StorageError.nameTaken(name: "a.txt")) {
            try await storage.store(File("3"), as: "a.txt")
        }
        #expect(try await storage.open("a.txt").bytes(upTo: 9) == [0x31])
    }

    @Test func overwritesWhereItMay() async throws {
        let storage = try await S3Server.storage { $0.allowsOverwrite = true }
        for text in ["1", "2"] {
            #expect(try await storage.save(File(text), as: "a.txt") == "a.txt")
        }
        #expect(try await storage.open("a.txt").bytes(upTo: 9) == [0x32])
    }

    /// 30 MB in parts, of which one is in memory at a time.
    @Test func sendsLargeFilesInParts() async throws {
        let storage = try await S3Server.storage()
        let size = 30_000_000
        let reads = Reads()
        let reader = Counted { range in reads.lengths.withLock { $0.append(range.count) } }
        let file = File(name: "big.bin", size: size, reader: reader)
        #expect(try await storage.save(file) == "big.bin")
        #expect(try await storage.size("big.bin") == size)
        // The beginning for the type, then four parts.
        #expect(
            reads.lengths.withLock { $0 } == [64, 8_388_608, 8_388_608, 8_388_608, 4_834_176]
        )
        let kept = try await storage.open("big.bin")
        var offset = 0
        try await kept.forEachChunk { chunk in
            #expect(chunk.first == Counted.byte(offset))
            #expect(chunk.last == Counted.byte(offset + chunk.count - 1))
            offset += chunk.count
        }
        #expect(offset == size)
        let middle = 20_000_000..<20_000_010
        #expect(try await kept.bytes(in: middle) == middle.map(Counted.byte))
    }

    @Test func forgetsPartsOfAFileThatCouldNotBeRead() async throws {
        let storage = try await S3Server.storage()
        struct Broken: Error {}
        let reader = Counted { range in if range.lowerBound > 9_000_000 { throw Broken() } }
        await #expect(throws: Broken.self) {
            try await storage.save(File(name: "x.bin", size: 30_000_000, reader: reader))
        }
        #expect(try await !storage.exists("x.bin"))
        let answer = try await storage.client.send(
            S3Client.Request(method: "GET", query: [("uploads", "")]),
            "list",
            name: ""
        )
        let document = try await storage.client.document(answer, "list", name: "")
        #expect(document.all("Upload").isEmpty)
    }

    @Test func listsFoldersPageByPage() async throws {
        let storage = try await S3Server.storage { $0.listPageSize = 3 }
        let names = (0..<8).map { "many/\($0) <&>.txt" }
        for name in names + ["many/deep/x.txt", "many/low/y.txt"] {
            try await storage.save(File("x"), as: name)
        }
        let listing = try await storage.listdir("many")
        #expect(listing.files == (0..<8).map { "\($0) <&>.txt" })
        #expect(listing.folders == ["deep", "low"])
    }

    @Test func addressesAreSigned() async throws {
        let storage = try await S3Server.storage()
        let page = Array("<!DOCTYPE html><script>alert(1)</script>".utf8)
        try await storage.save(File(page), as: "a b.png")
        let url = try storage.url("a b.png")
        #expect(url.contains("/a%20b.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&"))
        #expect(url.contains("X-Amz-Expires=3600"))
        let (data, response) = try await URLSession.shared.data(
            from: try #require(URL(string: url))
        )
        #expect(Array(data) == page)
        let fields = (response as? HTTPURLResponse)?.allHeaderFields as? [String: String] ?? [:]
        let lower = Dictionary(uniqueKeysWithValues: fields.map { ($0.key.lowercased(), $0.value) })
        // What runs in a browser is saved, whatever it is called.
        #expect(lower["content-type"] == "application/octet-stream")
        #expect(lower["content-disposition"] == "attachment")
        #expect(
            try storage.presignedURL("x", expires: .seconds(9_999_999)).contains("Expires=604800&")
        )
    }

    @Test func errorsSayNoSecrets() async throws {
        var configuration = S3Configuration(bucket: "there-is-no-such-bucket")
        configuration.endpoint = "http://127.0.0.1:\(try S3Server.shared.get().folder)"
        configuration.addressing = .path
        let storage = S3Storage(configuration, S3Server.credentials)
        await #expect(
            throws: StorageError.service(
                operation: "save",
                name: "a",
                message: "the service answered 404 (NoSuchBucket)"
            )
        ) { try await storage.store(File("x"), as: "a") }
    }

    @Test func givesUpWhereNobodyAnswers() async throws {
        var configuration = S3Configuration(bucket: "b")
        configuration.endpoint = "http://127.0.0.1:1"
        configuration.addressing = .path
        configuration.maxRetries = 1
        let storage = S3Storage(configuration, S3Server.credentials)
        do {
            _ = try await storage.exists("a")
            Issue.record("Somebody has answered.")
        } catch StorageError.service(_, _, let message) {
            #expect(message.hasPrefix("the service could not be reached"))
            #expect(!message.contains("secret"))
        }
    }
}

@Suite struct S3ConfigurationTests {
    @Test func namesTheBucketInAddresses() {
        var configuration = S3Configuration(bucket: "media", region: "eu-west-3")
        #expect(configuration.address.base == "https://media.s3.eu-west-3.amazonaws.com")
        #expect(configuration.address.host == "media.s3.eu-west-3.amazonaws.com")
        #expect(configuration.address.prefix == "/")
        configuration.endpoint = "https://minio.example.com:9000/"
        configuration.addressing = .path
        #expect(configuration.address.base == "https://minio.example.com:9000")
        #expect(configuration.address.host == "minio.example.com:9000")
        #expect(configuration.address.prefix == "/media/")
        configuration.endpoint = "https://minio.example.com:443"
        #expect(configuration.address.host == "minio.example.com")
    }

    @Test func writesPublicAddresses() throws {
        var configuration = S3Configuration(bucket: "media")
        configuration.publicURL = "https://cdn.example.com/"
        configuration.location = "up/"
        let storage = S3Storage(
            configuration,
            S3Credentials(accessKeyID: "a", secretAccessKey: "b")
        )
        #expect(try storage.url("a b.png") == "https://cdn.example.com/up/a%20b.png")
        #expect(throws: StorageError.self) { try storage.url("../x") }
    }

    @Test(arguments: [
        (1, 8_388_608), (80_000_000_000, 8_388_608), (100_000_000_000, 10_000_000),
        (5_000_000_000_000, 500_000_000),
    ])
    func takesNoMoreThanTenThousandParts(_ size: Int, _ part: Int) {
        #expect(S3Configuration(bucket: "b").partSize(for: size) == part)
    }
}

final class Reads: Sendable {
    let lengths = Mutex<[Int]>([])
}

/// A file whose bytes follow from their places.
struct Counted: FileReader {
    let begin: @Sendable (Range<Int>) throws -> Void

    static func byte(_ offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: offset &* 31 >> 3) }

    func forEachChunk(
        of size: Int,
        in range: Range<Int>,
        _ body: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        try begin(range)
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, start + size)
            try await body((start..<end).map(Self.byte)[...])
            start = end
        }
    }
}
