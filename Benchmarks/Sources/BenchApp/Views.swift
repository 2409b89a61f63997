import Nuages

func plaintext(_ request: Request) async throws -> Response { .text("Hello, World!") }

func json(_ request: Request) async throws -> Response {
    .json(Greeting(message: "Hello, World!"))
}

/// One random row by its key.
func db(_ request: Request) async throws -> Response {
    .json(try await World.objects.get(randomNumber()))
}

/// As many random rows as the query asks for, each by a SELECT of its own.
func queries(_ request: Request) async throws -> Response {
    let count = rowCount(request)
    let worlds = try await Database.current.atomic(mode: .read) {
        var worlds: [World] = []
        worlds.reserveCapacity(count)
        for _ in 0..<count { worlds.append(try await World.objects.get(randomNumber())) }
        return worlds
    }
    return .json(worlds)
}

/// As ``queries(_:)``; each row gets a new number and is saved before the answer.
func updates(_ request: Request) async throws -> Response {
    let count = rowCount(request)
    let worlds = try await atomic {
        var worlds: [World] = []
        worlds.reserveCapacity(count)
        for _ in 0..<count {
            var world = try await World.objects.get(randomNumber())
            world.randomNumber = randomNumber()
            try await world.save()
            worlds.append(world)
        }
        return worlds
    }
    return .json(worlds)
}

/// All fortunes and one more, sorted, as a page.
func fortunes(_ request: Request) async throws -> Response {
    var fortunes = try await Fortune.objects.all()
    fortunes.append(Fortune(id: 0, message: "Additional fortune added at request time."))
    fortunes.sort { $0.message < $1.message }
    return try await render(request, "bench/fortunes.html", ["fortunes": fortunes])
}

private func randomNumber() -> Int { .random(in: 1...10_000) }

/// `?queries=20` as a number from 1 to 500; 1 where it is none.
private func rowCount(_ request: Request) -> Int {
    min(max(request.query["queries"].flatMap { Int($0) } ?? 1, 1), 500)
}
