internal import NuagesCore

/// Parses `multipart/form-data` (RFC 7578) while it arrives.
///
/// Memory is bounded whatever comes: fields by ``FormLimits/maxMemorySize``, files go to whoever
/// receives them as they arrive, part headers have at most 1 KB.
///
/// As in Django, text in front of the first delimiter is a part if it begins with the header of
/// one, and so is a body whose delimiter never comes. RFC 2046 (section 5.1.1) has such text
/// ignored; so is what stands behind the last delimiter.
struct MultipartParser: FormParser {
    static let maxBoundaryLength = 201
    static let maxHeaderLength = 1024
    /// Blanks between a boundary and the end of its line (RFC 2046: transport padding).
    static let maxPadding = 256

    private enum State {
        /// Before the first byte.
        case start
        /// Behind a delimiter: `--` ends the body, a line break begins a part.
        case delimiter
        /// In the header of a part, or in text without one.
        case headers
        case body
        case epilogue
    }

    private let limits: FormLimits
    private let charset: Charset
    private let handlers: [any UploadHandler]
    private let bodyLength: Int?
    private var request: Request?
    private let search: ByteSearch
    private var state = State.start
    /// Whether nothing of the part's content has been passed on.
    private var isAtStart = true
    private var buffer: [UInt8] = []
    private var part = MultipartPart.ignored
    private var form = FormData()
    private var fieldCount = 0
    private var fileCount = 0
    private var usage = FormUsage()
    /// Whether a handler has stopped the upload, and wants no more of it to be read.
    private(set) var isStopped = false

    /// The name of the field that arrives now, and that of its file.
    var current: (field: String, file: String)? {
        switch part {
        case .ignored, .skipped: nil
        case .field(let field): (field.name, "")
        case .file(let file): (file.field, file.name)
        }
    }

    /// A parser of one body.
    ///
    /// - Parameters:
    ///   - contentType: the value of `Content-Type`, which has the boundary.
    ///   - limits: what the form may cost.
    ///   - charset: how the fields are written.
    ///   - handlers: who may receive files, before they are spooled.
    ///   - bodyLength: the declared length of the body.
    /// - Throws: ``HTTPError/badRequest(_:)`` for a type that is no multipart or has no boundary.
    init(
        contentType: String,
        limits: FormLimits,
        charset: Charset = .utf8,
        handlers: [any UploadHandler] = [],
        bodyLength: Int? = nil
    ) throws(HTTPError) {
        guard let type = HeaderParameters(contentType),
            type.value.utf8.starts(with: "multipart/".utf8)
        else { throw .badRequest("Invalid Content-Type of a multipart body.") }
        let boundary = Array((type["boundary"] ?? "").utf8)
        guard Self.isValid(boundary) else {
            throw .badRequest("Invalid boundary in multipart.")
        }
        self.limits = limits
        self.charset = charset
        self.handlers = handlers
        self.bodyLength = bodyLength
        // The line break in front belongs to the delimiter, and hostile content cannot repeat it
        // as densely as it can repeat the rest.
        search = ByteSearch([0x0D, 0x0A, 0x2D, 0x2D] + boundary)
    }

    init(_ context: FormParserContext) throws(HTTPError) {
        try self.init(
            contentType: context.contentType,
            limits: context.limits,
            charset: context.charset,
            handlers: context.uploadHandlers,
            bodyLength: context.bodyLength
        )
        request = context.request
    }

    /// Printable ASCII that does not end in a blank (RFC 2046, section 5.1.1).
    private static func isValid(_ boundary: [UInt8]) -> Bool {
        guard let last = boundary.last, boundary.count <= maxBoundaryLength else { return false }
        return last != 0x20 && boundary.allSatisfy { $0 >= 0x20 && $0 <= 0x7E }
    }

    /// Takes the next bytes of the body.
    mutating func consume(_ chunk: [UInt8]) async throws {
        guard state != .epilogue else { return }
        buffer += chunk
        var start = 0
        do {
            while try await step(&start) {}
        } catch let stop as StopUpload {
            await cancel()
            state = .epilogue
            isStopped = stop.resetsConnection
            start = buffer.count
        }
        buffer.removeFirst(start)
    }

    /// The body will never be complete.
    mutating func cancel() async {
        if case .file(var file) = part { await file.receiver.cancel() }
        part = .ignored
    }

