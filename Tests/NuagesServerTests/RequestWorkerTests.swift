import Logging
import NIOCore
import NIOEmbedded
import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Synchronization
import Testing

@testable import NuagesServer

/// The tasks of an event loop, which answer one request after the other.
@Suite(.timeLimit(.minutes(1))) struct RequestWorkerTests {
    /// What a view saw of the task that ran it.
    private struct Run: Sendable {
        let target: String
        let task: Int
        let isCancelled: Bool
    }

    /// An event loop that the test drives; views below `/wait` go on when the gate is opened, or
    /// when they are cancelled.
    private final class Driven: Sendable {
        let gate = Gate()
        let runs = Mutex<[Run]>([])
        nonisolated(unsafe) let loop = EmbeddedEventLoop()

        func makeContext() -> LoopContext {
            var configuration = ServerConfiguration()
            configuration.limits.halfClosedTimeout = .zero
            let state = ServerState(
                handler: ClosureHandler { [self] request in
                    let task = withUnsafeCurrentTask { $0?.hashValue ?? 0 }
                    let run = Run(
                        target: request.target,
                        task: task,
                        isCancelled: Task.isCancelled
                    )
                    runs.withLock { $0.append(run) }
                    if request.path == "/broken" { return Self.broken }
                    if request.path.utf8.starts(with: "/wait".utf8) { try? await gate.wait() }
                    return text("<\(request.target)>")
                },
                configuration: configuration,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                clock: ManualClock()
            )
            return LoopContext(loop: loop, shared: state)
        }

        /// A stream that fails when some of it has been sent.
        private static var broken: Response {
            Response(
                body: .stream(length: nil) { writer in
                    try await writer.write([0x61])
                    throw CancellationError()
                }
            )
        }

        func connect(
            _ context: LoopContext,
            closesLate: Bool = false
        ) throws -> (EmbeddedChannel, ConnectionHandler) {
            let channel = EmbeddedChannel(loop: loop)
            let handler = ConnectionHandler(loop: context)
            if closesLate { try channel.pipeline.syncOperations.addHandler(LateClose()) }
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            return (channel, handler)
        }

        var tasks: [Int] { runs.withLock { $0.map(\.task) } }
        var cancelled: [String] {
            runs.withLock { $0.filter(\.isCancelled).map(\.target) }
        }
    }

    /// Closes when the other side does, as TLS may.
    private final class LateClose: ChannelOutboundHandler, Sendable {
        typealias OutboundIn = ByteBuffer

        func close(
            context: ChannelHandlerContext,
            mode: CloseMode,
            promise: EventLoopPromise<Void>?
        ) { promise?.succeed() }
    }

    private static func requests(_ targets: String...) -> ByteBuffer {
        ByteBuffer(string: targets.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
    }

    private static func answers(_ channel: EmbeddedChannel) throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            text += String(buffer: bytes)
        }
        return text
    }

    @Test func oneTaskAnswersOneRequestAfterTheOther() throws {
        let driven = Driven()
        let context = driven.makeContext()
        let (first, _) = try driven.connect(context)
        let (second, _) = try driven.connect(context)
        try first.writeInbound(Self.requests("/1", "/2", "/3"))
        try second.writeInbound(Self.requests("/4"))
        try first.writeInbound(Self.requests("/5"))
        #expect(driven.runs.withLock { $0.map(\.target) } == ["/1", "/2", "/3", "/4", "/5"])
        #expect(Set(driven.tasks).count == 1)
        #expect(context.workers.running == 0)
        for channel in [first, second] { _ = try channel.finish() }
    }

    @Test func noRequestWaitsBehindAViewThatWaits() throws {
        let driven = Driven()
        let context = driven.makeContext()
        let (waiting, _) = try driven.connect(context)
        let (other, _) = try driven.connect(context)
        try waiting.writeInbound(Self.requests("/wait", "/after"))
        try other.writeInbound(Self.requests("/1", "/2"))
        #expect(try Self.answers(other).contains("</2>"))
        #expect(try Self.answers(waiting).isEmpty)
        #expect(context.workers.running == 1)
        driven.gate.open()
        driven.loop.run()
        let answers = try Self.answers(waiting)
        #expect(answers.contains("</wait>") && answers.hasSuffix("</after>"))
        #expect(context.workers.running == 0)
        // The one that waited went on with the request behind it.
        let tasks = driven.tasks
        #expect(tasks.count == 4 && tasks[0] == tasks[3] && tasks[0] != tasks[1])
        try other.writeInbound(Self.requests("/3"))
        #expect(Set(driven.tasks).count == 2)
        for channel in [waiting, other] { _ = try channel.finish() }
    }

    /// Also what comes behind a view that has waited is answered in turns, each written at once.
    @Test func givesWayBehindAViewThatHasWaited() throws {
        let driven = Driven()
        let context = driven.makeContext()
        let (channel, _) = try driven.connect(context)
        try channel.writeInbound(Self.requests("/wait"))
        for _ in 0..<40 { try channel.writeInbound(Self.requests("/1")) }
        driven.gate.open()
        driven.loop.run()
        #expect(driven.tasks.count == 17)
        let first = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: first).utf8.count { $0 == UInt8(ascii: "<") } == 17)
        driven.loop.advanceTime(by: LoopExecutor.pause)
        #expect(driven.tasks.count == 33)
        driven.loop.advanceTime(by: LoopExecutor.pause)
        #expect(driven.tasks.count == 41)
        _ = try channel.finish()
    }

    @Test func aTaskThatWasCancelledAnswersNoOtherRequest() throws {
        let driven = Driven()
        let context = driven.makeContext()
        let (gone, _) = try driven.connect(context)
        let (other, _) = try driven.connect(context)
        try gone.writeInbound(Self.requests("/wait"))
        _ = try gone.finish()
        driven.loop.run()
        #expect(context.workers.running == 0)
        try other.writeInbound(Self.requests("/1", "/2"))
        #expect(driven.tasks.count == 3)
        #expect(driven.cancelled.isEmpty)
        _ = try other.finish()
    }

    @Test func theRequestBehindOneThatWasCancelledIsNotCancelled() throws {
        let driven = Driven()
        let context = driven.makeContext()
        let (channel, handler) = try driven.connect(context)
        try channel.writeInbound(Self.requests("/wait", "/after"))
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        handler.tick(elapsed: 0)
        driven.loop.run()
        let answers = try Self.answers(channel)
        #expect(answers.contains("</wait>") && answers.contains("</after>"))
        #expect(driven.cancelled.isEmpty)
        #expect(!channel.isActive)
    }

    /// A connection that ends long after its request was answered cancels no other request, whether
    /// the task is on that one already or takes it later.
    @Test(arguments: [true, false]) func aLateEndCancelsNobody(isAfter: Bool) throws {
        let driven = Driven()
        let context = driven.makeContext()
        let (broken, _) = try driven.connect(context, closesLate: true)
        let (other, _) = try driven.connect(context)
        try broken.writeInbound(Self.requests("/broken"))
        #expect(context.workers.running == 0)
        if !isAfter { broken.pipeline.fireChannelInactive() }
        try other.writeInbound(Self.requests("/wait"))
        if isAfter { broken.pipeline.fireChannelInactive() }
        driven.loop.run()
        #expect(try Self.answers(other).isEmpty)
        #expect(driven.cancelled.isEmpty)
        #expect(Set(driven.tasks).count == 1)
        driven.gate.open()
        driven.loop.run()
        #expect(try Self.answers(other).hasSuffix("</wait>"))
        _ = try other.finish()
    }

    @Test func tasksEndWithTheServer() throws {
        let driven = Driven()
        weak var workers: RequestWorkers?
        do {
            let context = driven.makeContext()
            workers = context.workers
            let (channel, _) = try driven.connect(context)
            let (waiting, _) = try driven.connect(context)
            try channel.writeInbound(Self.requests("/1"))
            try waiting.writeInbound(Self.requests("/wait"))
            context.workers.end()
            driven.gate.open()
            driven.loop.run()
            #expect(try Self.answers(waiting).hasSuffix("</wait>"))
            for channel in [channel, waiting] { _ = try channel.finish() }
        }
        driven.loop.run()
        #expect(workers == nil)
    }
}
