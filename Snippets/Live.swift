// Events and WebSockets: what the guide quotes.
import Nuages

func clock(_ request: Request) async throws -> Response {
    .events { stream in
        var number = request.lastEventID.flatMap { UInt32($0) } ?? 0
        while true {
            number &+= 1
            try await stream.send("\(Date.now)", event: "tick", id: "\(number)")
            try await Task.sleep(for: .seconds(1))
        }
    }
}

func echo(_ request: Request) async throws -> Response {
    try .webSocket(request) { socket in
        for try await message in socket.messages {
            try await socket.send(message)
        }
    }
}

let live = Routes {
    #path("clock/", clock)
    #path("echo/", echo)
}
