import CLibMariaDB
import NuagesORM
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A connection of libmariadb, and the ways to wait for its server.
///
/// All calls but `interrupt` and `hasEnded` are made on the executor of the connection, one at a
/// time. `interrupt` writes to a pipe of its own; `hasEnded` only looks at the socket, and is asked
/// while nobody uses the connection.
// @unchecked: what `init` sets never changes, and the rest is kept to one thread at a time.
final class MySQLHandle: @unchecked Sendable {
    let connection: UnsafeMutablePointer<MYSQL>
    private let parameters: MySQLParameters
    private let socket: Int32
    private let alarm: Alarm
    /// Set from any thread; the statement that runs is then ended.
    let isInterrupted = Atomic(false)
    /// Whether the statement that runs ends when the task that runs it is cancelled.
    var endsWithTask = false
    private var isFinished = false
    /// Whether the connection cannot be used any more.
    private(set) var isBroken = false
    /// What tells the server to end the statement that runs, and when it was told last.
    private var request: CancelRequest?
    private var cancellation: ContinuousClock.Instant?
    /// When it was told first.
    private var cancelledSince: ContinuousClock.Instant?
    /// Whether the server has not answered for so long that the connection was given up.
    private(set) var hasGivenUp = false

    /// How often the task is looked at while its statement runs: a statement on the thread of the
    /// task itself is not interrupted from outside.
    private static let tick: Int32 = 100
    /// How long the server has to end a statement before it is told so again.
    private static let patience = Duration.seconds(1)
    /// How long it has altogether, before it counts as gone.
    private static let lastPatience = Duration.seconds(5)
    /// Seconds after which a network that confirms nothing counts as gone.
    private static let networkTimeout: Int32 = 30

    /// Connects, which may take as long as the URL's `connect-timeout`.
    init(_ parameters: MySQLParameters) throws(DatabaseError) {
        self.parameters = parameters
        alarm = try Alarm()
        connection = try parameters.connect()
        socket = mysql_get_socket(connection)
        if parameters.host != nil { watchNetwork() }
    }

