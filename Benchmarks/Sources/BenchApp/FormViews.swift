import Nuages

/// The form of the kit: four fields, each with a check.
@Form
struct EntryForm {
    @CharField(maxLength: 100) var name: String
    var email: EmailAddress
    @IntegerField(maxValue: 1000, minValue: 1) var quantity: Int
    @CharField(widget: .textarea) var message: String
}

/// The form, and one row for each that is valid.
func entryForm(_ request: Request) async throws -> Response {
    guard request.method == .post else {
        return try await entryPage(request, EntryForm.form.unbound())
    }
    switch try await EntryForm.bind(request) {
    case .invalid(let form): return try await entryPage(request, form)
    case .valid(let entry):
        try await Entry.objects.create(
            Entry(
                name: entry.name,
                email: entry.email.description,
                quantity: entry.quantity,
                message: entry.message
            )
        )
        return try redirect(to: "form-done")
    }
}

private func entryPage(
    _ request: Request,
    _ form: some ContextConvertible
) async throws -> Response {
    let links = [
        ["Home", "page"], ["Form", "form"], ["Log in", "login"], ["Done", "form-done"],
        ["Upload", "upload"],
    ]
    let navigation = links.map { ContextValue.array($0.map { .string($0) }) }
    return try await render(
        request,
        "bench/form.html",
        ["form": form, "nav": ContextValue.array(navigation)]
    )
}

func formDone(_ request: Request) async throws -> Response { .text("done") }

/// The page of the kit is for users: without them everybody is sent to the form to log in.
func page(_ request: Request) async throws -> Response { try redirect(to: "login") }

func login(_ request: Request) async throws -> Response { .text("Nobody can log in yet.") }

/// The answer to an upload.
private struct UploadSummary: JSONWritable {
    let name: String
    let size: Int
    let head: String
    let tail: String

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("size", size)
            $0.member("head", head)
            $0.member("tail", tail)
        }
    }
}

/// Reads a posted file from its beginning to its end and tells its first and last 16 bytes.
func upload(_ request: Request) async throws -> Response {
    guard request.method == .post, let file = try await request.form().files["file"] else {
        throw HTTPError.badRequest("The form has no file.")
    }
    var head: [UInt8] = []
    var tail: [UInt8] = []
    try file.forEachChunk { chunk in
        if head.isEmpty { head = Array(chunk.prefix(16)) }
        tail = Array(chunk.suffix(16))
    }
    return .json(
        UploadSummary(
            name: file.name,
            size: file.size,
            head: hexadecimal(head),
            tail: hexadecimal(tail)
        )
    )
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
        decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
        as: UTF8.self
    )
}
