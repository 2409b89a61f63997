// Requests, responses, uploads and signed values: what the guides quote.
import Nuages

func answers(_ request: Request, kind: String) async throws -> Response {
    switch kind {
    case "page": return .html("<!doctype html><title>Hello</title>")
    case "gone": return .gone("It was here.")
    case "document": return .json(["answer": 42])
    case "elsewhere": return try .redirect(to: "/new/", isPermanent: true)
    case "report": return try .file("/srv/reports/2026.pdf", for: request, isAttachment: true)
    default: throw HTTPError.notFound("There is no answer of this kind.")
    }
}

func export(_ request: Request) async throws -> Response {
    .stream(contentType: "text/csv; charset=utf-8") { writer in
        for number in 1...1_000_000 { try await writer.write(Array("\(number)\n".utf8)) }
    }
}

func newest(_ request: Request) async throws -> Response {
    try await request.conditional(entityTag: "v5", lastModified: 1_767_225_600) {
        .html("<!doctype html><title>Newest</title>")
    }
}

func version(_ request: Request, questionID: Int) async throws -> String? { "v\(questionID)" }
func results(_ request: Request, questionID: Int) async throws -> Response { .text("results") }

let polls = Routes {
    #path("<int:questionID>/", etag(version, results), name: "results")
    #path("", newest).cacheControl(.public, .maxAge(60)).varyOnCookie()
}

func upload(_ request: Request) async throws -> Response {
    let form = try await request.form()
    guard let photo = form.files["photo"] else { throw HTTPError.badRequest("No photo.") }
    guard try !photo.isMislabeledImage, photo.size < 5_000_000 else {
        throw HTTPError.unsupportedMediaType("The photo is no image, or too large.")
    }
    try photo.forEachChunk { _ in }
    return .text("Thank you for \(photo.name).")
}

@Form
struct ArticleForm {
    @ImageField var cover: UploadedFile
    @FileField(accept: [.pdf, .docx], required: false) var manuscript: UploadedFile?
}

func invitation(for user: Int, key: SecretKey) throws -> Int? {
    let token = Signing.dumps(["user": user], key: key, salt: "invitation")
    // … some days later:
    let value = try Signing.loads(token, key: key, salt: "invitation", maxAge: .seconds(604_800))
    guard case .object(let members) = value, case .int(let id)? = members.first?.value else {
        return nil
    }
    return id
}

print(Response.text("answers").status)
