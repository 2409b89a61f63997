internal import NuagesCore
internal import Synchronization

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Limits how much may be uploaded: by file, by form, and by each client in some time.
///
///     site.uploadHandlers = [
///         UploadQuota(perFile: 50_000_000, perForm: 200_000_000),
///         UploadQuota(perClient: 1_000_000_000, inSeconds: 86_400),
///     ]
///
/// Bytes are counted as they arrive, whatever the client has declared. A file or form beyond a
/// quota is answered 413, a client beyond its own 429 with `Retry-After`. The files go on to the next
/// handler.
///
/// Django: "quota hooks" are upload handlers that one writes.
public struct UploadQuota: UploadHandler {
    private let fileLimit: Int?
    private let formLimit: Int?
    private let client: ClientQuota?

    /// Quotas of each file and each form.
    ///
    /// - Parameters:
    ///   - perFile: the most bytes of one file; nil sets no limit.
    ///   - perForm: the most bytes of all files of one form; nil sets no limit.
    public init(perFile: Int? = nil, perForm: Int? = nil) {
        fileLimit = perFile
        formLimit = perForm
        client = nil
    }

    /// A quota of each client.
    ///
    /// It is a bucket that fills up steadily: after the whole amount was used at once, a client may
    /// send as many bytes as the time that has passed is worth. It is counted in thousandths of the
    /// whole; what is less waits in the memory of the process for the client's next upload.
    ///
    /// - Parameters:
    ///   - perClient: the bytes of a full bucket.
    ///   - inSeconds: how long an empty bucket takes to fill up.
    ///   - key: what tells clients apart; their address unless given.
    ///   - store: where it is counted; several processes need one that they share.
    public init(
        perClient: Int,
        inSeconds: Int,
        by key: RateLimitMiddleware.Key = .address,
        store: any RateLimitStore = MemoryRateLimitStore.shared
    ) {
        fileLimit = nil
        formLimit = nil
        client = ClientQuota(bytes: perClient, seconds: inSeconds, key: key, store: store)
    }

    /// Counts the file, and passes it on.
    ///
    /// - Parameter upload: what the client says of the file.
    /// - Returns: a filter that changes nothing.
    /// - Throws: what the key of the client throws.
    public func begin(_ upload: Upload) async throws -> UploadDecision {
        var counter = QuotaCounter(
            fileLimit: fileLimit,
            formLimit: formLimit,
            before: upload.bytesBefore
        )
        if let client {
            counter.client = client
            counter.name = try await client.name(of: upload.request)
        }
        return .filter(counter)
    }
}

/// What each client may send in some time.
private struct ClientQuota: Sendable {
    /// How many bytes a token of the bucket stands for: at most a thousand are taken one by one.
    let unit: Int
    let limit: RateLimit
    let key: RateLimitMiddleware.Key
    let store: any RateLimitStore

    init(bytes: Int, seconds: Int, key: RateLimitMiddleware.Key, store: any RateLimitStore) {
        unit = max(1, bytes / 1000)
        limit = RateLimit(max(1, bytes / unit), perSeconds: seconds)
        self.key = key
        self.store = store
    }

    func name(of request: Request?) async throws -> String {
        guard let request else { return "upload -" }
        let client = try await key.value(request).map { "k" + $0 }
        return "upload \(limit.count)/\(limit.seconds)*\(unit) "
            + (client ?? "a" + RateLimitMiddleware.network(of: request.clientAddress))
    }

    func take(_ name: String) async throws {
        let now = Int(Date().timeIntervalSince1970 * 1_000_000_000)
        let decision = try await store.take(name, limit: limit, now: now)
        guard decision.isAllowed else {
            UploadDebts.shared.add(unit, to: name)
            throw RateLimitError(decision: decision, headers: [:])
        }
    }
}

/// The bytes of clients that are too few for a token, so that a small file costs what it has.
final class UploadDebts: Sendable {
    static let shared = UploadDebts()

    private let capacity: Int
    private let debts = Mutex<[ByteKey: Int]>([:])

    init(capacity: Int = 10_000) { self.capacity = capacity }

    /// How many clients have a debt.
    var count: Int { debts.withLock { $0.count } }

    func add(_ bytes: Int, to name: String) {
        debts.withLock { $0[ByteKey(name), default: 0] += bytes }
    }

    /// How many tokens a client pays after so many more bytes; the rest is kept.
    func tokens(of unit: Int, after bytes: Int, by name: String) -> Int {
        debts.withLock { debts in
            let key = ByteKey(name)
            // Nobody gains more than a token by being forgotten.
            if debts[key] == nil, debts.count >= capacity { debts = [:] }
            let sum = debts[key, default: 0] + bytes
            debts[key] = sum % unit == 0 ? nil : sum % unit
            return sum / unit
        }
    }
}

/// Counts the bytes of one file.
private struct QuotaCounter: UploadFilter {
    let fileLimit: Int?
    let formLimit: Int?
    let before: Int
    var client: ClientQuota?
    var name = ""
    private var count = 0

    init(fileLimit: Int?, formLimit: Int?, before: Int) {
        self.fileLimit = fileLimit
        self.formLimit = formLimit
        self.before = before
    }

    mutating func filter(_ bytes: ArraySlice<UInt8>) async throws -> ArraySlice<UInt8> {
        count += bytes.count
        if let fileLimit, count > fileLimit { throw HTTPError.contentTooLarge(limit: fileLimit) }
        if let formLimit, before + count > formLimit {
            throw HTTPError.contentTooLarge(limit: formLimit)
        }
        if let client {
            let tokens = UploadDebts.shared.tokens(of: client.unit, after: bytes.count, by: name)
            for _ in 0..<tokens { try await client.take(name) }
        }
        return bytes
    }
}
