import Synchronization

/// The storages of a site by their aliases.
///
///     let covers = try Storages.current["covers"]
///     try await Storages.current.default.save(File(upload))
///
/// Django: `STORAGES` and `django.core.files.storage.storages`.
public struct Storages: Sendable {
    /// The alias of the storage for visitors' files.
    public static let defaultAlias = "default"
    /// The alias of the storage for static files.
    public static let staticFilesAlias = "staticfiles"

    private var storages: [String: any Storage]

    /// Storages by their aliases.
    ///
    /// - Parameter storages: the storages; `default` is that for visitors' files.
    public init(_ storages: [String: any Storage] = [:]) { self.storages = storages }

    /// The aliases, in order.
    public var aliases: [String] { storages.keys.sorted() }

    /// The storage of an alias.
    ///
    /// - Parameter alias: the alias.
    /// - Returns: the storage.
    /// - Throws: ``StorageError/unknownAlias(_:choices:)``.
    public subscript(alias: String) -> any Storage {
        get throws(StorageError) {
            guard let storage = storages[alias] else {
                throw .unknownAlias(alias, choices: aliases)
            }
            return storage
        }
    }

    /// The storage for visitors' files.
    ///
    /// Django: `default_storage`.
    ///
    /// - Throws: ``StorageError/unknownAlias(_:choices:)`` where the site has none.
    public var `default`: any Storage {
        get throws(StorageError) { try self[Self.defaultAlias] }
    }

    /// The same storages with those of `others`, which come before one of the same alias.
    ///
    /// - Parameter others: further storages.
    /// - Returns: all of them.
    public func merging(_ others: [String: any Storage]) -> Storages {
        Storages(storages.merging(others) { $1 })
    }

    // MARK: The current storages

    private static let main = Mutex(Storages())
    @TaskLocal private static var override: Storages?

    /// The storages of this task, or of this process.
    public static var current: Storages { override ?? main.withLock { $0 } }

    /// Makes these the storages of the process.
    public func install() { Self.main.withLock { $0 = self } }

    /// Makes these the storages of `body` and of the tasks it starts.
    ///
    /// - Parameter body: what runs with these storages.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func use<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        try await Self.$override.withValue(self) { try await body() }
    }
}
