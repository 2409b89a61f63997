import DatabaseTestSupport
import NuagesCore
import NuagesFiles
import Synchronization
import Testing

@testable import NuagesS3

/// Answers that are lost on their way: what was written stays once, by the name that was asked for.
@Suite(
    .enabled(if: S3Server.isInstalled, "moto is not installed (Scripts/install-dependencies test)")
)
struct S3LossTests {
    /// What is not as it is by default.
    private enum Setting {
        case overwrites, looksForNames, triesTwice
    }

    /// A storage behind a network that loses the answers to the first requests with a beginning.
    private func with(
        losing count: Int,
        of beginning: String,
        _ fate: LossyProxy.Fate = .isLost,
        _ setting: Setting? = nil,
        _ body: (S3Storage, S3Storage, LossyProxy) async throws -> Void
    ) async throws {
        let direct = try await S3Server.storage { configuration in
            switch setting {
            case .overwrites: configuration.allowsOverwrite = true
            case .looksForNames: configuration.hasConditionalWrites = false
            case .triesTwice: configuration.maxRetries = 1
            case nil: break
            }
        }
        var configuration = direct.client.configuration
        let left = Mutex(count)
        let server = try #require(Int(try S3Server.shared.get().folder))
        let proxy = try LossyProxy(to: server) { request in
            guard request.hasPrefix(beginning) else { return .arrives }
            return left.withLock { left in
                left -= 1
                return left >= 0 ? fate : .arrives
            }
        }
        configuration.endpoint = "http://127.0.0.1:\(proxy.port)"
        try await body(S3Storage(configuration, S3Server.credentials), direct, proxy)
        proxy.close()
    }

    @Test(arguments: [LossyProxy.Fate.isLost, .isReplaced], [true, false])
    func keepsAFileOnce(_ fate: LossyProxy.Fate, _ hasConditionalWrites: Bool) async throws {
        try await with(
            losing: 2,
            of: "PUT ",
            fate,
            hasConditionalWrites ? nil : .looksForNames
        ) { (lossy, direct, proxy) async throws in
            #expect(try await lossy.save(File("1"), as: "a.txt") == "a.txt")
            #expect(try await direct.listdir("").files == ["a.txt"])
            #expect(proxy.requests.filter { $0.hasPrefix("PUT ") }.count == 3)
            // Another file has another name, also where its answers are not lost.
            #expect(try await lossy.save(File("1"), as: "a.txt") != "a.txt")
            #expect(try await direct.listdir("").files.count == 2)
            await #expect(throws: StorageError.nameTaken(name: "a.txt")) {
                try await lossy.store(File("1"), as: "a.txt")
            }
        }
    }

    @Test func knowsThatTheLastTryHasSucceeded() async throws {
        try await with(losing: 9, of: "PUT ", .isLost, .triesTwice) {
            (lossy, direct, _) async throws in
            #expect(try await lossy.save(File("1"), as: "a.txt") == "a.txt")
            #expect(try await direct.listdir("").files == ["a.txt"])
        }
    }

    @Test func looksAgainWhereThatIsLostToo() async throws {
        let isWritten = Mutex(false)
        let direct = try await S3Server.storage()
        var configuration = direct.client.configuration
        let server = try #require(Int(try S3Server.shared.get().folder))
        let proxy = try LossyProxy(to: server) { request in
            isWritten.withLock { isWritten in
                if request.hasPrefix("PUT "), !isWritten {
                    isWritten = true
                    return .isLost
                }
                // The first look after the second write.
                guard request.hasPrefix("HEAD "), isWritten else { return .arrives }
                isWritten = false
                return .isReplaced
            }
        }
        configuration.endpoint = "http://127.0.0.1:\(proxy.port)"
        let lossy = S3Storage(configuration, S3Server.credentials)
        #expect(try await lossy.save(File("1"), as: "a.txt") == "a.txt")
        #expect(try await direct.listdir("").files == ["a.txt"])
        proxy.close()
    }

    /// The answer to the request that puts the parts together is lost.
    @Test(arguments: [LossyProxy.Fate.isLost, .isReplaced])
    func keepsALargeFileOnce(_ fate: LossyProxy.Fate) async throws {
        let size = 12_000_000
        let isComplete = Mutex(false)
        let direct = try await S3Server.storage()
        var configuration = direct.client.configuration
        let server = try #require(Int(try S3Server.shared.get().folder))
        let proxy = try LossyProxy(to: server) { request in
            guard request.hasPrefix("POST "), request.contains("uploadId=") else { return .arrives }
            return isComplete.withLock { isComplete in
                defer { isComplete = true }
                return isComplete ? .arrives : fate
            }
        }
        configuration.endpoint = "http://127.0.0.1:\(proxy.port)"
        let lossy = S3Storage(configuration, S3Server.credentials)
        let file = File(name: "big.bin", size: size, reader: Counted { _ in })
        #expect(try await lossy.save(file) == "big.bin")
        #expect(isComplete.withLock { $0 })
        #expect(try await direct.listdir("").files == ["big.bin"])
        #expect(try await direct.size("big.bin") == size)
        proxy.close()
    }

    @Test func replacesAFileOnce() async throws {
        try await with(losing: 1, of: "PUT ", .isLost, .overwrites) {
            (lossy, direct, _) async throws in
            for text in ["1", "2"] {
                #expect(try await lossy.save(File(text), as: "a.txt") == "a.txt")
            }
            #expect(try await direct.open("a.txt").bytes(upTo: 9) == [0x32])
            #expect(try await direct.listdir("").files == ["a.txt"])
        }
    }

    @Test func deletesAFileOnce() async throws {
        try await with(losing: 1, of: "DELETE ") { lossy, direct, proxy in
            try await lossy.save(File("1"), as: "a.txt")
            try await lossy.delete("a.txt")
            #expect(try await !direct.exists("a.txt"))
            #expect(proxy.requests.filter { $0.hasPrefix("DELETE ") }.count == 2)
        }
    }
}
