import CLibPQ
import NuagesORM
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A connection of libpq, and the ways to wait for its server.
///
/// All calls but `interrupt` and `hasEnded` are made on the executor of the connection, one at a
/// time. `interrupt` writes to a pipe of its own; `hasEnded` only looks at the socket, and is asked
/// while nobody uses the connection.
// @unchecked: what `init` sets never changes, and the rest is kept to one thread at a time.
final class PostgreSQLHandle: @unchecked Sendable {
    let connection: OpaquePointer
    private let socket: Int32
    private let isEncrypted: Bool
    /// Whether the server is a process of this machine, so that who waits for it leaves it the core.
    let isLocal: Bool
    private let alarm: Alarm
    /// Set from any thread; the statement that runs is then cancelled.
    let isInterrupted = Atomic(false)
    /// Whether the statement that runs ends when the task that runs it is cancelled.
    var endsWithTask = false
    /// Until when the thread that runs on the connection has time to wait for an answer; nil where
    /// it has all the time there is.
    var deadline: ContinuousClock.Instant?
    /// What has come of an answer that is not complete.
    private var received: [PostgreSQLResult] = []
    private var isFinished = false
    /// What tells the server to cancel the statement that runs, and when it was told last.
    private var request: CancelRequest?
    private var cancellation: ContinuousClock.Instant?
    /// When it was told first.
    private var cancelledSince: ContinuousClock.Instant?
    /// Whether the server has not answered for so long that the connection was given up.
    private(set) var hasGivenUp = false

    /// How often the task is looked at while its statement runs: a statement on the thread of the
    /// task itself is not interrupted from outside.
    private static let tick: Int32 = 100
    /// How long a thread with other things to do waits, in milliseconds.
    private static let shortTick: Int32 = 1
    /// How long the server has to end a statement before it is told so again.
    private static let patience = Duration.seconds(1)
    /// How long it has altogether, before it counts as gone.
    private static let lastPatience = Duration.seconds(5)

    /// Connects, which may take as long as the URL's `connect_timeout` for each host.
    init(_ parameters: PostgreSQLParameters) throws(DatabaseError) {
        alarm = try Alarm()
        guard let connection = parameters.connect() else {
            throw .operational("There is no memory for a database connection.", statement: nil)
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            let error = PostgreSQLError.ofConnecting(connection)
            PQfinish(connection)
            throw error
        }
        self.connection = connection
        socket = PQsocket(connection)
        isEncrypted = PQsslInUse(connection) != 0
        isLocal = isLoopback(socket)
        PQsetnonblocking(connection, 1)
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
    }

    deinit { finish() }

    /// Ends the connection; nothing else may be asked of it afterwards.
    func finish() {
        guard !isFinished else { return }
        isFinished = true
        PQfinish(connection)
    }

    /// A setting that the server reports by itself.
    func setting(_ name: String) -> String? {
        PQparameterStatus(connection, name).map { String(cString: $0) }
    }

    var isInTransaction: Bool {
        switch PQtransactionStatus(connection) {
        case PQTRANS_INTRANS, PQTRANS_INERROR, PQTRANS_ACTIVE: true
        default: false
        }
    }

    var isInFailedTransaction: Bool { PQtransactionStatus(connection) == PQTRANS_INERROR }
    var isAlive: Bool { !hasGivenUp && PQstatus(connection) == CONNECTION_OK }
    /// Whether a request to end what ran before may still be on its way.
    var isCancelling: Bool { request.map { !$0.isDone } ?? false }

