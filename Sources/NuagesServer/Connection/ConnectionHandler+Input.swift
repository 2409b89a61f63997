internal import NIOCore
internal import NuagesCore
internal import NuagesHTTP

extension ConnectionHandler: JobObserver {
    /// Begins a turn: reads and starts requests as far as the input and the running request allow,
    /// then writes all answers that came of it together.
    func advance() {
        guard !isAdvancing, !isYielding else { return }
        firstOfTurn = requestNumber
        goOn()
    }

    /// Goes on with the turn; called when a request has been answered, or the client has read.
    func goOn() {
        // An answer that is ready at once comes back here from inside a step.
        guard !isAdvancing else { return takeSteps() }
        isAdvancing = true
        takeSteps()
        isAdvancing = false
        guard loop.executor.isRunning else { return endSteps() }
        // The task that has just sent an answer may go on with the next request, and answer it too.
        guard !isWaitingForJob else { return }
        isWaitingForJob = true
        loop.executor.whenJobEnds(self)
    }

    /// The task that worked for this connection has come to rest.
    func jobEnded() {
        isWaitingForJob = false
        endSteps()
    }

    private func endSteps() {
        if output.readableBytes > 0 { loop.writeSoon(self) }
        // The memory of what was read goes back to the channel.
        if input.readableBytes == 0 { input = ByteBuffer() }
        if isReadHeld, wantsInput {
            isReadHeld = false
            context?.read()
        }
    }

    /// Reads and starts requests until one has to be waited for.
    func takeSteps() {
        while !isYielding, step() {
            if output.readableBytes >= Self.outputBatch { flush() }
            let isTurnOver = requestNumber - firstOfTurn >= Self.requestsPerTurn
            if isTurnOver, !isYielding, input.readableBytes > 0 { yield() }
        }
    }

    /// Lets other connections have their turn: one that sends requests without end must not keep
    /// its loop to itself.
    private func yield() {
        isYielding = true
        loop.afterOthers { [self] in
            isYielding = false
            advance()
        }
    }

    var wantsInput: Bool {
        if isYielding { return input.readableBytes < Self.readAhead }
        return switch phase {
        case .head: isReadyToAnswer || input.readableBytes < Self.readAhead
        case .collecting, .draining, .lingering: true
        case .running: input.readableBytes < Self.readAhead
        case .closing, .closed: false
        }
    }

    /// One step of reading.
    ///
    /// - Returns: whether another step may be possible.
    private func step() -> Bool {
        switch phase {
        case .head: return readHead()
        case .collecting: return collectBody()
        case .draining: return drainBody()
        case .running:
            serveBodyWaiter()
            return false
        case .closing, .lingering, .closed: return false
        }
    }

    /// Whether the client takes its answers; one that only asks is not asked for more.
    private var isReadyToAnswer: Bool { !watch.hasUnsentBytes || isWritable }

    private func readHead() -> Bool {
        guard input.readableBytes > 0 else {
            if isInputClosed { endInput() }
            return false
        }
        guard isReadyToAnswer else { return false }
        do {
            let consumed = try parser.read(input.readableBytesUInt8Span)
            input.moveReaderIndex(forwardBy: consumed)
            guard parser.takeHead(into: &head) else {
                waitForHead()
                return false
            }
            begin()
            return true
        } catch {
            refuse(error)
            return false
        }
    }

    private func endInput() {
        if parser.isInsideHead {
            refuse(.incompleteRequest)
        } else {
            closeAfterWriting(lingers: false)
        }
    }

    private func waitForHead() {
        if isInputClosed {
            endInput()
        } else if !isHeadStarted {
            isHeadStarted = true
            deadline = loop.now + loop.shared.timeouts.head
        }
    }

    /// Starts the request of a head, unless a small body is to be awaited first.
    private func begin() {
        isHeadStarted = false
        requestNumber += 1
        isAnswered = false
        isHead = head.method == .head
        keepsAlive =
            !head.wantsClose && !head.isHTTP10 && !loop.isShuttingDown
            && requestNumber
                < UInt64(max(1, loop.shared.configuration.limits.maxRequestsPerConnection))
        guard head.framing != .none else { return start(RequestBody()) }
        bodyCredit = TimeCredit(loop.shared.timeouts.bodyGrace)
        owesContinue = head.expectsContinue
        switch head.framing {
        case .none: break
        case .length(let length):
            decoder = BodyDecoder(length: length)
            if owesContinue || length > max(Self.collectedBody, input.readableBytes) {
                startStreaming()
            } else {
                collected.reserveCapacity(length)
                phase = .collecting
            }
        case .chunked:
            decoder = BodyDecoder(chunkedUpTo: loop.shared.limits.body)
            if owesContinue { startStreaming() } else { phase = .collecting }
        }
    }