    /// The form, once all bytes have come.
    ///
    /// A body that ends without its last delimiter keeps what it had, as in Django, but for a file
    /// that was open: half a file is none.
    mutating func finish() async throws -> FormData {
        if state == .body, case .field = part {
            try await append(buffer[...])
            try await closePart()
        }
        await cancel()
        return form
    }

    /// Does one thing with the bytes from `start` on; false where it needs more of them.
    private mutating func step(_ start: inout Int) async throws -> Bool {
        switch state {
        case .start: return stepStart(&start)
        case .body: return try await stepContent(&start)
        case .delimiter: return stepDelimiter(&start)
        case .headers: return try await stepHeaders(&start)
        case .epilogue:
            start = buffer.count
            return false
        }
    }

    /// A line break in front of everything may be that of the first delimiter.
    private mutating func stepStart(_ start: inout Int) -> Bool {
        guard let first = buffer.first else { return false }
        if first == 0x0D {
            guard buffer.count > 1 else { return false }
            if buffer[1] == 0x0A { start = 2 }
        }
        state = .headers
        return true
    }

    /// Hands on content up to the next delimiter, or as much as cannot be part of one.
    private mutating func stepContent(_ start: inout Int) async throws -> Bool {
        // Content that is empty has no line break in front of its delimiter.
        let bare = search.needle.dropFirst(2)
        if isAtStart, buffer[start...].starts(with: bare) {
            guard let isDelimiter = delimiterKind(at: start + bare.count) else { return false }
            if isDelimiter { return try await endContent(&start, at: start, rest: bare.count) }
        }
        var from = start
        while let found = search.first(in: buffer, from: from) {
            // What follows a delimiter decides whether it is one; wait for it.
            guard let isDelimiter = delimiterKind(at: found + search.needle.count) else {
                try await pass(&start, upTo: found)
                return false
            }
            if isDelimiter {
                return try await endContent(&start, at: found, rest: search.needle.count)
            }
            from = found + search.needle.count
        }
        try await pass(&start, upTo: max(start, buffer.count - search.needle.count))
        return false
    }

    /// Whether the bytes behind a boundary make it a delimiter; nil where more are needed.
    private func delimiterKind(at offset: Int) -> Bool? {
        var index = offset
        guard index < buffer.count else { return nil }
        if buffer[index] == 0x2D {
            guard index + 1 < buffer.count else { return nil }
            return buffer[index + 1] == 0x2D
        }
        let end = min(buffer.count, offset + Self.maxPadding + 1)
        while index < end, buffer[index] == 0x20 || buffer[index] == 0x09 { index += 1 }
        guard index - offset <= Self.maxPadding else { return false }
        guard index < buffer.count else { return nil }
        guard buffer[index] == 0x0D else { return false }
        return index + 1 < buffer.count ? buffer[index + 1] == 0x0A : nil
    }

    /// Goes on behind a delimiter of `rest` bytes at `end`; always true.
    private mutating func endContent(
        _ start: inout Int,
        at end: Int,
        rest: Int
    ) async throws -> Bool {
        try await append(buffer[start..<end])
        try await closePart()
        start = end + rest
        state = .delimiter
        return true
    }

    private mutating func pass(_ start: inout Int, upTo end: Int) async throws {
        guard end > start else { return }
        isAtStart = false
        try await append(buffer[start..<end])
        start = end
    }

    private mutating func stepDelimiter(_ start: inout Int) -> Bool {
        guard start + 1 < buffer.count else { return false }
        if buffer[start] == 0x2D, buffer[start + 1] == 0x2D {
            state = .epilogue
            return true
        }
        guard let lineEnd = buffer[start...].firstIndex(of: 0x0A) else { return false }
        start = lineEnd + 1
        state = .headers
        return true
    }

    private mutating func stepHeaders(_ start: inout Int) async throws -> Bool {
        switch endOfHeaders(from: start) {
        case .unknown: return false
        case .tooLong:
            throw HTTPError.badRequest("A part of the multipart body has too long a header.")
        case .delimiter(let end):
            start = end
            state = .delimiter
        case .content(let headerEnd, let bodyStart):
            part = try await open(MultipartHeaders(buffer[start..<headerEnd]))
            start = bodyStart
            state = .body
            isAtStart = true
        }
        return true
    }

    private enum HeaderEnd {
        /// More bytes are needed.
        case unknown
        case tooLong
        /// A delimiter, behind which the text goes on, came first: there is no header.
        case delimiter(end: Int)
        case content(headerEnd: Int, start: Int)
    }

