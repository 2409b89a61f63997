import Nuages

func plaintext(_ request: Request) async throws -> Response { .text("Hello, World!") }

func json(_ request: Request) async throws -> Response {
    .json(Greeting(message: "Hello, World!"))
}

/// One random row by its key.
func db(_ request: Request) async throws -> Response {
    var numbers = RandomNumbers()
    return .json(try await World.objects.get(numbers.next()))
}

/// As many random rows as the query asks for, each by a SELECT of its own.
func queries(_ request: Request) async throws -> Response {
    let worlds = try await randomWorlds(rowCount(request))
    return .json(worlds)
}

/// As ``queries(_:)``; each row gets a new number and is saved before the answer.
func updates(_ request: Request) async throws -> Response {
    var worlds = try await randomWorlds(rowCount(request))
    var numbers = RandomNumbers()
    for index in worlds.indices { worlds[index].randomNumber = numbers.next() }
    // In the order of their keys, so that no two requests wait for each other's rows.
    worlds.sort { ($0.id.value ?? 0) < ($1.id.value ?? 0) }
    try await World.objects.bulkUpdate(worlds) { $0.randomNumber }
    return .json(worlds)
}

/// Rows by random keys, each by a query of its own.
private func randomWorlds(_ count: Int) async throws -> [World] {
    var numbers = RandomNumbers()
    return try await World.objects.get((0..<count).map { _ in numbers.next() })
}

/// All fortunes and one more, sorted, as a page.
func fortunes(_ request: Request) async throws -> Response {
    var fortunes = try await Fortune.objects.all()
    fortunes.append(Fortune(id: 0, message: "Additional fortune added at request time."))
    fortunes.sort { $0.message < $1.message }
    return try await render(request, "bench/fortunes.html", ["fortunes": fortunes])
}

/// Numbers from 1 to 10,000, of which the system is asked for the first only (SplitMix64).
private struct RandomNumbers {
    private var state = UInt64.random(in: 0...UInt64.max)

    mutating func next() -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % 10_000) + 1
    }
}

/// `?queries=20` as a number from 1 to 500; 1 where it is none.
private func rowCount(_ request: Request) -> Int {
    min(max(request.query["queries"].flatMap { Int($0) } ?? 1, 1), 500)
}