    /// Lets the system notice a network that drops what is sent without a word.
    private func watchNetwork() {
        #if os(Linux)
        let options = [
            (TCP_KEEPIDLE, Self.networkTimeout), (TCP_KEEPINTVL, 10), (TCP_KEEPCNT, 3),
            (18, Self.networkTimeout * 1000),  // TCP_USER_TIMEOUT, which Glibc does not export
        ]
        var isOn: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &isOn, socklen_t(MemoryLayout<Int32>.size))
        for (option, value) in options {
            var value = value
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(socket, Int32(IPPROTO_TCP), option, &value, size)
        }
        #endif
    }

    deinit { finish() }

    /// Ends the connection; nothing else may be asked of it afterwards.
    func finish() {
        guard !isFinished else { return }
        isFinished = true
        mysql_close(connection)
    }

    /// The server, such as `10.11.6-MariaDB`.
    var serverVersion: String {
        mysql_get_server_info(connection).map { String(cString: $0) } ?? ""
    }
    /// Whether the server is a MariaDB, and its version as 101106 for 10.11.6.
    var isMariaDB: Bool { mariadb_connection(connection) != 0 }
    var versionNumber: UInt { UInt(mysql_get_server_version(connection)) }

    private static let inTransaction: UInt32 = 1

    var isInTransaction: Bool { connection.pointee.server_status & Self.inTransaction != 0 }

    /// Notes that the server has ended the transaction, which it does not tell with an error.
    func noteRollback() { connection.pointee.server_status &= ~Self.inTransaction }

    /// Whether the server has ended the connection while it lay idle.
    var hasEnded: Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        // A server says nothing unasked but that it ends the connection.
        return count >= 0 || errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR
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

    /// Whether a request to end what ran before may still be on its way.
    var isCancelling: Bool { request.map { !$0.isDone } ?? false }

    // MARK: Commands

    /// Runs a statement that has no rows, or whose rows do not matter.
    func query(_ text: String) throws(DatabaseError) {
        var text = text
        var status: Int32 = 0
        text.withUTF8 { bytes in
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            complete(
                mysql_real_query_start(&status, connection, start, UInt(bytes.count)),
                { mysql_real_query_cont(&status, connection, $0) }
            )
        }
        guard status == 0 else { throw failure(text) }
        guard mysql_field_count(connection) > 0 else { return }
        var result: UnsafeMutablePointer<MYSQL_RES>?
        complete(
            mysql_store_result_start(&result, connection),
            { mysql_store_result_cont(&result, connection, $0) }
        )
        guard let result else { throw failure(text) }
        mysql_free_result(result)
    }

    /// Brings the session back to how it began; statements that are prepared are lost.
    func reset() throws(DatabaseError) {
        var status: Int32 = 0
        complete(
            mysql_reset_connection_start(&status, connection),
            { mysql_reset_connection_cont(&status, connection, $0) }
        )
        guard status == 0 else { throw failure(nil) }
    }

    /// A statement that the server has prepared.
    func prepare(_ text: String) throws(DatabaseError) -> UnsafeMutablePointer<MYSQL_STMT> {
        guard let statement = mysql_stmt_init(connection) else { throw failure(nil) }
        var copy = text
        var status: Int32 = 0
        copy.withUTF8 { bytes in
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            complete(
                mysql_stmt_prepare_start(&status, statement, start, UInt(bytes.count)),
                { mysql_stmt_prepare_cont(&status, statement, $0) }
            )
        }
        do throws(DatabaseError) {
            if status != 0 { throw failure(of: statement, text) }
        } catch {
            mysql_stmt_close(statement)
            throw error
        }
        return statement
    }

    /// Runs a prepared statement; its rows wait to be read.
    func execute(
        _ statement: UnsafeMutablePointer<MYSQL_STMT>,
        _ bindings: MySQLBindings,
        _ text: String
    ) throws(DatabaseError) {
        let expected = Int(mysql_stmt_param_count(statement))
        guard bindings.count == expected else {
            throw .programming(
                "The statement takes \(expected) values, not \(bindings.count).",
                statement: text
            )
        }
        // The columns may be others than last time, where the table has changed.
        statement.pointee.field_count = 0
        var status: Int32 = 0
        let isBound = bindings.bind(to: statement) {
            complete(
                mysql_stmt_execute_start(&status, statement),
                { mysql_stmt_execute_cont(&status, statement, $0) }
            )
        }
        if !isBound || status != 0 { throw failure(of: statement, text) }
    }

    /// Reads all rows of a statement into memory.
    func store(
        _ statement: UnsafeMutablePointer<MYSQL_STMT>,
        _ text: String
    ) throws(DatabaseError) {
        var status: Int32 = 0
        complete(
            mysql_stmt_store_result_start(&status, statement),
            { mysql_stmt_store_result_cont(&status, statement, $0) }
        )
        if status != 0 { throw failure(of: statement, text) }
    }

    /// Goes to the next row of a cursor; false at its end.
    func fetch(
        _ statement: UnsafeMutablePointer<MYSQL_STMT>,
        _ text: String
    ) throws(DatabaseError) -> Bool {
        var status: Int32 = 0
        complete(
            mysql_stmt_fetch_start(&status, statement),
            { mysql_stmt_fetch_cont(&status, statement, $0) }
        )
        switch status {
        case 0, MYSQL_DATA_TRUNCATED: return true
        case MYSQL_NO_DATA: return false
        default:
            throw failure(of: statement, text)
        }
    }

    // MARK: Errors

    private func failure(_ text: String?) -> DatabaseError {
        let failure = MySQLError(connection)
        note(failure)
        return failure.error(statement: text)
    }

    private func failure(
        of statement: UnsafeMutablePointer<MYSQL_STMT>,
        _ text: String
    ) -> DatabaseError {
        let failure = MySQLError(statement)
        note(failure)
        return failure.error(statement: text)
    }

    /// The number of the last error, for those who decide by it.
    private(set) var lastErrorNumber: UInt32 = 0

    private func note(_ failure: MySQLError) {
        lastErrorNumber = failure.number
        if failure.isLoss { isBroken = true }
        if failure.endsTransaction { noteRollback() }
    }

    // MARK: Waiting

    /// Waits for the server until an operation of libmariadb is done.
    private func complete(_ first: Int32, _ goOn: (Int32) -> Int32) {
        var waitsFor = first
        while waitsFor != 0 { waitsFor = goOn(wait(waitsFor)) }
    }

    private func wait(_ events: Int32) -> Int32 {
        var deadline: ContinuousClock.Instant?
        if events & Int32(MYSQL_WAIT_TIMEOUT) != 0 {
            let limit = Int(mysql_get_timeout_value_ms(connection))
            deadline = .now + .milliseconds(limit)
        }
        while true {
            let found = poll(events)
            if found != 0 { return found }
            if let deadline, .now >= deadline { return Int32(MYSQL_WAIT_TIMEOUT) }
            if mustEnd { endStatement() }
        }
    }

    /// Waits for a tick at most; what was found of `events`, or 0.
    private func poll(_ events: Int32) -> Int32 {
        var wanted: Int16 = 0
        if events & Int32(MYSQL_WAIT_READ) != 0 { wanted |= Int16(POLLIN) }
        if events & Int32(MYSQL_WAIT_WRITE) != 0 { wanted |= Int16(POLLOUT) }
        if events & Int32(MYSQL_WAIT_EXCEPT) != 0 { wanted |= Int16(POLLPRI) }
        return withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { descriptors -> Int32 in
            descriptors.initializeElement(
                at: 0,
                to: pollfd(fd: socket, events: wanted, revents: 0)
            )
            descriptors.initializeElement(
                at: 1,
                to: pollfd(fd: alarm.reader, events: Int16(POLLIN), revents: 0)
            )
            let count = systemPoll(descriptors.baseAddress, 2, Self.tick)
            // libmariadb finds out by itself what is wrong with a socket.
            if count < 0, errno != EINTR { return events & ~Int32(MYSQL_WAIT_TIMEOUT) }
            if count <= 0 { return 0 }
            if descriptors[1].revents != 0 { alarm.silence() }
            let revents = descriptors[0].revents
            if revents == 0 { return 0 }
            var found: Int32 = 0
            if revents & Int16(POLLIN) != 0 { found |= Int32(MYSQL_WAIT_READ) }
            if revents & Int16(POLLOUT) != 0 { found |= Int32(MYSQL_WAIT_WRITE) }
            if revents & Int16(POLLPRI) != 0 { found |= Int32(MYSQL_WAIT_EXCEPT) }
            return found & events != 0 ? found : events & ~Int32(MYSQL_WAIT_TIMEOUT)
        }
    }

    /// Whether the statement that runs has to end.
    private var mustEnd: Bool {
        if !endsWithTask { return false }
        // Called on the thread that runs the task's statement, so this is its own task.
        return isInterrupted.load(ordering: .relaxed) || Task.isCancelled
    }

    /// Tells the server over another connection to end the statement that runs; its answer is an
    /// error, or the result if it was done already.
    ///
    /// The server has obeyed before the next statement is sent, and a statement that is not there
    /// is not ended.
    private func endStatement() {
        let now = ContinuousClock.now
        if let cancelledSince, now - cancelledSince >= Self.lastPatience { return giveUp() }
        if let cancellation, now - cancellation < Self.patience { return }
        cancellation = now
        if cancelledSince == nil { cancelledSince = now }
        if isCancelling { return }
        var parameters = parameters
        parameters.answerTimeout = 5
        let (quick, number) = (parameters, mysql_thread_id(connection))
        request = .start {
            mysql_thread_init()
            defer { mysql_thread_end() }
            guard let other = try? quick.connect() else { return }
            defer { mysql_close(other) }
            _ = mysql_query(other, "KILL QUERY \(number)")
        }
    }

    /// Ends a connection whose server does not answer any more; libmariadb finds it closed.
    private func giveUp() {
        hasGivenUp = true
        isBroken = true
        shutdown(socket, Int32(SHUT_RDWR))
    }
}

/// `poll`, which the handle has a method of the same name for.
private func systemPoll(
    _ descriptors: UnsafeMutablePointer<pollfd>?,
    _ count: nfds_t,
    _ timeout: Int32
) -> Int32 { poll(descriptors, count, timeout) }
