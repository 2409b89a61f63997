import CLibPQ
import NuagesORM

/// A message that `NOTIFY` sent.
public struct PostgreSQLNotification: Sendable, Hashable {
    /// The channel it was sent on.
    public var channel: String
    /// What it says; empty where the sender said nothing.
    public var payload: String
    /// The number of the server's process that sent it.
    public var processID: Int

    /// A message.
    ///
    /// - Parameters:
    ///   - channel: the channel it was sent on.
    ///   - payload: what it says.
    ///   - processID: the number of the server's process that sent it.
    public init(channel: String, payload: String, processID: Int) {
        self.channel = channel
        self.payload = payload
        self.processID = processID
    }
}

/// The messages of some channels, as they come (`LISTEN`).
///
///     let messages = PostgreSQLNotifications(url, channels: ["polls"])
///     for try await message in messages { print(message.payload) }
///     // elsewhere: NOTIFY polls, 'question 3 has a new vote'
///
/// It has a connection of its own, which is closed when nobody reads any more. A connection that
/// breaks ends the sequence by an error, since messages may have been missed: read what is stored, and
/// listen again.
public struct PostgreSQLNotifications: AsyncSequence, Sendable, CustomStringConvertible,
    CustomReflectable
{
    /// A message.
    public typealias Element = PostgreSQLNotification

    private let url: String
    private let channels: [String]
    private let onListening: (@Sendable () -> Void)?

    /// So many messages wait for their reader; one that is slower is told so.
    private static let maxWaiting = 10_000

    /// The messages of channels.
    ///
    /// - Parameters:
    ///   - url: where the database is, as for ``PostgreSQLDatabase``.
    ///   - channels: the names of the channels.
    ///   - onListening: called when no message is missed from now on.
    public init(
        _ url: String,
        channels: [String],
        onListening: (@Sendable () -> Void)? = nil
    ) {
        self.url = url
        self.channels = channels
        self.onListening = onListening
    }

    /// The channels; never the URL, which may hold a password.
    public var description: String {
        "PostgreSQLNotifications(channels: \(channels.joined(separator: ", ")))"
    }
    /// The channels; never the URL, which may hold a password.
    public var customMirror: Mirror { Mirror(self, children: ["channels": channels]) }

    /// Starts to listen.
    ///
    /// - Returns: the messages from now on.
    public func makeAsyncIterator() -> AsyncThrowingStream<Element, any Error>.Iterator {
        let (url, channels, onListening) = (url, channels, onListening)
        let stream = AsyncThrowingStream<Element, any Error>(
            bufferingPolicy: .bufferingOldest(Self.maxWaiting)
        ) { continuation in
            let task = Task.detached {
                do {
                    let parameters = PostgreSQLParameters(url: url)
                    if let mistake = parameters.mistake {
                        throw DatabaseError.operational(mistake, statement: nil)
                    }
                    let connection = try await PostgreSQLConnection.open(
                        parameters,
                        settings: SessionSettings()
                    )
                    try await withTaskCancellationHandler {
                        try await connection.listen(channels, continuation, onListening)
                    } onCancel: {
                        connection.interrupt()
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
        return stream.makeAsyncIterator()
    }
}

extension PostgreSQLConnection {
    /// Hands messages on until the task is cancelled; the connection is closed then.
    fileprivate func listen(
        _ channels: [String],
        _ continuation: AsyncThrowingStream<PostgreSQLNotification, any Error>.Continuation,
        _ onListening: (@Sendable () -> Void)?
    ) throws {
        defer { close() }
        let dialect = PostgreSQLDialect()
        for channel in channels {
            _ = try run(SQLStatement("LISTEN \(dialect.quote(channel))")) { _ in }
        }
        onListening?()
        // A cancellation sets the mark; one before it is seen here.
        if Task.isCancelled { return }
        repeat {
            while let message = handle.nextNotification() {
                if case .dropped = continuation.yield(message) {
                    throw DatabaseError.operational(
                        "More notifications wait than their reader takes.",
                        statement: nil
                    )
                }
            }
        } while try handle.waitForMessage()
    }
}

extension PostgreSQLHandle {
    /// The next message that has come; nil where none has.
    fileprivate func nextNotification() -> PostgreSQLNotification? {
        guard let pointer = PQnotifies(connection) else { return nil }
        defer { PQfreemem(pointer) }
        return PostgreSQLNotification(
            channel: String(cString: pointer.pointee.relname),
            payload: String(cString: pointer.pointee.extra),
            processID: Int(pointer.pointee.be_pid)
        )
    }
}
