package import NuagesCore

/// How far an upload has come.
public struct UploadProgress: Sendable, Hashable {
    /// What becomes of the upload.
    public enum State: String, Sendable {
        /// It arrives.
        case receiving
        /// The form is complete.
        case finished
        /// It was refused, or the client went away.
        case failed
    }

    /// What becomes of the upload.
    public var state = State.receiving
    /// The bytes of the body that have arrived.
    public var received = 0
    /// The length of the body; nil where the client did not declare it.
    public var total: Int?
    /// The name of the field that arrives now.
    public var field = ""
    /// The name of the file that arrives now; empty for a field that is none.
    public var file = ""

    /// An upload of which nothing has arrived.
    ///
    /// - Parameter total: the length of the body; nil where the client did not declare it.
    public init(total: Int? = nil) { self.total = total }

    /// Whether nothing more will happen.
    public var isOver: Bool { state == .finished || state == .failed }

    /// The progress as a page receives it.
    package var json: JSONValue {
        .object([
            .init("state", .string(state.rawValue)), .init("received", .int(received)),
            .init("total", total.map(JSONValue.int) ?? .null), .init("field", .string(field)),
            .init("file", .string(file)),
        ])
    }
}

/// Where it is noted how far uploads have come, for the pages that show it.
///
/// ``MemoryUploadProgressStore`` is known to the process that receives the upload; several processes
/// need a store that they share, such as the database's. A store that fails, or is slow, neither ends
/// an upload nor delays it.
public protocol UploadProgressStore: Sendable {
    /// The label of the app that the store needs; `check` reports its absence.
    var requiredApp: String? { get }
    /// How long it takes from one note, or one look, to the next.
    var interval: Duration { get }

    /// Notes that an upload begins.
    ///
    /// - Parameters:
    ///   - id: the id that its page has made.
    ///   - progress: how far it has come.
    /// - Returns: false where the id is in use or there are too many, and nothing is noted.
    /// - Throws: what the store throws; nothing is noted then.
    func begin(_ id: String, _ progress: UploadProgress) async throws -> Bool

    /// Notes how far an upload has come.
    ///
    /// - Parameters:
    ///   - progress: how far.
    ///   - id: the id that it began with.
    /// - Throws: what the store throws; nothing more is noted then.
    func note(_ progress: UploadProgress, of id: String) async throws

    /// How far an upload has come.
    ///
    /// - Parameter id: its id.
    /// - Returns: nil for one that is not known, or has stopped for a while.
    /// - Throws: what the store throws.
    func progress(of id: String) async throws -> UploadProgress?
}

extension UploadProgressStore {
    /// None.
    public var requiredApp: String? { nil }
    /// Half a second.
    public var interval: Duration { .milliseconds(500) }
}
