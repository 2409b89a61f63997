import Nuages

/// Sends each message back.
func echo(_ request: Request) async throws -> Response {
    try .webSocket(request) { socket in
        for try await message in socket.messages { try await socket.send(message) }
    }
}
