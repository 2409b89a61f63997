internal import NuagesCore

/// The body of a request, piece by piece.
public struct BodyChunks: AsyncSequence, Sendable {
    /// A piece.
    public typealias Element = [UInt8]

    let request: Request
    let limit: Int
    let duration: Duration?

    /// Begins to read the body; it can be read once.
    ///
    /// - Returns: an iterator.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(request: request, limit: limit, duration: duration)
    }

    /// Asks for one piece after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let request: Request
        private let limit: Int
        private let duration: Duration?
        private var deadline = BodyDeadline(nil)
        private var rest: RequestBody?
        private var total = 0
        private var isBegun = false

        init(request: Request, limit: Int, duration: Duration?) {
            self.request = request
            self.limit = limit
            self.duration = duration
        }

        /// The next piece.
        ///
        /// - Returns: bytes, or nil at the end.
        /// - Throws: ``HTTPError`` where the client goes away or sends too much,
        ///   ``BodyAccessError`` where the body has been used up.
        public mutating func next() async throws -> [UInt8]? {
            if !isBegun { try begin() }
            guard let body = rest else { return nil }
            let chunk: [UInt8]?
            switch body.content {
            case .bytes(let bytes):
                rest = nil
                chunk = bytes.isEmpty ? nil : bytes
            case .source(let source):
                chunk = try await source.nextChunk()
                if chunk != nil { try deadline.check() }
            }
            guard let chunk else {
                rest = nil
                return nil
            }
            total += chunk.count
            guard total <= limit else {
                rest = nil
                throw HTTPError.contentTooLarge(limit: limit)
            }
            return chunk
        }

        private mutating func begin() throws {
            isBegun = true
            if let length = request.body.declaredLength, length > limit {
                throw HTTPError.contentTooLarge(limit: limit)
            }
            switch request.storage.beginReadingBody() {
            case .unread:
                request.storage.finishReadingBody(.streamed)
                rest = request.body
                deadline = BodyDeadline(duration)
            case .bytes(let bytes):
                // What is kept goes back, so that it can be read again.
                rest = RequestBody(bytes)
            case let state: throw state.refusal(isFormOfView: request.storage.isFormOfView)
            }
        }
    }
}

/// The body of a request, line by line.
public struct BodyLines: AsyncSequence, Sendable {
    /// A line without its line break.
    public typealias Element = String

    let chunks: BodyChunks
    let maxLength: Int

    /// Begins to read the body; it can be read once.
    ///
    /// - Returns: an iterator.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: chunks.makeAsyncIterator(), maxLength: maxLength)
    }

    /// Asks for one line after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: BodyChunks.AsyncIterator
        private let maxLength: Int
        private var buffer: [UInt8] = []
        /// Where the rest of the buffer begins, and how much of it has no line break.
        private var start = 0
        private var searched = 0
        private var isAtEnd = false

        init(chunks: BodyChunks.AsyncIterator, maxLength: Int) {
            self.chunks = chunks
            self.maxLength = maxLength
        }

        /// The next line.
        ///
        /// - Returns: a line, or nil at the end.
        /// - Throws: ``HTTPError`` for a line that is too long or not UTF-8, or what reading throws.
        public mutating func next() async throws -> String? {
            while true {
                if let end = buffer[Swift.max(start, searched)...].firstIndex(of: 0x0A) {
                    let line = buffer[start..<end]
                    start = end + 1
                    searched = start
                    return try text(line.last == 0x0D ? line.dropLast() : line)
                }
                searched = buffer.count
                guard buffer.count - start <= maxLength else { throw tooLong }
                if isAtEnd {
                    guard start < buffer.count else { return nil }
                    let line = buffer[start...]
                    start = buffer.count
                    return try text(line)
                }
                buffer.removeFirst(start)
                searched -= start
                start = 0
                if let chunk = try await chunks.next() { buffer += chunk } else { isAtEnd = true }
            }
        }

        private var tooLong: HTTPError {
            .badRequest("A line of the body has more than \(maxLength) bytes.")
        }

        private func text(_ line: ArraySlice<UInt8>) throws(HTTPError) -> String {
            guard line.count <= maxLength else { throw tooLong }
            guard let text = String(validating: line, as: UTF8.self) else {
                throw .badRequest("A line of the body is not valid UTF-8.")
            }
            return text
        }
    }
}
