import Nuages

/// Shows the form, and keeps what is written by it.
func writeMessage(_ request: Request) async throws -> Response {
    guard request.method == .post else {
        return try await showMessages(request, MessageForm.form.unbound())
    }
    switch try await MessageForm.bind(request) {
    case .valid(let form):
        var message = Message(name: form.name, email: "\(form.email)", site: form.site)
        try await message.save()
        return try redirect(to: "thanks")
    case .invalid(let form): return try await showMessages(request, form)
    }
}

private func showMessages(
    _ request: Request,
    _ form: BoundForm
) async throws -> Response {
    let latest = try await Message.objects.order { $0.id.descending }.limit(10).all()
    return try await render(request, "gauntlet/form.html", ["form": form, "messages": latest])
}

/// Says that a message was kept.
func thanks(_ request: Request) async throws -> Response {
    try await render(request, "gauntlet/thanks.html")
}

/// Sends a JSON document back as it was understood.
func echoJSON(_ request: Request) async throws -> Response {
    guard request.contentType == "application/json" else {
        throw HTTPError.unsupportedMediaType("Only application/json is read here.")
    }
    // The caller gets back what it sent, so nothing of anybody else's can be read as a script.
    return try await .json(request.json(), isSafe: false)
}

/// A page with a text from the query in a script element, as data.
func jsonScript(_ request: Request) async throws -> Response {
    try await render(request, "gauntlet/jsonscript.html", ["q": request.query["q"] ?? ""])
}

/// The absolute address of the request.
func echoHost(_ request: Request) async throws -> Response {
    try .text(request.buildAbsoluteURI())
}

/// Fails, to show what a visitor sees of that.
func fail(_ request: Request) async throws -> Response {
    throw Failure()
}

/// An error with a secret in it, which no visitor may see.
struct Failure: Error, CustomStringConvertible {
    let description = "gauntlet-internal-detail"
}