    /// Where the header of a part ends; it depends on the bytes alone, not on how they arrive.
    ///
    /// Text without a header may be a byte shorter than ``maxHeaderLength``, the line break in
    /// front of its delimiter not counted, as in Django.
    private func endOfHeaders(from start: Int) -> HeaderEnd {
        let bare = search.needle.dropFirst(2)
        let limit = start + Self.maxHeaderLength + 2
        var lineStart = start
        while lineStart < limit {
            let line = buffer[lineStart...]
            if line.starts(with: bare) {
                switch delimiterKind(at: lineStart + bare.count) {
                case nil: return .unknown
                case true?: return .delimiter(end: lineStart + bare.count)
                case false?: break
                }
            } else if bare.starts(with: line) {
                return .unknown
            }
            guard let lineEnd = line.prefix(limit - lineStart).firstIndex(of: 0x0A) else {
                return buffer.count < limit ? .unknown : .tooLong
            }
            if lineEnd == lineStart + 1, buffer[lineStart] == 0x0D {
                return .content(headerEnd: lineStart, start: lineEnd + 1)
            }
            lineStart = lineEnd + 1
        }
        return .tooLong
    }

    // MARK: Parts

    private mutating func append(_ bytes: ArraySlice<UInt8>) async throws {
        try await part.append(bytes, limits, &usage)
    }

    private mutating func open(_ headers: MultipartHeaders) async throws -> MultipartPart {
        guard let name = headers.fieldName else { return .ignored }
        // As in Django a part with an empty file name is a field: a file input left empty.
        guard let fileName = headers.fileName, !fileName.isEmpty else {
            fieldCount += 1
            guard fieldCount <= limits.maxFields else {
                throw HTTPError.suspicious(
                    .tooManyFields,
                    "The form has more than \(limits.maxFields) fields."
                )
            }
            usage.memorySize += name.utf8.count + 2
            return .field(MultipartField(name: name, isBase64: headers.isBase64))
        }
        fileCount += 1
        guard fileCount <= limits.maxFiles else {
            throw HTTPError.suspicious(
                .tooManyFiles,
                "The form has more than \(limits.maxFiles) files."
            )
        }
        guard let cleanName = FileName.sanitize(fileName).map(FileName.shortened) else {
            return .skipped(headers.isBase64 ? Base64Stream() : nil)
        }
        let upload = Upload(
            fieldName: name,
            fileName: cleanName,
            contentType: headers.contentType,
            contentTypeParameters: headers.contentTypeParameters,
            bodyLength: bodyLength,
            contentLength: headers.contentLength,
            bytesBefore: usage.fileSize,
            request: request
        )
        let chosen: (any UploadReceiver)?
        do {
            chosen = try await receiver(of: upload)
        } catch is SkipFile {
            chosen = nil
        }
        guard let receiver = chosen else {
            return .skipped(headers.isBase64 ? Base64Stream() : nil)
        }
        return .file(
            MultipartFile(upload, receiver: receiver, isBase64: headers.isBase64)
        )
    }

    /// Who receives a file; nil where nobody does.
    private func receiver(of upload: Upload) async throws -> (any UploadReceiver)? {
        var filters: [any UploadFilter] = []
        var chosen: (any UploadReceiver)?
        do {
            choice: for handler in handlers {
                switch try await handler.begin(upload) {
                case .receive(let receiver):
                    chosen = receiver
                    break choice
                case .filter(let filter): filters.append(filter)
                case .skip: throw SkipFile()
                case .pass: continue
                }
            }
        } catch {
            for index in filters.indices { await filters[index].cancel() }
            throw error
        }
        let last =
            chosen
            ?? SpoolingReceiver(
                upload,
                memoryLimit: limits.maxFileMemorySize,
                directory: limits.temporaryDirectory,
                diskLimit: limits.maxTemporarySize
            )
        return filters.reversed().reduce(last) { FilteredReceiver(filter: $1, receiver: $0) }
    }

    private mutating func closePart() async throws {
        let finished = part
        part = .ignored
        switch finished {
        case .ignored, .skipped: break
        case .field(let field): form.fields.append(field.name, try field.value(in: charset))
        case .file(var file):
            do {
                guard let upload = try await file.finish(limits) else { break }
                form.files.append(file.field, upload)
            } catch is SkipFile {}
        }
    }
}
