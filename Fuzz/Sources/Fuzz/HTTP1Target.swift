import NuagesCore
import NuagesHTTP

@testable import NuagesServer

/// Heads and bodies of HTTP/1.1 as a connection reads them: where the input is cut into pieces
/// must not matter.
enum HTTP1Target {
    static func run(_ data: [UInt8]) {
        guard let first = data.first else { return }
        let input = Array(data.dropFirst())
        let whole = Reading(input[...])
        var split = Reading(input.prefix(Int(first) * input.count / 256))
        split.feed(input.dropFirst(split.fed))
        require(whole == split, "The parts give \(split), the whole \(whole).")
        guard first & 7 == 0, input.count < 256 else { return }
        var single = Reading([])
        for index in input.indices { single.feed(input[index...index]) }
        require(whole == single, "Single bytes give \(single), the whole \(whole).")
    }

    struct Reading: Equatable {
        /// Small, so that small inputs reach them.
        private static let limits = RequestLimits(
            requestLine: 128,
            head: 512,
            fields: 12,
            body: 1_024
        )

        private var parser = RequestParser(limits: limits)
        private var decoder: BodyDecoder?
        private var pending: [UInt8] = []
        private(set) var fed = 0
        private var requests: [String] = []
        private var body: [UInt8] = []
        private var error: RequestError?

        init(_ bytes: ArraySlice<UInt8>) { feed(bytes) }

        static func == (left: Self, right: Self) -> Bool {
            left.error == right.error && left.body == right.body
                && left.requests.elementsEqual(right.requests) { $0.equalsBytes($1) }
        }

        mutating func feed(_ bytes: ArraySlice<UInt8>) {
            fed += bytes.count
            guard error == nil else { return }
            pending += bytes
            do { while try step() {} } catch { self.error = error }
        }

        private mutating func step() throws(RequestError) -> Bool {
            guard var decoder else { return try readHead() }
            let input = pending
            let piece = try decoder.next(input.span)
            self.decoder = decoder
            body += pending[piece.data]
            require(body.count <= Self.limits.body, "A body is larger than its limit.")
            pending.removeFirst(piece.consumed)
            guard piece.isComplete else { return !piece.data.isEmpty }
            finish()
            return true
        }

        private mutating func readHead() throws(RequestError) -> Bool {
            guard !pending.isEmpty else { return false }
            let input = pending
            pending.removeFirst(try parser.read(input.span))
            var head = RequestHead()
            guard parser.takeHead(into: &head) else { return false }
            check(head)
            requests.append("\(head)")
            switch head.framing {
            case .none: finish()
            case .length(let length): decoder = BodyDecoder(length: length)
            case .chunked: decoder = BodyDecoder(chunkedUpTo: Self.limits.body)
            }
            return true
        }

        private func check(_ head: RequestHead) {
            require(head.fields.count <= Self.limits.fields + 1, "There are too many fields.")
            for field in head.fields {
                require(
                    Headers.isValid(name: field.name, value: field.value)
                        && !field.name.utf8.contains(0x5F),
                    "A field that cannot be sent was read: \(field)."
                )
            }
            let hosts = head.fields.filter { $0.name.equalsIgnoringASCIICase("host") }
            require(hosts.count == 1 || (head.isHTTP10 && hosts.isEmpty), "There is not one host.")
            require(
                head.target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F },
                "The target is \(head.target)."
            )
            _ =
                Request(
                    method: head.method,
                    target: head.target,
                    headers: Headers(validated: head.fields)
                ).path
        }

        private mutating func finish() {
            requests.append(String(decoding: body, as: UTF8.self))
            body = []
            decoder = nil
        }
    }
}
