import NIOCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct TimeoutTests {
    @Test func closesSilentConnection() async throws {
        try await withServer { _ in
            text("x")
        } body: { server in
            let client = try await server.connect()
            try await server.settle()
            await server.clock.advance(by: .seconds(16))
            #expect(try await client.readToEnd() == "")
            try? await client.close()
        }
    }

    @Test func closesIdleConnectionAfterItsTime() async throws {
        try await withServer { _ in
            text("x")
        } body: { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await client.read(until: "\r\n\r\nx")
            await server.clock.advance(by: .seconds(14))
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await client.read(until: "\r\n\r\nx", count: 2)
            await server.clock.advance(by: .seconds(16))
            #expect(!(try await client.readToEnd()).contains("408"))
            try? await client.close()
        }
    }

    @Test func limitsTheTimeOfAHeadAsAWhole() async throws {
        try await withServer { _ in
            text("x")
        } body: { server in
            let client = try await server.connect()
            for byte in ["G", "E", "T", " ", "/", " ", "H", "T", "T"] {
                try await client.send(byte)
                try await server.settle()
                await server.clock.advance(by: .seconds(1))
            }
            try await client.send("P")
            try await server.settle()
            await server.clock.advance(by: .seconds(2))
            let answer = try await client.readToEnd()
            #expect(status(answer) == 408)
            try? await client.close()
        }
    }

    @Test func refusesSlowCollectedBody() async throws {
        try await withServer { _ in
            text("served")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
            for _ in 0..<6 {
                try await client.send("x")
                try await server.settle()
                await server.clock.advance(by: .seconds(1))
            }
            #expect(status(try await client.readToEnd()) == 408)
            try? await client.close()
        }
    }

    @Test func refusesSlowStreamedBody() async throws {
        let seen = AsyncStream.makeStream(of: String.self)
        try await withServer { request in
            do {
                _ = try await request.readAll()
            } catch {
                seen.continuation.yield("\(error)")
            }
            return text("served")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            try await server.settle()
            await server.clock.advance(by: .seconds(6))
            let answer = try await client.readToEnd()
            #expect(status(answer) == 408)
            #expect(!answer.contains("served"))
            var errors = seen.stream.makeAsyncIterator()
            #expect(await errors.next() == "\(HTTPError.requestTimeout)")
            try? await client.close()
        }
    }

    @Test func letsAFastBodyPauseForAWhile() async throws {
        try await withServer { request in
            text("\((try? await request.readAll().count) ?? -1)")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.0\r\nContent-Length: 50000\r\n\r\n")
            try await client.send([UInt8](repeating: 0x61, count: 49_000))
            try await server.settle()
            await server.clock.advance(by: .seconds(14))
            try await client.send([UInt8](repeating: 0x61, count: 1_000))
            #expect(body(try await client.readToEnd()) == "50000")
            try? await client.close()
        }
    }

    @Test func countsNoTimeInWhichTheViewIsBusy() async throws {
        let gate = Gate()
        try await withServer { request in
            try? await gate.wait()
            return text("\((try? await request.readAll().count) ?? -1)")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.0\r\nContent-Length: 50000\r\n\r\n")
            try await server.settle()
            await server.clock.advance(by: .seconds(100))
            gate.open()
            try await client.send([UInt8](repeating: 0x61, count: 50_000))
            #expect(body(try await client.readToEnd()) == "50000")
            try? await client.close()
        }
    }

    @Test func dropsClientThatNeverReads() async throws {
        let left = AsyncStream.makeStream(of: Bool.self)
        try await withServer { _ in
            Response(
                body: .stream(length: nil) { writer in
                    let piece = [UInt8](repeating: 0x61, count: 200_000)
                    do {
                        while true { try await writer.write(piece) }
                    } catch {
                        left.continuation.yield(true)
                        throw error
                    }
                }
            )
        } body: { server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            for _ in 0..<20 { try await server.settle() }
            await server.clock.advance(by: .seconds(35))
            var events = left.stream.makeAsyncIterator()
            #expect(await events.next() == true)
            try? await client.close()
        }
    }

    @Test func dropsClientThatNeverReadsALargeAnswer() async throws {
        try await withServer { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: 50_000_000)))
        } body: { server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            for _ in 0..<20 { try await server.settle() }
            await server.clock.advance(by: .seconds(35))
            try await client.channel.setOption(.autoRead, value: true).get()
            let received = try await client.read { _ in false }
            #expect(received.count < 50_000_000)
            try? await client.close()
        }
    }

    @Test func keepsClientThatReadsSlowly() async throws {
        try await withServer { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: 80_000_000)))
        } body: { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            var count = 0
            for _ in 1...4 {
                // The client takes more between long pauses than the kernel's buffers hold.
                let target = count + 16_000_000
                count = try await client.read { $0.count > target }.count
                try await client.channel.setOption(.autoRead, value: false).get()
                // It may have read on until then; what it has does not count for the next turn.
                count = try await client.read { _ in true }.count
                try await server.settle()
                await server.clock.advance(by: .seconds(20))
                try await client.channel.setOption(.autoRead, value: true).get()
            }
            let received = try await client.read { _ in false }
            #expect(received.count > 80_000_000)
            try? await client.close()
        }
    }

    @Test func endsLingeringAfterItsTime() async throws {
        try await withServer { _ in
            text("x")
        } body: { server in
            let client = try await server.connect()
            try await client.send("BAD\r\n\r\n")
            #expect(status(try await client.readToEnd()) == 400)
            await server.clock.advance(by: .seconds(3))
            // Only a closed connection answers further bytes by a reset.
            var isOpen = true
            while isOpen {
                do { try await client.send("more") } catch { isOpen = false }
            }
            try? await client.close()
        }
    }

    @Test func creditIsEarnedAndSpent() {
        var credit = TimeCredit(5_000)
        credit.spend(5_000)
        #expect(!credit.isSpent)
        credit.spend(1)
        #expect(credit.isSpent)
        credit.earn(bytes: 2, perByte: 10, limit: 100)
        #expect(!credit.isSpent)
        credit.earn(bytes: Int.max, perByte: 10, limit: 100)
        credit.spend(100)
        #expect(!credit.isSpent)
        credit.spend(UInt64.max)
        #expect(credit.isSpent)
    }

    @Test(
        arguments: [
            (Duration.seconds(1), 1_000_000_000), (.milliseconds(1_500), 1_500_000_000),
            (.seconds(-1), 0), (.seconds(Int64.max), 3_000_000_000_000_000_000), (.zero, 0),
        ] as [(Duration, Int64)]
    )
    func clampsDurations(duration: Duration, nanoseconds: Int64) {
        #expect(duration.clampedNanoseconds == nanoseconds)
    }
}
