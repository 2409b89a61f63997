internal import NIOCore
internal import NIOTLS
internal import NuagesCore
internal import NuagesServer
internal import Synchronization

/// Waits for the TLS handshake, and then has the connection speak what was agreed on.
// @unchecked: every variable is touched on the channel's event loop only.
final class NegotiationHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private let loop: LoopContext
    private var context: ChannelHandlerContext?
    private let deadline: UInt64
    private var isListed = false
    private var isCounted = false
    var index = 0

    init(loop: LoopContext) {
        self.loop = loop
        deadline = loop.now + loop.shared.timeouts.head
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isListed = true
        loop.add(self)
        isCounted = true
        loop.shared.connectionCount.add(1, ordering: .relaxed)
    }

    func channelActive(context: ChannelHandlerContext) {
        let open = loop.shared.connectionCount.load(ordering: .relaxed)
        let excess = open - loop.shared.configuration.limits.maxConnections
        // Some of those that are too many may shake hands, to be told so by what takes over. Under a
        // flood the others would cost a signature each.
        if excess > ConnectionHandler.politelyRefused || loop.isShuttingDown {
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let name)? = event as? TLSUserEvent {
            finish(context, isHTTP2: name == "h2")
        } else if case .inputClosed? = event as? ChannelEvent {
            closeNow()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func finish(_ context: ChannelHandlerContext, isHTTP2: Bool) {
        let pipeline = context.pipeline.syncOperations
        do {
            // The handler that takes over counts the connection, and is in the list before this
            // one leaves it: a loop that shuts down waits until the list is empty.
            leaveCount()
            if isHTTP2 {
                try HTTP2Connection.add(to: context.channel, loop: loop)
            } else {
                try pipeline.addHandler(ConnectionHandler(loop: loop, isTLS: true))
            }
        } catch {
            return closeNow()
        }
        pipeline.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { leave() }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
        self.context = nil
    }

    private func leaveCount() {
        guard isCounted else { return }
        isCounted = false
        loop.shared.connectionCount.subtract(1, ordering: .relaxed)
    }

    private func leave() {
        leaveCount()
        guard isListed else { return }
        isListed = false
        loop.remove(self)
    }
}

extension NegotiationHandler: RemovableChannelHandler {}

extension NegotiationHandler: LoopConnection {
    func tick(elapsed: UInt64) { if loop.now >= deadline { closeNow() } }

    func shutDown() { closeNow() }

    func closeNow() { context?.close(promise: nil) }
}
