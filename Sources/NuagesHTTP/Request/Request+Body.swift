public import NuagesCore

extension Request {
    /// The type of the body without parameters, in lower case; empty where none is declared.
    public var contentType: String {
        (headers["Content-Type"] ?? "").split(onByte: 0x3B)[0].trimmingBlanks.asciiLowercased
    }

    /// The parameters of the body's type, such as `charset`, their names in lower case.
    ///
    /// Django: `content_params`.
    public var contentParameters: [(name: String, value: String)] {
        headers["Content-Type"].flatMap { HeaderParameters($0) }?.parameters ?? []
    }

    /// How the fields of the form and the query are written: as it was set, else as the type of
    /// the body says where that is known here, else UTF-8.
    ///
    /// Setting it reads the query anew.
    ///
    /// Django: `HttpRequest.encoding`.
    public var encoding: Charset {
        get { storage.encoding ?? declaredCharset ?? .utf8 }
        nonmutating set { storage.encoding = newValue }
    }

    private var declaredCharset: Charset? {
        contentParameters.first { $0.name.equalsBytes("charset") }
            .flatMap { Charset(name: $0.value) }
    }

    /// What a body may cost: as the route says, else as the site does.
    var formLimits: FormLimits {
        let limits = settings.formLimits
        return route?.options.bodyLimit?.applied(to: limits) ?? limits
    }