    /// Whether the server has ended the connection while it lay idle.
    var hasEnded: Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        if count < 0 { return errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR }
        if count == 0 { return true }
        // Notices and changed settings may have come; an error is the last word of a server.
        return isEncrypted || byte == UInt8(ascii: "E")
    }

    func interrupt() {
        isInterrupted.store(true, ordering: .sequentiallyConsistent)
        alarm.ring()
    }

    /// Forgets interrupts of what ran before.
    func clearInterrupt() {
        isInterrupted.store(false, ordering: .sequentiallyConsistent)
        guard let request else { return }
        // One that comes late would end what runs next.
        if !request.wait(Self.lastPatience) { giveUp() }
        self.request = nil
        cancellation = nil
        cancelledSince = nil
    }

    /// Sends what libpq has kept back.
    ///
    /// - Throws: as all that waits, ``DatabaseError``, and ``PostgreSQLRefusal`` at the deadline:
    ///   whoever asks again goes on where it was.
    func flush() throws {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                // The server may be waiting for its own answer to be read.
                if try wait(for: Int16(POLLIN) | Int16(POLLOUT)) & Int16(POLLIN) != 0 {
                    try consume()
                }
            default: throw PostgreSQLError.lost(connection)
            }
        }
    }

    /// The next result of what was sent; nil at its end.
    func nextResult() throws -> PostgreSQLResult? {
        while PQisBusy(connection) != 0 {
            _ = try wait(for: Int16(POLLIN))
            // The last words of a server that ends the connection are a result as well.
            guard PQconsumeInput(connection) == 1 else { break }
        }
        return PQgetResult(connection).map { PostgreSQLResult($0) }
    }

    /// The result of one statement; the error, where there are several.
    func onlyResult(_ first: PostgreSQLResult? = nil) throws -> PostgreSQLResult {
        if let first { received = [first] }
        while let result = try nextResult() {
            switch result.status {
            case PGRES_COPY_IN:
                PQputCopyEnd(connection, "rows are copied by 'copy'")
                try flush()
            case PGRES_COPY_OUT: try passOverCopy()
            default: break
            }
            if received.last?.isLastWord ?? false { continue }
            received = [result]
        }
        guard let found = received.popLast() else { throw PostgreSQLError.lost(connection) }
        return found
    }

    /// The results of several statements, of which the first failure is the last.
    func resultsOfPipeline() throws -> [PostgreSQLResult] {
        while true {
            guard let result = try nextResult() else {
                // Between two statements there is nothing, and behind a broken connection.
                guard isAlive else {
                    if received.contains(where: { $0.status == PGRES_FATAL_ERROR }) {
                        return takeReceived()
                    }
                    throw PostgreSQLError.lost(connection)
                }
                continue
            }
            switch result.status {
            case PGRES_PIPELINE_SYNC: return takeReceived()
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                // libpq would tell of it again and again; whoever called gives the connection up.
                throw DatabaseError.programming(
                    "COPY cannot be one of several statements.",
                    statement: nil
                )
            default: break
            }
            if result.status != PGRES_PIPELINE_ABORTED { received.append(result) }
        }
    }

    private func takeReceived() -> [PostgreSQLResult] {
        defer { received = [] }
        return received
    }

    private func passOverCopy() throws {
        var line: UnsafeMutablePointer<CChar>?
        while true {
            let count = PQgetCopyData(connection, &line, 1)
            if count > 0 {
                PQfreemem(line)
            } else if count == 0 {
                _ = try wait(for: Int16(POLLIN))
                try consume()
            } else {
                return
            }
        }
    }

    /// Waits for a message of the server that nobody asked for.
    ///
    /// - Returns: false if the wait was interrupted.
    func waitForMessage() throws(DatabaseError) -> Bool {
        while !mustEnd {
            if try poll(Int16(POLLIN)) != 0 {
                try consume()
                return true
            }
        }
        return false
    }

    private func consume() throws(DatabaseError) {
        guard PQconsumeInput(connection) == 1 else { throw PostgreSQLError.lost(connection) }
    }

    private func wait(for events: Int16) throws -> Int16 {
        while true {
            let found = try poll(events)
            if found != 0 { return found }
            if let deadline, ContinuousClock.now >= deadline { throw PostgreSQLRefusal() }
            if mustEnd { cancelStatement() }
        }
    }

    /// Waits for a tick at most, and not past the deadline; what was found of `events`, or 0.
    private func poll(_ events: Int16) throws(DatabaseError) -> Int16 {
        let (count, found, isRung) = withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) {
            descriptors -> (Int32, Int16, Bool) in
            descriptors.initializeElement(
                at: 0,
                to: pollfd(fd: socket, events: events, revents: 0)
            )
            descriptors.initializeElement(
                at: 1,
                to: pollfd(fd: alarm.reader, events: Int16(POLLIN), revents: 0)
            )
            // Who has a deadline is not the thread that is told of interrupts.
            let count =
                deadline == nil
                ? systemPoll(descriptors.baseAddress, 2, Self.tick)
                : systemPoll(descriptors.baseAddress, 1, Self.shortTick)
            return (count, descriptors[0].revents, descriptors[1].revents != 0)
        }
        if count < 0, errno != EINTR {
            throw .operational("The socket of the database cannot be waited for.", statement: nil)
        }
        if count <= 0 { return 0 }
        if isRung { alarm.silence() }
        return found
    }

    /// Whether the statement that runs has to end.
    private var mustEnd: Bool {
        if !endsWithTask { return false }
        // Called on the thread that runs the task's statement, so this is its own task.
        return isInterrupted.load(ordering: .relaxed) || Task.isCancelled
    }

    /// Tells the server to end the statement that runs; its answer is an error, or the result if
    /// it was done already.
    private func cancelStatement() {
        let now = ContinuousClock.now
        if let cancelledSince, now - cancelledSince >= Self.lastPatience { return giveUp() }
        if let cancellation, now - cancellation < Self.patience { return }
        cancellation = now
        if cancelledSince == nil { cancelledSince = now }
        guard !isCancelling, let cancel = PQgetCancel(connection) else { return }
        // @unchecked: what libpq has copied for it belongs to the request alone.
        nonisolated(unsafe) let copy = cancel
        request = .start {
            defer { PQfreeCancel(copy) }
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                _ = PQcancel(copy, message.baseAddress, Int32(message.count))
            }
        }
    }

    /// Ends a connection whose server does not answer any more; libpq finds it closed.
    private func giveUp() {
        hasGivenUp = true
        shutdown(socket, Int32(SHUT_RDWR))
    }
}