    private func startStreaming() {
        let length: Int? = if case .length(let length) = head.framing { length } else { nil }
        start(
            RequestBody(
                source: BodyStream(connection: self, number: requestNumber),
                declaredLength: length
            )
        )
    }

    private func collectBody() -> Bool {
        do {
            let isComplete = try readBody(into: &collected, upTo: Int.max)
            if isComplete {
                var body: [UInt8] = []
                swap(&body, &collected)
                start(RequestBody(body))
                return true
            }
            if isInputClosed {
                refuse(.incompleteRequest)
            } else if head.framing == .chunked {
                // Nobody knows how long it will be; what has arrived is handed over first.
                startStreaming()
                return true
            }
        } catch {
            refuse(error)
        }
        return false
    }

    private func drainBody() -> Bool {
        do {
            var dropped: [UInt8] = []
            if try readBody(into: &dropped, upTo: 0) {
                endRequest()
                return true
            }
            if isInputClosed { closeNow() }
        } catch {
            closeAfterWriting(lingers: true)
        }
        return false
    }

    /// Decodes body bytes from the input.
    ///
    /// - Parameters:
    ///   - bytes: takes them.
    ///   - limit: how many to take before stopping; 0 drops them all.
    /// - Returns: whether the body is complete.
    /// - Throws: why the body is refused.
    func readBody(into bytes: inout [UInt8], upTo limit: Int) throws(RequestError) -> Bool {
        guard var decoder else { return true }
        defer { self.decoder = decoder }
        while true {
            let piece = try decoder.next(input.readableBytesUInt8Span)
            if limit > 0, !piece.data.isEmpty {
                input.withUnsafeReadableBytes {
                    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[piece.data]))
                }
            }
            input.moveReaderIndex(forwardBy: piece.consumed)
            if piece.isComplete { return true }
            if piece.data.isEmpty || (limit > 0 && bytes.count >= limit) { return false }
        }
    }

    // MARK: - Bodies that are read while the view runs

    /// Answers a view that asks for more of its body.
    func requestChunk(_ waiter: CheckedContinuation<[UInt8]?, any Error>, number: UInt64) {
        guard number == requestNumber, phase == .running else {
            let isGone = phase == .closed && number == requestNumber && !isAnswered
            return waiter.resume(throwing: isGone ? HTTPError.clientDisconnected : .requestIsOver)
        }
        guard bodyWaiter == nil else {
            return waiter.resume(throwing: HTTPError.concurrentRead)
        }
        bodyWaiter = BodyWaiter(waiter)
        serveBodyWaiter()
        guard bodyWaiter != nil else { return }
        // Nothing may stand between the pieces of an answer that has begun.
        if owesContinue, stream?.isHeadSent != true {
            owesContinue = false
            write(ResponseSerializer.continueLine)
            flush()
        }
        if isReadHeld, wantsInput {
            isReadHeld = false
            context?.read()
        }
    }

    /// Gives a waiting view what has arrived.
    func serveBodyWaiter() {
        guard let waiter = bodyWaiter else { return }
        if let bodyError { return failBody(bodyError) }
        var bytes: [UInt8] = []
        swap(&bytes, &collected)
        do {
            let isComplete = try readBody(into: &bytes, upTo: Self.readAhead)
            if !bytes.isEmpty || isComplete {
                bodyWaiter = nil
                waiter.continuation.resume(returning: bytes.isEmpty ? nil : bytes)
            } else if isInputClosed {
                failBody(.incompleteRequest)
            }
        } catch {
            failBody(error)
        }
    }

    /// Remembers why the body cannot be read, and tells the view; the server answers instead of it.
    func failBody(_ error: RequestError) {
        bodyError = error
        keepsAlive = false
        lingersAfterWriting = true
        guard let waiter = bodyWaiter else { return }
        bodyWaiter = nil
        waiter.continuation.resume(throwing: HTTPError(error, limits: loop.shared.limits))
    }

    /// The request is answered: who still waits for its body must not see what comes after it.
    func releaseBody() {
        isAnswered = true
        if !collected.isEmpty { collected = [] }
        guard let waiter = bodyWaiter else { return }
        bodyWaiter = nil
        waiter.continuation.resume(throwing: HTTPError.requestIsOver)
    }

    /// Ends the wait of a view whose task was cancelled.
    func cancelChunk(number: UInt64) {
        guard number == requestNumber, let waiter = bodyWaiter else { return }
        bodyWaiter = nil
        waiter.continuation.resume(throwing: CancellationError())
    }

    // MARK: - The end of the input

    /// The client will send nothing more; it may still read.
    func inputClosed() {
        isInputClosed = true
        switch phase {
        case .lingering: closeNow()
        case .running:
            deadline = loop.now + loop.shared.timeouts.halfClosed
            advance()
        default: advance()
        }
    }
}
