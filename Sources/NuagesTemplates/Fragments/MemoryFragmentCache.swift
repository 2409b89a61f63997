import NuagesCore
import Synchronization

/// Keeps parts of pages in the memory of this process.
///
/// It never takes more than its limit: what was used least lately makes room.
///
/// Django: `LocMemCache`.
public final class MemoryFragmentCache: FragmentCache {
    private struct Entry {
        let fragment: [UInt8]
        let expiry: ContinuousClock.Instant?
        var lastUse: UInt64
    }

    private struct State {
        var entries: [ByteKey: Entry] = [:]
        var size = 0
        var uses: UInt64 = 0
    }

    private let byteLimit: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    /// What an entry costs besides its bytes.
    private static let overhead = 128

    /// An empty cache.
    ///
    /// - Parameters:
    ///   - byteLimit: how many bytes it may keep.
    ///   - now: the clock.
    public init(
        byteLimit: Int = 64 * 1024 * 1024,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.byteLimit = byteLimit
        self.now = now
    }

    /// A part that is kept.
    ///
    /// - Parameter key: its key.
    /// - Returns: the part; nil where it is not kept, or no more.
    public func fragment(for key: String) -> [UInt8]? {
        let now = now()
        return state.withLock { state in
            guard let entry = state.entries[ByteKey(key)] else { return nil }
            if let expiry = entry.expiry, expiry <= now {
                Self.remove(ByteKey(key), &state)
                return nil
            }
            state.uses += 1
            state.entries[ByteKey(key)]?.lastUse = state.uses
            return entry.fragment
        }
    }

    /// Keeps a part, unless it is larger than the whole cache.
    ///
    /// - Parameters:
    ///   - fragment: the part.
    ///   - key: its key.
    ///   - seconds: for how long; nil until there is no room, 0 and less not at all.
    public func keep(_ fragment: [UInt8], for key: String, seconds: Int?) {
        let now = now()
        state.withLock { state in
            Self.remove(ByteKey(key), &state)
            let size = Self.size(key, fragment)
            guard seconds.map({ $0 > 0 }) ?? true, size <= byteLimit else { return }
            if state.size + size > byteLimit { makeRoom(size, now, &state) }
            state.uses += 1
            state.size += size
            // A century is for ever, and no sum of it overflows.
            let lifetime = seconds.map { Duration.seconds(min($0, 3_155_760_000)) }
            state.entries[ByteKey(key)] = Entry(
                fragment: fragment,
                expiry: lifetime.map { now + $0 },
                lastUse: state.uses
            )
        }
    }

    /// Forgets a part.
    ///
    /// - Parameter key: its key.
    public func remove(_ key: String) { state.withLock { Self.remove(ByteKey(key), &$0) } }

    /// Removes what has expired, then what was used least lately, until a quarter is free: so the
    /// work of sorting comes once in many parts.
    private func makeRoom(_ needed: Int, _ now: ContinuousClock.Instant, _ state: inout State) {
        for (key, entry) in state.entries where entry.expiry.map({ $0 <= now }) ?? false {
            Self.remove(key, &state)
        }
        let target = max(0, min(byteLimit - needed, byteLimit / 4 * 3))
        guard state.size > target else { return }
        for (key, _) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            Self.remove(key, &state)
            if state.size <= target { return }
        }
    }

    private static func remove(_ key: ByteKey, _ state: inout State) {
        guard let entry = state.entries.removeValue(forKey: key) else { return }
        state.size -= size(key.name, entry.fragment)
    }

    private static func size(_ key: String, _ fragment: [UInt8]) -> Int {
        key.utf8.count + fragment.count + overhead
    }
}