/// `poll`, which the handle has a method of the same name for.
private func systemPoll(
    _ descriptors: UnsafeMutablePointer<pollfd>?,
    _ count: nfds_t,
    _ timeout: Int32
) -> Int32 { poll(descriptors, count, timeout) }

/// Whether a socket leads to a process of this machine.
private func isLoopback(_ socket: Int32) -> Bool {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
        let raw = UnsafeMutableRawPointer(pointer)
        guard getpeername(socket, raw.assumingMemoryBound(to: sockaddr.self), &size) == 0 else {
            return false
        }
        switch Int32(pointer.pointee.ss_family) {
        case AF_UNIX: return true
        case AF_INET:
            let address = raw.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_addr.s_addr
            return UInt32(bigEndian: address) >> 24 == 127
        case AF_INET6:
            let address = raw.assumingMemoryBound(to: sockaddr_in6.self).pointee.sin6_addr
            return withUnsafeBytes(of: address) { bytes in
                bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
            }
        default: return false
        }
    }
}

/// Work that has to run, or to go on, on its connection's thread.
struct PostgreSQLRefusal: Error {}

/// A result of libpq, which is freed with it.
final class PostgreSQLResult {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// Whether what comes behind it does not matter.
    var isLastWord: Bool {
        switch status {
        case PGRES_FATAL_ERROR, PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: true
        default: false
        }
    }
    var rowCount: Int32 { PQntuples(pointer) }

    /// The number of rows that were changed; 0 for a statement that only reads.
    var changeCount: Int {
        guard let word = PQcmdStatus(pointer), let count = PQcmdTuples(pointer) else { return 0 }
        switch UInt8(truncatingIfNeeded: word[0]) {
        case UInt8(ascii: "I"), UInt8(ascii: "U"), UInt8(ascii: "D"), UInt8(ascii: "M"),
            UInt8(ascii: "C"):
            return Int(atoll(count))
        default: return 0
        }
    }

    /// The word that the server says a command is done with, such as `COMMIT`.
    var command: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

    /// A field of an error, such as `PG_DIAG_SQLSTATE`.
    func error(_ field: UInt8) -> String? {
        PQresultErrorField(pointer, Int32(field)).map { String(cString: $0) }
    }
}
