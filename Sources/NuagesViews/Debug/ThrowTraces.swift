import Synchronization

#if os(Linux)
import Glibc
import Runtime

// Swift's runtime calls this for each error that is thrown; Swift Testing sets it for its own
// traces of errors. The handler takes one pointer, in the same register for C and for Swift.
@_silgen_name("_swift_setWillThrowHandler")
private func setWillThrowHandler(_ handler: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?)
#endif

/// Where the latest errors of the process were thrown; kept in debug only.
///
/// An error of Swift's does not carry its place. The runtime tells of each throw, and here the
/// addresses of the calls are kept for a while, so that a page can show them.
enum ThrowTraces {
    /// A call on the way to a throw.
    struct Call: Sendable {
        /// The function, in Swift's spelling.
        var function: String
        /// The source file and the line, where the program was built with them.
        var file: String?
        var line: Int?

        /// Such as `/site/Views.swift:12`.
        var place: String? { file.map { file in line.map { "\(file):\($0)" } ?? file } }

        /// Whether the call is in the site's own code, as far as the path of its file tells.
        var isOwn: Bool {
            guard let file, line != nil, file.utf8.first == UInt8(ascii: "/") else { return false }
            return !["/.build/", "/Sources/Nuages", "<compiler-generated>"].contains {
                file.contains($0)
            }
        }
    }

    /// How many throws are kept; a request that fails throws a few.
    private static let limit = 64

    #if os(Linux)
    private struct Entry: Sendable {
        /// The address of the error, while it lives.
        var error: UInt
        var task: Int?
        var trace: Backtrace
    }

    private struct State: Sendable {
        var entries: [Entry] = []
        /// The threads that are just taking a trace, which may throw as well.
        var busyThreads: Set<UInt> = []
        var isInstalled = false
    }

    private static let state = Mutex(State())
    /// What is loaded at the start; a site loads nothing later.
    private static let images = ImageMap.capture()
    /// How many calls are kept; finding their names and lines takes time.
    private static let frameLimit = 24

    /// Begins to keep traces; once for the process.
    static func install() {
        let isNew = state.withLock { state in
            defer { state.isInstalled = true }
            return !state.isInstalled
        }
        _ = images
        if isNew { setWillThrowHandler { ThrowTraces.willThrow($0) } }
    }

    private static func willThrow(_ error: UnsafeMutableRawPointer?) {
        let thread = UInt(pthread_self())
        guard state.withLock({ $0.busyThreads.insert(thread).inserted }) else { return }
        defer { _ = state.withLock { $0.busyThreads.remove(thread) } }
        guard let trace = try? Backtrace.capture(limit: frameLimit, top: 2, images: images) else {
            return
        }
        let entry = Entry(
            error: UInt(bitPattern: error),
            task: withUnsafeCurrentTask { $0?.hashValue },
            trace: trace
        )
        state.withLock { state in
            if state.entries.count >= limit { state.entries.removeFirst() }
            state.entries.append(entry)
        }
    }

    /// The calls that led to an error, the innermost first; none where nobody knows.
    ///
    /// An error that was boxed anew on its way is known by its task: the latest throw is its.
    static func calls(to error: any Error) async -> [Call] {
        let address = withUnsafeBytes(of: Box(error: error)) { bytes in
            bytes.count == MemoryLayout<UInt>.size ? bytes.load(as: UInt.self) : 0
        }
        let task = withUnsafeCurrentTask { $0?.hashValue }
        let entries = state.withLock { $0.entries }
        let entry =
            entries.last { $0.error == address }
            ?? (task == nil ? nil : entries.last { $0.task == task })
        guard let trace = entry?.trace else { return [] }
        // Not on the event loop, where other requests would wait for it.
        return await Task.detached { named(trace) }.value
    }

    /// A place in the program.
    struct Place: Sendable { fileprivate let trace: Backtrace }

    /// Where the program is now; more calls than of a throw, as the queries of a loop are made deep
    /// inside of the framework.
    static func here() -> Place? {
        (try? Backtrace.capture(limit: 64, images: images)).map { Place(trace: $0) }
    }

    /// The calls that led to a place, the innermost first.
    static func calls(to place: Place) async -> [Call] {
        await Task.detached { named(place.trace) }.value
    }

    /// The calls of a trace with their names and lines.
    private static func named(_ trace: Backtrace) -> [Call] {
        let options: Backtrace.SymbolicationOptions = [.showSourceLocations, .useSymbolCache]
        guard let found = trace.symbolicated(with: images, options: options) else { return [] }
        return Array(
            found.frames.compactMap(call).drop { $0.function.contains("ThrowTraces") }
        )
    }

    /// An error as the runtime passes it on; its own type would be opened otherwise.
    private struct Box { let error: any Error }

    private static func call(_ frame: SymbolicatedBacktrace.Frame) -> Call? {
        guard let symbol = frame.symbol, !frame.isSwiftThunk, !frame.isSystem,
            !symbol.name.contains("swift_willThrow")
        else { return nil }
        let place = symbol.sourceLocation.flatMap { $0.line > 0 ? $0 : nil }
        return Call(function: symbol.name, file: place?.path, line: place?.line)
    }
    #else
    struct Place: Sendable {}
    static func install() {}
    static func here() -> Place? { nil }
    static func calls(to place: Place) async -> [Call] { [] }
    static func calls(to error: any Error) async -> [Call] { [] }
    #endif
}
