public import NuagesCore

extension Request {
    /// The type of the body without parameters, in lower case; empty where none is declared.
    public var contentType: String {
        (headers["Content-Type"] ?? "").split(onByte: 0x3B)[0].trimmingBlanks.asciiLowercased
    }

    /// The whole body, at most ``FormLimits/maxMemorySize`` bytes.
    ///
    /// - Returns: the bytes; kept, so that it can be called again.
    /// - Throws: ``HTTPError/contentTooLarge(limit:)``, or what reading throws.
    public func bytes() async throws -> [UInt8] {
        switch storage.beginReadingBody() {
        case .bytes(let bytes): return bytes
        case .failed(let error): throw error
        case .form:
            throw HTTPError.badRequest("The body has been read as a form and is gone.")
        case .reading: throw HTTPError.badRequest("The body is being read elsewhere.")
        case .unread: break
        }
        do {
            let bytes = try await body.collect(upTo: settings.formLimits.maxMemorySize)
            storage.finishReadingBody(.bytes(bytes))
            return bytes
        } catch {
            storage.finishReadingBody(.failed(error as? HTTPError ?? .clientDisconnected))
            throw error
        }
    }

    /// The posted form: its fields and files.
    ///
    /// Empty for a body of another type.
    ///
    ///     let name = try await request.form().fields["name"]
    ///
    /// - Returns: the form; kept, so that it can be called again.
    /// - Throws: ``HTTPError`` for a malformed form or one beyond ``HTTPSettings/formLimits``.
    public func form() async throws -> FormData {
        switch contentType {
        case "application/x-www-form-urlencoded":
            let bytes = try await bytes()
            do {
                let fields = try QueryDict(
                    query: bytes[...],
                    maxFields: settings.formLimits.maxFields,
                    allowsNUL: true
                )
                return FormData(fields: fields)
            } catch {
                throw error.httpError
            }
        case "multipart/form-data": return try await multipartForm()
        default: return FormData()
        }
    }

    private func multipartForm() async throws -> FormData {
        switch storage.beginReadingBody() {
        case .form(let form): return form
        case .failed(let error): throw error
        case .reading: throw HTTPError.badRequest("The body is being read elsewhere.")
        case .bytes(let bytes): return try await parseMultipart(RequestBody(bytes))
        case .unread: break
        }
        do {
            let form = try await parseMultipart(body)
            storage.finishReadingBody(.form(form))
            return form
        } catch {
            storage.finishReadingBody(.failed(error as? HTTPError ?? .clientDisconnected))
            throw error
        }
    }

    private func parseMultipart(_ body: RequestBody) async throws -> FormData {
        var parser = try MultipartParser(
            contentType: headers["Content-Type"] ?? "",
            limits: settings.formLimits
        )
        try await body.forEachChunk(limit: settings.formLimits.maxBodySize) { chunk in
            try parser.consume(chunk)
        }
        return try parser.finish()
    }
}

extension QueryStringError {
    /// The error as an answer to a request.
    var httpError: HTTPError {
        switch self {
        case .tooManyFields: .suspicious(.tooManyFields, description)
        case .invalidUTF8, .nul: .badRequest(description)
        }
    }
}

extension RequestBody {
    /// All bytes, or an error as soon as there are more than `limit`.
    ///
    /// - Parameter limit: the largest size in bytes.
    /// - Returns: the whole body.
    /// - Throws: ``HTTPError/contentTooLarge(limit:)``, or what the source throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if case .bytes(let bytes) = content {
            guard bytes.count <= limit else { throw HTTPError.contentTooLarge(limit: limit) }
            return bytes
        }
        var output: [UInt8] = []
        if let declaredLength, declaredLength <= limit { output.reserveCapacity(declaredLength) }
        try await forEachChunk(limit: limit) { output.append(contentsOf: $0) }
        return output
    }

    /// Calls `take` with each piece, or throws as soon as there are more than `limit` bytes.
    ///
    /// - Parameters:
    ///   - limit: the largest size in bytes.
    ///   - take: takes a piece.
    /// - Throws: ``HTTPError/contentTooLarge(limit:)``, or what the source or `take` throws.
    public func forEachChunk(limit: Int, _ take: ([UInt8]) throws -> Void) async throws {
        if let declaredLength, declaredLength > limit {
            throw HTTPError.contentTooLarge(limit: limit)
        }
        switch content {
        case .bytes(let bytes):
            guard bytes.count <= limit else { throw HTTPError.contentTooLarge(limit: limit) }
            if !bytes.isEmpty { try take(bytes) }
        case .source(let source):
            var total = 0
            while let chunk = try await source.nextChunk() {
                total += chunk.count
                guard total <= limit else { throw HTTPError.contentTooLarge(limit: limit) }
                try take(chunk)
            }
        }
    }
}
