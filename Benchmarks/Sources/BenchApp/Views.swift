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
    let worlds = try await randomWorlds(rowCount(request))
    return .json(worlds)
}

/// As ``queries(_:)``; each row gets a new number and is saved before the answer.
func updates(_ request: Request) async throws -> Response {
    var worlds = try await randomWorlds(rowCount(request))
    for index in worlds.indices { worlds[index].randomNumber = randomNumber() }
    // In the order of their keys, so that no two requests wait for each other's rows.
    try await World.objects.bulkUpdate(worlds.sorted { $0.id < $1.id }) { $0.randomNumber }
    return .json(worlds)
}

/// Rows by random keys, each by a query of its own.
private func randomWorlds(_ count: Int) async throws -> [World] {
    let sets = (0..<count).map { _ in
        let key = randomNumber()
        return World.objects.filter { $0.id == key }
    }
    return try await QuerySet.all(of: sets).flatMap(\.self)
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