    /// The whole body, at most ``/NuagesCore/FormLimits/maxMemorySize`` bytes.
    ///
    /// - Returns: the bytes; kept, so that it can be called again.
    /// - Throws: ``HTTPError/contentTooLarge(limit:)``, ``BodyAccessError`` where the body has been
    ///   used up, or what reading throws.
    public func bytes() async throws -> [UInt8] {
        switch storage.beginReadingBody() {
        case .bytes(let bytes): return bytes
        case .unread: break
        case let state: throw state.refusal(isFormOfView: storage.isFormOfView)
        }
        do {
            let limits = formLimits
            let bytes = try await body.collect(
                upTo: limits.maxMemorySize,
                within: limits.maxDuration
            )
            storage.finishReadingBody(.bytes(bytes))
            return bytes
        } catch {
            storage.finishReadingBody(.failed(error))
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
    /// - Throws: ``HTTPError`` for a malformed form or one beyond ``HTTPSettings/formLimits``,
    ///   ``BodyAccessError`` where the body has been used up.
    public func form() async throws -> FormData { try await form(isForView: true) }

    /// The posted form, for the view or for the CSRF check.
    func form(isForView: Bool) async throws -> FormData {
        if let type = headers["Content-Type"], type.equalsBytes(Self.urlencodedType) {
            return try await urlencodedForm()
        }
        switch contentType {
        case Self.urlencodedType:
            // The type has no charset: it is UTF-8 (and Django refuses any other).
            let charset = contentParameters.first { $0.name.equalsBytes("charset") }?.value
            guard Charset(name: charset ?? "utf-8") == .utf8 else {
                throw HTTPError.badRequest("An urlencoded form is UTF-8 and nothing else.")
            }
            return try await urlencodedForm()
        case "multipart/form-data": return try await multipartForm(isForView: isForView)
        default: return FormData()
        }
    }

    private static let urlencodedType = "application/x-www-form-urlencoded"

    private func urlencodedForm() async throws -> FormData {
        if let form = storage.parsedForm { return form }
        let bytes = try await bytes()
        do {
            let fields = try QueryDict(
                query: bytes[...],
                maxFields: settings.formLimits.maxFields,
                allowsNUL: true
            )
            return storage.keep(FormData(fields: fields))
        } catch {
            throw error.httpError
        }
    }

    /// The parts of a multipart body as a form, whatever its subtype: `multipart/mixed` as well.
    ///
    /// - Returns: the form; kept, so that it can be called again.
    /// - Throws: ``HTTPError`` for a malformed body or one beyond ``HTTPSettings/formLimits``,
    ///   ``BodyAccessError`` where the body has been used up.
    public func multipartForm() async throws -> FormData {
        try await multipartForm(isForView: true)
    }

    private func multipartForm(isForView: Bool) async throws -> FormData {
        if isForView { storage.noteFormOfView() }
        switch storage.beginReadingBody() {
        case .form(let form): return form
        case .bytes(let bytes):
            if let form = storage.parsedForm { return form }
            return storage.keep(try await parseMultipart(RequestBody(bytes)))
        case .unread: break
        case let state: throw state.refusal(isFormOfView: storage.isFormOfView)
        }
        do {
            let form = try await parseMultipart(body)
            storage.finishReadingBody(.form(form))
            return form
        } catch {
            storage.finishReadingBody(.failed(error))
            throw error
        }
    }

    private func parseMultipart(_ body: RequestBody) async throws -> FormData {
        let settings = settings
        var context = FormParserContext(
            contentType: headers["Content-Type"] ?? "",
            limits: formLimits,
            charset: encoding,
            uploadHandlers: storage.uploadHandlers ?? settings.uploadHandlers,
            bodyLength: body.declaredLength
        )
        context.request = self
        if let make = storage.formParser {
            return try await parse(body, by: try make(context), context.limits) { _ in nil }
        }
        return try await parse(body, by: try MultipartParser(context), context.limits) {
            $0.current
        }
    }

    /// Ends the reading of a body whose parser wants no more of it.
    private struct EndOfForm: Error {}

    private func parse<Parser: FormParser>(
        _ body: RequestBody,
        by parser: Parser,
        _ limits: FormLimits,
        current: (Parser) -> (field: String, file: String)?
    ) async throws -> FormData {
        var parser = parser
        var progress = uploadProgressID.flatMap {
            UploadProgressWriter(settings.uploadProgressStore, $0, total: body.declaredLength)
        }
        do {
            do {
                try await body.forEachChunk(limit: limits.maxBodySize, within: limits.maxDuration) {
                    chunk in
                    try await parser.consume(chunk)
                    progress?.advance(by: chunk.count, current(parser))
                    if parser.isStopped { throw EndOfForm() }
                }
            } catch is EndOfForm {}
            let form = try await parser.finish()
            progress?.finish(.finished)
            return form
        } catch {
            progress?.finish(.failed)
            await parser.cancel()
            throw error
        }
    }

    /// The body, piece by piece as it arrives, for what is too large for memory.
    ///
    ///     for try await chunk in request.chunks(upTo: 1 << 30) { try await file.write(chunk) }
    ///
    /// While nobody asks for the next piece nothing is read from the socket. Afterwards neither
    /// ``bytes()`` nor ``form()`` has anything left to read, and both say so.
    ///
    /// Django: `HttpRequest.read` and iteration over the request.
    ///
    /// - Parameters:
    ///   - limit: the largest size in bytes; nil is that of the route, else
    ///     ``/NuagesCore/FormLimits/maxBodySize``.
    ///   - time: how long it may take to arrive; nil is ``/NuagesCore/FormLimits/maxDuration``.
    /// - Returns: the pieces; they throw ``HTTPError``, such as ``HTTPError/contentTooLarge(limit:)``
    ///   and ``HTTPError/requestTimeout``.
    public func chunks(upTo limit: Int? = nil, within time: Duration? = nil) -> BodyChunks {
        let limits = formLimits
        return BodyChunks(
            request: self,
            limit: limit ?? limits.maxBodySize,
            duration: time ?? limits.maxDuration
        )
    }

    /// The lines of the body as they arrive, without their line breaks.
    ///
    ///     for try await line in request.lines() { … }   // one JSON document a line
    ///
    /// Django: `HttpRequest.readline` and `readlines`.
    ///
    /// - Parameters:
    ///   - limit: the largest size of the body in bytes; nil is that of the route, else
    ///     ``/NuagesCore/FormLimits/maxBodySize``.
    ///   - maxLength: the longest line in bytes.
    ///   - time: how long the body may take to arrive; nil is
    ///     ``/NuagesCore/FormLimits/maxDuration``.
    /// - Returns: the lines; a line that is too long or not UTF-8 throws an ``HTTPError``.
    public func lines(
        upTo limit: Int? = nil,
        maxLength: Int = 65_536,
        within time: Duration? = nil
    ) -> BodyLines {
        BodyLines(chunks: chunks(upTo: limit, within: time), maxLength: maxLength)
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
    /// - Parameters:
    ///   - limit: the largest size in bytes.
    ///   - time: how long it may take to arrive; nil is any time.
    /// - Returns: the whole body.
    /// - Throws: ``HTTPError/contentTooLarge(limit:)``, ``HTTPError/requestTimeout``, or what the
    ///   source throws.
    public func collect(upTo limit: Int, within time: Duration? = nil) async throws -> [UInt8] {
        if case .bytes(let bytes) = content {
            guard bytes.count <= limit else { throw HTTPError.contentTooLarge(limit: limit) }
            return bytes
        }
        var output: [UInt8] = []
        if let declaredLength, declaredLength <= limit { output.reserveCapacity(declaredLength) }
        try await forEachChunk(limit: limit, within: time) { output.append(contentsOf: $0) }
        return output
    }

    /// Calls `take` with each piece, or throws as soon as there are more than `limit` bytes.
    ///
    /// - Parameters:
    ///   - limit: the largest size in bytes.
    ///   - time: how long it may take to arrive; nil is any time.
    ///   - take: takes a piece.
    /// - Throws: ``HTTPError/contentTooLarge(limit:)``, ``HTTPError/requestTimeout``, or what the
    ///   source or `take` throws.
    public func forEachChunk(
        limit: Int,
        within time: Duration? = nil,
        _ take: ([UInt8]) async throws -> Void
    ) async throws {
        if let declaredLength, declaredLength > limit {
            throw HTTPError.contentTooLarge(limit: limit)
        }
        switch content {
        case .bytes(let bytes):
            guard bytes.count <= limit else { throw HTTPError.contentTooLarge(limit: limit) }
            if !bytes.isEmpty { try await take(bytes) }
        case .source(let source):
            let deadline = BodyDeadline(time)
            var total = 0
            while let chunk = try await source.nextChunk() {
                try deadline.check()
                total += chunk.count
                guard total <= limit else { throw HTTPError.contentTooLarge(limit: limit) }
                try await take(chunk)
            }
        }
    }
}

/// Until when a body may arrive.
///
/// It is looked at with each piece. A client that sends none at all is the server's to end, and one
/// that sends a byte now and then too; this ends those that are just quick enough for that.
struct BodyDeadline: Sendable {
    private let end: ContinuousClock.Instant?

    /// A deadline that far from now; nil is none.
    init(_ time: Duration?) { end = time.map { ContinuousClock.now + $0 } }

    /// Throws where it has passed.
    func check() throws(HTTPError) {
        if let end, ContinuousClock.now > end { throw .requestTimeout }
    }
}
