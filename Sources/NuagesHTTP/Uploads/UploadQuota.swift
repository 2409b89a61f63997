internal import NuagesCore

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
    /// send as many bytes as the time that has passed is worth.
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
        guard decision.isAllowed else { throw RateLimitError(decision: decision, headers: [:]) }
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
    private var paid = 0

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
            while paid < count {
                try await client.take(name)
                paid += client.unit
            }
        }
        return bytes
    }
}
