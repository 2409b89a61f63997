import NuagesCore
public import NuagesHTTP
public import NuagesORM

/// Notes how far uploads have come in the database, so that the page of an upload may ask any process
/// of the site.
///
///     var apps: [any App] { [UploadProgressApp(), FilmsApp()] }
///     var uploadProgressStore: any UploadProgressStore { DatabaseUploadProgressStore() }
///
/// One row is kept for each upload, under a digest of its id, and written twice a second at most;
/// rows that were not written for a minute are removed when the next upload begins. The clocks of the
/// machines must agree to within that. ``UploadProgressApp`` has the table: put it among the apps
/// of the site, and run `migrate`.
///
/// Notes are written outside of the transactions of views, so that they are seen at once. An upload
/// waits for none of them.
public struct DatabaseUploadProgressStore: UploadProgressStore {
    /// How many seconds an upload is known after it has stopped.
    private static let lifetime = 60

    private let database: Database?
    private let capacity: Int
    private let now: @Sendable () -> Int

    /// A store.
    ///
    /// - Parameters:
    ///   - database: where it is noted; nil is the default database.
    ///   - capacity: how many uploads are known at once.
    public init(database: Database? = nil, capacity: Int = 10_000) {
        self.init(database: database, capacity: capacity) { UnixTime.seconds() }
    }

    package init(
        database: Database? = nil,
        capacity: Int = 10_000,
        now: @escaping @Sendable () -> Int
    ) {
        self.database = database
        self.capacity = capacity
        self.now = now
    }

    /// `uploadprogress`, that of ``UploadProgressApp``.
    public var requiredApp: String? { UploadProgressApp().label }

    private var notes: QuerySet<UploadNote> {
        database.map { UploadNote.objects.using($0) } ?? UploadNote.objects
    }

    /// Notes that an upload begins.
    ///
    /// - Parameters:
    ///   - id: the id that its page has made.
    ///   - progress: how far it has come.
    /// - Returns: false where the id is in use or there are too many.
    /// - Throws: `DatabaseError`.
    public func begin(_ id: String, _ progress: UploadProgress) async throws -> Bool {
        let (now, capacity) = (now(), capacity)
        return try await Database.outsideOfTransactions {
            let oldest = now - Self.lifetime
            _ = try await notes.filter { $0.touched < oldest }.delete()
            guard try await notes.count() < capacity else { return false }
            let note = UploadNote(
                key: Self.key(of: id),
                state: progress.state.rawValue,
                received: progress.received,
                total: progress.total,
                field: Self.storable(progress.field),
                file: Self.storable(progress.file),
                touched: now
            )
            do {
                _ = try await notes.create(note)
                return true
            } catch DatabaseError.integrity {
                return false
            }
        }
    }

    /// Notes how far an upload has come.
    ///
    /// - Parameters:
    ///   - progress: how far.
    ///   - id: the id that it began with.
    /// - Throws: `DatabaseError`.
    public func note(_ progress: UploadProgress, of id: String) async throws {
        let (now, key) = (now(), Self.key(of: id))
        try await Database.outsideOfTransactions {
            _ = try await notes.filter { $0.key == key }.update {
                $0.set(\.state, to: progress.state.rawValue)
                $0.set(\.received, to: progress.received)
                $0.set(\.total, to: progress.total)
                $0.set(\.field, to: Self.storable(progress.field))
                $0.set(\.file, to: Self.storable(progress.file))
                $0.set(\.touched, to: now)
            }
        }
    }

    /// How far an upload has come.
    ///
    /// - Parameter id: its id.
    /// - Returns: nil for one that is not known, or has stopped for a minute.
    /// - Throws: `DatabaseError`.
    public func progress(of id: String) async throws -> UploadProgress? {
        let (oldest, key) = (now() - Self.lifetime, Self.key(of: id))
        let found = try await Database.outsideOfTransactions {
            try await notes.filter { $0.key == key && $0.touched >= oldest }.first()
        }
        guard let found, let state = UploadProgress.State(rawValue: found.state) else { return nil }
        var progress = UploadProgress(total: found.total)
        progress.state = state
        progress.received = found.received
        progress.field = found.field
        progress.file = found.file
        return progress
    }

    private static func key(of id: String) -> String {
        Digest.hex(Digest.hash(Array(id.utf8), with: .sha256))
    }

    /// A name that any database takes, in as many characters as its column has.
    private static func storable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { $0 != "\0" }.prefix(100)))
    }
}
