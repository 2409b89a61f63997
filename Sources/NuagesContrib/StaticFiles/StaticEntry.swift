import NuagesCore
import NuagesHTTP

/// A static file ready to be sent: its head is made in advance, once for each form of it.
final class StaticEntry: Sendable {
    /// The file as it is, or compressed.
    struct Form: Sendable {
        /// The coding in `Accept-Encoding`; nil for the file as it is.
        let coding: String?
        let entityTag: String
        let headers: Headers
        let body: ResponseBody
    }

    /// The file as it is, then the compressed ones, the best first.
    private let forms: [Form]
    private let modified: Int

    /// The endings of compressed files, the best first.
    static let codings: [(name: String, ending: String)] = [
        ("br", ".br"), ("zstd", ".zst"), ("gzip", ".gz"),
    ]

    /// - Parameters:
    ///   - file: the file.
    ///   - name: the name by which it is asked for.
    ///   - variants: compressed files with their codings.
    ///   - cacheControl: how long browsers keep it.
    ///   - keepsInMemory: whether bytes are read now.
    init(
        _ file: StaticFile,
        name: String,
        variants: [(coding: String, file: StaticFile)] = [],
        cacheControl: String,
        keepsInMemory: (StaticFile) -> Bool = { _ in false }
    ) {
        modified = file.modified
        let all = [(coding: String?.none, file: file)] + variants.map { ($0.coding, $0.file) }
        forms = all.map { coding, form in
            Self.form(
                coding,
                form,
                original: file,
                name: name,
                cacheControl: cacheControl,
                varies: !variants.isEmpty,
                keepsInMemory: keepsInMemory(form)
            )
        }
    }

    private static func form(
        _ coding: String?,
        _ file: StaticFile,
        original: StaticFile,
        name: String,
        cacheControl: String,
        varies: Bool,
        keepsInMemory: Bool
    ) -> Form {
        // Each form has bytes of its own, and so a tag of its own.
        let tag =
            coding.map { "\(original.entityTag.dropLast())-\($0)\"" } ?? original.entityTag
        var headers: Headers = [
            "Content-Type": contentType(of: name), "ETag": tag,
            "Last-Modified": HTTPDate.text(original.modified), "Cache-Control": cacheControl,
            "Accept-Ranges": "bytes",
        ]
        if let coding { headers["Content-Encoding"] = coding }
        if varies { headers["Vary"] = "Accept-Encoding" }
        var body = ResponseBody.file(path: file.path, offset: 0, length: file.size)
        if keepsInMemory, let bytes = try? FileTree.contents(file.path), bytes.count == file.size {
            body = .bytes(bytes)
        }
        return Form(coding: coding, entityTag: tag, headers: headers, body: body)
    }

    /// The media type by the name, with the charset of text.
    private static func contentType(of name: String) -> String {
        let type = FileType.mediaType(of: name)
        return type.hasBytePrefix("text/") ? type + "; charset=utf-8" : type
    }

    /// The answer: the file or a part of it in the best form, 304, or 416.
    func response(to request: Request) -> Response {
        let form = forms.count == 1 ? forms[0] : best(for: request)
        let response = Response(headers: form.headers, body: form.body)
        if let answer = request.conditionalResponse(
            entityTag: form.entityTag,
            lastModified: modified,
            replacing: response
        ) {
            return answer
        }
        return request.headers.contains("Range") ? response.range(for: request) : response
    }

    private func best(for request: Request) -> Form {
        let accepted = AcceptedEncodings(request)
        var best = (form: forms[0], quality: 0)
        for form in forms.dropFirst() {
            let quality = form.coding.map(accepted.quality) ?? 0
            if quality > best.quality { best = (form, quality) }
        }
        return best.form
    }
}
