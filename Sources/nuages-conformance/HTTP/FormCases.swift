import NuagesCore
import NuagesHTTP

/// `QueryDict` and multipart forms.
enum FormCases {
    static func value(of call: FunctionCall) async throws -> JSONValue? {
        switch call.item.function {
        case "QueryDict.parse":
            let encoding = (call.keyword("encoding") ?? call[1]).text ?? "utf-8"
            guard let charset = Charset(name: encoding) else {
                throw UnsupportedCase("no charset \(encoding)")
            }
            // Requests refuse bytes that are not UTF-8; the cases have Django's replacement.
            let query = try QueryDict(
                query: try call.text(0),
                allowsNUL: true,
                invalidUTF8: .replace,
                charset: charset
            )
            // Python cannot write what the charset does not have; we fall back to UTF-8.
            let names = query.entries.flatMap { [$0.name] + $0.values }
            guard names.allSatisfy({ charset.encode($0) != nil }) else { throw Refusal() }
            return Canonical.dictionary([
                ("lists", .array(query.entries.map { lists($0.name, $0.values) })),
                ("urlencode", .string(query.urlencoded())),
            ])
        case "QueryDict.urlencode":
            var query = QueryDict()
            for entry in call[0].elements ?? [] {
                guard let pair = entry.elements, pair.count == 2, let name = pair[0].text else {
                    throw UnsupportedCase("an entry is \(entry)")
                }
                query.setList(name, pair[1].elements?.compactMap(\.text) ?? [])
            }
            return .string(query.urlencoded(safe: (call.keyword("safe") ?? call[1]).text ?? ""))
        case "multipart.parse": return try await multipart(call)
        case "multipart.sanitize_file_name":
            return FileName.sanitize(try call.text(0)).map { .string($0) } ?? .null
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func lists(_ name: String, _ values: [String]) -> JSONValue {
        .array([.string(name), Canonical.strings(values)])
    }

    private static func settings(_ call: FunctionCall) -> HTTPSettings {
        var settings = HTTPSettings()
        if let count = call.settings?["DATA_UPLOAD_MAX_NUMBER_FIELDS"]?.number {
            settings.formLimits.maxFields = count
        }
        if let count = call.settings?["DATA_UPLOAD_MAX_NUMBER_FILES"]?.number {
            settings.formLimits.maxFiles = count
        }
        if let size = call.settings?["DATA_UPLOAD_MAX_MEMORY_SIZE"]?.number {
            settings.formLimits.maxMemorySize = size
        }
        return settings
    }

    private static func multipart(_ call: FunctionCall) async throws -> JSONValue? {
        let given = Canonical.bytes(call[1]) ?? Array((call[1].text ?? "").utf8)
        let type = call[0].text ?? ""
        // The adapter calls Django's parser whatever the type; a request looks at it first.
        guard type.lowercased().hasPrefix("multipart/") else { throw Refusal() }
        if let length = call[2].number, length < 0 { throw Refusal() }
        let body = call[2].number == 0 ? [] : given
        let request = Request(
            method: .post,
            target: "/",
            headers: ["Content-Type": type],
            body: RequestBody(body)
        )
        request.prepare(for: settings(call))
        if let encoding = (call.keyword("encoding") ?? call[3]).text {
            guard let charset = Charset(name: encoding) else {
                throw UnsupportedCase("no charset \(encoding)")
            }
            request.encoding = charset
        }
        let form = try await request.multipartForm()
        let files = form.files.entries.flatMap { entry in
            entry.files.map { description(of: $0, field: entry.name) }
        }
        return Canonical.dictionary([
            ("post", .array(form.fields.entries.map { lists($0.name, $0.values) })),
            ("files", .array(files)),
        ])
    }

    private static func description(of file: UploadedFile, field: String) -> JSONValue {
        let extra = file.contentTypeParameters.map {
            ($0.name, Canonical.tagged(Array($0.value.utf8)))
        }
        let charset = extra.first { $0.0 == "charset" }?.1
        return Canonical.dictionary([
            ("field", .string(field)), ("name", .string(file.name)),
            ("content_type", .string(file.contentType)),
            ("content_type_extra", Canonical.dictionary(extra)),
            ("charset", charset ?? .null), ("size", .int(file.size)),
            ("content", Canonical.tagged(file.bytesInMemory ?? [])),
        ])
    }
}
